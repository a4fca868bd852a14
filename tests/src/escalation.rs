//! What somebody tries who wants to become more than he is, or another person.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    configuration::Key,
    hands, served,
    server::{Answer, Browser, PASSWORD, TestServer, World},
    stock::{ended, get, keys, policy, post, stocked},
};

async fn patch(server: &TestServer, token: &str, path: &str, body: Value) -> Answer {
    server
        .call(server.request(Method::PATCH, path).bearer_auth(token).json(&body))
        .await
}

async fn by(server: &TestServer, browser: &Browser, method: Method, path: &str, body: Value) -> Answer {
    server
        .call(browser.send(server.request(method, path)).json(&body))
        .await
}

fn id(answer: &Answer) -> String {
    let id = answer.body["id"]
        .as_str()
        .or(answer.body["administrator"]["id"].as_str());
    id.unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

async fn invite(server: &TestServer, token: &str, email: &str, role: &str) -> Answer {
    let order = json!({ "email": email, "display_name": "Someone", "role": role });
    let invited = post(server, token, "/administrators", order).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.text);
    invited
}

async fn accept(server: &TestServer, invited: &Answer) -> Answer {
    let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
    let email = &invited.body["administrator"]["email"];
    let form = json!({ "setup_token": link, "email": email, "display_name": "Someone", "password": PASSWORD });
    server.call(server.request(Method::POST, "/setup").json(&form)).await
}

/// Keys that are READY: the first for a user who is an Owner, the second for one who is nobody's superior.
async fn handed_out(server: &TestServer, world: &World) -> [String; 2] {
    let rules = policy(server, &world.token, "Rules", "standard").await;
    let owner = invite(server, &world.token, "boss@holders.example", "owner").await;
    let mut all = Vec::new();
    for (key, name) in keys(server, &world.token, "").await.iter().zip(["boss", "clerk"]) {
        let key = key["id"].as_str().unwrap().to_owned();
        let linked = post(
            server,
            &world.token,
            &format!("/security-keys/{key}/link-policy"),
            json!({ "policy_id": rules }),
        )
        .await;
        assert_eq!(linked.status, StatusCode::OK, "{}", linked.text);
        let user = hands::user(server, world, name).await;
        let given = post(
            server,
            &world.token,
            &format!("/security-keys/{key}/assign"),
            json!({ "user_id": user }),
        )
        .await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text);
        if name == "boss" {
            let tied = patch(
                server,
                &world.token,
                &format!("/administrators/{}", id(&owner)),
                json!({ "user_id": user }),
            )
            .await;
            assert_eq!(tied.status, StatusCode::OK, "{}", tied.text);
        }
        all.push(key);
    }
    all.try_into().unwrap()
}

