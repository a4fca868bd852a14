//! Who stands above whom, and what stops with whom: users who are administrators, programs of people who left.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    hands, served,
    server::{Answer, Browser, PASSWORD, TestServer, World},
    stock::{get, keys, policy, post, stocked},
    users::send,
};

async fn patch(server: &TestServer, token: &str, path: &str, body: Value) -> Answer {
    let request = server.request(Method::PATCH, path).bearer_auth(token);
    server.call(request.json(&body)).await
}

/// An administrator of a tenant, in his own browser, and his id.
pub(crate) async fn administrator(server: &TestServer, world: &World, email: &str, role: &str) -> (Browser, String) {
    let order = json!({ "email": email, "display_name": "Someone", "role": role });
    let invited = post(server, &world.token, "/administrators", order).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text);
    let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
    let form = json!({ "setup_token": link, "email": email, "display_name": "Someone", "password": PASSWORD });
    let came = server.call(server.request(Method::POST, "/setup").json(&form)).await;
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
    (
        server.browser(&came),
        invited.body["administrator"]["id"].as_str().unwrap().to_owned(),
    )
}

/// A user who is that administrator.
async fn tied(server: &TestServer, world: &World, name: &str, administrator: &str) -> String {
    let user = hands::user(server, world, name).await;
    let change = json!({ "user_id": user });
    let tied = patch(
        server,
        &world.token,
        &format!("/administrators/{administrator}"),
        change,
    )
    .await;
    assert_eq!(tied.status, StatusCode::OK, "{}", tied.text);
    user
}

async fn made(server: &TestServer, with: reqwest::RequestBuilder, name: &str) -> String {
    let order = json!({ "name": name, "role": "auditor" });
    let made = server.call(with.json(&order)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.body["token"].as_str().unwrap().to_owned()
}

/// Why the list says that a token opens nothing.
async fn stopped(server: &TestServer, world: &World, name: &str) -> Value {
    let all = get(server, &world.token, "/api-tokens").await;
    let found = all.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("{}", all.text))["stopped"].clone()
}

