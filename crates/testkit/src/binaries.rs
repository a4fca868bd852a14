//! Finds PostgreSQL's binaries and a user that may run them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// There is no PostgreSQL on this machine.
#[derive(Debug)]
pub struct PostgresMissing;

impl std::fmt::Display for PostgresMissing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "PostgreSQL's server is not installed: `apt-get install postgresql` (Debian: postgresql-15 or newer), \
             or name a running server in CLAVIGER_TEST_POSTGRES",
        )
    }
}

/// The newest `/usr/lib/postgresql/*/bin`; the commands on PATH are wrappers.
pub(crate) fn find() -> Result<PathBuf, PostgresMissing> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|_| PostgresMissing)?;
    versions
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .max()
        .map(|(_, bin)| bin)
        .ok_or(PostgresMissing)
}

/// The unprivileged user to run as when we are root, which PostgreSQL refuses to run as.
pub(crate) fn unprivileged() -> Option<&'static str> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let has_postgres = users.lines().any(|line| line.starts_with("postgres:"));
    root.then_some(if has_postgres { "postgres" } else { "nobody" })
}

/// A command that runs as the unprivileged user when we are root.
pub(crate) fn command(program: &Path) -> Command {
    match unprivileged() {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", user, "--regid", &group_of(user), "--clear-groups", "--"])
                .arg(program);
            command
        }
    }
}

fn group_of(user: &str) -> String {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = users.lines().find(|line| line.split(':').next() == Some(user));
    line.and_then(|line| line.split(':').nth(3))
        .unwrap_or("65534")
        .to_owned()
}
