//! The steps of the schema that began to count keys in use, and to index users, find the same as doing so as one goes.

use claviger_domain::TenantId;
use claviger_store::{Database, Reader, Store, users};
use claviger_testkit::run;
use rusqlite::Connection;
use tokio_postgres::NoTls;

use super::{add_policy, add_user, assign, batch, command, import, link, new_key, ours, revoke, write_hidden};
use crate::{Done, at, tenant};

const COUNTERS: &str =
    "SELECT replace(CAST(tenant_id AS text), '-', '') || ' ' || name || ' ' || CAST(SUM(count) AS text)
    FROM counters WHERE name LIKE 'keys.used.%' OR name LIKE 'keys.version.%'
    GROUP BY tenant_id, name HAVING SUM(count) <> 0 ORDER BY name, tenant_id";
const FORGET: &str = "DELETE FROM counters WHERE name LIKE 'keys.used.%' OR name LIKE 'keys.version.%'";

/// Keys of all kinds in two tenants, and an import that never ends.
async fn fill(store: &Store) {
    for owner in [ours(), tenant(8)] {
        let office = add_policy(store, owner, 5, "Office").await;
        let ada = add_user(store, owner, 6, "ada").await;
        let names = ["K9", "Z\u{eb}ta \u{1f511}", "K9", "K9", "K9"];
        let keys = names
            .iter()
            .zip(0..)
            .map(|(name, row)| new_key(row, name, &format!("s{row}")))
            .collect();
        let plain = import(store, owner, 1, None, keys).await;
        import(
            store,
            owner,
            2,
            Some(&office),
            vec![new_key(0, "K9", "t0"), new_key(1, "K9", "t1")],
        )
        .await;
        for (row, orders) in [
            (0, vec![link(&office), assign(&ada)]),
            (1, vec![link(&office), assign(&ada)]),
            (2, vec![link(&office)]),
            (3, vec![link(&office), assign(&ada), revoke()]),
        ] {
            for order in orders {
                assert!(command(store, owner, plain.keys.key(row), order, at(9)).await, "{row}");
            }
        }
        write_hidden(store, owner, &batch(3, Some(&office), 1), vec![new_key(0, "K9", "u0")]).await;
    }
}

/// The users whom a search finds.
async fn find(store: &Store, owner: TenantId, q: &str) -> Vec<String> {
    let filter = users::Filter {
        q: Some(q.to_owned()),
        status: None,
    };
    let read: Done<Vec<String>> = store
        .read(async move |reader: &mut Reader| {
            let page = users::page(reader, owner, &filter, None, None, 10).await.unwrap();
            let names = page.items.iter().map(|one| one.user.user_name().as_str().to_owned());
            Ok(names.collect())
        })
        .await;
    read.unwrap()
}

#[test]
fn the_steps_that_count_keys_and_index_users_find_what_was_found_before() {
    run(|| async {
        let (one, two) = (claviger_testkit::sqlite().await, claviger_testkit::postgres().await);
        fill(&one.store()).await;
        fill(&two.store()).await;
        let (Database::Sqlite(file), Database::Postgres(url)) = (&one.config().database, &two.config().database) else {
            unreachable!("each its engine")
        };
        let database = Connection::open(file).unwrap();
        let read = || -> Vec<String> {
            let mut statement = database
                .prepare(&COUNTERS.replace("CAST(tenant_id AS text)", "lower(hex(tenant_id))"))
                .unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let counted = read();
        database.execute(FORGET, []).unwrap();
        assert!(counted.len() > 8 && read().is_empty(), "{counted:?}");
        database
            .execute_batch(include_str!("../../../migrations/sqlite/0007_overview.sql"))
            .unwrap();
        assert_ne!(read(), counted, "control: those in stock had a version to follow, too");
        database
            .execute_batch("DROP TABLE users_search; DROP INDEX users_by_row_id; ALTER TABLE users DROP COLUMN row_id")
            .unwrap();
        database
            .execute_batch(include_str!("../../../migrations/sqlite/0010_users_search.sql"))
            .unwrap();
        assert_eq!(read(), counted);
        for (owner, q) in [(ours(), "ad"), (ours(), "ada"), (tenant(8), "exam")] {
            let found = find(&one.store(), owner, q).await;
            assert_eq!(found, ["ada"], "{q}");
        }

        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let read = async || -> Vec<String> {
            let rows = client.query(COUNTERS, &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        };
        assert_eq!(read().await, counted);
        client.execute(FORGET, &[]).await.unwrap();
        client
            .batch_execute(include_str!("../../../migrations/postgres/0007_overview.sql"))
            .await
            .unwrap();
        client
            .batch_execute(include_str!("../../../migrations/postgres/0010_users_search.sql"))
            .await
            .unwrap();
        assert_eq!(read().await, counted);
        drop(database);
        one.close().await;
        two.close().await;
    });
}
