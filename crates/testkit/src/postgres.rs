//! A PostgreSQL server that lives as long as its value.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::NoTls;

use crate::binaries::{command, find, unprivileged};

/// Whether commits are synced to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As in production.
    Synced,
    /// Faster; for tests that do not claim durability.
    Unsynced,
}

/// A server, or the address of one that runs already.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    port: u16,
    data: Option<PathBuf>,
    child: Option<Child>,
    // Dropped last: the server's files are in it.
    directory: Option<tempfile::TempDir>,
}

/// Names for fresh databases differ by process and count.
static FRESH: AtomicU64 = AtomicU64::new(0);

#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test cannot go on without its database"
)]
impl Postgres {
    /// Starts a server, synced as asked.
    ///
    /// # Panics
    /// When PostgreSQL is missing (the message names the package) or does not start.
    #[must_use]
    pub fn start(durability: Durability) -> Self {
        let bin = find().unwrap_or_else(|missing| panic!("{missing}"));
        let directory = tempfile::Builder::new()
            .prefix("claviger-pg-")
            .tempdir()
            .expect("a temporary directory");
        let data = directory.path().join("data");
        hand_over(directory.path());
        succeed(command(&bin.join("initdb")).arg("--pgdata").arg(&data).args([
            "--username=claviger",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        let port = spare_port();
        let mut server = command(&bin.join("postgres"));
        server
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-k"])
            .arg(directory.path());
        server.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=400",
            "-c",
            "shared_buffers=64MB",
        ]);
        if durability == Durability::Unsynced {
            server.args([
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ]);
        }
        let log = std::fs::File::create(directory.path().join("log")).expect("a log");
        let child = server
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("postgres starts");
        let server = Self {
            url: format!("postgres://claviger@127.0.0.1:{port}/postgres"),
            port,
            data: Some(data),
            child: Some(child),
            directory: Some(directory),
        };
        server.wait();
        server
    }

    /// The address of its maintenance database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes an empty database and answers its address.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn database(&self) -> String {
        let name = format!("t{}_{}", std::process::id(), FRESH.fetch_add(1, Ordering::Relaxed));
        self.run(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))
        .await;
        let (base, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let (server, _) = base.rsplit_once('/').expect("an address with a database");
        if query.is_empty() {
            format!("{server}/{name}")
        } else {
            format!("{server}/{name}?{query}")
        }
    }

    /// Removes a database that [`Self::database`] made, whoever is still connected.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn drop_database(&self, url: &str) {
        let base = url.split_once('?').map_or(url, |(base, _)| base);
        let name = base.rsplit('/').next().expect("a database");
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }

    /// Carries out a statement in the maintenance database.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn run(&self, sql: &str) {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls)
            .await
            .expect("PostgreSQL answers");
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.expect("the statement is carried out");
        connection.abort();
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_mins(2);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        // On a thread of its own, since the caller may be inside a runtime.
        let url = self.url.clone();
        let ready = std::thread::spawn(move || {
            while Instant::now() < end {
                if runtime.block_on(tokio_postgres::connect(&url, NoTls)).is_ok() {
                    return true;
                }
                std::thread::sleep(Duration::from_millis(30));
            }
            false
        });
        assert!(
            ready.join().unwrap_or(false),
            "PostgreSQL did not start within 30 seconds"
        );
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // The postmaster's own pid: the child may be `setpriv`, which has become it by exec.
        if let Some(pid) = self.data.as_ref().and_then(|data| pid(data)) {
            let _ = Command::new("kill").args(["-INT", &pid]).status();
        }
        let _ = child.wait();
    }
}

/// One server for all tests of a process, not synced; it ends with the process.
///
/// # Panics
/// As [`Postgres::start`].
pub fn shared() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "tests are told so, not configured")]
        if let Ok(url) = std::env::var("CLAVIGER_TEST_POSTGRES") {
            return Postgres {
                url,
                port: 0,
                data: None,
                child: None,
                directory: None,
            };
        }
        let mut server = Postgres::start(Durability::Unsynced);
        stop_with_this_process(&mut server);
        server
    })
}

/// A database as `pg_dump` writes it.
///
/// # Panics
/// When PostgreSQL is missing or refuses.
#[must_use]
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test cannot go on without its database"
)]
pub fn dump(url: &str) -> Vec<u8> {
    let bin = find().unwrap_or_else(|missing| panic!("{missing}"));
    let dumped = Command::new(bin.join("pg_dump")).arg(url).output();
    let dumped = dumped.expect("pg_dump runs");
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    dumped.stdout
}

/// Statics are not dropped, so a small shell waits for our end: its input closes when we are gone.
#[expect(
    clippy::expect_used,
    clippy::zombie_processes,
    reason = "it outlives us, and a test cannot go on without"
)]
fn stop_with_this_process(server: &mut Postgres) {
    let (Some(data), Some(directory)) = (&server.data, &server.directory) else {
        return;
    };
    let script =
        r#"read _; kill -INT "$1" 2>/dev/null; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2""#;
    let mut watcher = Command::new("setsid")
        .args(["sh", "-c", script, "sh", &pid(data).expect("a running server")])
        .arg(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    // Held open until the process ends.
    if let Some(mut input) = watcher.stdin.take() {
        input.flush().ok();
        std::mem::forget(input);
    }
}

fn pid(data: &Path) -> Option<String> {
    let file = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    file.lines().next().map(str::to_owned)
}

#[expect(clippy::expect_used, reason = "a test cannot go on without")]
fn spare_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a spare port");
    listener.local_addr().expect("an address").port()
}

/// The directory must belong to the user that the server runs as.
fn hand_over(directory: &Path) {
    if let Some(user) = unprivileged() {
        succeed(Command::new("chown").arg(user).arg(directory));
    }
}

#[expect(clippy::expect_used, reason = "a test cannot go on without")]
fn succeed(command: &mut Command) {
    let output = command.output().expect("a command starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
