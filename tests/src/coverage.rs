//! Read from the OpenAPI document: no operation is mounted without these being true of it.

use std::fmt::Write as _;

use claviger_domain::{BuiltInRole, Privilege};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    examples::{self, CHANGE_NOTHING, NEED_A_STATE, NEED_AN_AUTHENTICATOR, OTHER_BODIES},
    served,
    server::{PASSWORD, TestServer, World},
};

/// An operation of the document.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    privilege: String,
    /// Another privilege that does as well.
    or: Option<String>,
}

/// Every operation of the document that demands something of its caller.
pub(crate) fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&claviger_server::rest::openapi_json()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                privilege: operation["x-privilege"].as_str().unwrap().to_owned(),
                or: operation["x-privilege-or"].as_str().map(str::to_owned),
            });
        }
    }
    found.retain(|operation| operation.privilege != "open");
    assert!(found.len() > 20);
    found
}

pub(crate) const NOBODYS: &str = "01900000-0000-7000-8000-000000000000";

async fn newest_event(server: &TestServer, token: &str) -> Value {
    let page = server
        .call(server.request(Method::GET, "/audit-events?limit=1").bearer_auth(token))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.body["items"][0]["id"].clone()
}

served! {
    async fn without_credentials_every_operation_is_401(server) {
        for operation in operations() {
            let path = examples::filled(&operation.path, NOBODYS);
            for request in [
                server.request(operation.method.clone(), &path),
                server.request(operation.method.clone(), &path).bearer_auth("clv_nonsense"),
                server.request(operation.method.clone(), &path).header("cookie", "__Host-claviger=nonsense"),
            ] {
                let answer = server.call(request.json(&json!({}))).await;
                assert_eq!((answer.status, answer.problem()), (StatusCode::UNAUTHORIZED, "unauthenticated"), "{}", operation.id);
                assert_eq!(answer.body["request_id"], answer.headers["x-request-id"].to_str().unwrap());
            }
        }
    }

    async fn things_of_another_tenant_do_not_exist(server) {
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let mut asked = 0;
        for operation in operations().into_iter().filter(|one| one.path.contains('{') && one.privilege != "signed_in") {
            let path = examples::own_path(server, &theirs, &operation.path).await;
            let path = path.unwrap_or_else(|| panic!("{}: write down in examples.rs how to make one", operation.id));
            let nobodys = examples::filled(&operation.path, NOBODYS);
            let ask = async |path: &str, world: &World| {
                let body = examples::body_in(server, world, &operation.id).await;
                let request = server.request(operation.method.clone(), path).bearer_auth(&world.token);
                server.call(request.json(&body)).await
            };
            let (other, none) = (ask(&path, &ours).await, ask(&nobodys, &ours).await);
            assert_eq!(other.status, StatusCode::NOT_FOUND, "{}: {}", operation.id, other.text);
            assert_eq!(other.body["detail"], none.body["detail"], "{}", operation.id);
            let own = ask(&path, &theirs).await;
            let refused = NEED_A_STATE.contains(&operation.id.as_str()) && matches!(own.status.as_u16(), 409 | 422);
            assert!(own.status.is_success() || refused, "control {}: {}", operation.id, own.text);
            asked += 3;
        }
        println!("S12 requests={asked} leaks=0");
        assert!(asked >= 90);
    }

    async fn every_change_leaves_an_audit_event(server) {
        let world = World { id: server.owner.session["tenant"]["id"].as_str().unwrap().to_owned(), token: owner_token(server).await };
        for operation in operations().into_iter().filter(|one| one.method != Method::GET) {
            if OTHER_BODIES.contains(&operation.id.as_str()) || CHANGE_NOTHING.iter().any(|(id, _)| *id == operation.id) || NEED_AN_AUTHENTICATOR.contains(&operation.id.as_str()) {
                continue;
            }
            let browser = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
            let mut body = examples::body_in(server, &world, &operation.id).await;
            if operation.id == "session_move" {
                body = json!({ "tenant_id": world.id });
            }
            let path = examples::own_path(server, &world, &operation.path).await.unwrap();
            let before = newest_event(server, &world.token).await;
            let done = server.call(browser.send(server.request(operation.method.clone(), &path)).json(&body)).await;
            if NEED_A_STATE.contains(&operation.id.as_str()) && matches!(done.status.as_u16(), 409 | 422) {
                continue;
            }
            assert!(done.status.is_success(), "{}: {}", operation.id, done.text);
            let after = newest_event(server, &world.token).await;
            assert_ne!(before, after, "{} leaves no audit event", operation.id);
        }
    }
}

