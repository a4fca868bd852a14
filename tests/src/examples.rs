//! Example requests for operations that cannot be called with nothing: the coverage tests ask here.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    server::{PASSWORD, TestServer, World},
    stock,
};

/// Operations that change nothing although they are no `GET`, and why.
pub(crate) const CHANGE_NOTHING: &[(&str, &str)] = &[
    ("sign_in_oidc_test", "it only asks the provider"),
    ("audit_verify", "it only reads, and may take long"),
    ("account_passkey_begin", "a ceremony is begun, nothing is stored"),
];

/// Operations whose success needs an authenticator; their audit events are tested in the browser tests.
pub(crate) const NEED_AN_AUTHENTICATOR: &[&str] = &["account_passkey_add", "account_passkey_remove"];

/// Operations that a fresh object refuses, since they need a state that takes other operations to reach.
pub(crate) const NEED_A_STATE: &[&str] = &[
    "security_key_assign",
    "security_key_unassign",
    "security_key_suspend",
    "security_key_resume",
    "security_key_release",
    "security_key_unlink_policy",
    "security_key_mail_retry",
    "security_key_removal_retry",
    "security_key_removal_confirm",
    "settings_mail_test",
    "security_key_configure",
    "security_key_confirm_configuration",
    "security_key_abandon_configuration",
    "security_key_enroll",
    "security_key_reinstate",
    "security_key_show_initial_pin",
    "security_key_extend_initial_pin",
    "approval_approve",
    "approval_decline",
    "job_cancel",
    "audit_acknowledge",
    "otp_token_assign",
    "otp_token_unassign",
    "otp_token_enable",
    "otp_token_unlock",
    "otp_token_resync",
];

/// Operations whose requests are no single JSON body; their own tests look for their events.
pub(crate) const OTHER_BODIES: &[&str] = &[
    "download_upload",
    "import_create",
    "user_import",
    "security_key_bulk",
    "otp_token_bulk",
    "otp_token_import",
];

