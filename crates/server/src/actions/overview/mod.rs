//! The overview: what counters know of all keys, and what needs attention. Nothing here is counted row by row without
//! a bound.

mod attention;

use claviger_domain::{Privilege, security_key::Status};
use claviger_store::{
    policies,
    security_keys::{self, Tallies},
};

pub use attention::{Item, Kind};

use crate::{Failure, auth::Caller, rest::guard::InventoryRead};

/// What the first page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// All keys by status, in the order of a key's life.
    pub states: Vec<(Status, u64)>,
    /// Keys in use by policy, model and age.
    pub tallies: Tallies,
    /// Names of the policies in use, for those who may see them.
    pub policies: Option<Vec<Named>>,
    /// What is not as it should be, the worst first.
    pub attention: Vec<Item>,
}

/// A policy and how many keys in use have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which; none for keys without one.
    pub id: Option<claviger_domain::PolicyId>,
    /// Its name.
    pub name: String,
    /// Keys in use.
    pub keys: u64,
}

/// Everything that the caller may see of it.
///
/// # Errors
/// What the store meets.
pub async fn overview(caller: &Caller<InventoryRead>) -> Result<Overview, Failure> {
    let (tenant, now, privileges) = (caller.tenant(), caller.now(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let shelves = security_keys::by_shelf(reader, tenant).await?;
            let sum = |status: &Status| {
                let here = shelves.iter().filter(|(shelf, _)| shelf.status == *status);
                (*status, here.map(|(_, keys)| keys).sum())
            };
            let states = Status::ALL.iter().map(sum).collect();
            let tallies = security_keys::tallies(reader, tenant, now).await?;
            let policies = if privileges.contains(Privilege::PolicyRead) {
                let all = policies::list(reader, tenant).await?;
                Some(named(&tallies, &all))
            } else {
                None
            };
            let attention = attention::items(reader, (tenant, now), privileges, tallies.drifting).await?;
            Ok(Overview {
                states,
                tallies,
                policies,
                attention,
            })
        })
        .await
}

/// The policies of keys in use with their names, the commonest first, and last the keys without one.
fn named(tallies: &Tallies, all: &[policies::Listed]) -> Vec<Named> {
    let name = |id| {
        let found = all.iter().find(|listed| Some(listed.policy.id()) == id);
        found
            .map(|listed| listed.policy.name().as_str().to_owned())
            .unwrap_or_default()
    };
    let mut named: Vec<Named> = tallies
        .policies
        .iter()
        .map(|(id, keys)| Named {
            id: *id,
            name: name(*id),
            keys: *keys,
        })
        .collect();
    named.sort_by(|one, other| {
        let rank = |named: &Named| (named.id.is_none(), std::cmp::Reverse(named.keys));
        rank(one).cmp(&rank(other)).then_with(|| one.name.cmp(&other.name))
    });
    named
}
