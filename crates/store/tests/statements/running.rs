//! Each statement carried out on both engines with the same distinct values; rows answered and rows left are compared.

use claviger_store::{Database, Value, for_sqlite};
use claviger_testkit::run;
use rusqlite::Connection;
use tokio_postgres::{Client, NoTls};

use crate::engines::{Tables, fill, on_postgres, on_sqlite, tables};
use crate::sources::statements;
use crate::values::{conditions, meanings, number_at, value};

/// A row that is there, and one that is not.
const ROWS: [i64; 2] = [1, 9];

#[derive(Debug, Default)]
struct Count {
    statements: usize,
    /// Statements that answered or changed a row.
    telling: usize,
    /// Statements whose parameters first appear in another order than their numbers'.
    crossed: usize,
    /// Those of them whose outcome differs when they are numbered by name, as SQLite would.
    caught: usize,
    differing: Vec<String>,
}

/// The table a statement is about.
fn table<'a>(sql: &str, tables: &'a Tables) -> Option<&'a str> {
    let words: Vec<&str> = sql
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let verbs = ["INTO", "UPDATE", "FROM"];
    let named = verbs.iter().find_map(|verb| {
        words
            .windows(2)
            .find(|pair| pair[0] == *verb && tables.contains_key(pair[1]))
            .map(|pair| pair[1])
    });
    named
        .and_then(|name| tables.get_key_value(name))
        .map(|(name, _)| name.as_str())
}

fn first_appear_in_order(sql: &str) -> bool {
    let mut seen = Vec::new();
    for (place, _) in sql.match_indices('$') {
        if let Some(number) = number_at(sql, place).filter(|number| !seen.contains(number)) {
            seen.push(number);
        }
    }
    seen.is_sorted()
}

async fn values(client: &Client, sql: &str, row: i64) -> Vec<Value> {
    let prepared = client.prepare(sql).await.unwrap();
    let known = meanings(sql);
    let kinds = prepared.params().iter().enumerate();
    kinds
        .map(|(place, kind)| {
            let kind = kind.name();
            let kind = kind
                .strip_prefix('_')
                .map_or_else(|| kind.to_owned(), |kind| format!("{kind}[]"));
            match known.get(&(place + 1)) {
                Some(meaning) => value(&meaning.column, row + meaning.shift, &kind),
                // Limits, offsets and such: small, and each its own.
                None if kind == "int8" => Value::Int(100 + i64::try_from(place).unwrap()),
                None => value(&format!("parameter {place}"), row, &kind),
            }
        })
        .collect()
}

#[test]
fn every_statement_does_the_same_on_both_engines() {
    run(|| async {
        let (one, two) = (claviger_testkit::sqlite().await, claviger_testkit::postgres().await);
        one.store().close().await;
        two.store().close().await;
        let (Database::Sqlite(file), Database::Postgres(url)) = (&one.config().database, &two.config().database) else {
            unreachable!("each its engine")
        };
        let database = Connection::open(file).unwrap();
        rusqlite::vtab::array::load_module(&database).unwrap();
        let (mut client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let all = tables(&client).await;
        fill(&database, &client, &all).await;
        let mut count = Count::default();
        for (name, sql) in statements() {
            let engine_specific = [
                "unnest(",
                "clock_timestamp",
                "gen_random_uuid",
                "pg_",
                "security_keys_search",
                "otp_tokens_search",
                "users_search",
            ];
            if !engine_specific.iter().any(|word| sql.contains(word)) {
                compare(&database, &mut client, &all, (&name, &sql), &mut count).await;
            }
        }
        println!(
            "statements={} telling={} crossed={} caught={}",
            count.statements, count.telling, count.crossed, count.caught
        );
        assert!(count.differing.is_empty(), "{}", count.differing.join("\n\n"));
        assert!(
            count.statements > 60 && count.telling * 100 >= count.statements * 95,
            "{count:?}"
        );
        // The control: numbered by name, as SQLite reads `$n`, these would be silently wrong.
        assert!(count.crossed > 5 && count.caught == count.crossed, "{count:?}");
        one.close().await;
        two.close().await;
    });
}

async fn compare(
    database: &Connection,
    client: &mut Client,
    all: &Tables,
    (name, sql): (&str, &str),
    count: &mut Count,
) {
    let look = table(sql, all).map_or_else(
        || "SELECT 1::bigint".to_owned(),
        |table| {
            let names: Vec<String> = all[table].iter().map(|(column, _)| format!("\"{column}\"")).collect();
            format!("SELECT {} FROM {table}", names.join(", "))
        },
    );
    let fitting = table(sql, all).and_then(|table| {
        let assignments = conditions(sql, &all[table]);
        (!assignments.is_empty()).then(|| format!("UPDATE {table} SET {}", assignments.join(", ")))
    });
    let fitting = fitting.unwrap_or_else(|| "SELECT 1".to_owned());
    database
        .execute_batch(&format!("BEGIN; {fitting}"))
        .unwrap_or_else(|error| panic!("{fitting}: {error}"));
    let untouched = on_sqlite(database, "SELECT 1", &[], &for_sqlite(&look)).left;
    let (mut telling, mut caught) = (false, false);
    for row in ROWS {
        let values = values(client, sql, row).await;
        let ours = on_sqlite(database, &for_sqlite(sql), &values, &for_sqlite(&look));
        let theirs = on_postgres(client, (&fitting, sql), &values, &look).await;
        if ours != theirs {
            count.differing.push(format!(
                "{name}, row {row}: {sql}\n{:?}\n{:?}",
                ours.answered, theirs.answered
            ));
        }
        telling |= ours.answered.as_ref().is_some_and(|rows| !rows.is_empty()) || ours.left != untouched;
        let by_name = for_sqlite(sql).replace('?', "$");
        caught |= on_sqlite(database, &by_name, &values, &for_sqlite(&look)) != ours;
    }
    database.execute_batch("ROLLBACK").unwrap();
    count.statements += 1;
    count.telling += usize::from(telling);
    if !telling {
        println!("finds nothing: {name}");
    }
    if !first_appear_in_order(sql) {
        count.crossed += 1;
        count.caught += usize::from(caught);
        if !caught {
            println!("not caught: {name}: {sql}");
        }
    }
}
