//! The credential of a revoked key at its identity provider: pending until it is gone, whoever removes it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use claviger_domain::TenantId;
use claviger_server::identity_provider::{Answer as Reply, IdentityProviders, Removal, Removed};
use claviger_store::{
    Reader,
    outbox::{self, Message},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    hands,
    server::{TestServer, World},
    stock::{self, get, post},
};

const REMOVAL: &str = "identity_provider.remove_credential";

/// Refuses so many times, then the credential is gone.
struct Stubborn(AtomicUsize);

impl IdentityProviders for Stubborn {
    fn remove<'a>(&'a self, removal: &'a Removal) -> Reply<'a> {
        assert_eq!(
            removal.key.identity_provider().as_str().split('_').next(),
            Some("removal")
        );
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        Box::pin(std::future::ready(match left {
            Ok(_) => Removed::Failed("503 busy".to_owned()),
            Err(_) => Removed::Gone,
        }))
    }
}

/// A key that is enrolled at an identity provider.
async fn enrolled(server: &TestServer, name: &str) -> (World, String) {
    let world = stock::stocked(server, name, 1).await;
    let policy = stock::policy(server, &world.token, "Staff", "standard").await;
    let id = stock::keys(server, &world.token, "").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let user = hands::user(server, &world, "ann").await;
    post(
        server,
        &world.token,
        &format!("/security-keys/{id}/link-policy"),
        json!({ "policy_id": policy }),
    )
    .await;
    post(
        server,
        &world.token,
        &format!("/security-keys/{id}/assign"),
        json!({ "user_id": user }),
    )
    .await;
    hands::configured(server, &world, &id).await;
    hands::enrolled(server, &world, &id).await;
    (world, id)
}

async fn revoked(server: &TestServer, world: &World, id: &str) -> Value {
    let preview = get(server, &world.token, &format!("/security-keys/{id}/revocation-preview"))
        .await
        .body;
    assert_eq!(preview["removes_credential"], true);
    let revoked = post(
        server,
        &world.token,
        &format!("/security-keys/{id}/revoke"),
        json!({ "reason": "stolen" }),
    )
    .await;
    assert_eq!(
        (revoked.status, &revoked.body["identity_provider_state"]),
        (StatusCode::OK, &json!("removal_pending")),
        "{}",
        revoked.text
    );
    revoked.body
}

