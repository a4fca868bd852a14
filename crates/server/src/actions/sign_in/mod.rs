//! Signing in through a tenant's identity provider (OpenID Connect).

pub(crate) mod document;
pub(crate) mod providers;
