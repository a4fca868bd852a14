//! Users: people to whom authenticators are assigned. A user name is unique in its tenant, whatever the case.

mod count;
mod filter;
mod get;
mod history;
mod index;
mod matching;
mod page;
mod plan;
mod row;
mod walk;
mod write;

pub use count::{by_status, total};
pub use filter::{Column, Filter, Sort};
pub use get::{by_ids, by_name, by_names, get, listed, lock};
pub use history::{imports_of, note_import};
pub use page::{Listed, Page, page};
pub use walk::Walk;
pub use write::{Changed, insert, insert_many, save, save_many};

pub(crate) use get::{Holding, holding};
