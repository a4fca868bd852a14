//! Security keys: lists, single keys with their history, orders, export.

mod commands;
mod export;
mod history;
mod list;
mod notify;
pub(crate) mod obey;
pub(crate) mod order;
mod show;

pub use commands::{
    assign, delete, dispose, link_policy, quarantine, release, resume, revoke, suspend, unassign, unlink_policy,
};
pub use export::{Export, export};
pub use history::{Event, History, history};
pub(crate) use list::permitted;
pub use list::{Counts, Listing, counts, list};
pub(crate) use obey::sentence;
pub use order::{Order, Revocation};
pub use show::{Shown, get};
