//! Security keys: lists, single keys with their history, orders, export.

mod commands;
mod configure;
mod enroll;
mod export;
mod history;
mod initial_pin;
mod list;
mod notify;
pub(crate) mod obey;
mod observe;
pub(crate) mod order;
mod pins;
mod reinstate;
mod removal;
mod show;
mod told;

pub use commands::{
    assign, delete, dispose, link_policy, quarantine, release, resume, revoke, suspend, unassign, unlink_policy,
};
pub use configure::{Configuration, Preparation, Prepared, ToWrite, abandon, configure, confirm};
pub use enroll::enroll;
pub use export::export;
pub use history::history;
pub use initial_pin::{Disclosed, Look, Opened, extend_initial_pin, initial_pin, show_initial_pin};
pub(crate) use list::permitted;
pub use list::{Counts, Listing, counts, list};
pub use notify::Hindrance;
pub(crate) use obey::{label, sentence};
pub use observe::observe;
pub use order::{Order, Revocation};
pub use reinstate::reinstate;
pub use removal::{confirm_removed, retry_removal};
pub use show::{Shown, get};
pub use told::{Preview, preview, preview_many, retry_mail};
