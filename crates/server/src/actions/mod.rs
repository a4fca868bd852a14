//! Use cases: one public function each, one commit each. No HTTP here, no SQL, no rule.

pub mod account;
pub mod administrators;
pub mod api_tokens;
pub mod approvals;
pub mod audit;
pub mod bulk;
pub mod downloads;
pub mod emergency_codes;
pub(crate) mod entries;
pub mod export;
pub(crate) mod fields;
pub mod history;
pub mod imports;
pub mod jobs;
pub mod otp_tokens;
pub mod overview;
pub mod policies;
pub mod roles;
pub mod security_keys;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod tenants;
pub mod users;
pub mod verifications;
