//! What the protocol makes with MD5. It is broken as a hash; with a secret of good length in front (RFC 2865) and as
//! HMAC (RFC 2104) it still does what is asked of it here, and clients speak nothing else.

use hmac::{Hmac, Mac as _};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

/// HMAC-MD5 over parts of a packet in which the Message-Authenticator stands as zeros.
pub(super) fn signature(secret: &[u8], parts: &[&[u8]]) -> Option<Hmac<Md5>> {
    let mut mac = Hmac::<Md5>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

/// MD5 over the parts.
pub(super) fn hash(parts: &[&[u8]]) -> [u8; 16] {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part);
    }
    md5.finalize().into()
}

/// The password behind User-Password (RFC 2865 §5.2); none if it has no length that the RFC allows.
pub(super) fn revealed(hidden: &[u8], secret: &[u8], authenticator: &[u8; 16]) -> Option<Zeroizing<Vec<u8>>> {
    let allowed = (16..=128).contains(&hidden.len()) && hidden.len().is_multiple_of(16);
    let mut password = Zeroizing::new(Vec::with_capacity(hidden.len()));
    let mut before = authenticator.as_slice();
    for block in hidden.chunks(16) {
        let mask = Zeroizing::new(hash(&[secret, before]));
        password.extend(block.iter().zip(mask.iter()).map(|(byte, mask)| byte ^ mask));
        before = block;
    }
    let length = password.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    password.truncate(length);
    allowed.then_some(password)
}
