//! `serve --demo`: an empty server is filled with a tenant as it might stand after 90 days. Everything is drawn from
//! a fixed seed, decided by the domain and written through the store's one write path, so that counts, search and
//! audit log are as true as in a tenant that people filled.

mod beginning;
mod calendar;
mod cast;
mod deeds;
mod deliveries;
mod dice;
mod history;
mod lives;
mod models;
mod people;
mod rulebooks;
mod stage;
mod tokens;

use claviger_domain::TenantId;
use claviger_store::{Reader, Store, Tx, administrators, settings};
use zeroize::Zeroizing;

use crate::{
    Config,
    auth::passwords::Passwords,
    local::{LocalError, make_key, scope},
    ports::Clock,
    secrets::Keyring,
};

/// Who signs in.
pub const ADMINISTRATOR: &str = "demo@claviger.example";
/// The installation's setting that says how far the demonstration is.
const MARK: &str = "demo";
const BEGUN: &str = "\"begun\"";
const READY: &str = "\"ready\"";

/// How the demonstration stands.
#[derive(Debug)]
pub enum Demo {
    /// It was made just now.
    Made {
        /// The password of [`ADMINISTRATOR`], in the only copy there is.
        password: Zeroizing<String>,
    },
    /// An earlier start made it.
    Kept,
}

/// Fills an empty server, or finds that an earlier start did.
///
/// # Errors
/// Refuses a server with other tenants, and one that was stopped while it was being filled.
pub async fn prepare(config: &Config, store: &Store, clock: &Clock, passwords: &Passwords) -> Result<Demo, LocalError> {
    match mark(store).await? {
        (Some(mark), _) if mark == READY => return Ok(Demo::Kept),
        (Some(_), _) => return Err(refused("the server was stopped while --demo filled it")),
        (None, true) => return Err(refused("--demo fills an empty server, and this one is set up already")),
        (None, false) => {}
    }
    make_key(config, store).await?;
    let password = beginning::password()?;
    let hash = passwords.hash("/password", password.as_str().to_owned()).await;
    let hash = hash.map_err(|failure| LocalError::Invalid(format!("the password cannot be hashed: {failure:?}")))?;
    let kek = config.kek.load(false);
    let keyring = Keyring::new(kek.map_err(|error| LocalError::Refused(error.to_string()))?);
    history::play(store, keyring, clock.now(), hash).await?;
    let ready = async |tx: &mut Tx| Ok::<_, LocalError>(settings::set(tx, TenantId::SYSTEM, MARK, READY, 1).await?);
    store.write(scope(TenantId::SYSTEM, clock), ready).await?;
    Ok(Demo::Made { password })
}

/// How far an earlier start came, and whether anybody is there at all.
async fn mark(store: &Store) -> Result<(Option<String>, bool), LocalError> {
    let read = async |reader: &mut Reader| {
        let mark = settings::get(reader, TenantId::SYSTEM, MARK).await?;
        Ok::<_, LocalError>((mark.map(|mark| mark.value), administrators::any(reader).await?))
    };
    store.read(read).await
}

fn refused(what: &str) -> LocalError {
    LocalError::Refused(format!(
        "{what}; name another folder with --data (or another database with --database), or start without --demo"
    ))
}
