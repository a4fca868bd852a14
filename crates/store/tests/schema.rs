#![cfg(test)]
//! The schema's rules, on the schema as migrated: what makes it run unchanged on databases that spread
//! rows by tenant. Every rule has a control: a table that breaks it is found.
//!
//! On SQLite a table with a search index may have an `INTEGER PRIMARY KEY` named `row_id`, which FTS5 needs,
//! beside `UNIQUE (tenant_id, id)`.

use std::collections::BTreeMap;

use claviger_testkit::run;
use rusqlite::Connection;
use tokio_postgres::NoTls;

type Columns = BTreeMap<String, Vec<String>>;

const TABLES: &str =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'";

/// Breaches of the rules in a SQLite schema.
fn sqlite_breaches(database: &Connection) -> Vec<String> {
    let list = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let mut found = list("SELECT 'trigger ' || name FROM sqlite_schema WHERE type = 'trigger'");
    found.extend(list(&format!(
        "SELECT 'not strict: ' || name FROM pragma_table_list WHERE strict = 0 AND name IN ({TABLES})"
    )));
    found.extend(list(&format!(
        "SELECT 'generated column ' || t.name || '.' || c.name FROM ({TABLES}) t JOIN pragma_table_xinfo(t.name) c WHERE c.hidden > 1"
    )));
    found.extend(list(&format!(
        "SELECT 'key of ' || t.name || ' led by ' || coalesce(i.name, '?') FROM ({TABLES}) t JOIN pragma_index_list(t.name) l
         JOIN pragma_index_info(l.name) i WHERE l.\"unique\" = 1 AND i.seqno = 0 AND i.name IS NOT 'tenant_id'"
    )));
    found.extend(list(&format!(
        "SELECT 'partial index on ' || t.name FROM ({TABLES}) t JOIN pragma_index_list(t.name) l WHERE l.partial = 1 AND l.\"unique\" = 1"
    )));
    found.extend(list(&format!(
        "SELECT 'foreign key of ' || t.name FROM ({TABLES}) t JOIN pragma_foreign_key_list(t.name) f
         WHERE f.seq = 0 AND (f.\"from\" <> 'tenant_id' OR f.\"to\" <> 'tenant_id')"
    )));
    // A rowid key has no index of its own.
    found.extend(list(&format!(
        "SELECT 'rowid key ' || t.name || '.' || c.name FROM ({TABLES}) t JOIN pragma_table_info(t.name) c
         WHERE c.pk = 1 AND c.name NOT IN ('tenant_id', 'row_id')"
    )));
    found.extend(list(
        "SELECT 'AUTOINCREMENT ' || name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'",
    ));
    found.extend(list(
        "SELECT 'deferrable ' || name FROM sqlite_schema WHERE sql LIKE '%DEFERRABLE%'",
    ));
    found.sort();
    found.dedup();
    found
}

const POSTGRES_RULES: [&str; 9] = [
    "SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace",
    "SELECT 'sequence ' || relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    "SELECT 'generated column ' || c.relname || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE attgenerated <> '' AND c.relnamespace = 'public'::regnamespace",
    "SELECT 'key of ' || c.relname || ' led by ' || coalesce(a.attname::text, '?') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
     WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND coalesce(a.attname::text, '') <> 'tenant_id'",
    "SELECT 'foreign key ' || f.conname FROM pg_constraint f
     JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
     JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
     WHERE f.contype = 'f' AND (a.attname <> 'tenant_id' OR b.attname <> 'tenant_id')",
    "SELECT 'deferrable ' || conname FROM pg_constraint WHERE condeferrable AND connamespace = 'public'::regnamespace",
    "SELECT 'partial index ' || indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE i.indpred IS NOT NULL AND i.indisunique AND c.relnamespace = 'public'::regnamespace",
    "SELECT 'wide GIN ' || x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
     WHERE m.amname = 'gin' AND i.indnatts > 1 AND x.relnamespace = 'public'::regnamespace",
    "SELECT 'collation of ' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     JOIN pg_collation l ON l.oid = a.attcollation
     WHERE c.relkind = 'r' AND a.attnum > 0 AND c.relnamespace = 'public'::regnamespace AND l.collname <> 'C'",
];

async fn connected(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn postgres_breaches(client: &tokio_postgres::Client) -> Vec<String> {
    let mut found = Vec::new();
    for rule in POSTGRES_RULES {
        found.extend(
            client
                .query(rule, &[])
                .await
                .unwrap()
                .iter()
                .map(|row| row.get::<_, String>(0)),
        );
    }
    found
}

fn sqlite_columns(database: &Connection) -> Columns {
    let sql =
        format!("SELECT t.name, c.name FROM ({TABLES}) t JOIN pragma_table_info(t.name) c WHERE c.name <> 'row_id'");
    let mut statement = database.prepare(&sql).unwrap();
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    collected(pairs.map(Result::unwrap))
}

async fn postgres_columns(client: &tokio_postgres::Client) -> Columns {
    let sql =
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'";
    collected(
        client
            .query(sql, &[])
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get(0), row.get(1))),
    )
}

fn collected(pairs: impl Iterator<Item = (String, String)>) -> Columns {
    let mut columns = Columns::new();
    for (table, column) in pairs {
        columns.entry(table).or_default().push(column);
    }
    for names in columns.values_mut() {
        names.sort();
    }
    columns
}

