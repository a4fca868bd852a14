//! A small HTTP/1.1 load maker: keep-alive connections that send one request after the other.
//!
//! It reads no more of an answer than its length, so that on a small machine the server is what is measured.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    head: String,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let head = format!("HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n");
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(65_536),
            head,
        })
    }

    /// Asks for a path and answers the body.
    pub(crate) async fn get(&mut self, path: &str) -> Result<&[u8]> {
        let request = format!("GET {path} {}\r\n", self.head);
        self.ask(path, &request).await
    }

    /// Sends JSON to a path and answers the body.
    pub(crate) async fn post(&mut self, path: &str, json: &str) -> Result<&[u8]> {
        let (head, length) = (&self.head, json.len());
        let request =
            format!("POST {path} {head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}");
        self.ask(path, &request).await
    }

    async fn ask(&mut self, path: &str, request: &str) -> Result<&[u8]> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let (body, length) = loop {
            if let Some(found) = head_end(&self.buffer) {
                break (found, length(self.buffer.get(..found).unwrap_or_default(), path)?);
            }
            self.more().await?;
        };
        while self.buffer.len() < body + length {
            self.more().await?;
        }
        self.buffer
            .get(body..body + length)
            .context("an answer shorter than its length")
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at + 4)
}

fn length(head: &[u8], path: &str) -> Result<usize> {
    let head = std::str::from_utf8(head)?.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        bail!("{path}: {}", head.lines().next().unwrap_or_default());
    }
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    Ok(line.context("an answer without a length")?.trim().parse()?)
}

/// Latencies of one client that asks for these paths in turn.
pub(crate) async fn latencies(address: SocketAddr, token: &str, paths: &[String]) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address, token).await?;
    let mut times = Vec::with_capacity(paths.len());
    for path in paths {
        let start = Instant::now();
        connection.get(path).await?;
        times.push(start.elapsed());
    }
    Ok(times)
}

/// Requests a second that so many clients get in such a time.
pub(crate) async fn throughput(
    address: SocketAddr,
    token: &str,
    paths: Arc<Vec<String>>,
    clients: usize,
    time: Duration,
) -> Result<f64> {
    let done = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + time;
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (done, paths, token) = (done.clone(), paths.clone(), token.to_owned());
        tasks.spawn(async move {
            let mut connection = Connection::open(address, &token).await?;
            for path in paths.iter().cycle().skip(client * 37 % paths.len().max(1)) {
                if Instant::now() >= end {
                    break;
                }
                connection.get(path).await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(crate::measure::rate(done.load(Ordering::Relaxed), time))
}
