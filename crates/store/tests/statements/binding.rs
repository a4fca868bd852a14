//! Each statement prepared on both engines; on SQLite what was bound is compared with the values put in by hand.

use claviger_testkit::run;
use rusqlite::Connection;
use tokio_postgres::NoTls;
use tokio_postgres::types::Type;

use crate::sources::statements;

/// The text with `$n` put in by hand, highest first so that `$1` does not match within `$10`.
fn by_hand(sql: &str, values: &[i64]) -> String {
    (0..values.len()).rev().fold(sql.to_owned(), |sql, place| {
        sql.replace(&format!("${}", place + 1), &values[place].to_string())
    })
}

fn squeezed(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_statement_binds_by_number_on_both_engines() {
    run(|| async {
        let (one, two) = (claviger_testkit::sqlite().await, claviger_testkit::postgres().await);
        let (file, url) = match (&one.config().database, &two.config().database) {
            (claviger_store::Database::Sqlite(file), claviger_store::Database::Postgres(url)) => {
                (file.clone(), url.clone())
            }
            _ => unreachable!("each its engine"),
        };
        let database = Connection::open(file).unwrap();
        rusqlite::vtab::array::load_module(&database).unwrap();
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let all = statements();
        for (name, sql) in &all {
            // The search indexes are tables on SQLite alone; the searches' own tests bind them.
            if ["security_keys_search", "otp_tokens_search", "users_search"]
                .iter()
                .any(|index| sql.contains(index))
            {
                continue;
            }
            let prepared = client
                .prepare(sql)
                .await
                .unwrap_or_else(|error| panic!("{name}: {error:?}\n{sql}"));
            let known = [
                Type::INT8,
                Type::TEXT,
                Type::UUID,
                Type::BYTEA,
                Type::BOOL,
                Type::UUID_ARRAY,
                Type::TEXT_ARRAY,
                Type::BOOL_ARRAY,
                Type::BYTEA_ARRAY,
                Type::INT8_ARRAY,
            ];
            for kind in prepared.params() {
                assert!(
                    known.contains(kind),
                    "{name}: a parameter is a {kind}, which no value is"
                );
            }
            let postgres_only = sql.contains("unnest(")
                || sql.contains("clock_timestamp")
                || sql.contains("gen_random_uuid")
                || sql.contains("pg_");
            if postgres_only {
                continue;
            }
            let text = claviger_store::for_sqlite(sql);
            let mut statement = database
                .prepare(&text)
                .unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            assert_eq!(statement.parameter_count(), prepared.params().len(), "{name}");
            // Numbers that no statement holds, each its own.
            let values: Vec<i64> = (0..statement.parameter_count())
                .map(|place| 7_000_001 + i64::try_from(place).unwrap())
                .collect();
            for (place, value) in values.iter().enumerate() {
                statement.raw_bind_parameter(place + 1, value).unwrap();
            }
            let bound = statement.expanded_sql().unwrap();
            assert_eq!(
                squeezed(&bound),
                squeezed(&by_hand(&claviger_store::for_sqlite(sql).replace('?', "$"), &values)),
                "{name}"
            );
        }
        println!("statements={}", all.len());
        assert!(all.len() > 60, "the sources were not read: {}", all.len());
        one.close().await;
        two.close().await;
    });
}

#[test]
fn control_a_named_parameter_binds_by_first_appearance() {
    let database = Connection::open_in_memory().unwrap();
    let sql = "SELECT $2, $1";
    let mut statement = database.prepare(sql).unwrap();
    statement.raw_bind_parameter(1, 7_000_001).unwrap();
    statement.raw_bind_parameter(2, 7_000_002).unwrap();
    assert_ne!(statement.expanded_sql().unwrap(), by_hand(sql, &[7_000_001, 7_000_002]));
}
