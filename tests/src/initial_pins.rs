//! `/security-keys/{id}/initial-pin`, `/approvals`: who sees which PIN, until when, how often, and with whose agreement.

use std::{fmt::Write as _, time::Duration};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    configuration::{Key, user},
    served,
    server::{Answer, Browser, PASSWORD, TestServer, World},
    stock::{get, policy, post, stocked},
};

/// An API token whose custom role holds these PIN rights besides the inventory.
async fn holder(server: &TestServer, world: &World, rights: &[&str]) -> String {
    let name = format!("PINs {}", rights.join(" "));
    let privileges: Vec<&str> = ["inventory.read"].into_iter().chain(rights.iter().copied()).collect();
    let role = post(
        server,
        &world.token,
        "/roles",
        json!({ "name": name, "privileges": privileges }),
    )
    .await;
    assert_eq!(role.status, StatusCode::CREATED, "{}", role.text);
    server.token(world, &name).await
}

/// An owner of the tenant in a session of his own.
async fn owner(server: &TestServer, world: &World, email: &str) -> Browser {
    let order = json!({ "email": email, "display_name": "Someone", "role": "owner" });
    let invited = post(server, &world.token, "/administrators", order).await;
    let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
    let form = json!({ "setup_token": link, "email": email, "display_name": "Someone", "password": PASSWORD });
    let came = server.call(server.request(Method::POST, "/setup").json(&form)).await;
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
    server.browser(&came)
}

async fn by(server: &TestServer, browser: &Browser, path: &str, body: Value) -> Answer {
    server
        .call(browser.send(server.request(Method::POST, path)).json(&body))
        .await
}

fn state(answer: &Answer) -> (u16, &str) {
    (
        answer.status.as_u16(),
        answer.body["state"].as_str().unwrap_or_else(|| answer.problem()),
    )
}

