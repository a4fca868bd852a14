//! S11: no secret leaves without its audit event. Which operations show a secret is read from the OpenAPI document: their
//! answers hold a text of the format `password`, or set the cookie of a session. The log is made to fail, and each of them
//! is asked: nothing leaves. Once the log is back, the same requests show theirs.

use std::collections::BTreeSet;

use claviger_domain::TenantId;
use claviger_store::{Actor, Scope, Tx};
use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use crate::{
    configuration::Key,
    oidc::{self, provider::Provider},
    served,
    server::{Answer, PASSWORD, TestServer, World},
    stock::{get, policy, post, stocked},
};

/// Operations that show a secret and cannot be asked here, and why.
const ELSEWHERE: &[(&str, &str)] = &[(
    "session_passkey_finish",
    "it needs an authenticator; it opens a session by the same function as a password does",
)];

/// Texts in answers that are called like a secret and are none, and why.
const NO_SECRETS: &[(&str, &str)] = &[
    ("AuditCheckpoint.public_key", "it is public"),
    ("OidcSettings.key", "it stands in addresses"),
    ("SignInProvider.key", "it stands in addresses"),
    ("PolicyDraft.min_pin_length_rp_ids", "names of services"),
    ("Policy.min_pin_length_rp_ids", "names of services"),
    ("PolicyVersion.min_pin_length_rp_ids", "names of services"),
    ("PolicyToWrite.min_pin_length_rp_ids", "names of services"),
];

/// Words by which a secret is called.
const SECRET_WORDS: &[&str] = &[
    "pin",
    "pins",
    "puk",
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "passphrase",
    "link",
    "code",
    "codes",
    "otp",
    "seed",
    "cookie",
    "key",
    "credential",
];

/// The OpenAPI document.
struct Document(Value);

/// An operation that shows secrets, and where in its answer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Showing {
    id: String,
    places: Vec<String>,
}

impl Document {
    fn read() -> Self {
        Self(serde_json::from_str(&claviger_server::rest::openapi_json()).unwrap())
    }

    /// Every operation that shows a secret.
    fn showing(&self) -> Vec<Showing> {
        let mut found = Vec::new();
        for item in self.0["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let places = self.places(operation);
                if !places.is_empty() {
                    let id = operation["operationId"].as_str().unwrap().to_owned();
                    found.push(Showing { id, places });
                }
            }
        }
        found
    }

    /// Where the answers of an operation hold secrets: JSON pointers, and names of headers.
    fn places(&self, operation: &Value) -> Vec<String> {
        let mut places = Vec::new();
        for answer in Self::answers(operation) {
            let headers = answer["headers"].as_object().into_iter().flatten();
            places.extend(
                headers
                    .filter(|(name, _)| *name == "Set-Cookie")
                    .map(|(name, _)| name.clone()),
            );
            for content in answer["content"].as_object().into_iter().flat_map(|all| all.values()) {
                self.walk(
                    &content["schema"],
                    String::new(),
                    &mut Vec::new(),
                    &mut |_, place, schema| {
                        if schema["format"] == "password" {
                            places.push(place.to_owned());
                        }
                    },
                );
            }
        }
        places
    }

    fn answers(operation: &Value) -> impl Iterator<Item = &Value> {
        let answers = operation["responses"].as_object().unwrap().iter();
        answers
            .filter(|(status, _)| status.starts_with(['2', '3']))
            .map(|(_, answer)| answer)
    }

    /// Tells of every text within a schema: the type and field it stands in, and its place.
    fn walk(&self, schema: &Value, place: String, within: &mut Vec<String>, told: &mut dyn FnMut(&str, &str, &Value)) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            if !within.iter().any(|outer| outer == name) {
                within.push(name.to_owned());
                self.walk(&self.0["components"]["schemas"][name], place, within, told);
                within.pop();
            }
            return;
        }
        for part in ["allOf", "oneOf", "anyOf"] {
            for one in schema[part].as_array().into_iter().flatten() {
                self.walk(one, place.clone(), within, told);
            }
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            self.walk(field, format!("{place}/{name}"), within, told);
        }
        if schema["items"].is_object() {
            self.walk(&schema["items"], place.clone(), within, told);
        }
        let kind = &schema["type"];
        if kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string"))) {
            let field = place.rsplit('/').next().unwrap_or_default();
            let within = within.last().map_or("", |name| name.trim_start_matches("Page_"));
            let name = format!("{within}.{field}");
            told(&name, &place, schema);
        }
    }

    /// Texts in answers that are called like a secret and are not marked as one.
    fn unmarked(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for item in self.0["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                for content in Self::answers(operation).filter_map(|answer| answer["content"].as_object()) {
                    for content in content.values() {
                        self.walk(
                            &content["schema"],
                            String::new(),
                            &mut Vec::new(),
                            &mut |name, _, schema| {
                                let field = name.rsplit('.').next().unwrap_or_default();
                                let called = field.split('_').any(|word| SECRET_WORDS.contains(&word));
                                let listed = NO_SECRETS.iter().any(|(known, _)| *known == name);
                                if called && !listed && schema["format"].is_null() && schema["enum"].is_null() {
                                    found.insert(name.to_owned());
                                }
                            },
                        );
                    }
                }
            }
        }
        found
    }
}

