//! `/session`, `/setup`, `/account`.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{served, server::PASSWORD};

served! {
    async fn the_first_run_link_works_once(server) {
        assert_eq!(server.call(server.request(Method::GET, "/setup")).await.body["needed"], false);
        assert!(claviger_server::actions::setup::first_run_link(server.app()).await.unwrap().is_none());
        let again = json!({ "setup_token": "x", "tenant_name": "T", "email": "b@example.org", "display_name": "B", "password": PASSWORD });
        let refused = server.call(server.request(Method::POST, "/setup").json(&again)).await;
        assert_eq!((refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str()), (422, Some("/setup_token")));
    }

    async fn signing_in_makes_a_new_cookie_and_ends_the_session_it_replaces(server) {
        let old = server.owner.clone();
        let credentials = json!({ "email": "OWNER@example.org", "password": PASSWORD });
        let fresh = server.call(old.send(server.request(Method::POST, "/session")).json(&credentials)).await;
        assert_eq!(fresh.status, StatusCode::OK, "{}", fresh.text);
        let new = server.browser(&fresh);
        assert_ne!(new.cookie, old.cookie);
        server.app().identities().forget_all();
        assert_eq!(server.call(old.send(server.request(Method::GET, "/session"))).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(server.call(new.send(server.request(Method::GET, "/session"))).await.status, StatusCode::OK);
    }

    async fn signing_out_ends_the_session_at_once(server) {
        let owner = &server.owner;
        assert_eq!(server.call(owner.send(server.request(Method::DELETE, "/session"))).await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.call(owner.send(server.request(Method::GET, "/session"))).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_session_ends_without_use(server) {
        server.clock.advance(Duration::from_mins(61));
        server.app().identities().forget_all();
        let over = server.call(server.owner.send(server.request(Method::GET, "/session"))).await;
        assert_eq!((over.status, over.problem()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    }

    async fn guessing_is_bounded_and_says_when_to_come_back(server) {
        for _ in 0..10 {
            assert_eq!(server.sign_in("owner@example.org", "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        let bounded = server.sign_in("owner@example.org", PASSWORD).await;
        assert_eq!((bounded.status.as_u16(), bounded.problem()), (429, "rate-limited"));
        assert!(bounded.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
        server.clock.advance(Duration::from_mins(2));
        assert_eq!(server.sign_in("owner@example.org", PASSWORD).await.status, StatusCode::OK);
    }

    async fn a_link_tells_what_it_is_for_until_it_is_used(server) {
        let look = async |token: &str| server.call(server.request(Method::POST, "/setup/link").json(&json!({ "setup_token": token }))).await;
        let order = json!({ "email": "look@example.org", "display_name": "Lou Ook", "role": "view_only" });
        let invited = server.call(server.owner.send(server.request(Method::POST, "/administrators")).json(&order)).await;
        let token = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1.to_owned();
        for _ in 0..2 {
            let link = look(&token).await;
            assert_eq!(link.status, StatusCode::OK, "{}", link.text);
            assert_eq!((&link.body["first_run"], &link.body["email"], &link.body["display_name"]), (&json!(false), &json!("look@example.org"), &json!("Lou Ook")));
            assert_eq!(link.body["expires_at"], invited.body["expires_at"]);
        }
        let form = json!({ "setup_token": token, "email": "look@example.org", "display_name": "Lou Ook", "password": crate::server::PASSWORD });
        assert_eq!(server.call(server.request(Method::POST, "/setup").json(&form)).await.status, StatusCode::CREATED);
        for dead in [token.as_str(), "", "never-was"] {
            let answer = look(dead).await;
            assert_eq!((answer.status.as_u16(), &answer.body["errors"][0]["pointer"]), (422, &json!("/setup_token")), "{}", answer.text);
        }
    }

    async fn an_invited_administrator_comes_in_by_his_link_and_a_disabled_one_is_out_at_once(server) {
        let order = json!({ "email": "clerk@example.org", "display_name": "Clerk", "role": "warehouse" });
        let invited = server.call(server.owner.send(server.request(Method::POST, "/administrators")).json(&order)).await;
        let token = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": token, "email": "clerk@example.org", "display_name": "Clerk", "password": PASSWORD });
        let came = server.call(server.request(Method::POST, "/setup").json(&form)).await;
        assert_eq!((came.status.as_u16(), came.body["role"].as_str()), (201, Some("warehouse")), "{}", came.text);
        assert_eq!(server.call(server.request(Method::POST, "/setup").json(&form)).await.status.as_u16(), 422);
        let clerk = server.browser(&came);
        let path = format!("/administrators/{}", invited.body["administrator"]["id"].as_str().unwrap());
        let out = server.call(server.owner.send(server.request(Method::PATCH, &path)).json(&json!({ "disabled": true }))).await;
        assert_eq!(out.status, StatusCode::OK, "{}", out.text);
        assert_eq!(server.call(clerk.send(server.request(Method::GET, "/session"))).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(server.sign_in("clerk@example.org", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn the_last_owner_stays(server) {
        let me = server.owner.session["administrator"]["id"].as_str().unwrap();
        for change in [json!({ "disabled": true }), json!({ "role": "auditor" })] {
            let refused = server.call(server.owner.send(server.request(Method::PATCH, &format!("/administrators/{me}"))).json(&change)).await;
            assert_eq!((refused.status.as_u16(), refused.body["state"].as_str()), (409, Some("last_owner")));
        }
    }

    async fn a_revoked_api_token_is_dead_at_once(server) {
        let world = server.world("Tokens").await;
        let made = server.call(server.request(Method::POST, "/api-tokens").bearer_auth(&world.token).json(&json!({ "name": "n", "role": "auditor" }))).await;
        let (id, token) = (made.body["id"].as_str().unwrap(), made.body["token"].as_str().unwrap());
        let who = server.call(server.request(Method::GET, "/session").bearer_auth(token)).await;
        assert_eq!((who.body["role"].as_str(), who.body["method"].as_str()), (Some("auditor"), Some("api_token")));
        let gone = server.call(server.request(Method::DELETE, &format!("/api-tokens/{id}")).bearer_auth(&world.token)).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(server.call(server.request(Method::GET, "/session").bearer_auth(token)).await.status, StatusCode::UNAUTHORIZED);
    }
}
