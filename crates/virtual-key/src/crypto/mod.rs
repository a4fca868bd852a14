//! The key's own cryptography: what is derived from the master secret, and what signs.

mod credential_id;
mod prf;
mod private_key;

pub(crate) use credential_id::{CredentialId, LONGEST_ID, Parts, Verified};
pub(crate) use prf::{derive, hmac};
pub(crate) use private_key::on_p256;
pub(crate) use private_key::{Algorithm, PrivateKey};
