//! `/settings`: what a change does, what it refuses, and what it never answers.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    served,
    server::{Answer, Browser, PASSWORD, TestServer, World},
};

const CANARY: &str = "smtp-canary-7c1b";

async fn patch(server: &TestServer, world: &World, change: Value) -> Answer {
    let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
    server.call(request.json(&change)).await
}

fn mail() -> Value {
    json!({ "mail": {
        "host": "Mail.Example.org", "user_name": "sender", "password": CANARY, "from_address": "keys@example.org", "from_name": "Správa klíčů",
    } })
}

served! {
    async fn settings_have_defaults_and_a_change_leaves_the_rest_alone(server) {
        let world = server.world("Settings").await;
        let fresh = server.call(server.request(Method::GET, "/settings").bearer_auth(&world.token)).await.body;
        assert_eq!(fresh["revision"], 0);
        assert_eq!((&fresh["mail"], &fresh["languages"]), (&Value::Null, &json!(["en", "cs", "de"])));
        assert_eq!(fresh["session"], json!({ "idle_minutes": null, "absolute_hours": null, "step_up_minutes": 5, "longest_idle_minutes": 60, "longest_absolute_hours": 12 }));
        assert_eq!(fresh["retention"], json!({ "job_days": 365, "import_reject_days": 365, "mail_days": 365 }));
        assert_eq!(fresh["pins"], json!({ "shows_per_hour": 20, "admin_pin_needs_approval": false }));

        let change = json!({ "pins": { "shows_per_hour": 3 }, "session": { "idle_minutes": 10 }, "retention": { "job_days": 30 } });
        let after = patch(server, &world, change).await;
        assert_eq!(after.status, StatusCode::OK, "{}", after.text);
        assert_eq!((&after.body["revision"], &after.body["pins"]["shows_per_hour"]), (&json!(1), &json!(3)));
        assert_eq!((&after.body["session"]["idle_minutes"], &after.body["session"]["step_up_minutes"]), (&json!(10), &json!(5)));
        assert_eq!((&after.body["retention"]["job_days"], &after.body["retention"]["mail_days"]), (&json!(30), &json!(365)));
        let back = patch(server, &world, json!({ "session": { "idle_minutes": null } })).await;
        assert_eq!((&back.body["session"]["idle_minutes"], &back.body["pins"]["shows_per_hour"]), (&Value::Null, &json!(3)));
    }

    async fn what_a_setting_cannot_be_is_named_and_nothing_changes(server) {
        let world = server.world("Bounds").await;
        for (change, pointers) in [
            (json!({ "pins": { "shows_per_hour": 0 }, "session": { "step_up_minutes": 61 } }), vec!["/session/step_up_minutes", "/pins/shows_per_hour"]),
            (json!({ "session": { "idle_minutes": 61, "absolute_hours": 13 } }), vec!["/session/idle_minutes", "/session/absolute_hours"]),
            (json!({ "retention": { "mail_days": 0 } }), vec!["/retention/mail_days"]),
            (json!({ "mail": {} }), vec!["/mail/host", "/mail/from_address"]),
            (json!({ "mail": { "host": "a b", "from_address": "a@b\r\nBcc: x@y.z", "from_name": "a\nb", "port": 0 } }), vec!["/mail/host", "/mail/from_address", "/mail/from_name", "/mail/port"]),
            (json!({ "mail": { "host": "a", "from_address": "a@b.c", "password": "x" } }), vec!["/mail/user_name"]),
            (json!({ "mail": { "host": "mail.example.org", "from_address": "a@b.c", "user_name": "a", "password": "x", "encryption": "none" } }), vec!["/mail/encryption"]),
            (json!({ "mail": { "host": "a", "from_address": "a@b.c", "ca_certificates": "nonsense" } }), vec!["/mail/ca_certificates"]),
            (json!({ "retention": { "audit_days": 1 } }), vec!["/retention/audit_days"]),
        ] {
            let answer = patch(server, &world, change.clone()).await;
            assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "validation"), "{change}: {}", answer.text);
            let found: Vec<&str> = answer.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
            assert_eq!(found, pointers, "{change}: {}", answer.text);
        }
        let settings = server.call(server.request(Method::GET, "/settings").bearer_auth(&world.token)).await;
        assert_eq!(settings.body["revision"], 0);
    }

    async fn the_mail_password_is_kept_and_never_answered(server) {
        let world = server.world("Mail password").await;
        let set = patch(server, &world, mail()).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text);
        let shown = &set.body["mail"];
        assert_eq!((&shown["host"], &shown["port"], &shown["encryption"], &shown["password_set"]), (&json!("mail.example.org"), &json!(587), &json!("starttls"), &json!(true)));
        let log = server.call(server.request(Method::GET, "/audit-events?limit=200").bearer_auth(&world.token)).await;
        let read = server.call(server.request(Method::GET, "/settings").bearer_auth(&world.token)).await;
        for answer in [&set, &log, &read] {
            assert!(!answer.text.contains(CANARY) && answer.text.contains("mail.example.org"), "{}", answer.text);
        }
        // Whoever points the server elsewhere would get the password, if he need not know it.
        let elsewhere = patch(server, &world, json!({ "mail": { "host": "thief.example.org" } })).await;
        assert_eq!(elsewhere.body["errors"][0]["pointer"], "/mail/password", "{}", elsewhere.text);
        let renamed = patch(server, &world, json!({ "mail": { "from_name": "Keys" } })).await;
        assert_eq!((&renamed.body["mail"]["password_set"], &renamed.body["mail"]["from_name"]), (&json!(true), &json!("Keys")));
        let moved = patch(server, &world, json!({ "mail": { "host": "other.example.org", "password": null } })).await;
        assert_eq!((moved.status, &moved.body["mail"]["password_set"]), (StatusCode::OK, &json!(false)), "{}", moved.text);
        let gone = patch(server, &world, json!({ "mail": null })).await;
        assert_eq!((gone.status, &gone.body["mail"]), (StatusCode::OK, &Value::Null), "{}", gone.text);
        let stale = server.request(Method::PATCH, "/settings").bearer_auth(&world.token).header("if-match", "1");
        assert_eq!(server.call(stale.json(&json!({ "locale": "cs" }))).await.problem(), "stale");
    }

    async fn a_tenant_ends_its_sessions_sooner(server) {
        let browser = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        let ask = async |browser: &Browser| server.call(browser.send(server.request(Method::GET, "/settings"))).await.status;
        let set = async |browser: &Browser, session: Value| {
            let changed = server.call(browser.send(server.request(Method::PATCH, "/settings")).json(&json!({ "session": session }))).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        };
        set(&browser, json!({ "absolute_hours": 1 })).await;
        server.clock.advance(Duration::from_mins(59));
        assert_eq!(ask(&browser).await, StatusCode::OK);
        until_noted(server, &browser).await;
        server.clock.advance(Duration::from_mins(2));
        server.app().identities().forget_all();
        assert_eq!(ask(&browser).await, StatusCode::UNAUTHORIZED, "older than an hour");

        let other = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        set(&other, json!({ "absolute_hours": null, "idle_minutes": 10 })).await;
        server.clock.advance(Duration::from_mins(9));
        server.app().identities().forget_all();
        assert_eq!(ask(&other).await, StatusCode::OK);
        until_noted(server, &other).await;
        server.clock.advance(Duration::from_mins(11));
        server.app().identities().forget_all();
        assert_eq!(ask(&other).await, StatusCode::UNAUTHORIZED, "idle for 11 minutes");
    }

    async fn a_tenant_asks_sooner_who_one_is(server) {
        let browser = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        let begin = async || {
            server.app().identities().forget_all();
            server.call(browser.send(server.request(Method::POST, "/account/passkeys/registration")).json(&json!({}))).await
        };
        let set = async |minutes: u32| {
            let change = json!({ "session": { "step_up_minutes": minutes } });
            server.call(browser.send(server.request(Method::PATCH, "/settings")).json(&change)).await
        };
        set(2).await;
        server.clock.advance(Duration::from_mins(1));
        assert_eq!(begin().await.status, StatusCode::OK);
        server.clock.advance(Duration::from_mins(2));
        assert_eq!(begin().await.problem(), "step-up-required");
        set(10).await;
        assert_eq!(begin().await.status, StatusCode::OK);
    }
}

/// Uses of a session are noted beside the request.
async fn until_noted(server: &TestServer, browser: &Browser) {
    for _ in 0..3_000 {
        let all = server
            .call(browser.send(server.request(Method::GET, "/account/sessions")))
            .await;
        let current = all.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["current"] == true);
        let current = current.unwrap();
        if current["last_seen_at"] != current["created_at"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the use of a session was never noted");
}