async fn owner_token(server: &TestServer) -> String {
    let order = json!({ "name": "tests", "role": "owner" });
    let made = server
        .call(
            server
                .owner
                .send(server.request(Method::POST, "/api-tokens"))
                .json(&order),
        )
        .await;
    made.body["token"].as_str().unwrap().to_owned()
}

/// S13: what each role may do, asked of the server, kept as a table that a person reads.
#[test]
fn the_privilege_matrix_is_the_documentation() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world = server.world("Matrix").await;
        let mut tokens = Vec::new();
        for role in BuiltInRole::ALL {
            tokens.push(server.token(&world, role.as_str()).await);
        }
        let mut table = String::from("operation · privilege");
        for role in BuiltInRole::ALL {
            let _ = write!(table, " | {}", role.as_str());
        }
        table.push('\n');
        let mut asked = 0;
        for operation in operations() {
            let _ = write!(table, "{} · {}", operation.id, operation.privilege);
            let path = examples::filled(&operation.path, NOBODYS);
            for (role, token) in BuiltInRole::ALL.iter().zip(&tokens) {
                let request = server
                    .request(operation.method.clone(), &path)
                    .bearer_auth(token)
                    .json(&json!({ "x": 1 }));
                let answer = server.call(request).await;
                let lacks = answer.body["detail"]
                    .as_str()
                    .is_some_and(|detail| detail.starts_with("This needs the privilege"));
                assert!(
                    answer.status.as_u16() < 500,
                    "{} {role:?}: {}",
                    operation.id,
                    answer.text
                );
                table.push_str(if lacks { " | –" } else { " | yes" });
                asked += 1;
            }
            table.push('\n');
        }
        let operations = table.lines().count() - 1;
        println!(
            "S13 operations={operations} roles={} asked={asked}",
            BuiltInRole::ALL.len()
        );
        server.stop().await;
        compare(&table);
    });
}

/// Operations that also demand to see what they export.
const NEED_ANOTHER: &[&str] = &[
    "audit_event_export",
    "audit_event_export_csv",
    "otp_token_export",
    "user_export",
];

/// S13: a role of one privilege may do what names that privilege, and nothing else.
#[test]
fn s13_a_privilege_opens_its_own_operations_and_no_others() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world = server.world("Single").await;
        let (mut asked, mut opened, mut wrong) = (0, 0, Vec::new());
        for privilege in Privilege::ALL {
            let privilege = privilege.as_str();
            let draft = json!({ "name": format!("only {privilege}"), "privileges": [privilege] });
            let role = server
                .request(Method::POST, "/roles")
                .bearer_auth(&world.token)
                .json(&draft);
            let role = server.call(role).await;
            assert_eq!(role.status, StatusCode::CREATED, "{}", role.text);
            let token = server.token(&world, role.body["name"].as_str().unwrap()).await;
            for operation in operations().into_iter().filter(|one| one.privilege != "signed_in") {
                let path = examples::filled(&operation.path, NOBODYS);
                let request = server.request(operation.method.clone(), &path).bearer_auth(&token);
                let answer = server.call(request.json(&json!({ "x": 1 }))).await;
                let said = answer.body["detail"].as_str().unwrap_or_default();
                let lacks = said.starts_with("This needs the privilege");
                let named = operation.privilege == privilege || operation.or.as_deref() == Some(privilege);
                let another = NEED_ANOTHER.contains(&operation.id.as_str());
                if lacks == (named && !another) {
                    wrong.push(format!("{privilege}: {} {}", operation.id, answer.text));
                }
                asked += 1;
                opened += usize::from(!lacks);
            }
        }
        println!(
            "S13 privileges={} asked={asked} opened={opened} wrong={}",
            Privilege::ALL.len(),
            wrong.len()
        );
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(opened > 90, "{opened}");
        server.stop().await;
    });
}

#[expect(clippy::disallowed_methods, reason = "blessing is asked for by the environment")]
fn compare(table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/privileges.txt");
    if std::env::var_os("CLAVIGER_BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots")).unwrap();
        std::fs::write(path, table).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == table,
        "review the matrix: run with CLAVIGER_BLESS=1 and look at the difference\n{table}"
    );
}
