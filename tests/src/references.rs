//! S12, third part: an id of another tenant in a body or a query leads where an id leads that nobody has. Which fields
//! name ids is read from the OpenAPI document.

use claviger_domain::BuiltInRole;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    coverage::NOBODYS,
    examples, served,
    server::{Answer, PASSWORD, TestServer, World},
    stock::{get, import, policy, post},
};

/// Fields with ids that are of no tenant, and why.
const OF_NO_TENANT: &[(&str, &str)] = &[
    (
        "account_passkey_add /ceremony_id",
        "a ceremony is of the browser that began it",
    ),
    (
        "session_passkey_finish /ceremony_id",
        "a ceremony is of the browser that began it",
    ),
    (
        "session_step_up /passkey/ceremony_id",
        "a ceremony is of the browser that began it",
    ),
    (
        "setup_complete /passkey/ceremony_id",
        "a ceremony is of the browser that began it",
    ),
    ("security_key_configure /aaguid", "it names a model"),
    ("security_key_observe /observations/aaguid", "it names a model"),
];

/// Every field of a body, and every parameter of a query, that names something by its id: `operation place`.
fn references(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            for content in operation["requestBody"]["content"]
                .as_object()
                .into_iter()
                .flat_map(|all| all.values())
            {
                ids(document, &content["schema"], "", &mut Vec::new(), &mut |place| {
                    found.push(format!("{id} {place}"));
                });
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let said = parameter["description"].as_str().unwrap_or_default();
                let names = parameter["schema"]["format"] == "uuid"
                    || said.contains("Id of")
                    || said.to_lowercase().contains("ids");
                if parameter["in"] == "query" && names {
                    found.push(format!("{id} ?{}", parameter["name"].as_str().unwrap()));
                }
            }
        }
    }
    found
}

fn ids(document: &Value, schema: &Value, place: &str, within: &mut Vec<String>, told: &mut dyn FnMut(&str)) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        if !within.iter().any(|outer| outer == name) {
            within.push(name.to_owned());
            ids(document, &document["components"]["schemas"][name], place, within, told);
            within.pop();
        }
        return;
    }
    if schema["format"] == "uuid" {
        told(place);
    }
    for part in ["allOf", "oneOf", "anyOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            ids(document, one, place, within, told);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        ids(document, field, &format!("{place}/{name}"), within, told);
    }
    if schema["items"].is_object() {
        ids(document, &schema["items"], place, within, told);
    }
}

/// The id of something of that kind in a tenant; of a program that has done something.
async fn thing(server: &TestServer, world: &World, kind: &str) -> String {
    if kind == "api-tokens" {
        let all = get(server, &world.token, "/api-tokens").await.body["items"].clone();
        let own = all
            .as_array()
            .unwrap()
            .iter()
            .find(|token| token["name"] == "tests")
            .unwrap()
            .clone();
        post(
            server,
            &world.token,
            "/users",
            json!({ "user_name": "made", "display_name": "Made" }),
        )
        .await;
        return own["id"].as_str().unwrap().to_owned();
    }
    if kind == "imports of tokens" {
        let serial = format!("RF{}", server.app().clock().now().as_micros());
        let file =
            format!("serial,key,type,digits,counter\n{serial},3132333435363738393031323334353637383930,hotp,6,0\n");
        let import = crate::otp_imports::send(server, &world.token, "", file, &[]).await;
        return import.body["id"].as_str().unwrap().to_owned();
    }
    if matches!(kind, "policies" | "users") {
        return held(server, world, kind).await;
    }
    let path = examples::own_path(server, world, &format!("/{kind}/{{id}}"))
        .await
        .unwrap();
    path.rsplit('/').next().unwrap().to_owned()
}

/// A policy, or a user, that a key has.
async fn held(server: &TestServer, world: &World, kind: &str) -> String {
    let key = examples::own_path(server, world, "/security-keys/{id}").await.unwrap();
    let policy = examples::own_path(server, world, "/policies/{id}").await.unwrap();
    let policy = policy.rsplit('/').next().unwrap().to_owned();
    let user = examples::own_path(server, world, "/users/{id}").await.unwrap();
    let user = user.rsplit('/').next().unwrap().to_owned();
    post(
        server,
        &world.token,
        &format!("{key}/link-policy"),
        json!({ "policy_id": policy }),
    )
    .await;
    let assigned = post(
        server,
        &world.token,
        &format!("{key}/assign"),
        json!({ "user_id": user }),
    )
    .await;
    assert_eq!(assigned.status.as_u16(), 200, "{}", assigned.text);
    let token = examples::own_path(server, world, "/otp-tokens/{id}").await.unwrap();
    let order = json!({ "user_id": user });
    let assigned = post(server, &world.token, &format!("{token}/assign"), order).await;
    assert_eq!(assigned.status.as_u16(), 200, "{}", assigned.text);
    if kind == "users" { user } else { policy }
}

