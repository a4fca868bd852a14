//! `/policies`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::served;

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
}
