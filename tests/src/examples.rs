//! Example requests for operations that cannot be called with nothing: the coverage tests ask here.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{PASSWORD, TestServer, World};

/// Operations that change nothing although they are no `GET`, and why.
pub(crate) const CHANGE_NOTHING: &[(&str, &str)] = &[
    ("audit_verify", "it only reads, and may take long"),
    ("account_passkey_begin", "a ceremony is begun, nothing is stored"),
];

/// Operations whose success needs an authenticator; their audit events are tested in the browser tests.
pub(crate) const NEED_AN_AUTHENTICATOR: &[&str] = &["account_passkey_add", "account_passkey_remove"];

/// Resources whose operations need a delivery or a certain state: their own tests hold what the coverage tests hold.
pub(crate) const NOT_YET_MADE: &[&str] = &["security-keys", "jobs", "imports"];

/// Whether the operation is one on a resource that cannot be made through the API yet.
pub(crate) fn waits(path: &str) -> bool {
    path.split('/')
        .nth(1)
        .is_some_and(|resource| NOT_YET_MADE.contains(&resource))
}

/// A body that the operation accepts.
pub(crate) fn body(operation: &str) -> Value {
    match operation {
        "session_step_up" => json!({ "password": PASSWORD }),
        "account_update" => json!({ "locale": "cs" }),
        "account_password_change" => json!({ "current_password": PASSWORD, "new_password": PASSWORD }),
        "tenant_create" => json!({ "name": "Another" }),
        "tenant_update" => json!({ "name": "Renamed" }),
        "settings_update" => json!({ "revoke_notifies": true }),
        "administrator_invite" => json!({ "email": "new@example.org", "display_name": "New", "role": "view_only" }),
        "administrator_update" => json!({ "role": "auditor" }),
        "policy_create" => json!({ "name": "Default", "type": "standard" }),
        "policy_update" => json!({ "name": "Changed", "type": "standard", "min_pin_length": 8 }),
        "api_token_create" => json!({ "name": "scanner", "role": "view_only" }),
        _ => json!({}),
    }
}

/// The path with the id of something that the tenant has; `None` where nobody wrote down how to make it.
pub(crate) async fn own_path(server: &TestServer, world: &World, path: &str) -> Option<String> {
    if !path.contains('{') {
        return Some(path.to_owned());
    }
    let id = match path.split('/').nth(1)? {
        "tenants" => world.id.clone(),
        "administrators" => {
            let email = format!(
                "{}@example.org",
                uuid::Uuid::from_u128(server.app().clock().now().as_micros().unsigned_abs().into())
            );
            let order = json!({ "email": email, "display_name": "Example", "role": "view_only" });
            let made = server
                .call(
                    server
                        .request(Method::POST, "/administrators")
                        .bearer_auth(&world.token)
                        .json(&order),
                )
                .await;
            made.body["administrator"]["id"].as_str()?.to_owned()
        }
        "api-tokens" => {
            let made = server
                .call(
                    server
                        .request(Method::POST, "/api-tokens")
                        .bearer_auth(&world.token)
                        .json(&body("api_token_create")),
                )
                .await;
            made.body["id"].as_str()?.to_owned()
        }
        "policies" => {
            let name = format!("Policy {}", server.app().clock().now().as_micros());
            let draft = json!({ "name": name, "type": "standard" });
            let made = server
                .call(
                    server
                        .request(Method::POST, "/policies")
                        .bearer_auth(&world.token)
                        .json(&draft),
                )
                .await;
            let id = made.body["id"].as_str()?.to_owned();
            if path.ends_with("/restore") {
                let archive = server
                    .request(Method::POST, &format!("/policies/{id}/archive"))
                    .bearer_auth(&world.token);
                server.call(archive.json(&json!({}))).await;
            }
            id
        }
        "account" => {
            let session = server.sign_in("owner@example.org", PASSWORD).await;
            let browser = server.browser(&session);
            let all = server
                .call(browser.send(server.request(Method::GET, "/account/sessions")))
                .await;
            let current = all.body["items"]
                .as_array()?
                .iter()
                .find(|one| one["current"] == true)?;
            current["id"].as_str()?.to_owned()
        }
        _ => return None,
    };
    Some(path.replace("{id}", &id))
}
