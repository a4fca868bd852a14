//! Attacks and accidents: forged requests, repeats, stale revisions, bodies that are too large or no JSON.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{served, stock::get};

served! {
    async fn a_change_from_another_site_is_refused(server) {
        let body = json!({ "revoke_notifies": true });
        for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("x-nothing", "")] {
            let request = server.request(Method::PATCH, "/settings").header("cookie", &server.owner.cookie).header(name, value);
            let refused = server.call(request.json(&body)).await;
            assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{name}: {value}");
        }
        let control = server.call(server.owner.send(server.request(Method::PATCH, "/settings")).json(&body)).await;
        assert_eq!(control.status, StatusCode::OK, "{}", control.text);
    }

    async fn a_stale_revision_is_refused_with_the_one_that_stands(server) {
        let world = server.world("Stale").await;
        let change = async |revision: &str, notifies: bool| {
            let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token).header("if-match", revision);
            server.call(request.json(&json!({ "revoke_notifies": notifies }))).await
        };
        let first = change("0", true).await;
        assert_eq!(first.body["revision"], 1, "{}", first.text);
        let stale = change("\"0\"", false).await;
        assert_eq!((stale.status.as_u16(), stale.problem(), stale.body["revision"].as_i64()), (409, "stale", Some(1)));
        assert_eq!(change("\"1\"", false).await.status, StatusCode::OK);
        assert_eq!(change("abc", false).await.body["errors"][0]["pointer"], "header:If-Match");
    }

    async fn a_repeated_request_is_carried_out_once(server) {
        let world = server.world("Repeats").await;
        let ask = async |key: &str, notifies: bool| {
            let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token).header("idempotency-key", key);
            server.call(request.json(&json!({ "revoke_notifies": notifies }))).await
        };
        let first = ask("k1", true).await;
        let again = ask("k1", true).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert!(!first.headers.contains_key("idempotency-replayed"));
        let other = ask("k1", false).await;
        assert_eq!((other.status.as_u16(), other.body["errors"][0]["pointer"].as_str()), (422, Some("header:Idempotency-Key")));
        let create = async || {
            let request = server.request(Method::POST, "/api-tokens").bearer_auth(&world.token).header("idempotency-key", "k2");
            server.call(request.json(&json!({ "name": "n", "role": "auditor" }))).await
        };
        let secret = create().await.body["token"].as_str().unwrap().to_owned();
        let shown = create().await;
        assert_eq!((shown.status.as_u16(), shown.problem()), (409, "refused"));
        assert!(!shown.text.contains(&secret));
    }

    /// On PostgreSQL they meet in several writers: whoever comes second finds the first one's work in his way, and must
    /// answer for it rather than of it.
    async fn a_request_sent_many_times_at_once_is_carried_out_once_and_answered_alike(server) {
        let world = server.world("At once").await;
        for round in 0..8 {
            let create = async || {
                let request = server.request(Method::POST, "/users").bearer_auth(&world.token).header("idempotency-key", format!("once-{round}"));
                server.call(request.json(&json!({ "user_name": format!("ada{round}"), "display_name": "Ada" }))).await
            };
            let all = futures_util::future::join_all((0..12).map(|_| create())).await;
            for one in &all {
                assert_eq!((one.status.as_u16(), &one.text), (201, &all[0].text));
            }
            let first = all.iter().filter(|one| !one.headers.contains_key("idempotency-replayed")).count();
            assert_eq!(first, 1, "round {round}");
        }
        assert_eq!(get(server, &world.token, "/users").await.body["total"]["count"], 8);
    }

    async fn bodies_that_are_no_request_are_problems(server) {
        let world = server.world("Bodies").await;
        let send = |content: &str, body: Vec<u8>| {
            let request = server.request(Method::POST, "/api-tokens").bearer_auth(&world.token);
            server.call(request.header("content-type", content).body(body))
        };
        let json = "application/json";
        for (content, body, status, problem) in [
            (json, b"{".to_vec(), 400, "malformed"),
            (json, b"{\"name\":\"\xff\"}".to_vec(), 400, "malformed"),
            (json, b"[]".to_vec(), 422, "validation"),
            (json, br#"{"name":"n","role":"auditor","admin":true}"#.to_vec(), 422, "validation"),
            (json, br#"{"name":"a\u0000b","role":"auditor"}"#.to_vec(), 422, "validation"),
            (json, br#"{"name":"n","role":"emperor"}"#.to_vec(), 422, "validation"),
            ("text/plain", b"{}".to_vec(), 415, "unsupported-media-type"),
            (json, vec![b' '; 2 * 1024 * 1024], 413, "too-large"),
            (json, "[".repeat(100_000).into_bytes(), 400, "malformed"),
        ] {
            let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            let answer = send(content, body).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (status, problem), "{start}: {}", answer.text);
            assert_eq!(answer.headers["content-type"], "application/problem+json");
        }
    }

    async fn what_does_not_exist_is_a_problem_and_files_stay_inside(server) {
        for (method, path, status) in [
            (Method::GET, "/api/v1/nothing", 404),
            (Method::GET, "/api", 404),
            (Method::PUT, "/api/v1/session", 405),
            (Method::POST, "/somewhere", 405),
            (Method::GET, "/assets/../../Cargo.toml", 404),
            (Method::GET, "/assets/%2e%2e/%2e%2e/Cargo.toml", 404),
            (Method::GET, "/api/docs/..%2f..%2fCargo.toml", 404),
        ] {
            let answer = server.call(server.raw(method, path)).await;
            let page = answer.text.starts_with("<!doctype html>") && answer.status == StatusCode::OK;
            assert!(page || answer.status.as_u16() == status, "{path}: {} {}", answer.status, answer.text);
            assert!(!answer.text.contains("[workspace]"), "{path}");
        }
    }

    async fn every_answer_carries_the_security_headers(server) {
        for path in ["/", "/api/v1/setup", "/api/v1/nothing", "/api/docs/", "/healthz", "/problems"] {
            let answer = server.call(server.raw(Method::GET, path)).await;
            assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert!(!policy.contains("unsafe-inline") || path == "/api/docs/", "{path}");
            assert!(answer.headers.contains_key("x-request-id"));
        }
    }

    async fn hostile_text_is_kept_as_text(server) {
        let world = server.world("Hostile").await;
        let name = "<script>alert(1)</script>\"'; DROP TABLE tenants; -- €";
        let request = server.request(Method::POST, "/api-tokens").bearer_auth(&world.token);
        let made = server.call(request.json(&json!({ "name": name, "role": "auditor" }))).await;
        assert_eq!((made.status.as_u16(), made.body["name"].as_str()), (201, Some(name)));
        let injected = json!({ "name": "a\r\nset-cookie: x=y", "role": "auditor" });
        let refused = server.call(server.request(Method::POST, "/api-tokens").bearer_auth(&world.token).json(&injected)).await;
        assert_eq!(refused.status.as_u16(), 422);
    }
}
