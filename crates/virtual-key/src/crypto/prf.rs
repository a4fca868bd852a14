//! One secret from another.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 over the parts, one after the other.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // RFC 2104 §2: a key below the block's length is filled up with zeros.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// 32 bytes that nobody computes without `key`. Different labels or parts give unrelated bytes: each part goes in with
/// its length.
pub(crate) fn derive(key: &[u8; 32], label: &str, parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut message = Zeroizing::new(Vec::new());
    for part in std::iter::once(&label.as_bytes()).chain(parts) {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        message.extend(length.to_be_bytes());
        message.extend_from_slice(part);
    }
    hmac(key, &[&message])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = [7; 32];
        assert_ne!(derive(&key, "a", &[b"bc"]), derive(&key, "ab", &[b"c"]));
        assert_ne!(derive(&key, "a", &[b"b", b"c"]), derive(&key, "a", &[b"bc"]));
        assert_ne!(derive(&key, "a", &[b"b"]), derive(&[8; 32], "a", &[b"b"]));
    }
}
