//! `/overview`: figures that move with the keys, and what needs attention.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hands::{self, configured},
    served,
    server::{PASSWORD, TestServer},
    stock::{get, keys, policy, post, stocked},
};

async fn overview(server: &TestServer, token: &str) -> Value {
    let answer = get(server, token, "/overview").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.body
}

/// Slices that are not empty, by name.
fn slices(overview: &Value, part: &str) -> Vec<(String, u64)> {
    let all = overview["counts"][part].as_array();
    let all = all.unwrap_or_else(|| panic!("{part}: {overview}")).iter();
    all.map(|slice| {
        (
            slice["name"].as_str().unwrap().to_owned(),
            slice["count"].as_u64().unwrap(),
        )
    })
    .filter(|(_, count)| *count > 0)
    .collect()
}

fn attention(overview: &Value, kind: &str) -> Value {
    let all = overview["attention"].as_array().unwrap();
    all.iter()
        .find(|item| item["kind"] == kind)
        .map_or(json!(0), |item| item["count"].clone())
}

served! {
    async fn the_figures_move_with_the_keys(server) {
        let world = stocked(server, "Overview", 4).await;
        let token = &world.token;
        let empty = overview(server, token).await;
        assert_eq!(slices(&empty, "by_state"), [("in_stock".to_owned(), 4)]);
        for part in ["by_model", "by_policy", "by_age"] {
            assert_eq!(slices(&empty, part), [], "keys in stock are not in use");
        }
        let staff = policy(server, token, "Staff", "standard").await;
        let ada = hands::user(server, &world, "ada").await;
        let all = keys(server, token, "sort=serial_number").await;
        let path = |nth: usize, verb: &str| format!("/security-keys/{}/{verb}", all[nth]["id"].as_str().unwrap());
        for nth in 0..3 {
            post(server, token, &path(nth, "link-policy"), json!({ "policy_id": staff })).await;
            let given = post(server, token, &path(nth, "assign"), json!({ "user_id": ada })).await;
            assert_eq!(given.status.as_u16(), 200, "{}", given.text);
        }
        configured(server, &world, all[0]["id"].as_str().unwrap()).await;
        let used = overview(server, token).await;
        assert_eq!(slices(&used, "by_state"), [("in_stock".to_owned(), 1), ("ready".to_owned(), 2), ("configured".to_owned(), 1)]);
        assert_eq!(slices(&used, "by_model"), [("SafeNet eToken Fusion".to_owned(), 3)]);
        assert_eq!(slices(&used, "by_policy"), [("Staff".to_owned(), 3)]);
        assert_eq!(used["counts"]["by_policy"][0]["id"], staff);
        assert_eq!(slices(&used, "by_age"), [("under_1_year".to_owned(), 3)]);
        post(server, token, &path(1, "revoke"), json!({ "reason": "lost" })).await;
        post(server, token, &path(2, "unassign"), json!({})).await;
        let after = overview(server, token).await;
        assert_eq!((slices(&after, "by_policy"), slices(&after, "by_age")), (vec![("Staff".to_owned(), 1)], vec![("under_1_year".to_owned(), 1)]));
    }

    async fn what_needs_attention_is_told_with_the_list_that_shows_it(server) {
        let world = stocked(server, "Attention", 3).await;
        let token = &world.token;
        let staff = policy(server, token, "Staff", "standard").await;
        let ada = hands::user(server, &world, "ada").await;
        for (nth, key) in keys(server, token, "").await.iter().enumerate() {
            let path = |verb: &str| format!("/security-keys/{}/{verb}", key["id"].as_str().unwrap());
            post(server, token, &path("link-policy"), json!({ "policy_id": staff })).await;
            // The third stays in stock, where it waits for whatever version there is when it is configured.
            if nth < 2 {
                post(server, token, &path("assign"), json!({ "user_id": ada })).await;
            }
        }
        let fine = overview(server, token).await;
        for kind in ["drift", "locked", "disabled_user_keys", "failed_mail", "removal_failed"] {
            assert_eq!(attention(&fine, kind), 0, "{kind}");
        }
        let newer = json!({ "name": "Staff", "type": "standard", "min_pin_length": 9 });
        let changed = server.request(Method::PUT, &format!("/policies/{staff}")).bearer_auth(token).json(&newer);
        assert_eq!(server.call(changed).await.body["version"], 2);
        post(server, token, &format!("/users/{ada}/disable"), json!({})).await;
        let told = overview(server, token).await;
        for kind in ["drift", "disabled_user_keys"] {
            let items = told["attention"].as_array().unwrap();
            let item = items.iter().find(|item| item["kind"] == kind).unwrap_or_else(|| panic!("{told}"));
            assert_eq!((&item["count"], &item["capped"]), (&json!(2), &json!(false)));
            let query: Vec<String> = item["filter"].as_object().unwrap().iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            assert_eq!(keys(server, token, &query.join("&")).await.len(), 2, "{kind}");
        }
        assert_eq!(keys(server, token, "drift=true").await.len(), 3, "control: the one in stock has an older version, too");
        // Who may not see users hears nothing of leavers; who may not see administrators nothing of Owners.
        let hand = server.token(&world, "warehouse").await;
        let theirs = overview(server, &hand).await;
        assert_eq!((attention(&theirs, "disabled_user_keys"), attention(&theirs, "drift")), (json!(0), json!(2)));
        post(server, token, &format!("/users/{ada}/enable"), json!({})).await;
        assert_eq!(attention(&overview(server, token).await, "disabled_user_keys"), 0);
    }

    async fn tokens_of_who_is_barred_are_told_and_listed(server) {
        let world = stocked(server, "Leaver's programs", 1).await;
        let token = &world.token;
        let order = json!({ "email": "lea@example.org", "display_name": "Lea", "role": "administrator" });
        let invited = post(server, token, "/administrators", order).await;
        let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": link, "email": "lea@example.org", "display_name": "Lea", "password": PASSWORD });
        let lea = server.browser(&server.call(server.request(Method::POST, "/setup").json(&form)).await);
        let draft = json!({ "name": "Lea's scanner", "role": "view_only" });
        let made = server.call(lea.send(server.request(Method::POST, "/api-tokens")).json(&draft)).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text);
        let program = made.body["token"].as_str().unwrap();
        assert_eq!(attention(&overview(server, token).await, "disabled_administrator_tokens"), 0);
        let path = format!("/administrators/{}", invited.body["administrator"]["id"].as_str().unwrap());
        let barred = server.request(Method::PATCH, &path).bearer_auth(token).json(&json!({ "disabled": true }));
        let barred = server.call(barred).await;
        assert_eq!(barred.status.as_u16(), 200, "{}", barred.text);
        assert_eq!(attention(&overview(server, token).await, "disabled_administrator_tokens"), 1);
        assert_eq!(get(server, program, "/overview").await.status.as_u16(), 401, "it stopped with her; what is left is to be cleared away");
        let names = async |query: &str| -> Vec<(String, bool)> {
            let listed = get(server, token, &format!("/api-tokens{query}")).await.body;
            let items = listed["items"].as_array().unwrap().iter();
            items.map(|item| (item["name"].as_str().unwrap().to_owned(), item["stopped"] == "maker_barred")).collect()
        };
        assert_eq!(names("?creator=disabled").await, [("Lea's scanner".to_owned(), true)]);
        assert!(names("?creator=active").await.iter().all(|(name, disabled)| name != "Lea's scanner" && !disabled));
        assert_eq!(get(server, token, "/api-tokens?creator=gone").await.status.as_u16(), 422);
        let hand = server.token(&world, "warehouse").await;
        assert_eq!(attention(&overview(server, &hand).await, "disabled_administrator_tokens"), 0, "who may not see tokens is not told");
        let gone = server.request(Method::DELETE, &format!("/api-tokens/{}", made.body["id"].as_str().unwrap())).bearer_auth(token);
        assert_eq!(server.call(gone).await.status.as_u16(), 204);
        assert_eq!(attention(&overview(server, token).await, "disabled_administrator_tokens"), 0);
    }

    async fn one_owner_alone_is_told_to_those_who_may_know(server) {
        let tenant = server.owner.session["tenant"]["id"].as_str().unwrap();
        let answer = server.call(server.owner.send(server.request(Method::GET, "/overview"))).await;
        assert_eq!(answer.status.as_u16(), 200, "{tenant}: {}", answer.text);
        assert_eq!(attention(&answer.body, "single_owner"), 1, "{}", answer.text);
    }
}