/// A body that the operation accepts, with what it refers to in the tenant.
pub(crate) async fn body_in(server: &TestServer, world: &World, operation: &str) -> Value {
    match operation {
        "security_key_link_policy" => {
            let name = format!("For a key {}", server.app().clock().now().as_micros());
            json!({ "policy_id": stock::policy(server, &world.token, &name, "standard").await })
        }
        "user_update" => {
            let name = format!("renamed {}", server.app().clock().now().as_micros());
            json!({ "user_name": name, "display_name": "Renamed" })
        }
        "otp_token_add" => {
            let serial = format!("T{}", server.app().clock().now().as_micros());
            json!({ "serial_number": serial, "type": "hotp", "seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "encoding": "base32" })
        }
        "security_key_assign" | "otp_token_assign" => json!({ "user_id": "01900000-0000-7000-8000-000000000000" }),
        "security_key_configure" => {
            let name = format!("To write {}", server.app().clock().now().as_micros());
            let policy = stock::policy(server, &world.token, &name, "standard").await;
            json!({ "serial_seen": "another", "policy_id": policy })
        }
        "approval_create" => {
            let key = own_path(server, world, "/security-keys/{id}").await;
            let key = key.as_deref().and_then(|path| path.rsplit('/').next());
            json!({ "kind": "reinstate", "security_key_id": key, "reason": "found again" })
        }
        "sign_in_oidc_remove" => {
            let set_up = server
                .request(Method::PUT, "/settings/sign-in/oidc")
                .bearer_auth(&world.token);
            server.call(set_up.json(&provider("auditor"))).await;
            json!({})
        }
        _ => body(operation),
    }
}

/// Settings of a provider that nobody asks.
fn provider(role: &str) -> Value {
    json!({
        "issuer": "https://id.example.org", "client_id": "claviger", "client_secret": "hush", "button_label": "Example",
        "group_roles": { "operators": role },
    })
}

/// Imports one key; answers the import.
async fn imported(server: &TestServer, world: &World) -> Value {
    let serial = server.app().clock().now().as_micros();
    let file = format!("deviceName,serialNumber,version\nExample,EX{serial},FIDO_2_1\n");
    stock::import(server, &world.token, "", file).await.body
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
        "sign_in_oidc_update" => provider("auditor"),
        "role_create" => json!({ "name": "Night shift", "privileges": ["inventory.read", "unlock"] }),
        "role_update" => json!({ "name": "Late shift", "privileges": ["inventory.read"] }),
        "policy_create" => json!({ "name": "Default", "type": "standard" }),
        "policy_update" => json!({ "name": "Changed", "type": "standard", "min_pin_length": 8 }),
        "user_create" => json!({ "user_name": "ada", "display_name": "Ada" }),
        "security_key_quarantine" => json!({ "reason": "box is wet" }),
        "security_key_revoke" => json!({ "reason": "stolen" }),
        "settings_mail_test" => json!({ "to": "somebody@example.org" }),
        "security_key_removal_confirm" => json!({ "note": "removed by hand" }),
        "security_key_confirm_configuration" => json!({ "serial_seen": "another", "read_back": "equal" }),
        "security_key_observe" => json!({ "observations": [{ "kind": "seen" }] }),
        "security_key_show_initial_pin" => json!({ "field": "user_pin" }),
        "security_key_extend_initial_pin" => json!({ "reason": "on leave", "days": 7 }),
        "audit_acknowledge" => json!({ "kind": "break_glass", "until": "2026-01-31T08:00:00Z" }),
        "otp_verify" => json!({ "serial_number": "nobody has this", "otp": "000000" }),
        "otp_token_compromise" => json!({ "reason": "its box was open" }),
        "otp_token_resync" => json!({ "first_otp": "000000", "second_otp": "000000" }),
        "otp_token_test" | "otp_token_find" => json!({ "otp": "000000" }),
        "radius_client_create" => {
            json!({ "name": "VPN", "network": "10.0.0.0/8", "secret": "a secret of some length" })
        }
        "radius_client_update" => json!({ "network": "10.2.0.0/16" }),
        "api_token_create" => json!({ "name": "scanner", "role": "view_only" }),
        _ => json!({}),
    }
}

/// The path with its parameter filled in.
pub(crate) fn filled(path: &str, with: &str) -> String {
    path.replace("{id}", with)
        .replace("{name}", with)
        .replace("{generation}", "1")
        .replace("{session_id}", with)
}

/// A user of the tenant, disabled where the path enables one.
async fn own_user(server: &TestServer, world: &World, path: &str) -> Option<String> {
    let name = format!("user {}", server.app().clock().now().as_micros());
    let draft = json!({ "user_name": name, "display_name": "Example" });
    let made = stock::post(server, &world.token, "/users", draft).await;
    let id = made.body["id"].as_str()?.to_owned();
    if path.ends_with("/enable") {
        stock::post(server, &world.token, &format!("/users/{id}/disable"), json!({})).await;
    }
    Some(id)
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
            let id = made.body["administrator"]["id"].as_str()?.to_owned();
            if path.contains("{session_id}") {
                let session = session_of(server, world, &made.body, &id).await?;
                return Some(filled(&path.replace("{session_id}", &session), &id));
            }
            id
        }
        "api-tokens" => {
            let made = stock::post(server, &world.token, "/api-tokens", body("api_token_create")).await;
            made.body["id"].as_str()?.to_owned()
        }
        "radius-clients" => {
            let draft = body("radius_client_create");
            let made = stock::post(server, &world.token, "/radius-clients", draft).await;
            made.body["id"].as_str()?.to_owned()
        }
        "downloads" => downloaded(server, world).await?,
        "roles" => role(server, world).await?,
        "users" => own_user(server, world, path).await?,
        "approvals" => {
            let order = Box::pin(body_in(server, world, "approval_create")).await;
            let asked = stock::post(server, &world.token, "/approvals", order).await;
            asked.body["id"].as_str()?.to_owned()
        }
        "otp-tokens" => token(server, world).await?,
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
        "imports" => imported(server, world).await["id"].as_str()?.to_owned(),
        "security-keys" => {
            let import = imported(server, world).await;
            let batch = format!("batch={}", import["id"].as_str()?);
            stock::keys(server, &world.token, &batch).await.first()?["id"]
                .as_str()?
                .to_owned()
        }
        "jobs" => {
            let import = imported(server, world).await;
            let undo = format!("/imports/{}/undo", import["id"].as_str()?);
            let undone = stock::post(server, &world.token, &undo, json!({})).await;
            stock::ended(server, &world.token, &undone.body["job_id"]).await["id"]
                .as_str()?
                .to_owned()
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
    Some(filled(path, &id))
}

/// Lets somebody who was invited in; answers the id of his session.
async fn session_of(server: &TestServer, world: &World, invited: &Value, id: &str) -> Option<String> {
    let token = invited["link"].as_str()?.split_once("token=")?.1;
    let email = &invited["administrator"]["email"];
    let form = json!({ "setup_token": token, "email": email, "display_name": "Example", "password": PASSWORD });
    server.call(server.request(Method::POST, "/setup").json(&form)).await;
    let sessions = stock::get(server, &world.token, &format!("/administrators/{id}/sessions")).await;
    Some(sessions.body["items"][0]["id"].as_str()?.to_owned())
}

/// Adds an OTP token by hand; answers its id.
async fn token(server: &TestServer, world: &World) -> Option<String> {
    let draft = Box::pin(body_in(server, world, "otp_token_add")).await;
    let made = stock::post(server, &world.token, "/otp-tokens", draft).await;
    Some(made.body["id"].as_str()?.to_owned())
}

/// Uploads a file; answers its id.
async fn downloaded(server: &TestServer, world: &World) -> Option<String> {
    let made = crate::downloads::upload(server, &world.token, "a.deb", vec![1]).await;
    Some(made.body["id"].as_str()?.to_owned())
}

/// Makes a role; answers its name as an address writes it.
async fn role(server: &TestServer, world: &World) -> Option<String> {
    let name = format!("Role {}", server.app().clock().now().as_micros());
    let draft = json!({ "name": name, "privileges": ["inventory.read"] });
    let made = stock::post(server, &world.token, "/roles", draft).await;
    Some(made.body["name"].as_str()?.replace(' ', "%20"))
}
