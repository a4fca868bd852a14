//! A client of OpenID Connect providers (OpenID Connect Core 1.0, Discovery 1.0): authorization code with PKCE.

mod exchange;
mod outbound;
mod ticket;

pub(crate) use exchange::{Claims, Exchange, Provider};
pub(crate) use outbound::{Outbound, is_allowed};
pub(crate) use ticket::Ticket;

/// Why a provider's word is not taken; the detail goes to the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Distrust {
    /// It cannot be reached, or does not speak the protocol.
    #[error("the provider cannot be used: {0}")]
    Unusable(String),
    /// Its token does not hold.
    #[error("the provider's token does not hold: {0}")]
    Token(String),
}
