//! OTP tokens: lists, single tokens with their history, orders, codes that are tried, export.

mod add;
mod commands;
mod export;
mod find;
mod history;
mod list;
pub(crate) mod obey;
pub(crate) mod order;
mod resync;
mod show;
mod test;

pub use add::{Draft, add};
pub use commands::{assign, compromise, disable, enable, unassign, unlock};
pub use export::export;
pub use find::{Found, find};
pub use history::history;
pub(crate) use list::permitted;
pub use list::{Counts, Listing, counts, list};
pub use order::Order;
pub use resync::{Outcome as Resynchronisation, resync};
pub use show::{Shown, get};
pub use test::test;
