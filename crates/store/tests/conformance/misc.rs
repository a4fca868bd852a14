//! Idempotency, settings, secrets, guard, bulk inserts.

use claviger_store::idempotency::{self, Answered};
use claviger_store::secrets::data_keys::{self, DataKey};
use claviger_store::secrets::{self, SealedSecret};
use claviger_store::{Bulk, Error, Kind, Store, Tx, Value, guard, settings};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

fn answered(fingerprint: u8, expires: i64) -> Answered {
    Answered {
        caller: id(1),
        key: "k-1".to_owned(),
        fingerprint: [fingerprint; 32],
        status: 201,
        response: Some(b"{}".to_vec()),
        expires_at: at(expires),
    }
}

async fn keep(store: &Store, one: Answered, now: i64) -> Done {
    let mut scope = scope(1);
    scope.now = at(now);
    store
        .write(scope, async move |tx: &mut Tx| idempotency::keep(tx, &one).await)
        .await
}

both_databases! {
    async fn an_answer_is_kept_once_until_it_expires(store: Store) {
        keep(&store, answered(1, 10), 0).await.unwrap();
        assert!(matches!(keep(&store, answered(2, 20), 5).await, Err(Error::Stale)));
        let found: Done<_> = store.read(async |reader| idempotency::get(reader, tenant(7), id(1), "k-1", at(9)).await).await;
        assert_eq!(found.unwrap(), Some(answered(1, 10)));
        let other: Done<_> = store.read(async |reader| idempotency::get(reader, tenant(8), id(1), "k-1", at(9)).await).await;
        assert_eq!(other.unwrap(), None);
        keep(&store, answered(3, 20), 10).await.unwrap();
        let mut late = scope(1);
        late.now = at(20);
        let swept: Done<u64> = store.write(late, async |tx: &mut Tx| idempotency::delete_expired(tx).await).await;
        assert_eq!(swept.unwrap(), 1);
    }

    async fn a_setting_is_changed_by_revision(store: Store) {
        let done: Done<i64> = store.write(scope(1), async |tx: &mut Tx| {
            settings::set(tx, tenant(7), "a", "1", 0).await?;
            settings::set(tx, tenant(7), "a", "2", 1).await
        }).await;
        assert_eq!(done.unwrap(), 2);
        for revision in [0, 1] {
            let stale: Done<i64> = store.write(scope(1), async move |tx: &mut Tx| settings::set(tx, tenant(7), "a", "3", revision).await).await;
            assert!(matches!(stale, Err(Error::Stale)));
        }
        let found: Done<_> = store.read(async |reader| settings::get(reader, tenant(7), "a").await).await;
        assert_eq!(found.unwrap().unwrap().value, "2");
    }

    async fn secrets_follow_their_keys(store: Store) {
        let key = DataKey { version: 1, kek_id: "kek-1".to_owned(), wrapped: vec![1, 0, 2], created_at: at(0), retired_at: None, revision: 1 };
        let secret = SealedSecret {
            id: id(2), kind: "pin".to_owned(), subject: id(3), key_version: 1, sealed: vec![0, 255], created_at: at(0), updated_at: at(0), revision: 1,
        };
        let (k, s) = (key.clone(), secret.clone());
        let made: Done = store.write(scope(1), async move |tx: &mut Tx| {
            data_keys::insert(tx, tenant(7), &k).await?;
            data_keys::insert(tx, tenant(7), &DataKey { version: 2, ..k.clone() }).await?;
            data_keys::rewrap(tx, tenant(7), &k, "kek-2", &[7]).await?;
            secrets::insert(tx, &s).await?;
            secrets::reseal(tx, &s, 2, &[8]).await
        }).await;
        made.unwrap();
        let keys: Done<_> = store.read(async |reader| data_keys::all(reader).await).await;
        assert_eq!(keys.unwrap()[0].1.kek_id, "kek-2");
        let old: Done<_> = store.read(async |reader| secrets::under_key(reader, tenant(7), 1, 10).await).await;
        assert!(old.unwrap().is_empty());
        let found: Done<_> = store.read(async |reader| secrets::get(reader, tenant(7), "pin", id(3)).await).await;
        let found = found.unwrap().unwrap();
        assert_eq!((found.sealed.as_slice(), found.revision), ([8].as_slice(), 2));
        let stale: Done = store.write(scope(1), async move |tx: &mut Tx| {
            data_keys::retire(tx, tenant(7), &DataKey { revision: 2, ..key.clone() }).await?;
            secrets::delete(tx, &secret).await
        }).await;
        assert!(matches!(stale, Err(Error::Stale)));
    }

    async fn a_rolled_back_store_is_noticed(store: Store) {
        let first: Done<_> = store.write(scope(1), async |tx: &mut Tx| guard::establish(tx, id(1)).await).await;
        let first = first.unwrap();
        let same: Done<_> = store.write(scope(1), async |tx: &mut Tx| guard::establish(tx, id(2)).await).await;
        assert_eq!(same.unwrap(), first);
        let next: Done<_> = store.write(scope(1), async |tx: &mut Tx| guard::advance(tx, 0).await).await;
        let next = next.unwrap();
        assert!(first.is_behind(&next) && !next.is_behind(&first) && !next.is_behind(&next));
        let lifted: Done<_> = store.write(scope(1), async |tx: &mut Tx| guard::advance(tx, 40).await).await;
        assert_eq!(lifted.unwrap().generation, 41);
    }

    async fn many_rows_go_in_at_once_nulls_and_all_types_too(store: Store) {
        const ROWS: Bulk = Bulk {
            table: "outbox",
            columns: &[("tenant_id", Kind::Uuid), ("id", Kind::Uuid), ("kind", Kind::Text), ("subject_id", Kind::Uuid),
                ("payload", Kind::Text), ("state", Kind::Text), ("attempts", Kind::Int), ("next_try_at", Kind::Int),
                ("created_at", Kind::Int), ("updated_at", Kind::Int), ("revision", Kind::Int)],
            on_conflict: "ON CONFLICT (tenant_id, id) DO NOTHING",
        };
        let count: Done<u64> = store.write(scope(1), async |tx: &mut Tx| {
            let rows = |count: u128| (0..count).map(|number| {
                let subject = if number % 2 == 0 { Value::Null } else { id(number).into() };
                vec![tenant(7).into(), id(number + 1).into(), "x".into(), subject, "ž'\\".into(), "waiting".into(),
                    0_i64.into(), 1_i64.into(), 2_i64.into(), 3_i64.into(), 4_i64.into()]
            }).collect::<Vec<Vec<Value>>>();
            let first = ROWS.insert(tx, rows(4_500)).await?;
            Ok(first * 10 + ROWS.insert(tx, rows(1)).await?)
        }).await;
        assert_eq!(count.unwrap(), 45_000);
        let nulls: Done<i64> = store.read(async |reader| {
            reader.query_one("SELECT count(*) FROM outbox WHERE subject_id IS NULL AND payload = $1", &["ž'\\".into()]).await?.get(0)
        }).await;
        assert_eq!(nulls.unwrap(), 2_250);
        let wanted: Done<_> = store.read(async |reader| {
            reader.query("SELECT id FROM outbox WHERE tenant_id = $2 AND id = ANY($1) ORDER BY id",
                &[vec![id(3), id(1), id(9_999)].into(), tenant(7).into()]).await
        }).await;
        assert_eq!(wanted.unwrap().len(), 2);
    }
}
