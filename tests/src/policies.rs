//! `/policies`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    served,
    stock::{get, policy, post},
};

served! {
    async fn a_policy_is_made_changed_archived_and_deleted(server) {
        let world = server.world("Policies").await;
        let ask = async |method: Method, path: &str, body: Value| {
            server.call(server.request(method, path).bearer_auth(&world.token).json(&body)).await
        };
        let draft = json!({ "name": "Standard", "type": "standard", "min_pin_length": 6 });
        let made = ask(Method::POST, "/policies", draft.clone()).await;
        assert_eq!((made.status.as_u16(), made.body["version"].as_i64()), (201, Some(1)), "{}", made.text);
        let path = format!("/policies/{}", made.body["id"].as_str().unwrap());
        assert_eq!(ask(Method::POST, "/policies", draft.clone()).await.problem(), "duplicate");
        let unchanged = ask(Method::PUT, &path, draft).await;
        assert_eq!(unchanged.body["revision"], made.body["revision"]);
        let changed = ask(Method::PUT, &path, json!({ "name": "Standard", "type": "standard", "min_pin_length": 8 })).await;
        assert_eq!((changed.body["version"].as_i64(), changed.body["min_pin_length"].as_i64()), (Some(1), Some(8)));
        assert_eq!(ask(Method::GET, &format!("{path}/versions"), json!({})).await.body["total"]["count"], 1);
        assert_eq!(ask(Method::POST, &format!("{path}/archive"), json!({})).await.body["archived"], true);
        let twice = ask(Method::POST, &format!("{path}/archive"), json!({})).await;
        assert_eq!((twice.problem(), twice.body["state"].as_str()), ("refused", Some("archived")));
        assert_eq!(ask(Method::POST, &format!("{path}/restore"), json!({})).await.body["archived"], false);
        assert_eq!(ask(Method::DELETE, &path, json!({})).await.status.as_u16(), 204);
        assert_eq!(ask(Method::GET, &path, json!({})).await.problem(), "not-found");
    }

    async fn every_fault_of_a_draft_is_told_at_once(server) {
        let world = server.world("Faults").await;
        let draft = json!({ "name": " ", "type": "standard", "min_pin_length": 3, "allowed_services": ["https://x"] });
        let refused = server.call(server.request(Method::POST, "/policies").bearer_auth(&world.token).json(&draft)).await;
        let errors = refused.body["errors"].as_array().unwrap();
        let pointers: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
        assert_eq!((refused.status.as_u16(), pointers), (422, vec!["/name", "/allowed_services/0", "/min_pin_length"]));
    }

    async fn policies_are_searched_sorted_out_and_paged_both_ways(server) {
        let world = server.world("Many").await;
        let token = &world.token;
        for name in ["Alpha", "beta", "\u{c1}lfa north", "Gamma", "gamma south"] {
            policy(server, token, name, "standard").await;
        }
        let names = |body: &Value| -> Vec<String> {
            body["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        let list = async |query: &str| get(server, token, &format!("/policies{query}")).await.body;
        let all = list("").await;
        let sorted = names(&all);
        assert_eq!((sorted.len(), &all["next_cursor"], &all["previous_cursor"]), (5, &Value::Null, &Value::Null));
        assert_eq!(names(&list("?q=GAM").await), ["Gamma", "gamma south"]);
        assert_eq!(names(&list("?q=%C3%A1LFA").await), ["\u{c1}lfa north"]);
        assert_eq!(list("?q=nothing").await["total"]["count"], 0);
        let gamma = list("?q=gamma%20south").await["items"][0]["id"].as_str().unwrap().to_owned();
        post(server, token, &format!("/policies/{gamma}/archive"), json!({})).await;
        assert_eq!(names(&list("?archived=true").await), ["gamma south"]);
        let offered = list("?archived=false").await;
        assert_eq!((offered["total"]["count"].as_u64(), names(&offered).contains(&"gamma south".to_owned())), (Some(4), false));
        assert_eq!(names(&list("?archived=false&q=gam").await), ["Gamma"]);
        let first = list("?limit=2").await;
        let page = async |cursor: &Value| list(&format!("?limit=2&cursor={}", cursor.as_str().unwrap())).await;
        let second = page(&first["next_cursor"]).await;
        let third = page(&second["next_cursor"]).await;
        assert_eq!([names(&first), names(&second), names(&third)].concat(), sorted);
        assert_eq!([&first, &second, &third].map(|page| page["total"]["count"].as_u64()), [Some(5); 3]);
        assert_eq!((&third["next_cursor"], &first["previous_cursor"]), (&Value::Null, &Value::Null));
        assert_eq!(page(&third["previous_cursor"]).await["items"], second["items"]);
        assert_eq!(page(&second["previous_cursor"]).await["items"], first["items"]);
        for (query, pointer) in [("?limit=0", "?limit"), ("?limit=201", "?limit"), ("?cursor=x", "?cursor"), ("?archived=perhaps", "?archived")] {
            assert_eq!(list(query).await["errors"][0]["pointer"], pointer, "{query}");
        }
    }
}
