//! Tables and columns as the database itself lists them, so that none can be forgotten.

use crate::dialect::{Dialect, Kind};
use crate::error::Error;
use crate::tx::Reader;

/// A table to copy.
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    pub(super) key: Vec<String>,
    parents: Vec<String>,
}

/// What is not copied: it belongs to the database rather than to its content.
const LEFT_OUT: [&str; 2] = ["schema_migrations", "leases"];
/// The number by which SQLite's search index knows a row; made anew where it is restored.
const DOCID: &str = "row_id";

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, lower(c.type), c.pk FROM pragma_table_list t
    JOIN pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    ORDER BY t.name, c.cid";
const SQLITE_PARENTS: &str = "SELECT DISTINCT t.name, f.\"table\" FROM pragma_table_list t
    JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND t.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL),
    coalesce(array_position(i.indkey::int2[], a.attnum), -1)::bigint + 1
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, a.attnum";
const POSTGRES_PARENTS: &str = "SELECT DISTINCT c.relname::text, p.relname::text FROM pg_constraint f
    JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
    WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace";

/// All tables to copy, those that others refer to first.
pub(super) async fn tables(reader: &mut Reader) -> Result<Vec<Table>, Error> {
    let (columns, parents) = match reader.dialect() {
        Dialect::Sqlite => (SQLITE_COLUMNS, SQLITE_PARENTS),
        Dialect::Postgres => (POSTGRES_COLUMNS, POSTGRES_PARENTS),
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in reader.query(columns, &[]).await? {
        let (name, column) = (row.text(0)?, row.text(1)?);
        if LEFT_OUT.contains(&name) {
            continue;
        }
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table {
                name: name.to_owned(),
                columns: Vec::new(),
                key: Vec::new(),
                parents: Vec::new(),
            });
        }
        let Some(table) = tables.last_mut() else { continue };
        if row.get::<i64>(3)? > 0 {
            table.key.push(column.to_owned());
        }
        if column != DOCID {
            table
                .columns
                .push((column.to_owned(), kind(name, column, row.text(2)?)?));
        }
    }
    for row in reader.query(parents, &[]).await? {
        let (child, parent) = (row.text(0)?, row.text(1)?);
        if let Some(table) = tables.iter_mut().find(|table| table.name == child && child != parent) {
            table.parents.push(parent.to_owned());
        }
    }
    Ok(sorted(tables))
}

fn sorted(mut rest: Vec<Table>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::new();
    while !rest.is_empty() {
        let waits = |table: &Table| {
            table
                .parents
                .iter()
                .any(|name| rest.iter().any(|other| other.name == *name))
        };
        // Tables that refer to each other in a ring could not be filled at all, so any will do.
        let next = rest.iter().position(|table| !waits(table)).unwrap_or(0);
        done.push(rest.remove(next));
    }
    done
}

fn kind(table: &str, column: &str, name: &str) -> Result<Kind, Error> {
    match name {
        "uuid" => Ok(Kind::Uuid),
        "bigint" | "integer" => Ok(Kind::Int),
        "text" => Ok(Kind::Text),
        "bytea" | "blob" => Ok(Kind::Bytes),
        "boolean" => Ok(Kind::Bool),
        other => Err(Error::inconsistent(format!(
            "{table}.{column} is a {other}, which no backup holds"
        ))),
    }
}

impl Table {
    pub(super) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The page behind the key that is bound, or the first when none is: the copied columns, then the key.
    pub(super) fn page(&self, bound: usize, limit: i64) -> String {
        let (names, key) = (self.names().join(", "), self.key.join(", "));
        let behind = if bound == 0 {
            String::new()
        } else {
            let marks: Vec<String> = (1..=bound).map(|number| format!("${number}")).collect();
            format!("WHERE ({key}) > ({})", marks.join(", "))
        };
        format!(
            "SELECT {names}, {key} FROM {} {behind} ORDER BY {key} LIMIT {limit}",
            self.name
        )
    }
}