served! {
    async fn nobody_changes_the_user_who_is_an_administrator_above_him(server) {
        let world = server.world("Superiors").await;
        let (_, owner) = administrator(server, &world, "boss@superiors.example", "owner").await;
        let (_, peer) = administrator(server, &world, "peer@superiors.example", "user_administrator").await;
        let (boss, peer) = (tied(server, &world, "boss", &owner).await, tied(server, &world, "peer", &peer).await);
        let clerk = hands::user(server, &world, "clerk").await;
        let token = server.token(&world, "user_administrator").await;
        let draft = |name: &str| json!({ "user_name": name, "display_name": "Changed", "email": "mine@superiors.example" });
        let put = async |token: &str, id: &str, name: &str| {
            let request = server.request(Method::PUT, &format!("/users/{id}")).bearer_auth(token);
            server.call(request.json(&draft(name))).await
        };
        assert_eq!(put(&token, &boss, "boss").await.problem(), "forbidden");
        for verb in ["disable", "enable"] {
            let refused = post(server, &token, &format!("/users/{boss}/{verb}"), json!({})).await;
            assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{verb}: {}", refused.text);
        }
        for (id, name) in [(&peer, "peer"), (&clerk, "clerk")] {
            assert_eq!(put(&token, id, name).await.status, StatusCode::OK, "{name}");
        }
        let offered = async |token: &str, id: &str| get(server, token, &format!("/users/{id}")).await.body["allowed_actions"].clone();
        assert_eq!((offered(&token, &boss).await, offered(&world.token, &boss).await), (json!([]), json!(["update", "disable"])));
        let listed = get(server, &token, "/users").await;
        let of = |name: &str| listed.body["items"].as_array().unwrap().iter().find(|one| one["user_name"] == name).unwrap()["allowed_actions"].clone();
        assert_eq!((of("boss"), of("clerk")), (json!([]), json!(["update", "disable"])));
        // By way of a file neither; what it says alike does no harm.
        let hidden = "user_name,display_name,email\nnew,New,\nBoss,Changed,mine@superiors.example\n";
        for query in ["?dry_run=true", ""] {
            let refused = send(server, &token, query, hidden).await;
            assert_eq!((&refused.body["counts"]["rejected"], &refused.body["errors"][0]["line"]), (&json!(1), &json!(3)), "{}", refused.text);
        }
        assert_eq!(get(server, &token, "/users?q=new").await.body["items"], json!([]), "nothing went in");
        let same = send(server, &token, "", "user_name,display_name\nboss,boss\nnew,New\n").await;
        assert_eq!((same.status, &same.body["counts"]["created"]), (StatusCode::OK, &json!(1)), "{}", same.text);
        assert_eq!(send(server, &world.token, "", hidden).await.status, StatusCode::OK);
    }

    async fn of_a_key_whose_holder_is_above_no_order_is_offered_that_would_be_refused(server) {
        let world = stocked(server, "Offered", 2).await;
        let rules = policy(server, &world.token, "Rules", "standard").await;
        let (_, owner) = administrator(server, &world, "boss@offered.example", "owner").await;
        let holders = [tied(server, &world, "boss", &owner).await, hands::user(server, &world, "clerk").await];
        let mut held = Vec::new();
        for (key, user) in keys(server, &world.token, "").await.iter().zip(holders) {
            let id = key["id"].as_str().unwrap().to_owned();
            post(server, &world.token, &format!("/security-keys/{id}/link-policy"), json!({ "policy_id": rules })).await;
            let given = post(server, &world.token, &format!("/security-keys/{id}/assign"), json!({ "user_id": user })).await;
            assert_eq!(given.status, StatusCode::OK, "{}", given.text);
            held.push(id);
        }
        let operator = server.token(&world, "device_service_administrator").await;
        let (single, listed) = (
            async |token: &str, id: &str| get(server, token, &format!("/security-keys/{id}")).await.body["allowed_actions"].clone(),
            async |token: &str, id: &str| keys(server, token, "").await.iter().find(|key| key["id"] == id).unwrap()["allowed_actions"].clone(),
        );
        for order in ["unassign", "revoke"] {
            let offers = |all: &Value| all.as_array().unwrap().contains(&json!(order));
            for (token, id, expected) in [(&operator, &held[0], false), (&operator, &held[1], true), (&world.token, &held[0], true)] {
                assert_eq!((offers(&single(token, id).await), offers(&listed(token, id).await)), (expected, expected), "{order}");
            }
        }
    }

    async fn a_program_stops_with_whoever_made_it(server) {
        let world = server.world("Programs").await;
        let (ann, id) = administrator(server, &world, "ann@programs.example", "administrator").await;
        let token = made(server, ann.send(server.request(Method::POST, "/api-tokens")), "child").await;
        let maker = {
            let order = json!({ "name": "maker", "role": "administrator" });
            let made = server.call(ann.send(server.request(Method::POST, "/api-tokens")).json(&order)).await;
            made.body["token"].as_str().unwrap().to_owned()
        };
        let grandchild = made(server, server.request(Method::POST, "/api-tokens").bearer_auth(&maker), "grandchild").await;
        let works = async |token: &str| server.call(server.request(Method::GET, "/session").bearer_auth(token)).await.status == StatusCode::OK;
        let change = async |body: Value| {
            let changed = patch(server, &world.token, &format!("/administrators/{id}"), body).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        };
        assert_eq!((works(&token).await, works(&grandchild).await, stopped(server, &world, "child").await), (true, true, Value::Null));
        change(json!({ "disabled": true })).await;
        for (name, token) in [("child", &token), ("grandchild", &grandchild), ("maker", &maker)] {
            assert_eq!((works(token).await, stopped(server, &world, name).await), (false, json!("maker_barred")), "{name}");
        }
        assert!(works(&world.token).await, "others' go on");
        change(json!({ "disabled": false })).await;
        assert_eq!((works(&token).await, stopped(server, &world, "child").await), (true, Value::Null));
        // The Help Desk reads no audit log, so no program of one who came to work there does.
        change(json!({ "role": "help_desk" })).await;
        assert_eq!((works(&token).await, stopped(server, &world, "child").await), (false, json!("maker_may_less")));
        change(json!({ "role": "auditor" })).await;
        assert_eq!((works(&token).await, works(&grandchild).await, works(&maker).await), (true, true, false));
    }

    async fn the_list_says_of_a_token_that_its_time_is_over(server) {
        let world = server.world("Expired").await;
        let end = server.clock.now().plus_seconds(60).to_string();
        let order = json!({ "name": "short", "role": "auditor", "expires_at": end });
        let made = post(server, &world.token, "/api-tokens", order).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(stopped(server, &world, "short").await, Value::Null);
        server.clock.advance(Duration::from_secs(61));
        assert_eq!(stopped(server, &world, "short").await, "expired");
        server.app().identities().forget_all();
        let dead = get(server, made.body["token"].as_str().unwrap(), "/session").await;
        assert_eq!(dead.status, StatusCode::UNAUTHORIZED);
    }
}