/// What a field refers to.
fn kind(reference: &str) -> &'static str {
    match reference.rsplit(['/', '?', ' ']).next().unwrap() {
        "ids" if reference.starts_with("otp_token_") => "otp-tokens",
        "batch" if reference.starts_with("otp_token_") => "imports of tokens",
        "policy_id" | "policy" => "policies",
        "user_id" | "user" | "object" => "users",
        "security_key_id" | "ids" => "security-keys",
        "batch" => "imports",
        "approval_id" => "approvals",
        "tenant_id" => "tenants",
        "actor" => "api-tokens",
        _ => panic!("{reference}: write down in references.rs what it refers to"),
    }
}

/// A request in which the field names that id.
async fn naming(server: &TestServer, world: &World, reference: &str, id: &str) -> RequestBuilder {
    let by_owner = |method: Method, path: &str| server.request(method, path).bearer_auth(&world.token);
    let key = async || format!("/security-keys/{}", thing(server, world, "security-keys").await);
    let (operation, place) = reference.split_once(' ').unwrap();
    if let Some(parameter) = place.strip_prefix('?') {
        let path = match operation {
            "security_key_list" => "/security-keys",
            "security_key_export" => "/security-keys/export.csv",
            "otp_token_list" => "/otp-tokens",
            "otp_token_export" => "/otp-tokens/export.csv",
            "audit_event_list" => "/audit-events",
            "audit_event_export" => "/audit-events/export.jsonl",
            "audit_event_export_csv" => "/audit-events/export.csv",
            "import_create" => return importing(server, world, id),
            _ => panic!("{reference}: write down in references.rs how to name something there"),
        };
        return by_owner(Method::GET, &format!("{path}?{parameter}={id}"));
    }
    match operation {
        "administrator_update" => {
            let path = format!("/administrators/{}", thing(server, world, "administrators").await);
            by_owner(Method::PATCH, &path).json(&json!({ "user_id": id }))
        }
        "approval_create" => {
            let order = json!({ "kind": "reinstate", "security_key_id": id, "reason": "found again" });
            by_owner(Method::POST, "/approvals").json(&order)
        }
        "security_key_bulk" => {
            let order = json!({ "action": "delete", "selection": { "ids": [id] } });
            by_owner(Method::POST, "/security-keys/bulk?dry_run=true").json(&order)
        }
        "otp_token_bulk" => {
            let order = json!({ "action": "disable", "selection": { "ids": [id] } });
            by_owner(Method::POST, "/otp-tokens/bulk?dry_run=true").json(&order)
        }
        "otp_token_assign" => {
            let token = format!("/otp-tokens/{}", thing(server, world, "otp-tokens").await);
            by_owner(Method::POST, &format!("{token}/assign")).json(&json!({ "user_id": id }))
        }
        "security_key_assign" => {
            let (key, policy) = (key().await, thing(server, world, "policies").await);
            post(
                server,
                &world.token,
                &format!("{key}/link-policy"),
                json!({ "policy_id": policy }),
            )
            .await;
            by_owner(Method::POST, &format!("{key}/assign")).json(&json!({ "user_id": id }))
        }
        "security_key_link_policy" => {
            by_owner(Method::POST, &format!("{}/link-policy", key().await)).json(&json!({ "policy_id": id }))
        }
        "security_key_configure" => {
            let key = key().await;
            let serial = server.call(by_owner(Method::GET, &key)).await.body["serial_number"].clone();
            let order = json!({ "policy_id": id, "serial_seen": serial });
            by_owner(Method::POST, &format!("{key}/configuration")).json(&order)
        }
        "security_key_show_initial_pin" | "security_key_reinstate" => with_approval(server, world, operation, id).await,
        "settings_update" => {
            let ask = json!({ "pins": { "admin_pin_needs_approval": true } });
            server.call(by_owner(Method::PATCH, "/settings").json(&ask)).await;
            let order = json!({ "pins": { "admin_pin_needs_approval": false }, "approval_id": id });
            by_owner(Method::PATCH, "/settings").json(&order)
        }
        "session_move" => member(server, world).await.json(&json!({ "tenant_id": id })),
        _ => panic!("{reference}: write down in references.rs how to name something there"),
    }
}