#[test]
fn the_migrated_schemas_keep_the_rules_and_match() {
    run(|| async {
        let (one, two) = (claviger_testkit::sqlite().await, claviger_testkit::postgres().await);
        let (file, url) = match (&one.config().database, &two.config().database) {
            (claviger_store::Database::Sqlite(file), claviger_store::Database::Postgres(url)) => {
                (file.clone(), url.clone())
            }
            _ => unreachable!("each its engine"),
        };
        let database = Connection::open(file).unwrap();
        let client = connected(&url).await;
        assert_eq!(sqlite_breaches(&database), Vec::<String>::new());
        assert_eq!(postgres_breaches(&client).await, Vec::<String>::new());
        assert_eq!(sqlite_columns(&database), postgres_columns(&client).await);
        one.close().await;
        two.close().await;
    });
}

#[test]
fn control_a_breach_on_sqlite_is_found() {
    let whole = "CREATE TABLE p (tenant_id BLOB, id BLOB, PRIMARY KEY (tenant_id, id)) STRICT;";
    for (breach, says) in [
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY) STRICT; CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
            "trigger",
        ),
        ("CREATE TABLE t (tenant_id BLOB PRIMARY KEY)", "not strict"),
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY, a INTEGER, b INTEGER AS (a + 1) STORED) STRICT",
            "generated",
        ),
        (
            "CREATE TABLE t (id BLOB, tenant_id BLOB, PRIMARY KEY (id, tenant_id)) STRICT",
            "key of t",
        ),
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY, a TEXT UNIQUE) STRICT",
            "key of t",
        ),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT", "rowid key"),
        (
            "CREATE TABLE t (row_id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT",
            "AUTOINCREMENT",
        ),
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY, a TEXT) STRICT; CREATE UNIQUE INDEX i ON t (tenant_id, a) WHERE a > ''",
            "partial",
        ),
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY, p BLOB, FOREIGN KEY (p, tenant_id) REFERENCES p (id, tenant_id)) STRICT",
            "foreign key",
        ),
        (
            "CREATE TABLE t (tenant_id BLOB PRIMARY KEY, p BLOB, FOREIGN KEY (tenant_id, p) REFERENCES p DEFERRABLE) STRICT",
            "deferrable",
        ),
    ] {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(whole).unwrap();
        assert!(sqlite_breaches(&database).is_empty(), "the control's control");
        database.execute_batch(breach).unwrap();
        let found = sqlite_breaches(&database);
        assert!(
            found.iter().any(|breach| breach.starts_with(says)),
            "{breach}: {found:?}"
        );
    }
}

#[test]
fn control_a_breach_on_postgres_is_found() {
    run(|| async {
        let server = claviger_testkit::shared();
        let url = server.database().await;
        let client = connected(&url).await;
        for (breach, says) in [
            ("CREATE TABLE t (tenant_id uuid PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
              CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "trigger"),
            ("CREATE SEQUENCE s", "sequence"),
            ("CREATE TABLE t (tenant_id uuid PRIMARY KEY, a bigint, b bigint GENERATED ALWAYS AS (a + 1) STORED)", "generated"),
            ("CREATE TABLE t (id uuid, tenant_id uuid, PRIMARY KEY (id, tenant_id))", "key of t"),
            ("CREATE TABLE t (tenant_id uuid, a bigint UNIQUE)", "key of t"),
            ("CREATE TABLE p (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));
              CREATE TABLE t (tenant_id uuid, p uuid, FOREIGN KEY (p, tenant_id) REFERENCES p (id, tenant_id))", "foreign key"),
            ("CREATE TABLE t (tenant_id uuid PRIMARY KEY DEFERRABLE)", "deferrable"),
            ("CREATE TABLE t (tenant_id uuid); CREATE UNIQUE INDEX i ON t (tenant_id) WHERE tenant_id IS NOT NULL", "partial"),
            ("CREATE TABLE t (a bigint[], b bigint[]); CREATE INDEX i ON t USING gin (a, b)", "wide GIN"),
            ("CREATE TABLE t (tenant_id uuid, a text)", "collation"),
        ] {
            client.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
            // A foreign key that is not led by the tenant needs a unique key to refer to.
            let breach = breach.replace("PRIMARY KEY (tenant_id, id))", "PRIMARY KEY (tenant_id, id), UNIQUE (id, tenant_id))");
            client.batch_execute(&breach).await.unwrap();
            let found = postgres_breaches(&client).await;
            assert!(found.iter().any(|breach| breach.starts_with(says)), "{breach}: {found:?}");
        }
        server.drop_database(&url).await;
    });
}

#[test]
fn control_a_column_that_one_engine_lacks_is_found() {
    run(|| async {
        let server = claviger_testkit::shared();
        let url = server.database().await;
        let client = connected(&url).await;
        let schema = "CREATE TABLE t (tenant_id uuid PRIMARY KEY, a bigint)";
        client.batch_execute(schema).await.unwrap();
        let database = Connection::open_in_memory().unwrap();
        database
            .execute_batch("CREATE TABLE t (tenant_id BLOB PRIMARY KEY, a INTEGER) STRICT")
            .unwrap();
        assert_eq!(sqlite_columns(&database), postgres_columns(&client).await);
        database.execute_batch("ALTER TABLE t ADD COLUMN b INTEGER").unwrap();
        assert_ne!(sqlite_columns(&database), postgres_columns(&client).await);
        server.drop_database(&url).await;
    });
}
