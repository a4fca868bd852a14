//! On SQLite, durable like the product.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::mpsc;

use super::{Asked, CONNECTIONS, Lanes, Waiting, group};
use crate::otp::tokens;
use crate::reference::sqlite::id;

const CHUNK: usize = 2_000;
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;";

/// A database file that goes with its folder.
pub(crate) struct File(tempfile::TempDir);

impl File {
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("bare.db")
    }

    pub(super) fn filled(count: u64) -> Result<Self> {
        let file = Self(tempfile::tempdir()?);
        let mut connection = Connection::open(file.path())?;
        connection.execute_batch(SETTINGS)?;
        connection.execute_batch(
            "CREATE TABLE tokens (tenant_id BLOB NOT NULL, id BLOB NOT NULL, serial_number TEXT NOT NULL,
                 seed BLOB NOT NULL, counter INTEGER NOT NULL, PRIMARY KEY (tenant_id, id),
                 UNIQUE (tenant_id, serial_number)) STRICT;
             CREATE TABLE log (number INTEGER PRIMARY KEY, tenant_id BLOB NOT NULL, serial_number TEXT NOT NULL,
                 outcome TEXT NOT NULL) STRICT",
        )?;
        let numbers: Vec<u64> = (0..count).collect();
        for chunk in numbers.chunks(CHUNK) {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, 0)")?;
                for number in chunk {
                    let row = (tokens::serial_number(*number), tokens::seed(*number));
                    insert.execute(params![[0_u8; 16], id(*number), row.0, row.1])?;
                }
            }
            transaction.commit()?;
        }
        Ok(file)
    }
}

fn open(source: &str) -> Result<Connection> {
    let connection = Connection::open(source)?;
    connection.execute_batch(SETTINGS)?;
    // Writers of a pool stand in each other's way: they wait until it is their turn.
    connection.busy_timeout(Duration::from_mins(1))?;
    Ok(connection)
}

/// A pool of connections on threads of their own, each with a transaction a request.
pub(super) fn each(source: &str) -> Result<Lanes> {
    let (lane, requests) = mpsc::unbounded_channel::<Waiting>();
    let requests = Arc::new(Mutex::new(requests));
    for _ in 0..CONNECTIONS {
        let (mut connection, requests) = (open(source)?, requests.clone());
        std::thread::spawn(move || {
            loop {
                let next = requests.lock().ok().and_then(|mut requests| requests.blocking_recv());
                let Some(next) = next else { break };
                if let Ok(outcomes) = commit(&mut connection, &[&next.asked]) {
                    let _ = next.answer.send(outcomes.first() == Some(&true));
                }
            }
        });
    }
    Ok(Lanes(vec![lane]))
}

/// One writer, one commit for all that wait.
pub(super) fn grouped(source: &str) -> Result<Lanes> {
    let (lane, mut requests) = mpsc::unbounded_channel();
    let mut connection = open(source)?;
    std::thread::spawn(move || {
        while let Some(group) = group(&mut requests) {
            let asked: Vec<&Asked> = group.iter().map(|waiting| &waiting.asked).collect();
            if let Ok(outcomes) = commit(&mut connection, &asked) {
                for (waiting, accepted) in group.into_iter().zip(outcomes) {
                    let _ = waiting.answer.send(accepted);
                }
            }
        }
    });
    Ok(Lanes(vec![lane]))
}

/// Checks, counts and records these in one transaction; answers which were accepted.
fn commit(connection: &mut Connection, asked: &[&Asked]) -> Result<Vec<bool>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut outcomes = Vec::with_capacity(asked.len());
    for asked in asked {
        outcomes.push(one(&transaction, asked)?);
    }
    transaction.commit()?;
    Ok(outcomes)
}

fn one(transaction: &Connection, asked: &Asked) -> Result<bool> {
    let (id, seed, counter): (Vec<u8>, Vec<u8>, i64) = transaction
        .prepare_cached("SELECT id, seed, counter FROM tokens WHERE tenant_id = ?1 AND serial_number = ?2")?
        .query_row(params![[0_u8; 16], asked.serial_number], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let next = tokens::accepted(&seed, u64::try_from(counter)?, asked.otp.parse()?);
    if let Some(next) = next {
        transaction
            .prepare_cached("UPDATE tokens SET counter = ?1 WHERE tenant_id = ?2 AND id = ?3 AND counter = ?4")?
            .execute(params![i64::try_from(next)?, [0_u8; 16], id, counter])?;
    }
    transaction
        .prepare_cached("INSERT INTO log (tenant_id, serial_number, outcome) VALUES (?1, ?2, ?3)")?
        .execute(params![
            [0_u8; 16],
            asked.serial_number,
            if next.is_some() { "ok" } else { "rejected" }
        ])?;
    Ok(next.is_some())
}