served! {
    async fn the_matrix_holds_for_every_permission_and_device(server) {
        const USER: &str = "device.userpin.read";
        const ADMIN: &str = "device.adminpin.read";
        let world = stocked(server, "Matrix", 2).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let devices = [Key::in_stock(server, &world, 0).await, Key::in_stock(server, &world, 1).await];
        let made = [devices[0].configured(&policy, false).await, devices[1].configured(&policy, true).await];
        let mut table = String::new();
        for rights in [&[USER, ADMIN][..], &[ADMIN], &[USER], &[]] {
            let token = holder(server, &world, rights).await;
            for (device, (key, made)) in ["standard", "enterprise"].into_iter().zip(devices.iter().zip(&made)) {
                let path = format!("/security-keys/{}", key.id);
                let shown = get(server, &token, &path).await.body;
                let entry = shown["allowed_actions"].as_array().unwrap().contains(&json!("initial_pin"));
                let look = get(server, &token, &format!("{path}/initial-pin")).await;
                let mut values = Vec::new();
                for field in ["user_pin", "admin_pin"] {
                    let answer = post(server, &token, &format!("{path}/initial-pin/show"), json!({ "field": field })).await;
                    if answer.status == StatusCode::OK {
                        assert_eq!((&answer.body["value"], &answer.body["field"]), (&made[field], &json!(field)));
                        values.push(field);
                    } else {
                        let refused = (answer.status.as_u16(), answer.problem());
                        assert!(refused == (403, "forbidden") || refused == (409, "refused"), "{}", answer.text);
                    }
                }
                assert_eq!(entry, !values.is_empty(), "{rights:?} {device}");
                assert_eq!(look.status.as_u16(), if entry { 200 } else { 403 }, "{}", look.text);
                if entry {
                    assert_eq!(look.body["fields"], json!(values), "absent, not hidden");
                    assert_eq!(look.body["device_type"], device);
                }
                for secret in [&made["user_pin"], &made["admin_pin"]].into_iter().filter_map(Value::as_str) {
                    assert!(!look.text.contains(secret) && !shown.to_string().contains(secret));
                }
                let cell = if entry { values.join(" and ") } else { "no menu entry".to_owned() };
                let _ = writeln!(table, "{} | {} | {device} | {cell}", rights.contains(&USER), rights.contains(&ADMIN));
            }
        }
        assert_eq!(table, "true | true | standard | user_pin\ntrue | true | enterprise | user_pin and admin_pin\n\
            false | true | standard | no menu entry\nfalse | true | enterprise | admin_pin\n\
            true | false | standard | user_pin\ntrue | false | enterprise | user_pin\n\
            false | false | standard | no menu entry\nfalse | false | enterprise | no menu entry\n");
    }

    async fn each_showing_is_an_audit_event_without_the_secret(server) {
        let world = stocked(server, "Shown", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let made = key.configured(&policy(server, &world.token, "Staff", "standard").await, true).await;
        let shown = key.done("initial-pin/show", json!({ "field": "admin_pin" })).await;
        assert_eq!(shown["value"].as_str().unwrap().len(), 16);
        let log = get(server, &world.token, "/audit-events?action=security_key.initial_pin_shown").await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 1, "{}", log.text);
        assert_eq!(log.body["items"][0]["after"]["field"], "admin_pin");
        let all = get(server, &world.token, "/audit-events?limit=200").await.text + &key.get("/events").await.text;
        for secret in [&made["user_pin"], &made["admin_pin"]] {
            assert!(!all.contains(secret.as_str().unwrap()));
        }
    }

    async fn a_changed_pin_a_reset_and_a_disposal_shred_it(server) {
        let world = stocked(server, "Ends", 3).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let (changed, reset, gone) = (
            Key::in_stock(server, &world, 0).await, Key::in_stock(server, &world, 1).await, Key::in_stock(server, &world, 2).await,
        );
        for key in [&changed, &reset, &gone] {
            key.configured(&policy, true).await;
        }
        changed.observed(json!({ "kind": "pin_changed" })).await;
        let look = changed.get("/initial-pin").await.body;
        assert_eq!((&look["details"][0]["state"], &look["details"][1]["state"]), (&json!("superseded"), &json!("available")));
        assert!(look["superseded_on"].is_string());
        let user_pin = changed.post("initial-pin/show", json!({ "field": "user_pin" })).await;
        assert_eq!(state(&user_pin), (409, "superseded"), "{}", user_pin.text);
        changed.done("initial-pin/show", json!({ "field": "admin_pin" })).await;
        reset.observed(json!({ "kind": "reset_proven" })).await;
        assert_eq!(reset.get("/initial-pin").await.body["state"], "superseded");
        gone.done("revoke", json!({ "reason": "damaged" })).await;
        gone.done("initial-pin/show", json!({ "field": "admin_pin" })).await;
        gone.done("dispose", json!({})).await;
        let look = gone.get("/initial-pin").await;
        assert_eq!((look.status.as_u16(), &look.body["state"], &look.body["fields"]), (200, &json!("none"), &json!([])), "{}", look.text);
        let shown = gone.post("initial-pin/show", json!({ "field": "admin_pin" })).await;
        assert_eq!(state(&shown), (409, "none"));
        let kept = server.app().store().read(async |reader| claviger_store::secrets::count_by_kind(reader).await);
        let kept: Vec<(String, i64)> = kept.await.unwrap_or_else(|error: claviger_store::Error| panic!("{error}"));
        let pins: Vec<_> = kept.iter().filter(|(kind, _)| kind.starts_with("security_key.")).collect();
        assert_eq!(pins, [&("security_key.admin_pin".to_owned(), 1)], "the others are shredded");
    }

    async fn it_hides_after_the_days_of_the_policy_and_is_extended_with_a_reason(server) {
        let world = stocked(server, "Hidden", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let draft = json!({ "name": "Short", "type": "standard", "initial_pin_days": 3 });
        let policy = post(server, &world.token, "/policies", draft).await.body["id"].as_str().unwrap().to_owned();
        key.done("link-policy", json!({ "policy_id": policy })).await;
        key.done("assign", json!({ "user_id": user(server, &world, "ann").await })).await;
        key.configured(&policy, false).await;
        let look = key.get("/initial-pin").await.body;
        assert_eq!(look["state"], "available");
        assert!(look["hidden_on"].is_string() && look["assigned_on"].is_string(), "{look}");
        server.clock.advance(Duration::from_hours(73));
        assert_eq!(key.get("/initial-pin").await.body["state"], "hidden");
        let shown = key.post("initial-pin/show", json!({ "field": "user_pin" })).await;
        assert_eq!(state(&shown), (409, "hidden"), "{}", shown.text);
        for wrong in [json!({ "days": 7 }), json!({ "reason": " ", "days": 7 }), json!({ "reason": "x", "days": 0 }), json!({ "reason": "x", "days": 366 })] {
            assert_eq!(key.post("initial-pin/extend", wrong).await.status.as_u16(), 422);
        }
        let seer = holder(server, &world, &["device.userpin.read"]).await;
        let path = format!("/security-keys/{}/initial-pin", key.id);
        let extension = json!({ "reason": "Ann is on leave", "days": 7 });
        assert_eq!(post(server, &seer, &format!("{path}/extend"), extension.clone()).await.status.as_u16(), 403, "only who may configure");
        key.done("initial-pin/extend", extension).await;
        assert_eq!(post(server, &seer, &format!("{path}/show"), json!({ "field": "user_pin" })).await.status.as_u16(), 200);
        let log = get(server, &world.token, "/audit-events?action=security_key.initial_pin_extended").await;
        assert_eq!(log.body["items"][0]["reason"], "Ann is on leave");
    }

    async fn a_session_confirms_who_sits_there_and_an_api_token_need_not(server) {
        let world = stocked(server, "Fresh", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        key.configured(&policy(server, &world.token, "Staff", "standard").await, false).await;
        let browser = owner(server, &world, "fresh@example.org").await;
        let path = format!("/security-keys/{}/initial-pin", key.id);
        let (show, field) = (format!("{path}/show"), json!({ "field": "user_pin" }));
        assert_eq!(by(server, &browser, &show, field.clone()).await.status.as_u16(), 200);
        server.clock.advance(Duration::from_secs(301));
        let look = server.call(browser.send(server.request(Method::GET, &path))).await;
        assert_eq!(look.body["requires_step_up"], true);
        let stale = by(server, &browser, &show, field.clone()).await;
        assert_eq!((stale.status.as_u16(), stale.problem()), (403, "step-up-required"), "{}", stale.text);
        assert_eq!(post(server, &world.token, &show, field.clone()).await.status.as_u16(), 200, "a program has nobody to ask");
        assert_eq!(by(server, &browser, "/session/step-up", json!({ "password": PASSWORD })).await.status.as_u16(), 200);
        assert_eq!(by(server, &browser, &show, field).await.status.as_u16(), 200);
    }

    async fn the_quota_holds_on_all_servers_together(server) {
        let world = stocked(server, "Quota", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        key.configured(&policy(server, &world.token, "Staff", "standard").await, false).await;
        let settings = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
        let settings = server.call(settings.json(&json!({ "pins": { "shows_per_hour": 5 } }))).await;
        assert_eq!(settings.status.as_u16(), 200, "{}", settings.text);
        let path = format!("/security-keys/{}/initial-pin", key.id);
        let other = if server.is_on_postgres() { Some(server.beside().await) } else { None };
        let show = async |at: std::net::SocketAddr| {
            let client = reqwest::Client::new();
            let request = client.post(format!("http://{at}/api/v1{path}/show")).bearer_auth(&world.token);
            request.json(&json!({ "field": "user_pin" })).send().await.unwrap()
        };
        let mut statuses = Vec::new();
        for turn in 0..8 {
            let at = other.as_ref().filter(|_| turn % 2 == 1).map_or(server.address(), claviger_server::serve::Running::address);
            let answer = show(at).await;
            statuses.push(answer.status().as_u16());
            assert_eq!(answer.headers().contains_key("retry-after"), answer.status().as_u16() == 429);
        }
        assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429, 429]);
        assert_eq!(get(server, &world.token, &path).await.body["remaining"], 0);
        server.clock.advance(Duration::from_secs(3_601));
        assert_eq!(get(server, &world.token, &path).await.body["remaining"], 5);
        let at_once = futures_util::future::join_all((0..12).map(|_| show(server.address()))).await;
        let shown = at_once.iter().filter(|answer| answer.status().as_u16() == 200).count();
        assert_eq!(shown, 5, "not one more, however many ask at once");
        if let Some(other) = other {
            other.stop().await;
        }
    }

    async fn an_admin_pin_needs_a_second_person_where_the_tenant_says_so(server) {
        let world = stocked(server, "Second", 2).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let (key, another) = (Key::in_stock(server, &world, 0).await, Key::in_stock(server, &world, 1).await);
        key.configured(&policy, true).await;
        another.configured(&policy, true).await;
        let settings = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
        server.call(settings.json(&json!({ "pins": { "admin_pin_needs_approval": true } }))).await;
        let (ann, bob) = (owner(server, &world, "ann@example.org").await, owner(server, &world, "bob@example.org").await);
        let show = |key: &Key<'_>| format!("/security-keys/{}/initial-pin/show", key.id);
        let alone = by(server, &ann, &show(&key), json!({ "field": "admin_pin" })).await;
        assert_eq!(state(&alone), (409, "approval_needed"), "{}", alone.text);
        assert_eq!(by(server, &ann, &show(&key), json!({ "field": "user_pin" })).await.status.as_u16(), 200, "the user PIN needs nobody");
        let asked = by(server, &ann, "/approvals", json!({ "kind": "admin_pin", "security_key_id": key.id, "reason": "reader is broken" })).await;
        assert_eq!((asked.status.as_u16(), asked.body["status"].as_str()), (201, Some("pending")), "{}", asked.text);
        let id = asked.body["id"].as_str().unwrap().to_owned();
        let with = json!({ "field": "admin_pin", "approval_id": id });
        assert_eq!(state(&by(server, &ann, &show(&key), with.clone()).await), (409, "pending"));
        let approve = format!("/approvals/{id}/approve");
        let own = by(server, &ann, &approve, json!({})).await;
        assert_eq!((own.status.as_u16(), own.body["command"].as_str()), (409, Some("approve")), "{}", own.text);
        let program = post(server, &world.token, &approve, json!({})).await;
        assert_eq!(program.status.as_u16(), 409, "a program is no second person");
        assert_eq!(by(server, &bob, &approve, json!({})).await.body["status"], "approved");
        assert_eq!(by(server, &ann, &show(&another), with.clone()).await.status.as_u16(), 409, "for this key alone");
        assert_eq!(by(server, &bob, &show(&key), with.clone()).await.status.as_u16(), 409, "for whoever asked alone");
        let shown = by(server, &ann, &show(&key), with.clone()).await;
        assert_eq!(shown.status.as_u16(), 200, "{}", shown.text);
        assert_eq!(state(&by(server, &ann, &show(&key), with).await), (409, "used"), "once");
        let list = get(server, &world.token, "/approvals?status=used").await;
        assert_eq!((&list.body["total"]["count"], &list.body["items"][0]["id"]), (&json!(1), &json!(id)), "{}", list.text);
        let late = by(server, &ann, "/approvals", json!({ "kind": "admin_pin", "security_key_id": key.id, "reason": "again" })).await;
        server.clock.advance(Duration::from_mins(16));
        let late = format!("/approvals/{}/approve", late.body["id"].as_str().unwrap());
        assert_eq!(state(&by(server, &bob, &late, json!({})).await), (409, "expired"));
    }

    async fn a_stolen_key_comes_back_only_when_a_second_person_agrees(server) {
        let world = stocked(server, "Stolen", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        key.configured(&policy(server, &world.token, "Staff", "standard").await, false).await;
        key.done("revoke", json!({ "reason": "stolen" })).await;
        key.observed(json!({ "kind": "reset_proven" })).await;
        let (ann, bob) = (owner(server, &world, "ann@example.org").await, owner(server, &world, "bob@example.org").await);
        let reinstate = format!("/security-keys/{}/reinstate", key.id);
        assert_eq!(by(server, &ann, &reinstate, json!({})).await.status.as_u16(), 409);
        let asked = by(server, &ann, "/approvals", json!({ "kind": "reinstate", "security_key_id": key.id, "reason": "police brought it" })).await;
        let id = asked.body["id"].as_str().unwrap().to_owned();
        let declined = by(server, &bob, &format!("/approvals/{id}/decline"), json!({})).await;
        assert_eq!(declined.body["status"], "declined");
        let with = json!({ "approval_id": id });
        assert_eq!(state(&by(server, &ann, &reinstate, with).await), (409, "declined"));
        let asked = by(server, &ann, "/approvals", json!({ "kind": "reinstate", "security_key_id": key.id, "reason": "police brought it" })).await;
        let id = asked.body["id"].as_str().unwrap().to_owned();
        by(server, &bob, &format!("/approvals/{id}/approve"), json!({})).await;
        let back = by(server, &ann, &reinstate, json!({ "approval_id": id })).await;
        assert_eq!((back.status.as_u16(), &back.body["generation"]), (200, &json!(2)), "{}", back.text);
    }
}

/// Without the key-encryption key the inventory works, and secrets are neither made nor shown.
#[test]
fn a_sealed_server_makes_and_shows_no_pin() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world = stocked(&server, "Sealed", 2).await;
        let policy = policy(&server, &world.token, "Staff", "standard").await;
        let (shown, fresh) = {
            let (one, two) = (
                Key::in_stock(&server, &world, 0).await,
                Key::in_stock(&server, &world, 1).await,
            );
            one.configured(&policy, false).await;
            (one.id, (two.id, two.serial))
        };
        let server = server
            .again(|folder| std::fs::remove_file(folder.join("kek")).unwrap(), &[])
            .await;
        let order = json!({ "policy_id": policy, "serial_seen": fresh.1 });
        for (path, body) in [
            (
                format!("/security-keys/{shown}/initial-pin/show"),
                json!({ "field": "user_pin" }),
            ),
            (format!("/security-keys/{}/configuration", fresh.0), order),
        ] {
            let answer = post(&server, &world.token, &path, body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (503, "sealed"),
                "{path}: {}",
                answer.text
            );
        }
        let key = get(&server, &world.token, &format!("/security-keys/{}", fresh.0)).await;
        assert_eq!(
            (key.status.as_u16(), key.body["status"].as_str()),
            (200, Some("in_stock"))
        );
        server.stop().await;
    });
}
