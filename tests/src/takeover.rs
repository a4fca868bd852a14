//! Jobs between servers and between people: leases that end, undo beside other work.

use std::time::Duration;

use claviger_domain::{JobId, TenantId, Timestamp};
use claviger_store::{Actor, Reader, Scope, Tx, jobs};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    served,
    server::{TestServer, World},
    stock::{delivery, ended, get, import, keys, post, stocked, total},
};

/// Takes the job in the name of a server that then says nothing more.
async fn taken_by_one_that_died(server: &TestServer, world: &World, id: JobId) {
    let tenant = TenantId::from_uuid(world.id.parse().unwrap());
    let store = server.app().store();
    let read = async move |reader: &mut Reader| jobs::get(reader, tenant, id).await;
    let job = store.read::<_, claviger_store::Error, _>(read).await.unwrap().unwrap();
    let now = server.clock.now();
    let until = Timestamp::from_micros(now.as_micros() + 60_000_000);
    let dead = Uuid::from_u128(0xDEAD);
    let take = async move |tx: &mut Tx| jobs::take(tx, &job, dead, until).await;
    store
        .write::<_, claviger_store::Error, _>(scope(tenant, now), take)
        .await
        .unwrap();
}

fn scope(tenant: TenantId, now: Timestamp) -> Scope {
    Scope {
        tenant,
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now,
    }
}

/// A second server on the same database leaves a job alone while its lease runs, and carries it out when it has ended;
/// the first holder, should it come back, can no longer write.
#[test]
fn a_second_server_takes_over_when_the_lease_has_ended() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        let world = stocked(&server, "Lease", 700).await;
        server.app().jobs().stop();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let order = json!({
            "action": "quarantine", "arguments": { "reason": "recall" },
            "selection": { "filter": { "status": "in_stock" }, "expected_count": 700 },
        });
        let begun = post(&server, &world.token, "/security-keys/bulk", order).await.body;
        let id: JobId = begun["id"].as_str().unwrap().parse().unwrap();
        taken_by_one_that_died(&server, &world, id).await;
        let second = server.beside().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let path = format!("/jobs/{id}");
        assert_eq!(
            get(&server, &world.token, &path).await.body["progress"]["done"],
            0,
            "its lease runs"
        );
        server.clock.advance(Duration::from_secs(61));
        second.app().jobs().wake();
        let job = ended(&server, &world.token, &begun["id"]).await;
        assert_eq!(
            (&job["status"], &job["progress"]),
            (&json!("done"), &json!({ "done": 700, "total": 700 })),
            "{job}"
        );
        let back = late(&server, &world, id).await;
        assert!(matches!(back, Err(claviger_store::Error::Stale)), "{back:?}");
        let all = keys(&server, &world.token, "").await;
        assert!(
            all.iter()
                .all(|key| key["status"] == "quarantined" && key["revision"] == 2)
        );
        second.stop().await;
        server.stop().await;
    });
}

/// The keys of a bulk action by filter are those that were counted: one that somebody else changes first is refused by
/// name, so that no key is silently left out.
async fn every_counted_key_has_a_result(server: TestServer) {
    let world = stocked(&server, "Counted", 600).await;
    let token = &world.token;
    server.app().jobs().stop();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let order = json!({
        "action": "quarantine", "arguments": { "reason": "recall" },
        "selection": { "filter": { "status": "in_stock" }, "expected_count": 600 },
    });
    let begun = post(&server, token, "/security-keys/bulk", order).await.body;
    let all = keys(&server, token, "sort=serial_number").await;
    let path = |place: usize| format!("/security-keys/{}", all[place]["id"].as_str().unwrap());
    let revoke = post(
        &server,
        token,
        &format!("{}/revoke", path(3)),
        json!({ "reason": "lost" }),
    )
    .await;
    assert_eq!(revoke.status.as_u16(), 200, "{}", revoke.text);
    let gone = server.request(Method::DELETE, &path(550)).bearer_auth(token);
    assert_eq!(server.call(gone).await.status.as_u16(), 204);
    let server = server.again(|_| {}, &[]).await;
    let job = ended(&server, token, &begun["id"]).await;
    assert_eq!(
        (&job["status"], &job["progress"], &job["refused"]),
        (&json!("done"), &json!({ "done": 600, "total": 600 }), &json!(2)),
        "{job}"
    );
    let results = format!("/jobs/{}/results?outcome=refused", begun["id"].as_str().unwrap());
    let refused = get(&server, token, &results).await.body;
    let told = |row: &Value| (row["object_id"].clone(), row["detail"].as_str().unwrap().to_owned());
    let refused: Vec<_> = refused["items"].as_array().unwrap().iter().map(told).collect();
    let expected = [
        (
            3,
            "This key was changed after the action was confirmed; look at it again.",
        ),
        (550, "There is no such key here; it may have been deleted meanwhile."),
    ];
    assert_eq!(
        refused,
        expected.map(|(place, detail)| (all[place]["id"].clone(), detail.to_owned()))
    );
    assert_eq!(total(&server, token, "status=quarantined").await, 598);
    server.stop().await;
}

