//! A bare axum handler: one indexed read of a bare table, answered as JSON, without sign-in, rules or logs.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rusqlite::{Connection, OpenFlags};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::{Bare, postgres};

/// Connections that wait for the next request.
enum Pool {
    Sqlite(Mutex<Vec<Connection>>, std::path::PathBuf),
    Postgres(Vec<(tokio_postgres::Client, tokio_postgres::Statement)>),
}

/// A bare handler in a process of its own, as the server is: in the load maker's process it would share its threads.
pub(crate) struct Handler {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Handler {
    pub(crate) fn start(bare: &Bare) -> Result<Self> {
        let source = match bare {
            Bare::Sqlite(bare) => bare.file().display().to_string(),
            Bare::Postgres(bare) => bare.url.clone(),
        };
        Self::with(&["--bare-handler", &source])
    }

    /// This program again, serving something bare.
    pub(super) fn with(arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("no output of the bare handler")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().context("the bare handler's address")?;
        Ok(Self { child, address })
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // Its input ends, and with it the process.
        self.child.stdin.take();
        let _ = self.child.wait();
    }
}

/// Serves `/keys/NUMBER`.
pub(crate) async fn serve(source: &str) -> Result<()> {
    let pool = if source.starts_with("postgres") {
        let mut clients = Vec::new();
        for _ in 0..16 {
            let client = postgres::connect(source).await?;
            let sql = "SELECT device_name, serial_number, version, imported_at FROM keys
                        WHERE tenant_id = $1 AND id = $2";
            let statement = client.prepare(sql).await?;
            clients.push((client, statement));
        }
        Pool::Postgres(clients)
    } else {
        Pool::Sqlite(Mutex::new(Vec::new()), source.into())
    };
    let router = Router::new()
        .route("/keys/{number}", get(one))
        .with_state(Arc::new(pool));
    until_input_ends(router).await
}

/// Serves on a spare address, which it prints, until the standard input ends.
pub(super) async fn until_input_ends(router: Router) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", listener.local_addr()?)?;
    output.flush()?;
    let ended = async {
        let mut rest = Vec::new();
        // Whatever it says, the harness is gone.
        let _ = tokio::io::stdin().read_to_end(&mut rest).await;
    };
    Ok(axum::serve(listener, router).with_graceful_shutdown(ended).await?)
}

async fn one(State(pool): State<Arc<Pool>>, uri: Uri) -> Response {
    let number = uri
        .path()
        .rsplit('/')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let row = match pool.as_ref() {
        Pool::Sqlite(idle, file) => read_sqlite(idle, file, number),
        Pool::Postgres(clients) => read_postgres(clients, number).await,
    };
    match row {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => (axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn read_sqlite(idle: &Mutex<Vec<Connection>>, file: &std::path::Path, number: u64) -> Result<String> {
    let waiting = idle.lock().ok().and_then(|mut idle| idle.pop());
    let connection = match waiting {
        Some(connection) => connection,
        None => Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
    };
    let json = connection
        .prepare_cached(
            "SELECT device_name, serial_number, version, imported_at FROM keys WHERE tenant_id = ?1 AND id = ?2",
        )?
        .query_row(([0_u8; 16], super::sqlite::id(number)), |row| {
            Ok(json(
                row.get_ref(0)?.as_str()?,
                row.get_ref(1)?.as_str()?,
                row.get_ref(2)?.as_str()?,
                row.get(3)?,
            ))
        })?;
    if let Ok(mut idle) = idle.lock() {
        idle.push(connection);
    }
    Ok(json)
}

async fn read_postgres(clients: &[(tokio_postgres::Client, tokio_postgres::Statement)], number: u64) -> Result<String> {
    let index = usize::try_from(number)? % clients.len().max(1);
    let (client, statement) = clients.get(index).ok_or_else(|| anyhow::anyhow!("no connection"))?;
    let row = client
        .query_one(statement, &[&Uuid::nil(), &Uuid::from_u64_pair(number, 0)])
        .await?;
    Ok(json(row.get(0), row.get(1), row.get(2), row.get(3)))
}

fn json(device_name: &str, serial_number: &str, version: &str, imported_at: i64) -> String {
    serde_json::json!({
        "device_name": device_name, "serial_number": serial_number, "version": version, "imported_at": imported_at,
    })
    .to_string()
}
