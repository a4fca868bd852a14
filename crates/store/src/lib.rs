//! The store: SQL for SQLite and PostgreSQL behind one concrete [`Store`], one module per aggregate.
//!
//! A change is one job ([`Store::write`]) and one commit: rows, audit events and the outcome together.
//! What differs between the engines stands in `dialect`.

pub mod audit;
mod composed;
mod config;
mod dialect;
mod error;
mod job;
mod migrations;
mod postgres;
mod row;
mod scope;
mod sqlite;
mod store;
mod tx;
mod value;

pub use composed::Composed;
pub use config::{Database, StoreConfig};
pub use dialect::{Bulk, Dialect, Kind, like_literal};
pub use error::{Error, Fault};
pub use migrations::version as schema_version;
pub use row::{Place, Row};
pub use scope::{Actor, Change, Scope};
pub use store::Store;
pub use tx::{Reader, Tx};
pub use value::{FromValue, Value};
