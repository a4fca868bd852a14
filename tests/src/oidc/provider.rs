//! A provider that says what it is told to say, be it true or not. Only this test knows it; the sign-in is tested against
//! a provider that others wrote in the browser tests.

#![expect(
    clippy::disallowed_types,
    reason = "a stranger's server, which answers as strangers do"
)]

use std::sync::{Arc, Mutex};

use axum::{Form, Json, Router, extract::State, routing};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

const KEY: [u8; 32] = [7; 32];

/// A running provider; ends with the test.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    said: Arc<Mutex<Said>>,
    serving: JoinHandle<()>,
}

/// What the next token says.
#[derive(Clone)]
struct Said {
    header: Value,
    claims: Value,
    key: [u8; 32],
    unsigned: bool,
    described_as: Option<String>,
    challenge: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Mutex::new(Said {
            header: json!({ "alg": "EdDSA", "kid": "1" }),
            claims: Value::Null,
            key: KEY,
            unsigned: false,
            described_as: None,
            challenge: String::new(),
        }));
        let own = issuer.clone();
        let state = Arc::clone(&said);
        let routes = Router::new()
            .route(
                "/.well-known/openid-configuration",
                routing::get(async move |State(said): State<Arc<Mutex<Said>>>| Json(description(&own, &said))),
            )
            .route("/keys", routing::get(async || Json(keys())))
            .route("/token", routing::post(token))
            .with_state(state);
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { issuer, said, serving }
    }

    /// Sets what the next token says; `challenge` is the one of PKCE that the browser brought.
    pub(crate) fn say(&self, challenge: &str, claims: Value) {
        let mut said = self.said.lock().unwrap();
        challenge.clone_into(&mut said.challenge);
        said.claims = claims;
    }

    /// Signs by another key than the one that is published.
    pub(crate) fn forge(&self, forged: bool) {
        self.said.lock().unwrap().key = if forged { [8; 32] } else { KEY };
    }

    /// Says this in the token's head.
    pub(crate) fn head(&self, header: Value) {
        self.said.lock().unwrap().header = header;
    }

    /// Leaves the signature out.
    pub(crate) fn unsigned(&self, unsigned: bool) {
        self.said.lock().unwrap().unsigned = unsigned;
    }

    /// Calls itself by another name.
    pub(crate) fn call_itself(&self, issuer: Option<&str>) {
        self.said.lock().unwrap().described_as = issuer.map(str::to_owned);
    }
}

fn description(issuer: &str, said: &Mutex<Said>) -> Value {
    let name = said
        .lock()
        .unwrap()
        .described_as
        .clone()
        .unwrap_or_else(|| issuer.to_owned());
    json!({
        "issuer": name, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    })
}

fn keys() -> Value {
    let public = SigningKey::from_bytes(&KEY).verifying_key();
    let x = URL_SAFE_NO_PAD.encode(public.as_bytes());
    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "1", "use": "sig", "alg": "EdDSA" }] })
}

async fn token(State(said): State<Arc<Mutex<Said>>>, Form(form): Form<Value>) -> Json<Value> {
    let said = said.lock().unwrap().clone();
    let verifier = form["code_verifier"].as_str().unwrap();
    assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), said.challenge, "PKCE");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&said.header), part(&said.claims));
    let signature = SigningKey::from_bytes(&said.key).sign(text.as_bytes());
    let signature = if said.unsigned {
        String::new()
    } else {
        URL_SAFE_NO_PAD.encode(signature.to_bytes())
    };
    Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": format!("{text}.{signature}") }))
}
