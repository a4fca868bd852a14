//! The REST API: one folder per resource, one file per verb; here what they share.

mod account;
mod administrators;
mod approvals;
mod audit;
mod boundary;
mod bulk;
mod compatible;
mod console;
mod csv;
mod document;
mod downloads;
mod emergency_codes;
pub mod entry;
mod events;
pub mod extract;
pub mod guard;
mod history;
mod imports;
mod jobs;
pub(crate) mod newest_first;
#[cfg(test)]
mod open;
pub mod operation;
mod otp_tokens;
mod overview;
mod policies;
pub mod problem;
mod radius_clients;
pub mod reply;
pub mod retry;
mod roles;
mod routes;
mod security_keys;
mod session;
mod sign_in;
mod system;
mod tenants;
mod time;
mod users;
mod verifications;
mod wanted;

pub use document::{json as openapi_json, openapi};
pub use extract::{Json, Multipart, Path, Query};
pub use guard::{Guard, guarded, open as open_route};
pub use reply::{Answer, Reply};
pub(crate) use routes::router;
