//! Opens connections, each with the settings that durability and isolation rest on.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Fault};

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Create the file and write.
    Write,
    /// Read alone.
    Read,
}

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 512;

/// Opens a connection. The writer syncs the log at each commit (`synchronous=FULL`): with less, a
/// power cut loses commits that were acknowledged.
pub(crate) fn connect(path: &Path, access: Access) -> Result<Connection, Error> {
    if access == Access::Write {
        keep_to_ourselves(path)?;
    }
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    rusqlite::vtab::array::load_module(&connection)?;
    let settings = match access {
        Access::Write => {
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;
             PRAGMA trusted_schema = OFF;"
        }
        Access::Read => {
            "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;
             PRAGMA mmap_size = 268435456; PRAGMA trusted_schema = OFF;"
        }
    };
    connection.execute_batch(settings)?;
    // Plans do not look at what is bound. Otherwise a statement with `LIKE $n` is parsed and planned anew at each use,
    // which costs more than most of them do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Makes a new file that only its owner may read, whatever the process's mask: SQLite gives the log and
/// the index beside it the same rights. The rights of a file that exists are its administrator's choice.
fn keep_to_ourselves(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::driver(Fault::Io, format!("{}: {error}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{Access, connect};

    #[test]
    fn a_new_database_and_its_log_are_readable_by_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claviger.db");
        let connection = connect(&file, Access::Write).unwrap();
        connection.execute_batch("CREATE TABLE t (a INTEGER)").unwrap();
        for name in ["claviger.db", "claviger.db-wal", "claviger.db-shm"] {
            let mode = std::fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