fn importing(server: &TestServer, world: &World, policy: &str) -> RequestBuilder {
    let serial = server.app().clock().now().as_micros();
    let file = format!("deviceName,serialNumber,version\nReferred,RF{serial},FIDO_2_1\n");
    let part = reqwest::multipart::Part::bytes(file.into_bytes()).file_name("delivery.csv");
    let request = server.request(Method::POST, &format!("/imports?policy_id={policy}"));
    request
        .bearer_auth(&world.token)
        .multipart(reqwest::multipart::Form::new().part("file", part))
}

/// A key that waits for a second person.
async fn with_approval(server: &TestServer, world: &World, operation: &str, approval: &str) -> RequestBuilder {
    let needs = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
    server
        .call(needs.json(&json!({ "pins": { "admin_pin_needs_approval": true } })))
        .await;
    let serial = format!("AP{}", server.app().clock().now().as_micros());
    let file = format!("deviceName,serialNumber,version\nApproved,{serial},FIDO_2_1\n");
    let batch = import(server, &world.token, "", file).await.body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = crate::stock::keys(server, &world.token, &format!("batch={batch}")).await[0].clone();
    let key = crate::configuration::Key {
        server,
        world,
        id: key["id"].as_str().unwrap().to_owned(),
        serial,
    };
    let staff = policy(server, &world.token, &format!("Staff {}", key.serial), "standard").await;
    key.configured(&staff, true).await;
    let (verb, body) = if operation == "security_key_reinstate" {
        key.done("revoke", json!({ "reason": "stolen" })).await;
        key.observed(json!({ "kind": "reset_proven" })).await;
        ("reinstate", json!({ "approval_id": approval }))
    } else {
        (
            "initial-pin/show",
            json!({ "field": "admin_pin", "approval_id": approval }),
        )
    };
    let path = format!("/security-keys/{}/{verb}", key.id);
    server
        .request(Method::POST, &path)
        .bearer_auth(&world.token)
        .json(&body)
}

/// A change of the session of somebody who belongs to this tenant alone.
async fn member(server: &TestServer, world: &World) -> RequestBuilder {
    let email = format!("member{}@example.org", server.app().clock().now().as_micros());
    let draft = json!({ "email": email, "display_name": "Member", "role": BuiltInRole::Auditor.as_str() });
    let invited = post(server, &world.token, "/administrators", draft).await;
    let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
    let order = json!({ "setup_token": link, "email": email, "display_name": "Member", "password": PASSWORD });
    let arrived = server.call(server.request(Method::POST, "/setup").json(&order)).await;
    server.browser(&arrived).send(server.request(Method::PATCH, "/session"))
}

/// What an answer says, without what differs from one request to the next.
fn said(answer: &Answer) -> (u16, Value) {
    let mut body = if answer.body.is_null() {
        json!(answer.text)
    } else {
        answer.body.clone()
    };
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
        fields.remove("instance");
    }
    (answer.status.as_u16(), body)
}

served! {
    async fn s12_an_id_of_another_tenant_is_an_id_that_nobody_has(server) {
        let document: Value = serde_json::from_str(&claviger_server::rest::openapi_json()).unwrap();
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let (mut asked, mut opened) = (0, 0);
        for reference in references(&document) {
            if OF_NO_TENANT.iter().any(|(known, _)| *known == reference) {
                continue;
            }
            let kind = kind(&reference);
            let (other, own) = (thing(server, &theirs, kind).await, thing(server, &ours, kind).await);
            let mut answers = Vec::new();
            for id in [other.as_str(), NOBODYS, &own] {
                let request = naming(server, &ours, &reference, id).await;
                answers.push(server.call(request).await);
                asked += 1;
            }
            let (others, nobodys) = (said(&answers[0]), said(&answers[1]));
            assert_eq!((others.0, others.1.to_string().replace(&other, NOBODYS)), (nobodys.0, nobodys.1.to_string()), "{reference}");
            assert!(others.0 < 500, "{reference}: {}", answers[0].text);
            // The control: one's own leads somewhere else.
            opened += usize::from(said(&answers[2]) != nobodys);
            let second_person = kind == "approvals";
            assert!(said(&answers[2]) != nobodys || second_person, "control {reference}: {}", answers[2].text);
        }
        println!("S12 references asked={asked} leaks=0 control={opened}");
        assert!(asked >= 60 && opened >= 20, "{asked} {opened}");
    }
}
