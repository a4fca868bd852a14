//! Who may ask as clients of privacyIDEA do.

use std::net::IpAddr;

use claviger_domain::TenantId;
use claviger_store::{Reader, tenants};

use super::settings;
use crate::{App, Failure, config::Network};

/// Whether the tenant answers this address.
///
/// # Errors
/// [`Failure::NotFound`] for a tenant that is unknown, suspended, or has not turned this on, and for an address that is in
/// none of its networks: which of these it is, nobody outside learns.
pub(crate) async fn admit(app: &App, tenant: TenantId, address: IpAddr) -> Result<(), Failure> {
    let job = async move |reader: &mut Reader| {
        let known = tenants::get(reader, tenant).await?;
        let settings = settings::of(reader, tenant).await?;
        Ok::<_, Failure>(
            known
                .filter(|known| known.suspended_at.is_none())
                .map(|_| settings.verification),
        )
    };
    let verification = app.store().read(job).await?.ok_or(Failure::NotFound)?;
    let mut networks = verification.compatible_networks.iter();
    let near = networks.any(|network| network.parse().is_ok_and(|network: Network| network.contains(address)));
    if verification.compatible && near {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}
