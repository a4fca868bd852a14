//! Security keys: lists, single keys with their history, orders, export.

mod commands;
mod export;
mod history;
mod list;
mod notify;
pub(crate) mod obey;
pub(crate) mod order;
mod removal;
mod show;
mod told;

pub use commands::{
    assign, delete, dispose, link_policy, quarantine, release, resume, revoke, suspend, unassign, unlink_policy,
};
pub use export::{Export, export};
pub use history::history;
pub(crate) use list::permitted;
pub use list::{Counts, Listing, counts, list};
pub use notify::Hindrance;
pub(crate) use obey::{label, sentence};
pub use order::{Order, Revocation};
pub use removal::{confirm_removed, retry_removal};
pub use show::{Shown, get};
pub use told::{Preview, preview, retry_mail};