/// Breaks the log, or mends it, behind the server's back.
async fn alter(server: &TestServer, sql: &'static str) {
    let scope = Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: server.app().clock().now(),
    };
    let done: Result<(), claviger_store::Error> = server
        .app()
        .store()
        .write(scope, async move |tx: &mut Tx| tx.execute(sql, &[]).await.map(drop))
        .await;
    done.unwrap();
}

/// What is made ready while the log still works.
struct Ready<'a> {
    server: &'a TestServer,
    world: &'a World,
    policy: String,
    /// Its PINs can be shown.
    shown: Key<'a>,
    pins: Value,
    /// It has none yet.
    fresh: Key<'a>,
    invited: Value,
    provider: Provider,
    provider_key: String,
}

impl<'a> Ready<'a> {
    async fn make(server: &'a TestServer, world: &'a World) -> Self {
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let (shown, fresh) = (
            Key::in_stock(server, world, 0).await,
            Key::in_stock(server, world, 1).await,
        );
        let pins = shown.configured(&policy, true).await;
        let draft = json!({ "email": "ann@example.org", "display_name": "Ann", "role": "view_only" });
        let invited = post(server, &world.token, "/administrators", draft).await.body;
        let (provider, provider_key) = oidc::provided(server, world).await;
        Self {
            server,
            world,
            policy,
            shown,
            pins,
            fresh,
            invited,
            provider,
            provider_key,
        }
    }

    /// Requests that must show the operation's secrets.
    async fn asked(&self, operation: &str) -> Vec<RequestBuilder> {
        let by_owner = |path: &str, body: Value| {
            self.server
                .request(Method::POST, path)
                .bearer_auth(&self.world.token)
                .json(&body)
        };
        let by_anybody = |path: &str, body: Value| self.server.request(Method::POST, path).json(&body);
        let link = || self.invited["link"].as_str().unwrap().split_once("token=").unwrap().1;
        match operation {
            "security_key_configure" => {
                let order = json!({ "policy_id": self.policy, "serial_seen": self.fresh.serial, "admin_pin": true });
                vec![by_owner(
                    &format!("/security-keys/{}/configuration", self.fresh.id),
                    order,
                )]
            }
            "security_key_show_initial_pin" => {
                let path = format!("/security-keys/{}/initial-pin/show", self.shown.id);
                let fields = ["user_pin", "admin_pin"].map(|field| by_owner(&path, json!({ "field": field })));
                fields.into()
            }
            "api_token_create" => vec![by_owner(
                "/api-tokens",
                json!({ "name": "scanner", "role": "view_only" }),
            )],
            "administrator_invite" => {
                let draft = json!({ "email": "new@example.org", "display_name": "New", "role": "view_only" });
                vec![by_owner("/administrators", draft)]
            }
            "administrator_invite_again" => {
                let email = format!("person{}@example.org", self.server.app().clock().now().as_micros());
                let draft = json!({ "email": email, "display_name": "Bob", "role": "view_only" });
                let made = post(self.server, &self.world.token, "/administrators", draft).await;
                let id = made.body["administrator"]["id"].as_str().unwrap();
                vec![by_owner(&format!("/administrators/{id}/invitation"), json!({}))]
            }
            "emergency_codes_issue" => {
                let user = crate::hands::user(
                    self.server,
                    self.world,
                    &format!("user{}", self.server.app().clock().now().as_micros()),
                )
                .await;
                vec![by_owner(&format!("/users/{user}/emergency-codes"), json!({}))]
            }
            "session_open" => vec![by_anybody(
                "/session",
                json!({ "email": "owner@example.org", "password": PASSWORD }),
            )],
            "setup_complete" => vec![by_anybody(
                "/setup",
                json!({ "setup_token": link(), "email": "ann@example.org", "display_name": "Ann", "password": PASSWORD }),
            )],
            "session_oidc_finish" => vec![oidc::coming_back(self.server, &self.provider, &self.provider_key).await],
            _ => panic!("{operation} shows a secret: write down in showing.rs how to ask for it"),
        }
    }
}