#[test]
fn keys_that_others_change_first_are_refused_by_name_on_sqlite() {
    claviger_testkit::run(|| async { every_counted_key_has_a_result(TestServer::start_on_sqlite().await).await });
}

#[test]
fn keys_that_others_change_first_are_refused_by_name_on_postgres() {
    claviger_testkit::run(|| async { every_counted_key_has_a_result(TestServer::start_on_postgres().await).await });
}

/// What a server would write that thought it still had the job.
async fn late(server: &TestServer, world: &World, id: JobId) -> Result<(), claviger_store::Error> {
    let (tenant, now) = (TenantId::from_uuid(world.id.parse().unwrap()), server.clock.now());
    let renew = async move |tx: &mut Tx| jobs::heartbeat(tx, id, Uuid::from_u128(0xDEAD), tx.now()).await;
    server.app().store().write(scope(tenant, now), renew).await
}

/// Undoes the import while its first keys are put aside; answers what the undo and the orders came to.
async fn race(server: &TestServer, token: &str) -> (Value, Vec<u16>) {
    let imported = import(server, token, "", delivery(1, 40)).await;
    assert_eq!(imported.status.as_u16(), 201, "{}", imported.text);
    let all = keys(server, token, "").await;
    let undo = format!("/imports/{}/undo", imported.body["id"].as_str().unwrap());
    let paths: Vec<String> = all
        .iter()
        .take(8)
        .map(|key| format!("/security-keys/{}/quarantine", key["id"].as_str().unwrap()))
        .collect();
    let orders = paths
        .iter()
        .map(|path| post(server, token, path, json!({ "reason": "wet" })));
    let (undone, orders) = tokio::join!(
        post(server, token, &undo, json!({})),
        futures_util::future::join_all(orders)
    );
    let statuses = orders.iter().map(|order| order.status.as_u16()).collect();
    (
        json!({ "status": undone.status.as_u16(), "body": undone.body }),
        statuses,
    )
}

served! {
    async fn an_undo_beside_orders_is_whole_or_refused(server) {
        let (mut undone, mut refused) = (0, 0);
        for round in 0..12 {
            let world = server.world(&format!("Race {round}")).await;
            let (undo, orders) = race(server, &world.token).await;
            let left = total(server, &world.token, "").await;
            let done = orders.iter().filter(|status| **status == 200).count();
            if undo["status"] == 200 {
                undone += 1;
                assert_eq!((left, done), (0, 0), "undone whole: {undo} {orders:?}");
                assert!(orders.iter().all(|status| matches!(status, 404 | 409)), "{orders:?}");
                assert_eq!(ended(server, &world.token, &undo["body"]["job_id"]).await["status"], "done");
            } else {
                refused += 1;
                assert_eq!(undo["status"], 409, "{undo}");
                assert_eq!(left, 40, "refused whole: {undo} {orders:?}");
                assert!(done > 0, "{orders:?}");
            }
            let counts = get(server, &world.token, "/security-keys/counts").await.body;
            assert_eq!(counts["stocks"]["total"], left, "{counts}");
            assert_eq!(counts["stocks"]["quarantined"], done, "{counts}");
        }
        println!("undo beside orders: undone={undone} refused={refused}");
    }
}
