#![cfg(test)]
//! Smoke.
use claviger_domain::{Timestamp, ids::TenantId};
use claviger_store::*;

#[tokio::test]
async fn a_store_opens_writes_and_reads() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::sqlite(dir.path().join("a.db")))
        .await
        .unwrap();
    let scope = Scope {
        tenant: TenantId::from_uuid(uuid::Uuid::from_u128(7)),
        actor: Actor::System("t".into()),
        source: None,
        request_id: None,
        lane_key: 1,
        now: Timestamp::from_micros(5),
    };
    let s2 = store.clone();
    let handle = tokio::spawn(async move {
        s2.write(scope, async move |tx: &mut Tx| -> Result<u64, Error> {
            tx.record(audit::AuditEntry {
                action: "x.y",
                object_kind: "x",
                ..Default::default()
            });
            tx.execute(
                "INSERT INTO settings (tenant_id, name, value, updated_at, revision) VALUES ($1,$3,$2,4,1)",
                &[tx.tenant().as_uuid().into(), "{}".into(), "n".into()],
            )
            .await
        })
        .await
    });
    assert_eq!(handle.await.unwrap().unwrap(), 1);
    let rows = store
        .read(async |r| {
            r.query(
                "SELECT * FROM settings WHERE name = ANY($1)",
                &[vec!["n".to_owned()].into()],
            )
            .await
        })
        .await;
    let rows: Vec<Row> = rows.map_err(|e: Error| e).unwrap();
    assert_eq!(rows[0].text("value").unwrap(), "{}");
    let n: i64 = store
        .scan(async |r: &mut Reader| -> Result<i64, Error> {
            r.query_one("SELECT count(*) FROM audit_events", &[]).await?.get(0)
        })
        .await
        .unwrap();
    assert_eq!(n, 1);
    store.close().await;
}
