//! OTP tokens with their sealed seeds: the list with its search, pages and walks, imports, changes of single tokens and
//! many, and the codes that are tried. Nothing here knows a seed: they come and go sealed.

pub(crate) mod attempt;
mod count;
mod expiry;
mod filter;
mod get;
mod guard;
mod index;
mod intake;
mod list;
mod matching;
mod plan;
mod row;
mod save;
mod seeds;
mod walk;

pub use attempt::{Decided, Found, Sought};
pub use count::{by_status, count_exact, total};
pub use expiry::{due, shred};
pub use filter::{Column, Filter, Sort};
pub use get::{Existing, Kept, User, by_serial, existing, get, get_many, jobs_of, other_active};
pub use guard::hold;
pub use intake::{NewToken, insert_chunk};
pub use list::{Listed, Page, listed, page};
pub use save::{Changed, insert, note_job, save, save_many, save_tried};
pub use seeds::{reseal, under_key};
pub use walk::{Walk, select_ids};

pub(crate) use count::{ACTIVE, DISABLED, disabled_in_range};
pub(crate) use index::rename_holder;
pub(crate) use intake::{remove_range, some_in_range};
