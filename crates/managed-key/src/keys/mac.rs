//! HMAC-SHA-256 over parts, as every MAC of the protocol is.

use hmac::digest::crypto_common::{Key, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// A keyed state for 32 bytes of key. Filling up with zeros is all that HMAC does to a key below its block (RFC 2104 §2).
pub(crate) fn keyed(secret: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
    let mac = <Hmac<Sha256> as KeyInit>::new(&block);
    block.as_mut_slice().zeroize();
    mac
}

/// The MAC of parts, one after the other.
pub(crate) fn hmac(secret: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let state = parts.iter().fold(keyed(secret), Mac::chain_update);
    Zeroizing::new(state.finalize().into_bytes().into())
}
