//! Clients that verify codes one after the other, each with tokens of its own, so that every code is right once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::tokens;
use crate::dataset;
use crate::load::Connection;

/// Where codes are verified.
#[derive(Clone)]
pub(crate) struct Verifier {
    pub(crate) address: SocketAddr,
    pub(crate) path: &'static str,
    pub(crate) token: String,
    counters: Arc<Vec<AtomicU64>>,
}

impl Verifier {
    /// With so many tokens, none of which has been used.
    pub(crate) fn new(address: SocketAddr, path: &'static str, token: &str, tokens: u64) -> Self {
        Self {
            address,
            path,
            token: token.to_owned(),
            counters: Arc::new((0..tokens).map(|_| AtomicU64::new(0)).collect()),
        }
    }

    /// How long each verification took, of so many clients, until it is said that it is enough.
    pub(crate) async fn until(&self, clients: usize, enough: Arc<AtomicBool>) -> Result<Vec<Duration>> {
        let mut tasks = tokio::task::JoinSet::new();
        for client in 0..clients {
            tasks.spawn(self.clone().client(client, clients, enough.clone()));
        }
        let mut times = Vec::new();
        while let Some(part) = tasks.join_next().await {
            times.extend(part??);
        }
        Ok(times)
    }

    /// How long each verification took, of so many clients in such a time.
    pub(crate) async fn during(&self, clients: usize, time: Duration) -> Result<Vec<Duration>> {
        let enough = Arc::new(AtomicBool::new(false));
        let told = enough.clone();
        let alarm = tokio::spawn(async move {
            tokio::time::sleep(time).await;
            told.store(true, Ordering::Relaxed);
        });
        let times = self.until(clients, enough).await?;
        alarm.await?;
        Ok(times)
    }

    async fn client(self, client: usize, clients: usize, enough: Arc<AtomicBool>) -> Result<Vec<Duration>> {
        let mut connection = Connection::open(self.address, &self.token).await?;
        let own = u64::try_from(self.counters.len() / clients)?;
        let mut times = Vec::new();
        for choice in dataset::choices(own) {
            if enough.load(Ordering::Relaxed) {
                break;
            }
            let number = usize::try_from(choice)? * clients + client;
            times.push(self.verify(&mut connection, number).await?);
        }
        Ok(times)
    }

    async fn verify(&self, connection: &mut Connection, number: usize) -> Result<Duration> {
        let number_of = u64::try_from(number)?;
        let counter = self
            .counters
            .get(number)
            .map_or(0, |counter| counter.fetch_add(1, Ordering::Relaxed));
        let (serial, otp) = (
            tokens::serial_number(number_of),
            tokens::code(&tokens::seed(number_of), counter),
        );
        let body = format!(r#"{{"serial_number":"{serial}","otp":"{otp:06}"}}"#);
        let begin = Instant::now();
        let answer = connection.post(self.path, &body).await?;
        let time = begin.elapsed();
        let accepted = answer.windows(ACCEPTED.len()).any(|part| part == ACCEPTED);
        ensure!(accepted, "{serial} at {counter}: {}", String::from_utf8_lossy(answer));
        Ok(time)
    }
}

const ACCEPTED: &[u8] = br#""accepted":true"#;
