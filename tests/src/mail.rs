//! Mail: what a user reads after a revocation, and what a mail server that refuses, is slow or drops changes about it.

use std::time::Duration;

use claviger_domain::TenantId;
use claviger_store::{Reader, outbox};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    hands, served,
    server::{Answer, TestServer, World},
    smtp::MailServer,
    stock::{self, get, post},
};

const KIND: &str = "mail.security_key_revoked";
const CANARY: &str = "mail-canary-41f0";

/// A tenant whose mail goes to this server, with so many keys.
async fn world_with(server: &TestServer, name: &str, keys: u32, port: u16) -> (World, Vec<String>) {
    let world = stock::stocked(server, name, keys).await;
    let set = patch(server, &world, json!({ "mail": mail(port) })).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    let policy = stock::policy(server, &world.token, "Staff", "standard").await;
    let mut ids = Vec::new();
    for key in stock::keys(server, &world.token, "").await {
        let id = key["id"].as_str().unwrap().to_owned();
        let linked = post(
            server,
            &world.token,
            &format!("/security-keys/{id}/link-policy"),
            json!({ "policy_id": policy }),
        )
        .await;
        assert_eq!(linked.status, StatusCode::OK, "{}", linked.text);
        ids.push(id);
    }
    (world, ids)
}

fn mail(port: u16) -> Value {
    json!({ "host": "127.0.0.1", "port": port, "encryption": "none", "from_address": "keys@example.org", "from_name": "Správa klíčů" })
}

async fn patch(server: &TestServer, world: &World, change: Value) -> Answer {
    server
        .call(
            server
                .request(Method::PATCH, "/settings")
                .bearer_auth(&world.token)
                .json(&change),
        )
        .await
}

async fn assign(server: &TestServer, world: &World, key: &str, user: &str) {
    let assigned = post(
        server,
        &world.token,
        &format!("/security-keys/{key}/assign"),
        json!({ "user_id": user }),
    )
    .await;
    assert_eq!(assigned.status, StatusCode::OK, "{}", assigned.text);
}

async fn revoke(server: &TestServer, world: &World, key: &str) -> Value {
    let order = json!({ "reason": "stolen", "note": "seen at the station", "notify": true });
    let revoked = post(server, &world.token, &format!("/security-keys/{key}/revoke"), order).await;
    assert_eq!(
        (revoked.status, &revoked.body["status"]),
        (StatusCode::OK, &json!("revoked")),
        "{}",
        revoked.text
    );
    revoked.body
}

