//! The store: SQL for SQLite and PostgreSQL behind one concrete [`Store`], one module per aggregate.
//!
//! A change is one job ([`Store::write`]) and one commit: rows, audit events and the outcome together.
//! What differs between the engines stands in `dialect`.

pub mod administrators;
pub mod api_tokens;
pub mod approvals;
pub mod audit;
pub mod backup;
pub mod batches;
mod bounded;
pub mod break_glass;
pub mod ceremonies;
mod changes;
mod composed;
mod config;
mod counters;
mod dialect;
pub mod downloads;
pub mod emergency_codes;
mod error;
mod figures;
pub mod guard;
pub mod guesses;
pub mod idempotency;
mod job;
pub mod jobs;
mod migrations;
pub mod otp_tokens;
pub mod outbox;
pub mod pages;
pub mod passkeys;
pub mod pin_quotas;
pub mod policies;
mod postgres;
pub mod retention;
pub mod roles;
mod row;
mod scope;
pub mod secrets;
pub mod security_keys;
pub mod sessions;
pub mod settings;
pub mod setup_tokens;
pub mod sign_in_providers;
mod sqlite;
mod store;
pub mod tenants;
pub mod threads;
mod tx;
pub mod users;
mod value;

pub use composed::Composed;
pub use config::{Database, StoreConfig};
pub use dialect::{Bulk, Dialect, Kind, for_sqlite, like_literal};
pub use error::{Error, Fault};
pub use migrations::{pending as pending_migrations, version as schema_version};
pub use row::{Place, Row};
pub use scope::{Actor, Change, Scope};
pub use store::Store;
pub use tx::{Reader, Tx};
pub use value::{FromValue, Value};
