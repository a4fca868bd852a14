//! Bare PostgreSQL: one table with its primary key and the unique serial number, rows sent as columns.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::dataset;

const CHUNK: usize = 2_000;
/// How many databases this process has made.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A connection that is driven in the background.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(async move {
        // A broken connection shows itself in the next statement.
        let _ = connection.await;
    });
    Ok(client)
}

/// Makes an empty database on the server; answers its URL.
pub(crate) async fn new_database(url: &str) -> Result<String> {
    let client = connect(url).await?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("bench_{}_{number}", std::process::id());
    client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    let mut url = reqwest::Url::parse(url).context("the database's URL")?;
    url.set_path(&name);
    Ok(url.to_string())
}

/// A filled table in a database of its own.
pub(crate) struct Bare {
    pub(crate) url: String,
    client: Client,
}

impl Bare {
    pub(crate) async fn filled(url: &str, rows: u64) -> Result<(Self, Duration)> {
        let url = new_database(url).await?;
        let client = connect(&url).await?;
        client
            .batch_execute(
                "CREATE TABLE keys (tenant_id uuid NOT NULL, id uuid NOT NULL, device_name text COLLATE \"C\" NOT NULL,
                     serial_number text COLLATE \"C\" NOT NULL, version text COLLATE \"C\" NOT NULL,
                     imported_at bigint NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, serial_number))",
            )
            .await?;
        let begin = Instant::now();
        let insert = client
            .prepare(
                "INSERT INTO keys SELECT $1::uuid, i, d, s, v, 0
                   FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS t (i, d, s, v)",
            )
            .await?;
        let numbers: Vec<u64> = (0..rows).collect();
        for chunk in numbers.chunks(CHUNK) {
            let ids: Vec<Uuid> = chunk.iter().map(|number| Uuid::from_u64_pair(*number, 0)).collect();
            let keys: Vec<dataset::Row> = chunk.iter().map(|number| dataset::row(*number)).collect();
            let names: Vec<&str> = keys.iter().map(|key| key.device_name).collect();
            let serials: Vec<&str> = keys.iter().map(|key| key.serial_number.as_str()).collect();
            let versions: Vec<&str> = keys.iter().map(|key| key.version).collect();
            client
                .execute(&insert, &[&Uuid::nil(), &ids, &names, &serials, &versions])
                .await?;
        }
        let time = begin.elapsed();
        client.batch_execute("ANALYZE keys").await?;
        Ok((Self { url, client }, time))
    }

    pub(crate) async fn walk(&self) -> Result<Duration> {
        let begin = Instant::now();
        let mut after = Uuid::nil();
        let page = self
            .client
            .prepare(
                "SELECT id, device_name, serial_number, version, imported_at FROM keys
                  WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT 2000",
            )
            .await?;
        let mut sink = std::io::sink();
        loop {
            let rows = self.client.query(&page, &[&Uuid::nil(), &after]).await?;
            for row in &rows {
                let texts: (&str, &str, &str) = (row.get(1), row.get(2), row.get(3));
                writeln!(sink, "{},{},{},{}", texts.0, texts.1, texts.2, row.get::<_, i64>(4))?;
            }
            match rows.last() {
                Some(last) => after = last.get(0),
                None => return Ok(begin.elapsed()),
            }
        }
    }

    pub(crate) async fn scan(&self, text: &str) -> Result<Duration> {
        let begin = Instant::now();
        let sql = "SELECT id FROM keys WHERE tenant_id = $1 AND serial_number LIKE $2 ORDER BY serial_number LIMIT 50";
        self.client.query(sql, &[&Uuid::nil(), &format!("%{text}%")]).await?;
        Ok(begin.elapsed())
    }

    pub(crate) async fn count(&self) -> Result<Duration> {
        let begin = Instant::now();
        let sql = "SELECT version, COUNT(*) FROM keys WHERE tenant_id = $1 GROUP BY version";
        self.client.query(sql, &[&Uuid::nil()]).await?;
        Ok(begin.elapsed())
    }
}
