//! Jobs: order, neighbours, conflicts, panics.

use claviger_store::audit::{self, AuditEntry};
use claviger_store::{Change, Error, Store, Tx, settings};
use claviger_testkit::both_databases;

use crate::{Done, id, scope, tenant};

async fn set(store: &Store, key: u128, name: &str, value: &str, revision: i64) -> Done<i64> {
    let (name, value) = (name.to_owned(), value.to_owned());
    store
        .write(scope(key), async move |tx: &mut Tx| {
            settings::set(tx, tenant(7), &name, &value, revision).await
        })
        .await
}

async fn names(store: &Store) -> Vec<String> {
    let all: Done<_> = store.read(async |reader| settings::list(reader, tenant(7)).await).await;
    all.unwrap().into_iter().map(|setting| setting.name).collect()
}

both_databases! {
    async fn two_jobs_for_one_object_are_decided_in_the_order_they_came(store: Store) {
// Up to 30 futures are polled in their order, hence submitted in it.
        for start in (0..200_i64).step_by(25) {
            let jobs = (start..start + 25).map(|round| {
                let store = store.clone();
                async move { set(&store, 1, "counter", &round.to_string(), round).await }
            });
            for (done, revision) in futures_util::future::join_all(jobs).await.into_iter().enumerate() {
                assert_eq!(revision.unwrap(), start + i64::try_from(done).unwrap() + 1);
            }
        }
    }

    async fn a_failing_job_does_not_fail_its_neighbours(store: Store) {
        let jobs: Vec<_> = (0..90_u128).map(|number| {
            let store = store.clone();
            async move {
                let name = format!("n{number:02}");
                let job = async move |tx: &mut Tx| -> Done {
                    settings::set(tx, tenant(7), &name, "1", 0).await?;
                    tx.record(AuditEntry { action: "settings.changed", object_kind: "settings", ..AuditEntry::default() });
                    match number % 3 {
                        0 => Err(Error::Stale),
                        1 => panic!("a job's own fault"),
                        _ => Ok(()),
                    }
                };
                (number, store.write(scope(number % 5), job).await)
            }
        }).collect();
        for (number, result) in futures_util::future::join_all(jobs).await {
            match number % 3 {
                0 => assert!(matches!(result, Err(Error::Stale)), "{result:?}"),
                1 => assert!(matches!(result, Err(Error::Panicked)), "{result:?}"),
                _ => assert!(result.is_ok(), "{result:?}"),
            }
        }
        assert_eq!(names(&store).await.len(), 30);
        let heads: Done<_> = store.read(async |reader| audit::heads(reader).await).await;
        assert_eq!(heads.unwrap().iter().map(|head| head.sequence).sum::<i64>(), 30);
    }

    async fn a_failed_statement_undoes_the_job_whatever_it_makes_of_the_error(store: Store) {
        let job = async |tx: &mut Tx| -> Done {
            settings::set(tx, tenant(7), "kept", "1", 0).await?;
            let failed = tx.execute("INSERT INTO settings (tenant_id, name, value, updated_at, revision)
                VALUES ($1, $2, $3, $4, $5)",
                &[tx.tenant().into(), "kept".into(), "2".into(), 1_i64.into(), 1_i64.into()]).await;
            assert!(failed.unwrap_err().is_duplicate_in("settings"));
            Ok(())
        };
        assert!(matches!(store.write(scope(1), job).await, Err(Error::Inconsistent(_))));
        assert!(names(&store).await.is_empty());
    }

    async fn of_many_who_change_one_revision_one_wins(store: Store) {
        set(&store, 1, "fought", "0", 0).await.unwrap();
        let jobs: Vec<_> = (0..64_u128).map(|number| {
            let store = store.clone();
            // Other lane keys, so that PostgreSQL has them on several writers.
            tokio::spawn(async move { set(&store, number, "fought", "1", 1).await })
        }).collect();
        let mut won = 0;
        for job in jobs {
            match job.await.unwrap() {
                Ok(revision) => { assert_eq!(revision, 2); won += 1; }
                Err(error) => assert!(matches!(error, Error::Stale), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
    }

    async fn followers_hear_of_what_was_committed_and_of_nothing_else(store: Store) {
        let mut changes = store.changes();
        let told = async |tx: &mut Tx| -> Done { tx.notify(Change { kind: "key", id: id(1), revision: 1 }); Ok(()) };
        let refused = async |tx: &mut Tx| -> Done { tx.notify(Change { kind: "key", id: id(2), revision: 1 }); Err(Error::Stale) };
        assert!(store.write(scope(1), refused).await.is_err());
        store.write(scope(1), told).await.unwrap();
        let (whose, heard) = changes.recv().await.unwrap();
        assert_eq!((whose, heard), (tenant(7), vec![Change { kind: "key", id: id(1), revision: 1 }]));
        assert!(changes.try_recv().is_err());
    }

    async fn a_value_too_few_or_of_another_type_is_refused(store: Store) {
        let few: Done<_> = store.read(async |reader| reader.query("SELECT name FROM settings WHERE name = $1", &[]).await).await;
        assert!(matches!(few, Err(Error::Inconsistent(_))), "{few:?}");
    }

    async fn a_closed_store_refuses_and_what_waited_is_kept(store: Store) {
        let waiting = tokio::spawn({ let store = store.clone(); async move { set(&store, 1, "last", "1", 0).await } });
        waiting.await.unwrap().unwrap();
        store.close().await;
        assert!(matches!(set(&store, 1, "late", "1", 0).await, Err(Error::Closed)));
    }
}
