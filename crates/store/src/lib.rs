//! The store: SQL for SQLite and PostgreSQL behind one concrete [`Store`], one module per aggregate.
//!
//! A change is one job ([`Store::write`]) and one commit: rows, audit events and the outcome together.
//! What differs between the engines stands in `dialect`.

pub mod administrators;
pub mod api_tokens;
pub mod audit;
pub mod backup;
mod changes;
mod composed;
mod config;
mod dialect;
mod error;
pub mod guard;
pub mod idempotency;
mod job;
mod migrations;
pub mod outbox;
pub mod passkeys;
mod postgres;
mod row;
mod scope;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod setup_tokens;
mod sqlite;
mod store;
pub mod tenants;
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
