#![cfg(test)]
//! S4 at the store: a connection cut at any moment neither doubles nor loses a change.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use claviger_store::audit::{self, AuditEntry};
use claviger_store::{Actor, Error, Fault, Reader, Scope, Store, StoreConfig, Tx, settings};
use claviger_testkit::run;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

const TENANT: u128 = 7;

fn scope(key: u128) -> Scope {
    Scope {
        tenant: TenantId::from_uuid(Uuid::from_u128(TENANT)),
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: key,
        now: Timestamp::from_seconds(1_790_000_000),
    }
}

/// Deterministic figures, so that a failure can be repeated.
fn roll(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % sides
}

/// Passes bytes on; now and then it cuts before what the client sends, within it, or after the server has
/// had all of it and time to act, but before the answer.
async fn proxy(port: u16, cuts: Arc<AtomicUsize>) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut seed = 0x5EED_u64;
        while let Ok((client, _)) = listener.accept().await {
            let seed = roll(&mut seed, u64::from(u32::MAX));
            tokio::spawn(pass(client, port, seed, cuts.clone()));
        }
    });
    own
}

async fn pass(mut client: TcpStream, port: u16, mut seed: u64, cuts: Arc<AtomicUsize>) {
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let cut = roll(&mut seed, 40);
                let passed = match cut { 0 => 0, 1 => length / 2, _ => length };
                if server.write_all(&asked[..passed]).await.is_err() { return }
                if cut <= 2 {
                    tokio::time::sleep(Duration::from_millis(15)).await;
                    cuts.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&answered[..length]).await.is_err() { return }
            }
        }
    }
}

#[test]
fn a_cut_connection_neither_doubles_nor_loses_a_change() {
    run(|| async {
        let server = claviger_testkit::shared();
        let url = server.database().await;
        // Made without faults, so that they fall on jobs alone.
        Store::open(&StoreConfig::postgres(&url)).await.unwrap().close().await;
        let port: u16 = url
            .split(':')
            .nth(2)
            .and_then(|rest| rest.split('/').next())
            .unwrap()
            .parse()
            .unwrap();
        let cuts = Arc::new(AtomicUsize::new(0));
        let own = proxy(port, cuts.clone()).await;
        let faulty = StoreConfig::postgres(url.replace(&format!(":{port}/"), &format!(":{own}/")));
        let mut opened = Store::open(&faulty).await;
        while opened.is_err() {
            opened = Store::open(&faulty).await;
        }
        let store = opened.unwrap();
        let (mut answered, mut unknown, mut refused, mut number) = (0_u64, 0_u64, 0_u64, 0_u128);
        while cuts.load(Ordering::Relaxed) < 100 {
            number += 1;
            let job = async move |tx: &mut Tx| {
                settings::set(
                    tx,
                    TenantId::from_uuid(Uuid::from_u128(TENANT)),
                    &format!("n{number}"),
                    "1",
                    0,
                )
                .await?;
                tx.record(AuditEntry {
                    action: "settings.changed",
                    object_kind: "settings",
                    ..AuditEntry::default()
                });
                Ok::<(), Error>(())
            };
            match store.write(scope(number), job).await {
                Ok(()) => answered += 1,
                Err(Error::OutcomeUnknown) => unknown += 1,
                // Given up before a COMMIT was sent.
                Err(error) if error.fault() == Some(Fault::Connection) => refused += 1,
                Err(error) => panic!("job {number}: {error:?}"),
            }
        }
        store.close().await;
        let whole = Store::open(&StoreConfig::postgres(&url)).await.unwrap();
        let kept: Result<(u64, u64), Error> = whole
            .scan(async |reader: &mut Reader| {
                let rows = settings::list(reader, TenantId::from_uuid(Uuid::from_u128(TENANT)))
                    .await?
                    .len();
                let events: i64 = audit::heads(reader).await?.iter().map(|head| head.sequence).sum();
                Ok((u64::try_from(rows).unwrap(), u64::try_from(events).unwrap()))
            })
            .await;
        let (rows, events) = kept.unwrap();
        println!(
            "S4 faults={} jobs={number} kept={rows} unknown={unknown} refused={refused}",
            cuts.load(Ordering::Relaxed)
        );
        // The network is bad and not gone: patience carries every job through, and an audited job's outcome is found out.
        assert_eq!((refused, unknown), (0, 0), "refused, unknown");
        assert_eq!(rows, events, "each change has its event, once");
        assert!(
            rows >= answered && rows <= answered + unknown,
            "{rows} rows, {answered} answered, {unknown} unknown"
        );
        whole.close().await;
        server.drop_database(&url).await;
    });
}

/// Tries again after any error, as a client does that does not ask what became of its commit.
async fn naive(url: &str, number: i64) {
    loop {
        let Ok((client, connection)) = tokio_postgres::connect(url, tokio_postgres::NoTls).await else {
            continue;
        };
        let connection = tokio::spawn(connection);
        let done = client
            .batch_execute(&format!("BEGIN; INSERT INTO control VALUES ({number}); COMMIT"))
            .await;
        connection.abort();
        if done.is_ok() {
            return;
        }
    }
}

#[test]
fn control_to_try_again_without_asking_doubles_changes() {
    run(|| async {
        let server = claviger_testkit::shared();
        let url = server.database().await;
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("CREATE TABLE control (n bigint)").await.unwrap();
        let port: u16 = url
            .split(':')
            .nth(2)
            .and_then(|rest| rest.split('/').next())
            .unwrap()
            .parse()
            .unwrap();
        let own = proxy(port, Arc::default()).await;
        let faulty = url.replace(&format!(":{port}/"), &format!(":{own}/"));
        let mut doubled = 0_i64;
        for number in 0..3_000 {
            naive(&faulty, number).await;
            if number % 50 == 49 {
                doubled = client
                    .query_one("SELECT count(*) - count(DISTINCT n) FROM control", &[])
                    .await
                    .unwrap()
                    .get(0);
            }
            if doubled > 0 {
                break;
            }
        }
        println!("S4 control doubled={doubled}");
        assert!(
            doubled > 0,
            "the proxy cut no commit's answer, so the test above proves nothing"
        );
        drop(client);
        server.drop_database(&url).await;
    });
}
