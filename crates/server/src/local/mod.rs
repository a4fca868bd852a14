//! What is done at the machine itself, without HTTP: first administrators, recovery, checks, the mark against rollback.
//! Whoever may do this can read the database anyway; what he does is in the audit log all the same.

mod error;
pub(crate) mod lock;
mod people;
pub mod private;
mod recover;
mod restore;
pub mod rollback;
mod rotate;
mod setup;
mod verify;

use claviger_domain::TenantId;
use claviger_store::{Actor, Scope, Store, StoreConfig};
use zeroize::Zeroizing;

pub use error::LocalError;
pub use recover::{Recovery, recover_owner};
pub use restore::{Restored, backup, restore};
pub use rotate::{Rotated, Rotation, rotate, unopened};
pub(crate) use setup::make_key;
pub use setup::{FirstSteps, api_token, link};
pub use verify::{read_checkpoints, verify};

use crate::{Config, ports::Clock};

/// Opens the database that the settings name, with its schema up to date.
///
/// # Errors
/// When it cannot be opened.
pub async fn open(config: &Config) -> Result<Store, LocalError> {
    Ok(Store::open(&StoreConfig::parse(&config.database)?).await?)
}

/// The address that one-time links begin with, with a slash at its end.
fn origin(config: &Config) -> String {
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    config.public_url.as_ref().map_or_else(
        || format!("{scheme}://localhost:{}/", config.listen.port()),
        ToString::to_string,
    )
}

/// On behalf of someone at the machine.
pub(crate) fn scope(tenant: TenantId, clock: &Clock) -> Scope {
    Scope {
        tenant,
        actor: Actor::System("command line".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: clock.now(),
    }
}

/// A one-time link, in the only copy there is.
pub type LinkText = Zeroizing<String>;
