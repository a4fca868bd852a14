//! A PostgreSQL of our own from the system's binaries: on a spare port, in a folder that goes away with it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// PostgreSQL refuses to run as root; the user `nobody` exists everywhere and owns nothing.
const NOBODY: u32 = 65_534;

/// A running server; it stops and its data goes when this value is dropped, or when this process dies in any way.
pub(crate) struct Postgres {
    lifeline: Child,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server for tests: durable writes are off, so that the disk is not what is measured.
    pub(crate) fn for_tests() -> Result<Self> {
        Self::start(&[
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off",
        ])
    }

    /// Starts a server with durable writes, for measuring.
    pub(crate) fn durable() -> Result<Self> {
        Self::start(&["-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB"])
    }

    /// Where to connect to, as `CLAVIGER_TEST_POSTGRES` and `--database` take it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn start(settings: &[&str]) -> Result<Self> {
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("claviger-postgres-{}", std::process::id()));
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|spare| spare.local_addr())
            .context("no spare port")?
            .port();
        initialise(&programs, &folder)?;
        // The shell waits for its input to end, which happens however this process ends, and then stops the server.
        let script = "\"$0\" \"$@\" & server=$!; cat >/dev/null; kill -INT $server; wait $server";
        let mut command = unprivileged("sh");
        command.args(["-c", script]).arg(programs.join("postgres"));
        command.arg("-D").arg(folder.join("data")).arg("-k").arg(&folder);
        command
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "max_connections=400"])
            .args(settings);
        let log = fs::File::create(folder.join("log")).context("cannot write PostgreSQL's log")?;
        command
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .current_dir("/")
            .process_group(0);
        let lifeline = command.spawn().context("cannot start PostgreSQL")?;
        let server = Self { lifeline, folder, port };
        server.wait_until_ready(&programs)?;
        Ok(server)
    }

    fn wait_until_ready(&self, programs: &Path) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            let mut ready = Command::new(programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ready.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        bail!("PostgreSQL did not answer within a minute; it wrote:\n{log}")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.lifeline.stdin.take());
        let _ended = self.lifeline.wait();
        let _removed = fs::remove_dir_all(&self.folder);
    }
}

fn initialise(programs: &Path, folder: &Path) -> Result<()> {
    fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    if is_root() {
        chown(folder, Some(NOBODY), Some(NOBODY))?;
    }
    let mut command = unprivileged(programs.join("initdb"));
    command.arg("-D").arg(folder.join("data"));
    command
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        .current_dir("/");
    let output = command.stdin(Stdio::null()).output().context("cannot start initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn unprivileged(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let folders = versions.map(|version| version.path().join("bin"));
    let newest = folders.filter(|folder| folder.join("initdb").is_file()).max();
    newest.context("PostgreSQL is not in /usr/lib/postgresql; `cargo xtask doctor` says how to get it")
}
