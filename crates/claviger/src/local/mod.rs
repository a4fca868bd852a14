//! Commands that work on this machine's database, without a server in between.

pub(crate) mod audit;
mod backup;
mod flags;
mod migrate;
pub(crate) mod private;
mod recover_owner;
mod restore;
mod rotate_keys;
mod serve;
mod setup;

use std::future::Future;

use clap::Subcommand;
use claviger_server::{Config, local::LocalError};
use claviger_store::Store;

use crate::{exit::Exit, failure::Failure};

/// Commands that work on this machine's database.
#[derive(Debug, Subcommand)]
pub(crate) enum Local {
    /// Run the server until it is told to stop
    Serve(serve::Serve),
    /// Make the first tenant and its Owner, without a browser
    Setup(setup::Setup),
    /// Let an Owner in again when none can sign in; recorded in the audit log
    RecoverOwner(recover_owner::RecoverOwner),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Write a backup, also while the server runs; it never holds the key-encryption key
    Backup(backup::Backup),
    /// Seal all secrets under new keys, with the servers stopped
    RotateKeys(rotate_keys::RotateKeys),
    /// Put a backup into an empty database, SQLite or PostgreSQL
    Restore(restore::Restore),
}

/// Carries out a command.
pub(crate) fn run(command: Local) -> Result<(), Failure> {
    match command {
        Local::Serve(order) => serve::run(&order),
        Local::Setup(order) => setup::run(&order),
        Local::RecoverOwner(order) => recover_owner::run(&order),
        Local::Migrate(order) => migrate::run(&order),
        Local::Backup(order) => backup::run(&order),
        Local::RotateKeys(order) => rotate_keys::run(&order),
        Local::Restore(order) => restore::run(&order),
    }
}

/// Drives asynchronous work to its end.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // Requests hold secrets; a thread that rests keeps nothing of those that it carried out.
    runtime.enable_all().on_thread_park(claviger_store::threads::wipe_stack);
    runtime
        .build()
        .map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))?
        .block_on(work)
}

/// Opens the database, lets work be done on it, and closes it in any case.
fn with_store<T>(config: &Config, work: impl AsyncFnOnce(&Store) -> Result<T, LocalError>) -> Result<T, Failure> {
    claviger_server::local::private::folder(&config.data)
        .map_err(|cause| Failure::file(config.data.display(), &cause))?;
    wait(async {
        let store = claviger_server::local::open(config).await?;
        let done = work(&store).await;
        store.close().await;
        Ok(done?)
    })
}

/// Refuses a SQLite file that is not there: a command that reads makes no new database.
fn existing(config: &Config) -> Result<(), Failure> {
    use claviger_store::{Database, StoreConfig};
    match StoreConfig::parse(&config.database).map_err(LocalError::from)?.database {
        Database::Sqlite(path) if !path.is_file() => Err(Failure::new(
            Exit::NotFound,
            format!("there is no database {}", path.display()),
        )
        .hint("name its folder with --data, or the database with --database")),
        Database::Sqlite(_) | Database::Postgres(_) => Ok(()),
    }
}

impl From<LocalError> for Failure {
    fn from(error: LocalError) -> Self {
        let exit = match &error {
            LocalError::Refused(_) => Exit::Refused,
            LocalError::Invalid(_) => Exit::Validation,
            LocalError::Store(_) | LocalError::File(..) | LocalError::NoEntropy(_) => Exit::Unexpected,
        };
        Self::new(exit, error.to_string())
    }
}