/// A key with its mail, once that is so.
async fn until(server: &TestServer, world: &World, key: &str, what: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..4_800 {
        last = get(server, &world.token, &format!("/security-keys/{key}")).await.body;
        if what(&last["mail"]) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the mail does not become so: {last}");
}

async fn until_state(server: &TestServer, world: &World, key: &str, state: &str) -> Value {
    until(server, world, key, |mail| mail["state"] == state).await
}

/// A key with its mail, once the try of that number has failed and is written down: a try under way does not count.
async fn until_put_off(server: &TestServer, world: &World, key: &str, attempts: i64) -> Value {
    let (tenant, subject) = (TenantId::from_uuid(world.id.parse().unwrap()), key.parse().unwrap());
    for _ in 0..4_800 {
        let look = async move |reader: &mut Reader| outbox::newest(reader, tenant, subject, KIND).await;
        let mail = server.app().store().read(look).await.unwrap().unwrap();
        // Taking a message and putting it off each change it once.
        if mail.attempts == attempts && mail.revision == 2 * attempts + 1 {
            assert_eq!(mail.state, outbox::State::Waiting);
            return get(server, &world.token, &format!("/security-keys/{key}")).await.body;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the mail is not put off {attempts} times");
}

/// Lets time pass until the next try.
fn later(server: &TestServer, by: Duration) {
    server.clock.advance(by);
    server.app().outbox().wake();
}

async fn actions(server: &TestServer, world: &World, key: &str) -> Vec<String> {
    let history = get(server, &world.token, &format!("/security-keys/{key}/events")).await;
    history.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap().to_owned())
        .collect()
}

served! {
    async fn a_user_reads_of_a_revocation_in_his_language(server) {
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(server, "Řád & <Síť>", 3, post_office.port).await;
        patch(server, &world, json!({ "locale": "de" })).await;
        let czech = hands::person(server, &world, "Žofie Příkladná <script>", Some("zofie@example.org"), Some("cs-CZ")).await;
        let tenants = hands::person(server, &world, "Max", Some("max@example.org"), None).await;
        let unicode = hands::person(server, &world, "Ann", Some("žofie@příklad.example"), Some("en")).await;
        for (key, user) in keys.iter().zip([&czech, &tenants, &unicode]) {
            assign(server, &world, key, user).await;
        }
        let shown = revoke(server, &world, &keys[0]).await;
        let letter = post_office.letter().await;
        let serial = shown["serial_number"].as_str().unwrap();
        assert_eq!(letter["subject"], "Váš bezpečnostní klíč SafeNet eToken Fusion byl odvolán");
        assert_eq!((&letter["language"], &letter["defects"]), (&json!("cs"), &json!([])));
        assert_eq!(letter["to"], json!([["Žofie Příkladná <script>", "zofie@example.org"]]));
        assert_eq!((&letter["from"], &letter["mail_from"]), (&json!([["Správa klíčů", "keys@example.org"]]), &json!("keys@example.org")));
        let (text, html) = (letter["text"].as_str().unwrap(), letter["html"].as_str().unwrap());
        for part in [text, html] {
            assert!(part.contains(serial) && part.contains("odcizen") && part.contains("Žofie"), "{part}");
            assert!(!part.contains("station"), "the note is for operators: {part}");
        }
        assert!(html.contains("lang=\"cs\"") && html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        assert!(text.contains("Řád & <Síť>") && html.contains("Řád &amp; &lt;Síť&gt;"), "{text}{html}");
        assert!(letter["fields"].as_array().unwrap().contains(&json!("auto-submitted")), "{letter}");
        let sent = until_state(server, &world, &keys[0], "sent").await;
        assert_eq!((&sent["mail"]["attempts"], &sent["mail"]["next_try_at"]), (&json!(1), &Value::Null));
        assert_eq!(actions(server, &world, &keys[0]).await[..2], ["security_key.mail_sent", "security_key.revoked"]);

        revoke(server, &world, &keys[1]).await;
        assert_eq!(post_office.letter().await["subject"], "Ihr Sicherheitsschlüssel SafeNet eToken Fusion wurde widerrufen");
        revoke(server, &world, &keys[2]).await;
        let letter = post_office.letter().await;
        assert_eq!((&letter["subject"], &letter["rcpt_tos"]), (&json!("Your security key SafeNet eToken Fusion was revoked"), &json!(["žofie@příklad.example"])));
    }

    async fn a_refused_letter_is_given_up_and_can_be_tried_again(server) {
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(server, "Refused", 1, post_office.port).await;
        let user = hands::person(server, &world, "Ann", Some("ann@example.org"), None).await;
        assign(server, &world, &keys[0], &user).await;
        post_office.behave(json!({ "rcpt": "550 5.1.1 no such user here" })).await;
        revoke(server, &world, &keys[0]).await;
        let failed = until_state(server, &world, &keys[0], "failed").await;
        assert!(failed["mail"]["detail"].as_str().unwrap().contains("no such user here"), "{failed}");
        assert_eq!(actions(server, &world, &keys[0]).await[0], "security_key.mail_failed");
        let untold = async || {
            let overview = get(server, &world.token, "/overview").await.body;
            let item = overview["attention"].as_array().unwrap().iter().find(|item| item["kind"] == "failed_mail").cloned();
            (item.map(|item| (item["count"].as_u64().unwrap(), item["filter"].clone())), stock::keys(server, &world.token, "mail=failed&tab=inventory").await.len())
        };
        assert_eq!(untold().await, (Some((1, json!({ "mail": "failed" }))), 1));
        let stock_keeper = server.token(&world, "view_only").await;
        let path = format!("/security-keys/{}/mail/retry", keys[0]);
        assert_eq!(post(server, &stock_keeper, &path, json!({})).await.status, StatusCode::FORBIDDEN);
        post_office.behave(json!({ "rcpt": null })).await;
        assert_eq!(post(server, &world.token, &path, json!({})).await.status, StatusCode::OK);
        until_state(server, &world, &keys[0], "sent").await;
        assert_eq!(untold().await, (None, 0));
        let again = post(server, &world.token, &path, json!({})).await;
        assert_eq!((again.status, again.body["state"].as_str()), (StatusCode::CONFLICT, Some("sent")), "{}", again.text);
        assert_eq!(post_office.rest().await.len(), 1);
    }

    async fn a_letter_cut_off_after_its_data_is_repeated_under_the_same_id(server) {
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(server, "Dropped", 1, post_office.port).await;
        let user = hands::person(server, &world, "Ann", Some("ann@example.org"), None).await;
        assign(server, &world, &keys[0], &user).await;
        post_office.behave(json!({ "drop_after_data": true })).await;
        revoke(server, &world, &keys[0]).await;
        let first = post_office.letter().await;
        until_put_off(server, &world, &keys[0], 1).await;
        post_office.behave(json!({ "drop_after_data": false })).await;
        later(server, Duration::from_secs(61));
        let second = post_office.letter().await;
        assert_eq!(first["message_id"], second["message_id"]);
        assert!(first["message_id"].as_str().unwrap().ends_with("@localhost>"), "{first}");
        assert_eq!(until_state(server, &world, &keys[0], "sent").await["mail"]["attempts"], 2);
    }

    async fn a_letter_put_off_for_a_day_is_given_up(server) {
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(server, "Greylisted", 1, post_office.port).await;
        let user = hands::person(server, &world, "Ann", Some("ann@example.org"), None).await;
        assign(server, &world, &keys[0], &user).await;
        post_office.behave(json!({ "rcpt": "451 4.7.1 come back later" })).await;
        revoke(server, &world, &keys[0]).await;
        until_put_off(server, &world, &keys[0], 1).await;
        for (minutes, attempts) in [(1, 2), (2, 3), (5, 4), (15, 5)] {
            later(server, Duration::from_secs(minutes * 60 + 1));
            until_put_off(server, &world, &keys[0], attempts).await;
        }
        later(server, Duration::from_hours(24));
        let failed = until_state(server, &world, &keys[0], "failed").await;
        assert!(failed["mail"]["detail"].as_str().unwrap().starts_with("Given up."), "{failed}");
        assert!(post_office.rest().await.is_empty());
    }

    async fn a_slow_a_dead_and_a_refusing_server_hold_nobody_up(server) {
        let (mut slow, mut good) = (MailServer::start().await, MailServer::start().await);
        // Nothing listens on a port that was just let go.
        let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        slow.behave(json!({ "delay": 3_600 })).await;
        let (waiting, waiting_keys) = world_with(server, "Slow", 2, slow.port).await;
        let (lost, lost_keys) = world_with(server, "Dead", 1, dead).await;
        let (served, served_keys) = world_with(server, "Good", 1, good.port).await;
        for (world, keys) in [(&waiting, &waiting_keys), (&lost, &lost_keys), (&served, &served_keys)] {
            let user = hands::person(server, world, "Ann", Some("ann@example.org"), None).await;
            for key in keys {
                assign(server, world, key, &user).await;
            }
            for key in keys {
                assert_eq!(revoke(server, world, key).await["mail"]["state"], "waiting");
            }
        }
        assert_eq!(good.letter().await["to"][0][1], "ann@example.org");
        until_state(server, &served, &served_keys[0], "sent").await;
        let down = until_put_off(server, &lost, &lost_keys[0], 1).await;
        assert!(!down["mail"]["next_try_at"].is_null(), "{down}");
        // The slow one is still being waited for, and its second letter behind the first.
        let under_way = get(server, &waiting.token, &format!("/security-keys/{}", waiting_keys[0])).await.body;
        assert_eq!(under_way["mail"]["state"], "waiting", "{under_way}");
        assert!(slow.rest().await.is_empty());
    }

    async fn a_wrong_password_is_told_without_telling_it(server) {
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(server, "Password", 1, post_office.port).await;
        post_office.behave(json!({ "password": "right" })).await;
        let wrong = patch(server, &world, json!({ "mail": { "user_name": "sender", "password": CANARY } })).await;
        assert_eq!(wrong.status, StatusCode::OK, "{}", wrong.text);
        let user = hands::person(server, &world, "Ann", Some("ann@example.org"), None).await;
        assign(server, &world, &keys[0], &user).await;
        revoke(server, &world, &keys[0]).await;
        let waits = until_put_off(server, &world, &keys[0], 1).await;
        assert!(waits["mail"]["detail"].as_str().unwrap().contains("535"), "{waits}");
        let tried = post(server, &world.token, "/settings/mail/test", json!({ "to": "me@example.org" })).await;
        assert_eq!((tried.status, tried.problem()), (StatusCode::CONFLICT, "refused"), "{}", tried.text);
        patch(server, &world, json!({ "mail": { "password": "right" } })).await;
        // A server that repeats what it was told in confidence is not repeated.
        post_office.behave(json!({ "rcpt": "550 you said right, c2VuZGVy" })).await;
        let echoed = post(server, &world.token, "/settings/mail/test", json!({ "to": "me@example.org" })).await;
        assert!(echoed.body["detail"].as_str().unwrap().contains("you said ***"), "{}", echoed.text);
        post_office.behave(json!({ "rcpt": null })).await;
        let path = format!("/security-keys/{}/mail/retry", keys[0]);
        assert_eq!(post(server, &world.token, &path, json!({})).await.status, StatusCode::OK);
        until_state(server, &world, &keys[0], "sent").await;
        assert_eq!(post_office.letter().await["user"], "sender");
        let log = get(server, &world.token, "/audit-events?limit=200").await;
        for answer in [&wrong, &tried, &log] {
            assert!(!answer.text.contains(CANARY), "{}", answer.text);
        }
        assert!(log.text.contains("settings.mail_tested") && log.text.contains("security_key.mail_retried"), "{}", log.text);
    }

    async fn tls_is_demanded_and_checked(server) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        std::fs::write(path("cert.pem"), cert.pem()).unwrap();
        std::fs::write(path("key.pem"), signing_key.serialize_pem()).unwrap();
        let world = server.world("TLS").await;
        for kind in ["starttls", "tls"] {
            let mut post_office = MailServer::start_as(&[kind, &path("cert.pem"), &path("key.pem")]).await;
            post_office.behave(json!({ "password": "right" })).await;
            let settings = json!({
                "host": "localhost", "port": post_office.port, "encryption": kind, "from_address": "keys@example.org",
                "user_name": "sender", "password": "right", "ca_certificates": null,
            });
            let try_it = async || post(server, &world.token, "/settings/mail/test", json!({ "to": "me@example.org" })).await;
            assert_eq!(patch(server, &world, json!({ "mail": settings })).await.status, StatusCode::OK);
            let distrusted = try_it().await;
            assert_eq!(distrusted.problem(), "refused", "{kind}: {}", distrusted.text);
            let trusting = patch(server, &world, json!({ "mail": { "ca_certificates": cert.pem(), "password": "right" } })).await;
            assert_eq!(trusting.status, StatusCode::OK, "{}", trusting.text);
            let taken = try_it().await;
            assert_eq!((taken.status, &taken.body["delivered"]), (StatusCode::OK, &json!(true)), "{kind}: {}", taken.text);
            let letter = post_office.letter().await;
            assert_eq!((&letter["tls"], &letter["user"], &letter["subject"]), (&json!(true), &json!("sender"), &json!("Test message from Claviger")));
            let rest = post_office.rest().await;
            assert!(rest.is_empty(), "{rest:?}");
        }
        // A server that does not offer TLS gets nothing.
        let mut plain = MailServer::start().await;
        let port = plain.port;
        patch(server, &world, json!({ "mail": { "port": port, "encryption": "starttls", "password": "right" } })).await;
        let refused = post(server, &world.token, "/settings/mail/test", json!({ "to": "me@example.org" })).await;
        assert_eq!(refused.problem(), "refused", "{}", refused.text);
        assert!(plain.rest().await.is_empty());
    }

    async fn the_window_knows_beforehand_who_can_be_told(server) {
        let world = stock::stocked(server, "Preview", 2).await;
        let policy = stock::policy(server, &world.token, "Staff", "standard").await;
        let keys: Vec<String> = stock::keys(server, &world.token, "").await.iter().map(|key| key["id"].as_str().unwrap().to_owned()).collect();
        for key in &keys {
            post(server, &world.token, &format!("/security-keys/{key}/link-policy"), json!({ "policy_id": policy })).await;
        }
        let preview = async |key: &str| get(server, &world.token, &format!("/security-keys/{key}/revocation-preview")).await.body;
        assert_eq!(preview(&keys[0]).await, json!({
            "can_notify": false, "why_not": "no_holder", "hint": "Nobody holds this key.", "default_notify": false, "last_key": false, "removes_credential": false,
        }));
        let silent = hands::user(server, &world, "silent").await;
        for key in &keys {
            assign(server, &world, key, &silent).await;
        }
        let two = preview(&keys[0]).await;
        assert_eq!((&two["why_not"], &two["last_key"]), (&json!("no_address"), &json!(false)));
        // Told although nobody can be: the revocation stands, and says what became of the mail.
        let revoked = revoke(server, &world, &keys[0]).await;
        assert_eq!((&revoked["mail"]["state"], &revoked["mail"]["detail"]), (&json!("not_sent"), &json!("The user has no e-mail address.")));
        assert_eq!(preview(&keys[1]).await["last_key"], true);
        let all = async |token: &str| get(server, token, "/security-keys/revocation-preview").await;
        let none = all(&world.token).await.body;
        assert_eq!((&none["can_notify"], &none["why_not"], &none["default_notify"]), (&json!(false), &json!("no_mail_server"), &json!(false)));
        let reader = server.token(&world, "view_only").await;
        assert_eq!(all(&reader).await.status, StatusCode::FORBIDDEN);
        let again = post(server, &world.token, &format!("/security-keys/{}/revoke", keys[0]), json!({ "reason": "lost" })).await;
        assert_eq!((again.status, again.problem(), again.body["state"].as_str()), (StatusCode::CONFLICT, "refused", Some("revoked")), "{}", again.text);
        let same = get(server, &world.token, &format!("/security-keys/{}", keys[0])).await.body;
        assert_eq!((&same["revision"], &same["status_reason"]), (&revoked["revision"], &json!("stolen")));
        let retry = post(server, &world.token, &format!("/security-keys/{}/mail/retry", keys[0]), json!({})).await;
        assert_eq!((retry.status, retry.body["state"].as_str()), (StatusCode::CONFLICT, Some("not_sent")), "{}", retry.text);
        let reached = hands::person(server, &world, "Ann", Some("ann@example.org"), None).await;
        post(server, &world.token, &format!("/security-keys/{}/unassign", keys[1]), json!({})).await;
        assign(server, &world, &keys[1], &reached).await;
        assert_eq!(preview(&keys[1]).await["why_not"], "no_mail_server");
        patch(server, &world, json!({ "revoke_notifies": true, "mail": mail(9) })).await;
        let ready = preview(&keys[1]).await;
        assert_eq!((&ready["can_notify"], &ready["why_not"], &ready["default_notify"]), (&json!(true), &Value::Null, &json!(true)));
        // Who may revoke learns the tenant's default, although the settings are closed to him.
        let made = post(server, &world.token, "/roles", json!({ "name": "Night shift", "privileges": ["inventory.read", "key.revoke"] })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let night = server.token(&world, "Night shift").await;
        assert_eq!(get(server, &night, "/settings").await.status, StatusCode::FORBIDDEN);
        let many = all(&night).await.body;
        assert_eq!((&many["can_notify"], &many["default_notify"]), (&json!(true), &json!(true)));
        // Without a word in the order the tenant's setting holds.
        let quiet = post(server, &world.token, &format!("/security-keys/{}/revoke", keys[1]), json!({ "reason": "leaver" })).await;
        assert_eq!(quiet.body["mail"]["state"], "waiting", "{}", quiet.text);
        assert_eq!(preview(&keys[1]).await["last_key"], false, "it is no usable key any more");
    }
}

#[test]
fn of_two_servers_one_sends_each_letter() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        let other = server.beside().await;
        let mut post_office = MailServer::start().await;
        let (world, keys) = world_with(&server, "Two servers", 20, post_office.port).await;
        let user = hands::person(&server, &world, "Ann", Some("ann@example.org"), None).await;
        for key in &keys {
            assign(&server, &world, key, &user).await;
        }
        for key in &keys {
            revoke(&server, &world, key).await;
            other.app().outbox().wake();
        }
        for key in &keys {
            assert_eq!(until_state(&server, &world, key, "sent").await["mail"]["attempts"], 1);
        }
        let letters = post_office.rest().await;
        let ids: std::collections::BTreeSet<_> =
            letters.iter().map(|letter| letter["message_id"].to_string()).collect();
        assert_eq!((letters.len(), ids.len()), (20, 20));
        other.stop().await;
        server.stop().await;
    });
}