served! {
    async fn nobody_takes_or_revokes_the_key_of_one_who_may_do_more(server) {
        let world = stocked(server, "Holders", 2).await;
        let [boss, clerk] = handed_out(server, &world).await;
        let operator = server.token(&world, "device_service_administrator").await;
        let revocation = json!({ "reason": "lost", "notify": false });
        for (verb, body) in [("unassign", json!({})), ("revoke", revocation.clone())] {
            let refused = post(server, &operator, &format!("/security-keys/{boss}/{verb}"), body).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"), "{verb}: {}", refused.text);
        }
        let order = json!({ "action": "revoke", "arguments": revocation, "selection": { "ids": [boss, clerk] } });
        let begun = post(server, &operator, "/security-keys/bulk", order).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
        ended(server, &operator, &begun.body["id"]).await;
        let status = async |key: &str| get(server, &operator, &format!("/security-keys/{key}")).await.body["status"].clone();
        assert_eq!((status(&boss).await, status(&clerk).await), (json!("ready"), json!("revoked")));
        let equal = post(server, &world.token, &format!("/security-keys/{boss}/revoke"), revocation).await;
        assert_eq!((equal.status, &equal.body["status"]), (StatusCode::OK, &json!("revoked")), "{}", equal.text);
    }

    async fn a_link_dies_when_its_holder_comes_to_do_more_than_who_made_it(server) {
        let world = server.world("Grown").await;
        let admin = server.token(&world, "administrator").await;
        let first = invite(server, &admin, "grown@links.example", "auditor").await;
        let member = format!("/administrators/{}", id(&first));
        let role = async |role: &str| {
            let changed = patch(server, &world.token, &member, json!({ "role": role })).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        };
        role("owner").await;
        let refused = accept(server, &first).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["pointer"]), (422, &json!("/setup_token")), "{}", refused.text);
        // The same by way of a role that grows while he holds it, with the link that lets him in again.
        let draft = |privileges: Value| json!({ "name": "Growing", "privileges": privileges });
        assert_eq!(post(server, &world.token, "/roles", draft(json!(["inventory.read"]))).await.status, StatusCode::CREATED);
        role("Growing").await;
        let again = post(server, &admin, &format!("{member}/invitation"), json!({})).await;
        let grown = draft(json!(["inventory.read", "device.adminpin.read"]));
        let grown = server.call(server.request(Method::PUT, "/roles/Growing").bearer_auth(&world.token).json(&grown)).await;
        assert_eq!(grown.status, StatusCode::OK, "{}", grown.text);
        assert_eq!(accept(server, &again).await.status.as_u16(), 422);
        let by_owner = post(server, &world.token, &format!("{member}/invitation"), json!({})).await;
        assert_eq!(accept(server, &by_owner).await.status, StatusCode::CREATED);
    }

    async fn nobody_becomes_another_person_by_way_of_an_api_token(server) {
        let email = "myself@person.example";
        let world = server.world("Person").await;
        let invited = invite(server, &world.token, email, "owner").await;
        let me = server.browser(&accept(server, &invited).await);
        let member = format!("/administrators/{}", id(&invited));
        let user = hands::user(server, &world, "myself").await;
        let token = by(server, &me, Method::POST, "/api-tokens", json!({ "name": "another@person.example", "role": "owner" })).await;
        let token = token.body["token"].as_str().unwrap().to_owned();
        let tied = patch(server, &token, &member, json!({ "user_id": user })).await;
        assert_eq!(tied.status, StatusCode::OK, "{}", tied.text);
        let untied = patch(server, &token, &member, json!({ "user_id": null })).await;
        assert_eq!((untied.status, untied.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{}", untied.text);
        let made = post(server, &token, "/api-tokens", json!({ "name": "grandchild", "role": "auditor" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let all = get(server, &token, "/api-tokens").await;
        let grandchild = all.body["items"].as_array().unwrap().iter().find(|one| one["name"] == "grandchild").unwrap().clone();
        assert_eq!(grandchild["created_by"], email, "{}", all.text);
        let second = invite(server, &world.token, "second@person.example", "owner").await;
        let second = server.browser(&accept(server, &second).await);
        let untied = by(server, &second, Method::PATCH, &member, json!({ "user_id": null })).await;
        assert_eq!((untied.status, &untied.body["user"]), (StatusCode::OK, &Value::Null), "{}", untied.text);
    }

    async fn a_borrowed_browser_hands_the_sight_of_pins_to_nobody(server) {
        let world = server.world("Borrowed").await;
        let invited = invite(server, &world.token, "lent@borrowed.example", "owner").await;
        let me = server.browser(&accept(server, &invited).await);
        let other = invite(server, &world.token, "other@borrowed.example", "auditor").await;
        let orders = |n: u32| [
            (Method::POST, "/api-tokens".to_owned(), json!({ "name": "t", "role": "owner" })),
            (Method::POST, "/administrators".to_owned(), json!({ "email": format!("x{n}@borrowed.example"), "display_name": "X", "role": "owner" })),
            (Method::POST, "/roles".to_owned(), json!({ "name": format!("Peeper {n}"), "privileges": ["device.userpin.read"] })),
            (Method::PATCH, format!("/administrators/{}", id(&other)), json!({ "role": "owner" })),
            (Method::POST, format!("/administrators/{}/invitation", id(&other)), json!({})),
        ];
        server.clock.advance(Duration::from_mins(6));
        server.app().identities().forget_all();
        // The last is about somebody who sees no PIN as yet.
        for (method, path, body) in orders(1).into_iter().take(4) {
            let refused = by(server, &me, method, &path, body).await;
            assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "step-up-required"), "{path}: {}", refused.text);
        }
        let small = by(server, &me, Method::POST, "/api-tokens", json!({ "name": "t", "role": "auditor" })).await;
        assert_eq!(small.status, StatusCode::CREATED, "{}", small.text);
        let proven = by(server, &me, Method::POST, "/session/step-up", json!({ "password": PASSWORD })).await;
        assert_eq!(proven.status, StatusCode::OK, "{}", proven.text);
        for (method, path, body) in orders(2) {
            let done = by(server, &me, method, &path, body).await;
            assert!(done.status.is_success(), "{path}: {}", done.text);
        }
        server.clock.advance(Duration::from_mins(6));
        server.app().identities().forget_all();
        let refused = by(server, &me, Method::POST, &format!("/administrators/{}/invitation", id(&other)), json!({})).await;
        assert_eq!(refused.problem(), "step-up-required", "{}", refused.text);
    }

    async fn nobody_switches_the_second_person_off_alone(server) {
        let world = server.world("Guarded").await;
        let set = |needs: bool| json!({ "pins": { "admin_pin_needs_approval": needs } });
        let (on, off) = (set(true), set(false));
        let with = |id: &str| json!({ "pins": { "admin_pin_needs_approval": false }, "approval_id": id });
        let said = |answer: &Answer| (answer.status.as_u16(), answer.body["state"].as_str().unwrap_or_else(|| answer.problem()).to_owned());
        let needed = (409, "approval_needed".to_owned());
        assert_eq!(patch(server, &world.token, "/settings", on.clone()).await.status, StatusCode::OK);
        let alone = patch(server, &world.token, "/settings", off.clone()).await;
        assert_eq!(said(&alone), needed, "{}", alone.text);
        assert!(alone.text.contains("invite a second administrator"), "{}", alone.text);
        let auditor = invite(server, &world.token, "auditor@guarded.example", "auditor").await;
        assert_eq!(accept(server, &auditor).await.status, StatusCode::CREATED);
        let alone = patch(server, &world.token, "/settings", off.clone()).await;
        assert!(alone.text.contains("invite a second administrator"), "who may not change settings cannot agree: {}", alone.text);
        let mut people = Vec::new();
        for email in ["ann@guarded.example", "bob@guarded.example"] {
            let invited = invite(server, &world.token, email, "owner").await;
            people.push(server.browser(&accept(server, &invited).await));
        }
        let (ann, bob) = (&people[0], &people[1]);
        let alone = by(server, ann, Method::PATCH, "/settings", off).await;
        assert_eq!(said(&alone), needed, "{}", alone.text);
        assert!(alone.text.contains("ask another administrator"), "{}", alone.text);

        let ask = async |body: Value| by(server, ann, Method::POST, "/approvals", body).await;
        for wrong in [
            json!({ "kind": "admin_pin_alone", "security_key_id": uuid::Uuid::nil(), "reason": "one of us left" }),
            json!({ "kind": "admin_pin", "reason": "no key" }),
        ] {
            let refused = ask(wrong).await;
            assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["pointer"]), (422, &json!("/security_key_id")), "{}", refused.text);
        }
        let asked = ask(json!({ "kind": "admin_pin_alone", "reason": "one of us left" })).await;
        assert_eq!((asked.status, &asked.body["security_key"]), (StatusCode::CREATED, &Value::Null), "{}", asked.text);
        let asked = id(&asked);
        let approve = format!("/approvals/{asked}/approve");
        assert_eq!(said(&by(server, ann, Method::PATCH, "/settings", with(&asked)).await), (409, "pending".to_owned()));
        assert_eq!(by(server, ann, Method::POST, &approve, json!({})).await.status.as_u16(), 409, "his own request");
        assert_eq!(post(server, &world.token, &approve, json!({})).await.status.as_u16(), 409, "a program is no second person");
        let auditor = server.token(&world, "auditor").await;
        assert_eq!(post(server, &auditor, &approve, json!({})).await.status.as_u16(), 403, "who may not change settings");

        let prove = async |browser: &Browser| by(server, browser, Method::POST, "/session/step-up", json!({ "password": PASSWORD })).await.status;
        server.clock.advance(Duration::from_mins(6));
        server.app().identities().forget_all();
        assert_eq!(by(server, bob, Method::POST, &approve, json!({})).await.problem(), "step-up-required");
        assert_eq!(prove(bob).await, StatusCode::OK);
        let agreed = by(server, bob, Method::POST, &approve, json!({})).await;
        assert_eq!(agreed.body["status"], "approved", "{}", agreed.text);
        assert_eq!(by(server, bob, Method::PATCH, "/settings", with(&asked)).await.status.as_u16(), 409, "for whoever asked alone");
        assert_eq!(by(server, ann, Method::PATCH, "/settings", with(&asked)).await.problem(), "step-up-required");
        assert_eq!(prove(ann).await, StatusCode::OK);
        let other = by(server, ann, Method::PATCH, "/settings", json!({ "locale": "cs" })).await;
        assert_eq!((other.status, &other.body["pins"]["admin_pin_needs_approval"]), (StatusCode::OK, &json!(true)), "{}", other.text);
        let done = by(server, ann, Method::PATCH, "/settings", with(&asked)).await;
        assert_eq!((done.status, &done.body["pins"]["admin_pin_needs_approval"]), (StatusCode::OK, &json!(false)), "{}", done.text);
        assert_eq!(by(server, ann, Method::PATCH, "/settings", on).await.status, StatusCode::OK);
        assert_eq!(said(&by(server, ann, Method::PATCH, "/settings", with(&asked)).await), (409, "used".to_owned()), "once");
        assert_eq!(get(server, &world.token, "/settings").await.body["pins"]["admin_pin_needs_approval"], true);

        let log = get(server, &world.token, "/audit-events?action=settings.second_person_off").await;
        let events = log.body["items"].as_array().unwrap();
        assert_eq!((events.len(), &events[0]["reason"]), (1, &json!("one of us left")), "{}", log.text);
        assert_eq!(events[0]["after"], json!({ "approval": asked, "requested_by": "ann@guarded.example", "answered_by": "bob@guarded.example" }));
    }

    async fn one_person_under_two_addresses_is_no_second_person(server) {
        let world = stocked(server, "Twice", 1).await;
        let rules = policy(server, &world.token, "Rules", "standard").await;
        let key = Key::in_stock(server, &world, 0).await;
        key.configured(&rules, true).await;
        patch(server, &world.token, "/settings", json!({ "pins": { "admin_pin_needs_approval": true } })).await;
        let user = hands::user(server, &world, "twice").await;
        let mut people = Vec::new();
        for email in ["ann@twice.example", "a.nn@twice.example", "bob@twice.example"] {
            let invited = invite(server, &world.token, email, "owner").await;
            if !email.starts_with("bob") {
                let tied = patch(server, &world.token, &format!("/administrators/{}", id(&invited)), json!({ "user_id": user })).await;
                assert_eq!(tied.status, StatusCode::OK, "{}", tied.text);
            }
            people.push(server.browser(&accept(server, &invited).await));
        }
        let order = json!({ "kind": "admin_pin", "security_key_id": key.id, "reason": "unlock" });
        let asked = by(server, &people[0], Method::POST, "/approvals", order).await;
        let approve = format!("/approvals/{}/approve", id(&asked));
        let same = by(server, &people[1], Method::POST, &approve, json!({})).await;
        assert_eq!((same.status.as_u16(), same.problem()), (409, "refused"), "{}", same.text);
        server.clock.advance(Duration::from_mins(6));
        server.app().identities().forget_all();
        let stale = by(server, &people[2], Method::POST, &approve, json!({})).await;
        assert_eq!(stale.problem(), "step-up-required", "{}", stale.text);
        for browser in [&people[0], &people[2]] {
            let proven = by(server, browser, Method::POST, "/session/step-up", json!({ "password": PASSWORD })).await;
            assert_eq!(proven.status, StatusCode::OK, "{}", proven.text);
        }
        assert_eq!(by(server, &people[2], Method::POST, &approve, json!({})).await.body["status"], "approved");
        // What was not needed is not said to have been given.
        let show = json!({ "field": "user_pin", "approval_id": id(&asked) });
        let shown = by(server, &people[0], Method::POST, &format!("/security-keys/{}/initial-pin/show", key.id), show).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        let told = get(server, &world.token, "/audit-events?action=security_key.initial_pin_shown").await;
        assert_eq!(told.body["items"][0]["after"]["approval"], Value::Null, "{}", told.text);
    }

    async fn the_pin_of_one_who_may_do_more_stays_hidden(server) {
        let world = stocked(server, "Superior", 2).await;
        let [boss, clerk] = handed_out(server, &world).await;
        let draft = json!({ "name": "Peeper", "privileges": ["inventory.read", "device.userpin.read"] });
        assert_eq!(post(server, &world.token, "/roles", draft).await.status, StatusCode::CREATED);
        let peeper = server.token(&world, "Peeper").await;
        for (key, status) in [(&boss, 403), (&clerk, 200)] {
            let serial = get(server, &world.token, &format!("/security-keys/{key}")).await.body["serial_number"].clone();
            let begun = post(server, &world.token, &format!("/security-keys/{key}/configuration"), json!({ "serial_seen": serial, "admin_pin": false })).await;
            assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text);
            let confirm = format!("/security-keys/{key}/configuration/{}/confirm", begun.body["generation"]);
            let done = post(server, &world.token, &confirm, json!({ "serial_seen": serial, "read_back": "equal" })).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text);
            let path = format!("/security-keys/{key}/initial-pin/show");
            for (token, status) in [(&peeper, status), (&world.token, 200)] {
                let shown = post(server, token, &path, json!({ "field": "user_pin" })).await;
                assert_eq!(shown.status.as_u16(), status, "{}", shown.text);
            }
        }
    }

    async fn a_zero_in_a_text_is_never_a_failure_of_the_server(server) {
        let world = server.world("Zero").await;
        for path in ["/audit-events?q=%00", "/audit-events?action=%00", "/users?q=%00a", "/security-keys?q=%00", "/security-keys?identity_provider=%00", "/roles/%00", "/imports?cursor=%00"] {
            let answer = get(server, &world.token, path).await;
            assert!(answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.text);
        }
        let signed = server.sign_in("a\0@b.example", "x\0").await;
        assert!(signed.status.is_client_error(), "{} {}", signed.status, signed.text);
        for (path, body) in [
            ("/api-tokens", json!({ "name": "t", "role": "a\0" })),
            ("/administrators", json!({ "email": "z@zero.example", "display_name": "Z", "role": "\0" })),
            ("/security-keys/bulk", json!({ "action": "suspend", "arguments": {}, "selection": { "filter": { "q": "a\0b" }, "expected_count": 1 } })),
        ] {
            let answer = post(server, &world.token, path, body).await;
            assert_eq!(answer.status.as_u16(), 422, "{path}: {}", answer.text);
        }
    }
}