/// The secrets that an answer shows at those places.
fn secrets(answer: &Answer, places: &[String]) -> usize {
    let mut cookies = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|set| set.to_str().unwrap());
    let opened = cookies.any(|set| set.starts_with("__Host-claviger=") && !set.starts_with("__Host-claviger=;"));
    let shown = |place: &str| {
        answer.body.pointer(place).is_some_and(|value| {
            let text = value.as_str().is_some_and(|text| !text.is_empty());
            text || value.as_array().is_some_and(|texts| !texts.is_empty())
        })
    };
    let at = |place: &String| if place == "Set-Cookie" { opened } else { shown(place) };
    places.iter().filter(|place| at(place)).count()
}

async fn newest(server: &TestServer, token: &str) -> Value {
    get(server, token, "/audit-events?limit=1").await.body["items"][0]["id"].clone()
}

served! {
    async fn s11_nothing_leaves_when_the_log_fails(server) {
        let world = stocked(server, "Log", 2).await;
        let ready = Ready::make(server, &world).await;
        let document = Document::read();
        let showing = document.showing();
        let (mut asked, mut leaked, mut control) = (0, 0, 0);
        let here: Vec<_> = showing.iter().filter(|one| ELSEWHERE.iter().all(|(id, _)| *id != one.id)).collect();
        for one in &here {
            // What the requests themselves need is made while the log works.
            let requests = ready.asked(&one.id).await;
            alter(server, "ALTER TABLE audit_events RENAME TO audit_events_away").await;
            for request in requests {
                let answer = server.call(request).await;
                let refused = answer.status.is_server_error() || answer.status.is_redirection();
                assert!(refused, "{}: {} {}", one.id, answer.status, answer.text);
                let known = ["user_pin", "admin_pin"].map(|pin| ready.pins[pin].as_str().unwrap());
                let tells = known.iter().any(|pin| answer.text.contains(pin));
                leaked += secrets(&answer, &one.places) + usize::from(tells);
                asked += 1;
            }
            alter(server, "ALTER TABLE audit_events_away RENAME TO audit_events").await;
            for (number, request) in ready.asked(&one.id).await.into_iter().enumerate() {
                let request = request.header("idempotency-key", format!("{}-{number}", one.id));
                let repeated = request.try_clone().unwrap();
                let before = newest(server, &world.token).await;
                let answer = server.call(request).await;
                let shown = secrets(&answer, &one.places);
                assert!(shown > 0, "control {}: {} {:?} {}", one.id, answer.status, answer.headers, answer.text);
                control += shown;
                if one.places != ["Set-Cookie"] {
                    assert_ne!(before, newest(server, &world.token).await, "{} leaves no audit event", one.id);
                    let again = server.call(repeated).await;
                    assert_eq!(secrets(&again, &one.places), 0, "{} is kept for replay: {}", one.id, again.text);
                }
            }
        }
        println!("S11 operations={} asked={asked} leaked={leaked} control={control} elsewhere={}", here.len(), ELSEWHERE.len());
        assert_eq!(leaked, 0);
        assert!(showing.len() >= 9 && control > here.len(), "{showing:?}");
    }
}

#[test]
fn s11_what_is_called_like_a_secret_is_marked_as_one() {
    let unmarked = Document::read().unmarked();
    assert!(
        unmarked.is_empty(),
        "give these the format `password`, or write down in showing.rs why they are no secrets: {unmarked:?}"
    );
}

/// The control: a new operation that shows a secret is noticed, marked or not.
#[test]
fn s11_a_new_operation_that_shows_a_secret_is_noticed() {
    let mut document = Document::read();
    let before = document.showing();
    let answer = |schema: Value| json!({ "get": { "operationId": "otp_seed_show", "responses": { "200": { "content": { "application/json": { "schema": schema } } } } } });
    let text = |more: Value| {
        let mut text = json!({ "type": ["string", "null"] });
        text.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "type": "object", "properties": { "items": { "type": "array", "items": { "type": "object", "properties": { "seed": text } } } } })
    };
    document.0["paths"]["/api/v1/seeds"] = answer(text(json!({ "format": "password" })));
    let after = document.showing();
    assert_eq!(after.len(), before.len() + 1);
    let new = after.iter().find(|one| !before.contains(one)).unwrap();
    assert_eq!(
        (new.id.as_str(), &new.places[..]),
        ("otp_seed_show", &["/items/seed".to_owned()][..])
    );
    assert!(document.unmarked().is_empty());
    document.0["paths"]["/api/v1/seeds"] = answer(text(json!({})));
    assert_eq!(document.showing(), before);
    assert_eq!(document.unmarked(), BTreeSet::from([".seed".to_owned()]));
}
