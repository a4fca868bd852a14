//! On PostgreSQL.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use tokio::sync::{Mutex, mpsc};
use tokio_postgres::{Client, Statement};
use uuid::Uuid;

use super::{CONNECTIONS, GROUP, Lanes, Waiting};
use crate::otp::tokens;
use crate::reference::postgres::{connect, new_database};

const CHUNK: usize = 2_000;
/// Writers of the prototype, each with the serial numbers that lead to it.
const WRITERS: usize = 4;
/// How many entries have been recorded.
static ENTRIES: AtomicU64 = AtomicU64::new(0);

/// Makes a database with so many tokens; answers its URL.
pub(super) async fn filled(url: &str, count: u64) -> Result<String> {
    let url = new_database(url).await?;
    let client = connect(&url).await?;
    client
        .batch_execute(
            "CREATE TABLE tokens (tenant_id uuid NOT NULL, id uuid NOT NULL, serial_number text COLLATE \"C\" NOT NULL,
                 seed bytea NOT NULL, counter bigint NOT NULL, PRIMARY KEY (tenant_id, id),
                 UNIQUE (tenant_id, serial_number)) WITH (fillfactor = 80);
             CREATE TABLE log (tenant_id uuid NOT NULL, id uuid NOT NULL, serial_number text COLLATE \"C\" NOT NULL,
                 outcome text COLLATE \"C\" NOT NULL, PRIMARY KEY (tenant_id, id))",
        )
        .await?;
    let insert = client
        .prepare("INSERT INTO tokens SELECT $1::uuid, i, s, k, 0 FROM unnest($2::uuid[], $3::text[], $4::bytea[]) AS t (i, s, k)")
        .await?;
    let numbers: Vec<u64> = (0..count).collect();
    for chunk in numbers.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|number| Uuid::from_u64_pair(*number, 0)).collect();
        let serials: Vec<String> = chunk.iter().map(|number| tokens::serial_number(*number)).collect();
        let seeds: Vec<Vec<u8>> = chunk.iter().map(|number| tokens::seed(*number).to_vec()).collect();
        client.execute(&insert, &[&Uuid::nil(), &ids, &serials, &seeds]).await?;
    }
    client.batch_execute("ANALYZE tokens").await?;
    Ok(url)
}

/// A connection with its statements.
struct Writer {
    client: Client,
    load: Statement,
    save: Statement,
    record: Statement,
}

impl Writer {
    async fn new(url: &str, lock: &str) -> Result<Self> {
        let client = connect(url).await?;
        let load = format!(
            "SELECT serial_number, id, seed, counter FROM tokens WHERE tenant_id = $1 AND serial_number = ANY ($2::text[]){lock}"
        );
        Ok(Self {
            load: client.prepare(&load).await?,
            save: client
                .prepare(
                    "UPDATE tokens SET counter = t.c FROM unnest($2::uuid[], $3::bigint[]) AS t (i, c)
                      WHERE tenant_id = $1 AND id = t.i",
                )
                .await?,
            record: client
                .prepare("INSERT INTO log SELECT $1::uuid, i, s, o FROM unnest($2::uuid[], $3::text[], $4::text[]) AS t (i, s, o)")
                .await?,
            client,
        })
    }

    /// Checks, counts and records these in one transaction, and answers them.
    async fn commit(&mut self, group: Vec<Waiting>) -> Result<()> {
        let transaction = self.client.transaction().await?;
        let serials: Vec<&str> = group
            .iter()
            .map(|waiting| waiting.asked.serial_number.as_str())
            .collect();
        let rows = transaction.query(&self.load, &[&Uuid::nil(), &serials]).await?;
        let mut tokens_found: std::collections::HashMap<&str, (Uuid, &[u8], i64)> = rows
            .iter()
            .map(|row| (row.get(0), (row.get(1), row.get(2), row.get(3))))
            .collect();
        let mut outcomes = Vec::with_capacity(group.len());
        for waiting in &group {
            let serial = waiting.asked.serial_number.as_str();
            let token = tokens_found.get_mut(serial).context("an unknown token")?;
            let next = tokens::accepted(token.1, u64::try_from(token.2)?, waiting.asked.otp.parse()?);
            if let Some(next) = next {
                token.2 = i64::try_from(next)?;
            }
            outcomes.push(next.is_some());
        }
        let ids: Vec<Uuid> = tokens_found.values().map(|token| token.0).collect();
        let counters: Vec<i64> = tokens_found.values().map(|token| token.2).collect();
        transaction
            .execute(&self.save, &[&Uuid::nil(), &ids, &counters])
            .await?;
        let entries: Vec<Uuid> = group.iter().map(|_| entry()).collect();
        let words: Vec<&str> = outcomes
            .iter()
            .map(|accepted| if *accepted { "ok" } else { "rejected" })
            .collect();
        transaction
            .execute(&self.record, &[&Uuid::nil(), &entries, &serials, &words])
            .await?;
        transaction.commit().await?;
        for (waiting, accepted) in group.into_iter().zip(outcomes) {
            let _ = waiting.answer.send(accepted);
        }
        Ok(())
    }
}

/// A pool of connections, each with a transaction a request.
pub(super) async fn each(url: &str) -> Result<Lanes> {
    let (lane, requests) = mpsc::unbounded_channel::<Waiting>();
    let requests = Arc::new(Mutex::new(requests));
    for _ in 0..CONNECTIONS {
        let (mut writer, requests) = (Writer::new(url, " FOR UPDATE").await?, requests.clone());
        tokio::spawn(async move {
            loop {
                let next = requests.lock().await.recv().await;
                let Some(next) = next else { break };
                // A request that fails is dropped, and answers 500.
                let _ = writer.commit(vec![next]).await;
            }
        });
    }
    Ok(Lanes(vec![lane]))
}

/// A few writers, each with one commit for all that wait for it.
pub(super) async fn grouped(url: &str) -> Result<Lanes> {
    let mut lanes = Vec::new();
    for _ in 0..WRITERS {
        let (lane, mut requests) = mpsc::unbounded_channel();
        let mut writer = Writer::new(url, "").await?;
        lanes.push(lane);
        tokio::spawn(async move {
            let mut group = Vec::new();
            while requests.recv_many(&mut group, GROUP).await > 0 {
                let _ = writer.commit(std::mem::take(&mut group)).await;
            }
        });
    }
    Ok(Lanes(lanes))
}

/// Ids of entries that ascend like `UUIDv7`.
fn entry() -> Uuid {
    Uuid::from_u64_pair(ENTRIES.fetch_add(1, Ordering::Relaxed), 0)
}
