//! `claviger roles privileges`: what each privilege allows, and who holds it.

use claviger_api::{Role, client::Query};
use claviger_domain::Privilege;
use serde::Serialize;

use super::{
    Context,
    listing::{self, Amount},
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Column, Record},
};

/// A privilege with its holders.
#[derive(Debug, Serialize)]
struct Held {
    privilege: String,
    allows: String,
    roles: Vec<String>,
}

impl Record for Held {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Privilege", "privilege", |held| held.privilege.clone()),
        Column::listed("Allows to", "allows", |held| held.allows.clone()),
        Column::further("Roles", "roles", |held| held.roles.join(" ")),
    ];
}

/// Shows the privileges that the server knows, or those of one role.
pub(super) fn show(context: &Context, role: Option<&str>) -> Result<(), Failure> {
    let (roles, _) = listing::collect(Amount::ALL, &Query::new(), |query| context.client.roles(query))?;
    let names = match role {
        None => known(&roles),
        Some(named) => {
            let same = |role: &&Role| role.name.to_lowercase() == named.trim().to_lowercase();
            let found = roles.iter().find(same).ok_or_else(|| {
                Failure::new(Exit::NotFound, format!("there is no role with the name {named:?}"))
                    .hint("`claviger roles list` shows them all")
            })?;
            found.privileges.clone()
        }
    };
    let held: Vec<Held> = names.into_iter().map(|name| held(name, &roles)).collect();
    context.output.many(&held)
}

/// All of them: the Owner holds every one.
fn known(roles: &[Role]) -> Vec<String> {
    let most = roles.iter().max_by_key(|role| role.privileges.len());
    most.map(|role| role.privileges.clone()).unwrap_or_default()
}

fn held(privilege: String, roles: &[Role]) -> Held {
    let about = Privilege::parse(&privilege).map(Privilege::about);
    Held {
        allows: about.map(in_a_sentence).unwrap_or_default(),
        roles: roles
            .iter()
            .filter(|role| role.privileges.contains(&privilege))
            .map(|role| role.name.clone())
            .collect(),
        privilege,
    }
}

/// The end of a sentence that begins with *allows to*.
fn in_a_sentence(about: &str) -> String {
    let mut letters = about.trim_end_matches('.').chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}
