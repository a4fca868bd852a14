//! A blocking client of the REST API. Every change carries an Idempotency-Key, so that a request whose
//! answer was lost is repeated without being carried out twice.

mod administrators;
mod api_tokens;
mod approvals;
mod audit;
mod bulk;
mod call;
mod configurations;
mod downloads;
mod error;
mod imports;
mod initial_pins;
mod jobs;
mod options;
mod otp_tokens;
mod policies;
mod radius_clients;
mod roles;
mod security_keys;
mod send;
mod session;
mod settings;
mod sign_in;
mod tenants;
mod transfer;
mod users;
mod verifications;

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::blocking;
use zeroize::Zeroizing;

pub use audit::AuditFormat;
pub use downloads::DownloadLabel;
pub use error::ClientError;
pub use imports::{ImportOptions, ImportOutcome, SeedImportOptions};
pub use options::{Options, RetryNotice};
pub use transfer::ProgressNotice;

/// Name and value pairs of a query.
pub type Query = Vec<(String, String)>;

/// A client of one server, in the tenant of its API token.
pub struct Client {
    http: blocking::Client,
    base: String,
    token: Zeroizing<String>,
    options: Options,
    changes: AtomicU32,
}

impl Client {
    /// A client of that server. Nothing is sent yet.
    ///
    /// # Errors
    /// When the address is not `https://…` (or `http://` to this very machine), or a certificate cannot be read.
    pub fn new(server: &str, token: &str, options: Options) -> Result<Self, ClientError> {
        let base = options::base(server)?;
        let token = Zeroizing::new(token.trim().to_owned());
        if token.is_empty() || !token.chars().all(|character| character.is_ascii_graphic()) {
            return Err(ClientError::Settings(
                "the API token is empty or holds characters that no token has".to_owned(),
            ));
        }
        Ok(Self {
            http: options::http(&options)?,
            base,
            token,
            options,
            changes: AtomicU32::new(0),
        })
    }

    /// The server's address, without a path.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.base
    }

    /// The key of the next change: the caller's own for the first, with a running number for those behind it.
    fn next_key(&self) -> String {
        let number = self.changes.fetch_add(1, Ordering::Relaxed);
        match &self.options.idempotency_key {
            Some(key) if number == 0 => key.clone(),
            Some(key) => format!("{key}.{number}"),
            None => options::fresh_key(),
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
