//! Backups restore anywhere; damaged ones nowhere (the store's part of S22).

use claviger_domain::UserId;
use claviger_domain::text::{DisplayName, UserName};
use claviger_domain::user::{User, UserDetails};
use claviger_store::audit::{self, AuditEntry};
use claviger_store::{Bulk, Kind, Reader, Store, Tx, Value, backup, guard, settings, users};
use claviger_testkit::{Fresh, postgres, run, sqlite};

use crate::{Done, at, id, scope, tenant};

const MESSAGES: Bulk = Bulk {
    table: "outbox",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("id", Kind::Uuid),
        ("kind", Kind::Text),
        ("subject_id", Kind::Uuid),
        ("payload", Kind::Text),
        ("state", Kind::Text),
        ("attempts", Kind::Int),
        ("next_try_at", Kind::Int),
        ("created_at", Kind::Int),
        ("updated_at", Kind::Int),
        ("revision", Kind::Int),
    ],
    on_conflict: "",
};

fn person(number: u128) -> User {
    let details = UserDetails {
        user_name: UserName::new(&format!("ada-{number}")).unwrap(),
        display_name: DisplayName::new("Ada").unwrap(),
        email: None,
        locale: None,
    };
    User::create(UserId::from_uuid(id(number)), details, at(0))
}

/// Who a search finds that only the index of trigrams answers on SQLite.
async fn found(store: &Store) -> u64 {
    let filter = users::Filter {
        q: Some("da-2".to_owned()),
        status: None,
    };
    let total: Done<_> = store
        .read(async move |reader: &mut Reader| users::total(reader, scope(1).tenant, &filter).await)
        .await;
    total.unwrap().count
}

async fn fill(store: &Store) {
    let filled: Done = store
        .write(scope(1), async |tx: &mut Tx| {
            guard::establish(tx, id(77)).await?;
            settings::set(tx, tenant(7), "ž", "{}", 0).await?;
            for number in 1..=3 {
                users::insert(tx, &person(number)).await?;
            }
            let rows = (0..4_321_u128).map(|number| {
                let subject = if number % 2 == 0 {
                    Value::Null
                } else {
                    id(number).into()
                };
                vec![
                    tenant(number % 3).into(),
                    id(number + 1).into(),
                    "x".into(),
                    subject,
                    "ž'\\\n".into(),
                    "waiting".into(),
                    0_i64.into(),
                    1_i64.into(),
                    2_i64.into(),
                    3_i64.into(),
                    i64::MIN.into(),
                ]
            });
            MESSAGES.insert(tx, rows.collect()).await?;
            tx.record(AuditEntry {
                action: "x.made",
                object_kind: "x",
                ..AuditEntry::default()
            });
            Ok(())
        })
        .await;
    filled.unwrap();
}

/// What is in a store, in a form that both engines share.
async fn content(
    store: &Store,
) -> (
    usize,
    Vec<audit::LaneHead>,
    Option<guard::Guard>,
    Vec<(uuid::Uuid, Option<uuid::Uuid>, String, i64)>,
) {
    let found: Done<_> = store
        .scan(async |reader: &mut Reader| {
            let rows = reader
                .query(
                    "SELECT id, subject_id, payload, revision FROM outbox ORDER BY tenant_id, id",
                    &[],
                )
                .await?;
            let rows = rows
                .iter()
                .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .collect::<Done<Vec<_>>>()?;
            let settings = settings::list(reader, tenant(7)).await?.len();
            let mut heads = audit::heads(reader).await?;
            heads.sort();
            Ok((settings, heads, guard::get(reader).await?, rows))
        })
        .await;
    found.unwrap()
}

async fn fresh(number: usize) -> Fresh {
    if number == 0 { sqlite().await } else { postgres().await }
}

#[test]
fn a_backup_restores_on_either_engine() {
    run(|| async {
        let directory = tempfile::tempdir().unwrap();
        for (from, to) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let (source, target) = (fresh(from).await, fresh(to).await);
            fill(&source.store()).await;
            let path = directory.path().join(format!("{from}{to}"));
            let written = source.store().backup(&path, at(0)).await.unwrap();
            assert_eq!((written.header.store_id, written.header.generation), (Some(id(77)), 1));
            let restored = backup::restore(&target.store(), scope(1), &path).await.unwrap();
            assert_eq!(restored, written);
            assert_eq!(content(&target.store()).await, content(&source.store()).await);
            assert_eq!((found(&source.store()).await, found(&target.store()).await), (1, 1));
            let again = backup::restore(&target.store(), scope(1), &path).await.unwrap_err();
            assert!(again.to_string().contains("in use"), "{again}");
            source.close().await;
            target.close().await;
        }
    });
}

#[test]
fn a_damaged_backup_is_refused_whatever_bit_it_lacks() {
    run(|| async {
        let directory = tempfile::tempdir().unwrap();
        let source = sqlite().await;
        let small: Done<i64> = source
            .store()
            .write(scope(1), async |tx: &mut Tx| {
                settings::set(tx, tenant(7), "a", "1", 0).await
            })
            .await;
        small.unwrap();
        let path = directory.path().join("backup");
        source.store().backup(&path, at(0)).await.unwrap();
        assert!(
            source.store().backup(&path, at(0)).await.is_err(),
            "an existing file is not overwritten"
        );
        assert!(backup::inspect(&path).is_ok(), "control");
        let whole = std::fs::read(&path).unwrap();
        let damaged = directory.path().join("damaged");
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            std::fs::write(&damaged, &bytes).unwrap();
            assert!(backup::inspect(&damaged).is_err(), "bit flipped in byte {place}");
            std::fs::write(&damaged, &whole[..place]).unwrap();
            assert!(backup::inspect(&damaged).is_err(), "cut at byte {place}");
        }
    });
}
