//! Security keys: the list with its search, its pages, totals and walks, and the changes of single keys and many.

mod arm;
mod columns;
mod count;
mod criteria;
mod facts;
mod filter;
mod get;
mod index;
mod matching;
mod names;
mod page;
mod plan;
mod range;
mod row;
mod save;
mod segment;
mod shelf;
mod tally;
mod walk;

pub use count::{by_shelf, count_exact, total};
pub use filter::{Column, Filter, Holders, Policies, Sort};
pub use get::{get, get_many, jobs_of};
pub use names::{get_named, named};
pub use page::{Listed, Page, page};
pub use save::{Changed, delete, delete_many, note_job, save, save_many};
pub use shelf::Shelf;
pub use tally::{Age, Model, Tallies, tallies};
pub use walk::{Walk, select_ids};

pub(crate) use index::{mark_given_up, mark_holder, mark_mail, rename_holder, searchable};
pub(crate) use matching::{behind, trigrams};
pub(crate) use range::{index_new, remove_range, some_in_range};
pub(crate) use shelf::shelf_of;
