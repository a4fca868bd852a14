//! What is left after the store is closed, opened twice at once, or opened by the wrong build.

use claviger_store::{Store, Tx, schema_version, settings};
use claviger_testkit::{postgres, run, sqlite};

use crate::{Done, scope, tenant};

async fn reopens(fresh: &claviger_testkit::Fresh) {
    let set: Done<i64> = fresh
        .store()
        .write(scope(1), async |tx: &mut Tx| {
            settings::set(tx, tenant(7), "a", "1", 0).await
        })
        .await;
    set.unwrap();
    fresh.store().close().await;
    let (one, two) = tokio::join!(Store::open(fresh.config()), Store::open(fresh.config()));
    for store in [one.unwrap(), two.unwrap()] {
        let found: Done<_> = store
            .read(async |reader| settings::get(reader, tenant(7), "a").await)
            .await;
        assert_eq!(found.unwrap().unwrap().value, "1");
        store.close().await;
    }
}

async fn refuses_another_schema(fresh: &claviger_testkit::Fresh) {
    let store = fresh.store();
    let forged: Done<u64> = store
        .write(scope(1), async |tx: &mut Tx| {
            tx.execute(
                "UPDATE schema_migrations SET version = $1 WHERE version = $2",
                &[(schema_version() + 1).into(), schema_version().into()],
            )
            .await
        })
        .await;
    assert_eq!(forged.unwrap(), 1);
    store.close().await;
    let refused = Store::open(fresh.config()).await.unwrap_err().to_string();
    assert!(refused.contains("newer build"), "{refused}");
}

#[test]
fn sqlite_keeps_what_was_answered() {
    run(|| async {
        let fresh = sqlite().await;
        reopens(&fresh).await;
        refuses_another_schema(&sqlite().await).await;
    });
}

#[test]
fn postgres_keeps_what_was_answered() {
    run(|| async {
        let fresh = postgres().await;
        reopens(&fresh).await;
        fresh.close().await;
        let fresh = postgres().await;
        refuses_another_schema(&fresh).await;
        fresh.close().await;
    });
}

#[test]
fn servers_that_start_at_once_share_the_work() {
    run(|| async {
        let url = claviger_testkit::shared().database().await;
        let config = claviger_store::StoreConfig::postgres(&url);
        let stores = futures_util::future::join_all((0..6).map(|_| Store::open(&config))).await;
        for store in stores {
            store.unwrap().close().await;
        }
        claviger_testkit::shared().drop_database(&url).await;
    });
}
