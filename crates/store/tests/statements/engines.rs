//! Both engines with the same rows in every table, without the rules that would refuse them.

use std::collections::BTreeMap;

use claviger_store::Value;
use rusqlite::{Connection, types::ValueRef};
use tokio_postgres::{Client, Row, types::ToSql, types::Type};

use crate::values::value;

/// Rows that each table has.
const ROWS: std::ops::RangeInclusive<i64> = 1..=4;

/// Columns by table, each with its type.
pub(crate) type Tables = BTreeMap<String, Vec<(String, String)>>;

/// What a statement did: rows it answered, or that it failed.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) answered: Option<Vec<Vec<Value>>>,
    pub(crate) left: Vec<Vec<Value>>,
}

/// The tables that both engines have.
pub(crate) async fn tables(client: &Client) -> Tables {
    let rows = client
        .query(
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
            &[],
        )
        .await
        .unwrap();
    let mut tables = Tables::new();
    for row in rows {
        tables.entry(row.get(0)).or_default().push((row.get(1), row.get(2)));
    }
    tables
}

/// Fills every table of both.
pub(crate) async fn fill(sqlite: &Connection, client: &Client, tables: &Tables) {
    sqlite
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .unwrap();
    client
        .batch_execute(
            "SET session_replication_role = replica;
             DO $$ DECLARE one record; BEGIN
                FOR one IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
                    WHERE contype = 'c' AND connamespace = 'public'::regnamespace
                LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname); END LOOP; END $$",
        )
        .await
        .unwrap();
    for (table, columns) in tables {
        sqlite.execute(&format!("DELETE FROM {table}"), []).unwrap();
        client.execute(&format!("DELETE FROM {table}"), &[]).await.unwrap();
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        for row in ROWS {
            let values: Vec<Value> = columns.iter().map(|(name, kind)| value(name, row, kind)).collect();
            let marks = |sign: char| -> String {
                (1..=values.len())
                    .map(|n| format!("{sign}{n}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let insert = |sign| format!("INSERT INTO {table} ({}) VALUES ({})", quoted(&names), marks(sign));
            sqlite
                .execute(&insert('?'), rusqlite::params_from_iter(&values))
                .unwrap_or_else(|error| panic!("{table}: {error}"));
            client
                .execute(&insert('$'), &parameters(&values))
                .await
                .unwrap_or_else(|error| panic!("{table}: {error:?}"));
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

/// Carries the statement out on SQLite, looks at its table, and takes it back.
pub(crate) fn on_sqlite(database: &Connection, sql: &str, values: &[Value], look: &str) -> Outcome {
    database.execute_batch("SAVEPOINT one").unwrap();
    let answered = sqlite_rows(database, sql, values).ok();
    let left = sqlite_rows(database, look, &[]).unwrap();
    database.execute_batch("ROLLBACK TO one; RELEASE one").unwrap();
    Outcome {
        answered: answered.map(sorted),
        left: sorted(left),
    }
}

fn sqlite_rows(database: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = database.prepare(sql)?;
    for (place, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, value)?;
    }
    let width = statement.column_count();
    let (mut found, mut rows) = (Vec::new(), statement.raw_query());
    while let Some(row) = rows.next()? {
        let cells = (0..width).map(|place| row.get_ref(place).map(cell));
        found.push(cells.collect::<rusqlite::Result<_>>()?);
    }
    Ok(found)
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8(text.to_vec()).unwrap()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => panic!("a floating-point column"),
    }
}

/// As [`on_sqlite`], on PostgreSQL; the rows are made to fit first.
pub(crate) async fn on_postgres(
    client: &mut Client,
    (fitting, sql): (&str, &str),
    values: &[Value],
    look: &str,
) -> Outcome {
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute(fitting).await.unwrap();
    let inner = {
        let mut transaction = transaction;
        let point = transaction.savepoint("one").await.unwrap();
        let answered = point.query(sql, &parameters(values)).await;
        let answered = if let Ok(rows) = answered {
            point.commit().await.unwrap();
            Some(rows.iter().map(wire).collect())
        } else {
            point.rollback().await.unwrap();
            None
        };
        let left = transaction.query(look, &[]).await.unwrap().iter().map(wire).collect();
        transaction.rollback().await.unwrap();
        (answered, left)
    };
    Outcome {
        answered: inner.0.map(sorted),
        left: sorted(inner.1),
    }
}

/// A row as SQLite would answer it.
fn wire(row: &Row) -> Vec<Value> {
    let cells = row
        .columns()
        .iter()
        .enumerate()
        .map(|(place, column)| match *column.type_() {
            Type::INT8 => row.get::<_, Option<i64>>(place).map(Value::Int),
            Type::INT4 => row.get::<_, Option<i32>>(place).map(|number| Value::Int(number.into())),
            Type::BOOL => row.get::<_, Option<bool>>(place).map(|truth| Value::Int(truth.into())),
            Type::UUID => row
                .get::<_, Option<uuid::Uuid>>(place)
                .map(|id| Value::Bytes(id.as_bytes().to_vec())),
            Type::BYTEA => row.get::<_, Option<Vec<u8>>>(place).map(Value::Bytes),
            Type::TEXT => row.get::<_, Option<String>>(place).map(Value::Text),
            ref other => panic!("column {}: a {other}", column.name()),
        });
    cells.map(|cell| cell.unwrap_or(Value::Null)).collect()
}

fn sorted(mut rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    rows.sort_by_cached_key(|row| format!("{row:?}"));
    rows
}
