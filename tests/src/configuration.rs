//! `/security-keys/{id}/configuration`, `observations`, `enroll`, `reinstate`: the life of a key in people's hands.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    served,
    server::{Answer, TestServer, World},
    stock::{get, keys, policy, post, stocked},
};

/// A key of the tenant, driven through its life.
pub(crate) struct Key<'a> {
    pub(crate) server: &'a TestServer,
    pub(crate) world: &'a World,
    pub(crate) id: String,
    pub(crate) serial: String,
}

impl<'a> Key<'a> {
    /// A key in stock, by its place in the list.
    pub(crate) async fn in_stock(server: &'a TestServer, world: &'a World, nth: usize) -> Self {
        let key = keys(server, &world.token, "sort=serial_number").await[nth].clone();
        Self {
            server,
            world,
            id: key["id"].as_str().unwrap().to_owned(),
            serial: key["serial_number"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn post(&self, verb: &str, body: Value) -> Answer {
        let path = format!("/security-keys/{}/{verb}", self.id);
        post(self.server, &self.world.token, &path, body).await
    }

    /// As [`Self::post`], which must succeed.
    pub(crate) async fn done(&self, verb: &str, body: Value) -> Value {
        let answer = self.post(verb, body).await;
        assert!(answer.status.is_success(), "{verb}: {}", answer.text);
        answer.body
    }

    pub(crate) async fn get(&self, what: &str) -> Answer {
        get(
            self.server,
            &self.world.token,
            &format!("/security-keys/{}{what}", self.id),
        )
        .await
    }

    pub(crate) async fn status(&self) -> String {
        self.get("").await.body["status"].as_str().unwrap().to_owned()
    }

    /// Prepares and confirms a configuration; answers its secrets.
    pub(crate) async fn configured(&self, policy: &str, admin_pin: bool) -> Value {
        let order = json!({ "policy_id": policy, "serial_seen": self.serial, "admin_pin": admin_pin });
        let made = self.done("configuration", order).await;
        let confirm = format!("configuration/{}/confirm", made["generation"]);
        let key = self
            .done(&confirm, json!({ "serial_seen": self.serial, "read_back": "equal" }))
            .await;
        assert_eq!(key["status"], "configured");
        made
    }

    pub(crate) async fn observed(&self, observation: Value) -> Value {
        self.done("observations", json!({ "observations": [observation] }))
            .await
    }

    async fn actions(&self) -> Vec<String> {
        let events = self.get("/events").await.body["items"].as_array().unwrap().clone();
        events
            .iter()
            .map(|event| event["action"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A user of the tenant; answers the id.
pub(crate) async fn user(server: &TestServer, world: &World, name: &str) -> String {
    let draft = json!({ "user_name": name, "display_name": name });
    let made = post(server, &world.token, "/users", draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}

served! {
    async fn a_key_is_configured_enrolled_revoked_and_comes_back(server) {
        let world = stocked(server, "Life", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        key.done("link-policy", json!({ "policy_id": policy })).await;
        key.done("assign", json!({ "user_id": user(server, &world, "ann").await })).await;
        let made = key.done("configuration", json!({ "serial_seen": key.serial.to_lowercase(), "firmware": "5.7.1" })).await;
        let pin = made["user_pin"].as_str().unwrap();
        assert!(pin.len() == 8 && pin.bytes().all(|digit| digit.is_ascii_digit()));
        assert_eq!((&made["admin_pin"], &made["force_pin_change"], &made["resumed"]), (&Value::Null, &json!(true), &json!(false)));
        assert_eq!((&made["policy"]["id"], &made["policy"]["version"], &made["policy"]["name"]), (&json!(policy), &json!(1), &json!("Staff")));
        assert_eq!(key.status().await, "ready", "pending is no state of the record");
        let again = key.done("configuration", json!({ "serial_seen": key.serial })).await;
        assert_eq!((&again["user_pin"], &again["resumed"]), (&made["user_pin"], &json!(true)), "a pending one is resumed");
        let confirmed = key.done("configuration/1/confirm", json!({ "serial_seen": key.serial, "read_back": "equal" })).await;
        assert_eq!((&confirmed["status"], &confirmed["firmware"]), (&json!("configured"), &json!("5.7.1")));
        let enrolled = key.done("enroll", json!({ "identity_provider": "Entra ID" })).await;
        assert_eq!((&enrolled["status"], &enrolled["identity_provider"]), (&json!("enrolled"), &json!("Entra ID")));
        key.done("suspend", json!({})).await;
        key.done("resume", json!({})).await;
        key.done("revoke", json!({ "reason": "lost" })).await;
        let early = key.post("reinstate", json!({})).await;
        assert_eq!((early.status.as_u16(), early.problem(), early.body["command"].as_str()), (409, "refused", Some("reinstate")));
        let history = key.actions().await;
        assert!(history.iter().filter(|action| *action == "security_key.configuration_prepared").count() == 2, "{history:?}");
    }

    async fn a_reset_key_comes_back_in_the_next_generation_with_new_secrets(server) {
        let world = stocked(server, "Again", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let first = key.configured(&policy, false).await;
        key.done("revoke", json!({ "reason": "leaver" })).await;
        key.observed(json!({ "kind": "reset_proven" })).await;
        let back = key.done("reinstate", json!({ "into": "in_stock" })).await;
        assert_eq!((&back["status"], &back["generation"]), (&json!("in_stock"), &json!(2)));
        let made = key.done("configuration", json!({ "policy_id": policy, "serial_seen": key.serial })).await;
        assert_eq!(made["generation"], 2);
        assert_ne!(made["user_pin"], first["user_pin"]);
        let old = key.post("configuration/1/confirm", json!({ "serial_seen": key.serial, "read_back": "equal" })).await;
        assert_eq!((old.status.as_u16(), old.problem()), (409, "refused"), "{}", old.text);
        assert!(old.body["detail"].as_str().unwrap().contains("generation 2"), "{}", old.text);
        key.done("configuration/2/confirm", json!({ "serial_seen": key.serial, "read_back": "equal" })).await;
        assert_eq!(key.done("revoke", json!({ "reason": "lost" })).await["status"], "revoked");
        assert_eq!(key.done("dispose", json!({})).await["status"], "disposed");
    }

    async fn what_is_wrong_with_a_configuration_changes_nothing(server) {
        let world = stocked(server, "Wrong", 2).await;
        let other = server.world("Other").await;
        let (key, revoked) = (Key::in_stock(server, &world, 0).await, Key::in_stock(server, &world, 1).await);
        let standard = policy(server, &world.token, "Staff", "standard").await;
        let enterprise = policy(server, &world.token, "Admins", "enterprise").await;
        let order = |serial: &str| json!({ "policy_id": standard, "serial_seen": serial });
        revoked.done("revoke", json!({ "reason": "lost" })).await;
        let before = key.get("").await.body;
        for (body, status, problem) in [
            (order("SN-99999999"), 409, "refused"),
            (json!({ "serial_seen": key.serial }), 422, "validation"),
            (json!({ "policy_id": "01900000-0000-7000-8000-000000000000", "serial_seen": key.serial }), 422, "validation"),
            (json!({ "policy_id": enterprise, "serial_seen": key.serial }), 409, "refused"),
            (json!({ "policy_id": standard, "serial_seen": "" }), 422, "validation"),
            (json!({ "policy_id": standard, "serial_seen": key.serial, "pin": "1234" }), 422, "validation"),
        ] {
            let answer = key.post("configuration", body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (status, problem), "{body}: {}", answer.text);
        }
        let ended = revoked.post("configuration", order(&revoked.serial)).await;
        assert_eq!((ended.status.as_u16(), ended.body["state"].as_str()), (409, Some("revoked")), "{}", ended.text);
        let theirs = post(server, &other.token, &format!("/security-keys/{}/configuration", key.id), order(&key.serial)).await;
        assert_eq!(theirs.status.as_u16(), 404);
        assert_eq!(key.get("").await.body, before, "nothing changed");

        key.done("configuration", order(&key.serial)).await;
        let pending = key.get("").await.body;
        for (path, body) in [
            ("configuration/1/confirm", json!({ "serial_seen": key.serial, "read_back": "different" })),
            ("configuration/1/confirm", json!({ "serial_seen": "SN-99999999", "read_back": "equal" })),
            ("configuration/2/confirm", json!({ "serial_seen": key.serial, "read_back": "equal" })),
        ] {
            let answer = key.post(path, body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (409, "refused"), "{body}: {}", answer.text);
        }
        assert_eq!(key.get("").await.body, pending, "it is still pending");
        let confirm = json!({ "serial_seen": key.serial, "read_back": "equal" });
        key.done("configuration/1/confirm", confirm.clone()).await;
        let configured = key.get("").await.body;
        let twice = key.post("configuration/1/confirm", confirm).await;
        assert_eq!((twice.status.as_u16(), twice.body["state"].as_str()), (409, Some("configured")), "{}", twice.text);
        assert_eq!(key.get("").await.body, configured);
    }

    async fn an_abandoned_configuration_leaves_no_secret(server) {
        let world = stocked(server, "Abandoned", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let order = json!({ "policy_id": policy, "serial_seen": key.serial });
        let first = key.done("configuration", order.clone()).await;
        let gone = server.request(Method::DELETE, &format!("/security-keys/{}/configuration", key.id));
        let gone = server.call(gone.bearer_auth(&world.token)).await;
        assert_eq!((gone.status.as_u16(), gone.body["status"].as_str()), (200, Some("in_stock")), "{}", gone.text);
        let second = key.done("configuration", order).await;
        assert_ne!(first["user_pin"], second["user_pin"]);
        assert_eq!(second["resumed"], false);
    }

    async fn a_repeated_configuration_request_is_not_answered_from_storage(server) {
        let world = stocked(server, "Repeat", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let send = async || {
            let path = format!("/security-keys/{}/configuration", key.id);
            let request = server.request(Method::POST, &path).bearer_auth(&world.token).header("idempotency-key", "once");
            server.call(request.json(&json!({ "policy_id": policy, "serial_seen": key.serial }))).await
        };
        assert_eq!(send().await.status.as_u16(), 201);
        let again = send().await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "refused"), "{}", again.text);
    }

    async fn observations_are_told_by_the_key(server) {
        let world = stocked(server, "Seen", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        key.configured(&policy, true).await;
        let seen = key.done("observations", json!({ "observations": [
            { "kind": "seen" },
            { "kind": "pin_state", "state": "blocked", "retries": 0 },
            { "kind": "firmware", "firmware": "5.7.1" },
            { "kind": "aaguid", "aaguid": "efb96b10-a9ee-4b6c-a4a9-d32125ccd4a4" },
            { "kind": "mode", "mode": "managed" },
            { "kind": "credential_seen", "identity_provider": "Entra ID", "state": "pending" },
        ] })).await;
        for (field, value) in [
            ("locked", json!(true)), ("firmware", json!("5.7.1")), ("mode", json!("managed")),
            ("aaguid", json!("efb96b10-a9ee-4b6c-a4a9-d32125ccd4a4")), ("identity_provider", json!("Entra ID")), ("status", json!("configured")),
        ] {
            assert_eq!(seen[field], value, "{field}");
        }
        assert!(seen["last_seen_at"].is_string());
        assert_eq!(key.observed(json!({ "kind": "mode", "mode": "foreign" })).await["mode"], "foreign");
        for wrong in [
            json!({ "observations": [] }),
            json!({ "observations": [{ "kind": "rumour" }] }),
            json!({ "observations": [{ "kind": "seen", "by": "me" }] }),
            json!({ "observations": [{ "kind": "pin_state", "state": "blocked", "retries": 3 }] }),
            json!({ "observations": [{ "kind": "policy_applied", "version": 0, "read_back": "equal" }] }),
            json!({ "observations": [{ "kind": "policy_applied", "version": 9, "read_back": "equal" }] }),
        ] {
            let answer = key.post("observations", wrong.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (422, "validation"), "{wrong}: {}", answer.text);
        }
    }

    async fn a_newer_policy_version_is_applied_by_report(server) {
        let world = stocked(server, "Drift", 1).await;
        let key = Key::in_stock(server, &world, 0).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        key.configured(&policy, false).await;
        let edit = json!({ "name": "Staff", "type": "standard", "min_pin_length": 10 });
        let edited = server.request(Method::PUT, &format!("/policies/{policy}")).bearer_auth(&world.token).json(&edit);
        assert_eq!(server.call(edited).await.body["version"], 2);
        assert_eq!(key.get("").await.body["drift"], true);
        let different = json!({ "observations": [{ "kind": "policy_applied", "version": 2, "read_back": "different" }] });
        assert_eq!(key.post("observations", different).await.status.as_u16(), 409);
        let applied = key.observed(json!({ "kind": "policy_applied", "version": 2, "read_back": "equal" })).await;
        assert_eq!((&applied["drift"], &applied["policy"]["version"]), (&json!(false), &json!(2)));
    }
}
