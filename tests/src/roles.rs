//! `/roles`, and what follows from them for administrators and programs.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    served,
    server::{Answer, PASSWORD, TestServer, World},
    stock::post,
};

async fn ask(server: &TestServer, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    server
        .call(server.request(method, path).bearer_auth(token).json(body))
        .await
}

async fn role(server: &TestServer, token: &str, name: &str, privileges: &[&str]) -> Answer {
    let draft = json!({ "name": name, "privileges": privileges });
    post(server, token, "/roles", draft).await
}

/// An administrator of the tenant with that role, and his id.
async fn administrator(server: &TestServer, world: &World, email: &str, role: &str) -> String {
    let order = json!({ "email": email, "display_name": "Someone", "role": role });
    let invited = post(server, &world.token, "/administrators", order).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text);
    let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
    let form = json!({ "setup_token": link, "email": email, "display_name": "Someone", "password": PASSWORD });
    let came = server.call(server.request(Method::POST, "/setup").json(&form)).await;
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
    invited.body["administrator"]["id"].as_str().unwrap().to_owned()
}

served! {
    async fn a_custom_role_allows_what_it_lists_and_nothing_else(server) {
        let world = server.world("Custom").await;
        let made = role(server, &world.token, "Night shift", &["inventory.read", "talm_device_userpin_read"]).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(made.body["privileges"], json!(["inventory.read", "device.userpin.read"]));
        assert_eq!((made.body["built_in"].as_bool(), made.body["holders"].as_u64()), (Some(false), Some(0)));
        let token = server.token(&world, "night SHIFT").await;
        let who = server.call(server.request(Method::GET, "/session").bearer_auth(&token)).await;
        assert_eq!((&who.body["role"], &who.body["privileges"]), (&json!("Night shift"), &json!(["inventory.read", "device.userpin.read"])));
        assert_eq!(ask(server, &token, Method::GET, "/security-keys", &json!({})).await.status, StatusCode::OK);
        assert_eq!(ask(server, &token, Method::GET, "/policies", &json!({})).await.problem(), "forbidden");
        let listed = ask(server, &world.token, Method::GET, "/roles/Night%20shift", &json!({})).await;
        assert_eq!(listed.body["holders"], 1);
    }

    async fn a_changed_role_holds_at_once_for_all_who_hold_it(server) {
        let world = server.world("Changed").await;
        role(server, &world.token, "Clerk", &["inventory.read", "policy.read"]).await;
        let token = server.token(&world, "Clerk").await;
        assert_eq!(ask(server, &token, Method::GET, "/policies", &json!({})).await.status, StatusCode::OK);
        let order = json!({ "name": "Desk", "privileges": ["inventory.read"] });
        let changed = ask(server, &world.token, Method::PUT, "/roles/clerk", &order).await;
        assert_eq!((changed.status, changed.body["holders"].as_u64()), (StatusCode::OK, Some(1)), "{}", changed.text);
        assert_eq!(ask(server, &token, Method::GET, "/policies", &json!({})).await.problem(), "forbidden");
        let who = server.call(server.request(Method::GET, "/session").bearer_auth(&token)).await;
        assert_eq!(who.body["role"], "Desk");
        assert_eq!(ask(server, &world.token, Method::GET, "/roles/clerk", &json!({})).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_stale_change_of_a_role_is_refused(server) {
        let world = server.world("Stale").await;
        role(server, &world.token, "Clerk", &["inventory.read"]).await;
        let order = json!({ "name": "Clerk", "privileges": ["policy.read"] });
        let request = || server.request(Method::PUT, "/roles/Clerk").bearer_auth(&world.token).header("if-match", "\"1\"").json(&order);
        assert_eq!(server.call(request()).await.status, StatusCode::OK);
        assert_eq!(server.call(request()).await.problem(), "stale");
    }

    async fn nobody_makes_changes_hands_out_or_takes_away_what_he_does_not_hold(server) {
        let world = server.world("Above").await;
        let admin = server.token(&world, "administrator").await;
        role(server, &world.token, "Peeper", &["inventory.read", "device.userpin.read"]).await;
        let refused = [
            role(server, &admin, "Mine", &["device.adminpin.read"]).await,
            ask(server, &admin, Method::PUT, "/roles/Peeper", &json!({ "name": "Peeper", "privileges": ["inventory.read"] })).await,
            ask(server, &admin, Method::DELETE, "/roles/Peeper", &json!({})).await,
            post(server, &admin, "/api-tokens", json!({ "name": "x", "role": "Peeper" })).await,
            post(server, &admin, "/api-tokens", json!({ "name": "x", "role": "owner" })).await,
            post(server, &admin, "/administrators", json!({ "email": "x@above.example", "display_name": "X", "role": "Peeper" })).await,
        ];
        for answer in refused {
            assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{}", answer.text);
        }
        let owners = post(server, &world.token, "/api-tokens", json!({ "name": "owner's", "role": "owner" })).await;
        let path = format!("/api-tokens/{}", owners.body["id"].as_str().unwrap());
        assert_eq!(ask(server, &admin, Method::DELETE, &path, &json!({})).await.problem(), "forbidden");
        assert_eq!(role(server, &admin, "Mine", &["inventory.read"]).await.status, StatusCode::CREATED, "control");
    }

    async fn a_role_in_use_and_a_built_in_role_stay(server) {
        let world = server.world("Stay").await;
        role(server, &world.token, "Held", &["inventory.read"]).await;
        let made = post(server, &world.token, "/api-tokens", json!({ "name": "t", "role": "Held" })).await;
        let held = ask(server, &world.token, Method::DELETE, "/roles/Held", &json!({})).await;
        assert_eq!((held.status.as_u16(), held.body["state"].as_str()), (409, Some("in_use")), "{}", held.text);
        let path = format!("/api-tokens/{}", made.body["id"].as_str().unwrap());
        assert_eq!(ask(server, &world.token, Method::DELETE, &path, &json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ask(server, &world.token, Method::DELETE, "/roles/Held", &json!({})).await.status, StatusCode::NO_CONTENT);
        let built_in = ask(server, &world.token, Method::DELETE, "/roles/auditor", &json!({})).await;
        assert_eq!((built_in.status.as_u16(), built_in.body["state"].as_str()), (409, Some("built_in")));
        for name in ["owner", "Help Desk"] {
            let reserved = role(server, &world.token, name, &["inventory.read"]).await;
            assert_eq!((reserved.status.as_u16(), &reserved.body["errors"][0]["pointer"]), (422, &json!("/name")), "{name}");
        }
        let unknown = role(server, &world.token, "Odd", &["inventory.read", "fly"]).await;
        assert_eq!(unknown.body["errors"][0]["pointer"], "/privileges/1");
        assert_eq!(role(server, &world.token, "Idle", &[]).await.status.as_u16(), 422);
    }

    async fn an_owner_who_never_signed_in_does_not_count_as_the_last(server) {
        let me = server.owner.session["administrator"]["id"].as_str().unwrap();
        let order = json!({ "email": "second@example.org", "display_name": "Second", "role": "owner" });
        let invited = server.call(server.owner.send(server.request(Method::POST, "/administrators")).json(&order)).await;
        let step_down = || server.owner.send(server.request(Method::PATCH, &format!("/administrators/{me}"))).json(&json!({ "role": "auditor" }));
        let refused = server.call(step_down()).await;
        assert_eq!((refused.status.as_u16(), refused.body["state"].as_str()), (409, Some("last_owner")));
        let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": link, "email": "second@example.org", "display_name": "Second", "password": PASSWORD });
        assert_eq!(server.call(server.request(Method::POST, "/setup").json(&form)).await.status, StatusCode::CREATED);
        assert_eq!(server.call(step_down()).await.status, StatusCode::OK);
    }

    async fn who_is_barred_from_one_tenant_works_on_in_another(server) {
        let world = server.world("One of two").await;
        let owner = server.owner.session["administrator"]["id"].as_str().unwrap();
        administrator(server, &world, "second@two.example", "owner").await;
        let barred = ask(server, &world.token, Method::PATCH, &format!("/administrators/{owner}"), &json!({ "disabled": true })).await;
        assert_eq!((barred.status, &barred.body["disabled"]), (StatusCode::OK, &json!(true)), "{}", barred.text);
        let fresh = server.sign_in("owner@example.org", PASSWORD).await;
        assert_eq!((fresh.status, fresh.body["tenant"]["name"].as_str()), (StatusCode::OK, Some("First")));
        assert!(!fresh.text.contains("One of two"), "{}", fresh.text);
        let moved = server.browser(&fresh).send(server.request(Method::PATCH, "/session")).json(&json!({ "tenant_id": world.id }));
        assert_eq!(server.call(moved).await.status, StatusCode::NOT_FOUND);
    }

    async fn sessions_are_seen_and_ended_by_those_not_below(server) {
        let world = server.world("Sessions").await;
        let id = administrator(server, &world, "worker@sessions.example", "auditor").await;
        let session = server.sign_in("worker@sessions.example", PASSWORD).await;
        let browser = server.browser(&session);
        let path = format!("/administrators/{id}/sessions");
        let seen = ask(server, &world.token, Method::GET, &path, &json!({})).await;
        assert_eq!((seen.body["items"].as_array().unwrap().len(), &seen.body["items"][0]["method"]), (2, &json!("password")));
        let one = |of: &str, session: &Value| format!("/administrators/{of}/sessions/{}", session.as_str().unwrap());
        let (first, second) = (&seen.body["items"][0]["id"], &seen.body["items"][1]["id"]);
        let other = administrator(server, &world, "other@sessions.example", "auditor").await;
        assert_eq!(ask(server, &world.token, Method::DELETE, &one(&other, first), &json!({})).await.status, StatusCode::NOT_FOUND, "not his");
        assert_eq!(ask(server, &world.token, Method::DELETE, &one(&id, second), &json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ask(server, &world.token, Method::DELETE, &one(&id, second), &json!({})).await.status, StatusCode::NOT_FOUND);
        let left = ask(server, &world.token, Method::GET, &path, &json!({})).await;
        assert_eq!((left.body["items"].as_array().unwrap().len(), &left.body["items"][0]["id"]), (1, first));
        let below = role(server, &world.token, "Keeper", &["administrator.read", "administrator.write"]).await;
        assert_eq!(below.status, StatusCode::CREATED);
        let keeper = server.token(&world, "Keeper").await;
        assert_eq!(ask(server, &keeper, Method::DELETE, &path, &json!({})).await.problem(), "forbidden");
        assert_eq!(ask(server, &keeper, Method::DELETE, &one(&id, first), &json!({})).await.problem(), "forbidden");
        assert_eq!(ask(server, &world.token, Method::DELETE, &path, &json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.call(browser.send(server.request(Method::GET, "/session"))).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(server.sign_in("worker@sessions.example", PASSWORD).await.status, StatusCode::OK, "he may come again");
    }

    async fn a_new_link_replaces_the_old_one_and_is_not_for_those_who_work_elsewhere(server) {
        let world = server.world("Links").await;
        let order = json!({ "email": "new@links.example", "display_name": "New", "role": "auditor" });
        let first = post(server, &world.token, "/administrators", order).await;
        let path = format!("/administrators/{}/invitation", first.body["administrator"]["id"].as_str().unwrap());
        let second = post(server, &world.token, &path, json!({})).await;
        assert_eq!(second.status, StatusCode::CREATED, "{}", second.text);
        for (answer, status) in [(&first, 422), (&second, 201)] {
            let link = answer.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
            let form = json!({ "setup_token": link, "email": "new@links.example", "display_name": "New", "password": PASSWORD });
            assert_eq!(server.call(server.request(Method::POST, "/setup").json(&form)).await.status.as_u16(), status);
        }
        let owner = server.owner.session["administrator"]["id"].as_str().unwrap();
        let elsewhere = post(server, &world.token, &format!("/administrators/{owner}/invitation"), json!({})).await;
        assert_eq!((elsewhere.status.as_u16(), elsewhere.body["state"].as_str()), (409, Some("elsewhere")), "{}", elsewhere.text);
    }
}