async fn until(server: &TestServer, world: &World, id: &str, state: &str) -> Value {
    let mut last = Value::Null;
    for _ in 0..4_800 {
        last = get(server, &world.token, &format!("/security-keys/{id}")).await.body;
        if last["identity_provider_state"] == state {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not become {state}: {last}");
}

async fn actions(server: &TestServer, world: &World, id: &str) -> Vec<String> {
    let history = get(server, &world.token, &format!("/security-keys/{id}/events")).await;
    history.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap().to_owned())
        .collect()
}

/// The order to remove the credential, once that is so.
async fn until_order(server: &TestServer, world: &World, id: &str, what: impl Fn(&Message) -> bool) {
    let (tenant, subject) = (TenantId::from_uuid(world.id.parse().unwrap()), id.parse().unwrap());
    for _ in 0..4_800 {
        let look = async move |reader: &mut Reader| outbox::newest(reader, tenant, subject, REMOVAL).await;
        let order = server.app().store().read(look).await.unwrap().unwrap();
        if what(&order) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the order does not become so");
}

/// Removals that wait and that failed: as the overview counts them, and as the list that it names shows them.
async fn owed(server: &TestServer, world: &World) -> (u64, u64) {
    let overview = get(server, &world.token, "/overview").await.body;
    let counted = async |kind: &str, query: &str| {
        let items = overview["attention"].as_array().unwrap();
        let item = items.iter().find(|item| item["kind"] == kind);
        let count = item.map_or(0, |item| item["count"].as_u64().unwrap());
        if let Some(item) = item {
            assert_eq!(item["filter"], json!({ "removal": query }), "{kind}");
        }
        let path = format!("/security-keys?tab=inventory&removal={query}");
        let listed = get(server, &world.token, &path).await.body;
        assert_eq!(listed["total"], json!({ "count": count, "capped": false }), "{kind}");
        assert_eq!(
            listed["items"].as_array().map(Vec::len),
            usize::try_from(count).ok(),
            "{kind}"
        );
        count
    };
    (
        counted("pending_removal", "pending").await,
        counted("removal_failed", "failed").await,
    )
}

async fn waits_for_an_operator(server: &TestServer) {
    let (world, id) = enrolled(server, "By hand").await;
    let confirm = format!("/security-keys/{id}/identity-provider/confirm-removed");
    let early = post(server, &world.token, &confirm, json!({ "note": "x" })).await;
    assert_eq!(
        (early.status, early.body["state"].as_str()),
        (StatusCode::CONFLICT, Some("present")),
        "{}",
        early.text
    );
    revoked(server, &world, &id).await;
    until_order(server, &world, &id, |order| order.last_error.is_some()).await;
    let still = get(server, &world.token, &format!("/security-keys/{id}")).await.body;
    assert_eq!(
        still["identity_provider_state"], "removal_pending",
        "nothing is pretended"
    );
    assert_eq!(owed(server, &world).await, (1, 0));
    let retried = post(
        server,
        &world.token,
        &format!("/security-keys/{id}/identity-provider/retry"),
        json!({}),
    )
    .await;
    assert_eq!(
        (retried.status, &retried.body["identity_provider_state"]),
        (StatusCode::OK, &json!("removal_pending")),
        "{}",
        retried.text
    );
    let empty = post(server, &world.token, &confirm, json!({ "note": " " })).await;
    assert_eq!(empty.body["errors"][0]["pointer"], "/note");
    let viewer = server.token(&world, "help_desk").await;
    assert_eq!(
        post(server, &viewer, &confirm, json!({ "note": "x" })).await.status,
        StatusCode::FORBIDDEN
    );
    let done = post(
        server,
        &world.token,
        &confirm,
        json!({ "note": "removed in the portal, ticket 7" }),
    )
    .await;
    assert_eq!(
        (done.status, &done.body["identity_provider_state"]),
        (StatusCode::OK, &json!("removed")),
        "{}",
        done.text
    );
    let events = get(server, &world.token, &format!("/security-keys/{id}/events"))
        .await
        .body;
    assert_eq!(
        (&events["items"][0]["action"], &events["items"][0]["reason"]),
        (
            &json!("security_key.credential_removal_confirmed"),
            &json!("removed in the portal, ticket 7")
        )
    );
    assert_eq!(owed(server, &world).await, (0, 0));
    let twice = post(server, &world.token, &confirm, json!({ "note": "again" })).await;
    assert_eq!(twice.body["state"], "removed", "{}", twice.text);
}

async fn is_tried_until_it_is_done(server: TestServer) {
    let server = server.connected(Arc::new(Stubborn(AtomicUsize::new(2)))).await;
    let (world, id) = enrolled(&server, "Stubborn").await;
    revoked(&server, &world, &id).await;
    until(&server, &world, &id, "removal_failed").await;
    assert_eq!(owed(&server, &world).await, (0, 1));
    assert_eq!(
        actions(&server, &world, &id).await[0],
        "security_key.credential_removal_failed"
    );
    // The hardware is gone, the credential is not: the key stays where such keys are looked for.
    let gone = post(
        &server,
        &world.token,
        &format!("/security-keys/{id}/dispose"),
        json!({}),
    )
    .await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    assert_eq!(owed(&server, &world).await, (0, 1));
    // The second failure is no event of its own; the third try finds the credential gone.
    until_order(&server, &world, &id, |order| {
        order.attempts == 1 && order.failed_at.is_some()
    })
    .await;
    let first = server.clock.now();
    server.clock.advance(Duration::from_secs(61));
    server.app().outbox().wake();
    until_order(&server, &world, &id, |order| {
        order.failed_at.is_some_and(|at| at > first)
    })
    .await;
    server.clock.advance(Duration::from_secs(121));
    server.app().outbox().wake();
    until(&server, &world, &id, "removed").await;
    assert_eq!(
        actions(&server, &world, &id).await[..4],
        [
            "security_key.credential_removed",
            "security_key.disposed",
            "security_key.credential_removal_failed",
            "security_key.revoked"
        ]
    );
    server.stop().await;
}

#[test]
fn without_a_connector_a_removal_waits_for_an_operator_on_sqlite() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        waits_for_an_operator(&server).await;
        server.stop().await;
    });
}

#[test]
fn without_a_connector_a_removal_waits_for_an_operator_on_postgres() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        waits_for_an_operator(&server).await;
        server.stop().await;
    });
}

#[test]
fn a_removal_is_tried_until_it_is_done_on_sqlite() {
    claviger_testkit::run(|| async { is_tried_until_it_is_done(TestServer::start_on_sqlite().await).await });
}

#[test]
fn a_removal_is_tried_until_it_is_done_on_postgres() {
    claviger_testkit::run(|| async { is_tried_until_it_is_done(TestServer::start_on_postgres().await).await });
}
