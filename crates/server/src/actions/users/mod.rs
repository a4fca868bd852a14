//! Users: people to whom authenticators are assigned.

mod export;
mod history;
mod import;
mod read;
mod write;

pub use export::export;
pub use history::history;
pub use import::{Report, apply, preview};
pub use read::{Listing, get, list};
pub use write::{create, disable, enable, update};

use claviger_domain::{
    PrivilegeSet,
    role::Standing,
    user::{Command, User},
};
use claviger_store::users::Listed;
use serde_json::{Value, json};

use crate::actions::entries::Object;

/// A user as he is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The user with the number of his keys.
    pub listed: Listed,
    /// The commands that he would take now from this caller.
    pub allowed: Vec<Command>,
}

impl Shown {
    pub(crate) fn new(listed: Listed, privileges: PrivilegeSet, standing: Standing) -> Self {
        Self {
            allowed: listed.user.allowed_actions(privileges, standing),
            listed,
        }
    }
}

pub(crate) fn object(user: &User) -> Object<'_> {
    Object {
        kind: "user",
        id: user.id().as_uuid(),
        label: user.user_name().as_str(),
        revision: user.revision().get(),
    }
}

/// What an event says of a user.
pub(crate) fn said(user: &User) -> Value {
    json!({
        "user_name": user.user_name().as_str(),
        "display_name": user.display_name().as_str(),
        "email": user.email().map(claviger_domain::text::Email::as_str),
        "locale": user.locale().map(claviger_domain::text::Locale::as_str),
        "status": user.status().as_str(),
    })
}
