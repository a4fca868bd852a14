//! The answer to a request.

use hmac::Mac as _;

use super::{ACCESS_ACCEPT, ACCESS_REJECT, HEADER, Request, attribute, attributes::write, digest};

/// What a request is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Access-Accept.
    Accept,
    /// Access-Reject; why is nobody's business.
    Reject,
}

/// The packet that answers a request. Its first attribute is the Message-Authenticator; what proxies wrote into the
/// request goes back to them.
#[must_use]
pub fn answer(request: &Request, verdict: Verdict, secret: &[u8]) -> Vec<u8> {
    let code = match verdict {
        Verdict::Accept => ACCESS_ACCEPT,
        Verdict::Reject => ACCESS_REJECT,
    };
    let mut packet = vec![code, request.identifier, 0, 0];
    packet.extend(request.authenticator);
    write(&mut packet, attribute::MESSAGE_AUTHENTICATOR, &[0; 16]);
    for state in &request.proxy_states {
        write(&mut packet, attribute::PROXY_STATE, state);
    }
    let length = u16::try_from(packet.len()).unwrap_or(u16::MAX);
    put(&mut packet, 2, &length.to_be_bytes());
    // The signature is over the request's authenticator, and the authenticator of the answer over the signature.
    if let Some(signature) = digest::signature(secret, &[&packet]) {
        put(&mut packet, HEADER + 2, &signature.finalize().into_bytes());
    }
    let authenticator = digest::hash(&[&packet, secret]);
    put(&mut packet, 4, &authenticator);
    packet
}

fn put(packet: &mut [u8], at: usize, bytes: &[u8]) {
    for (place, byte) in packet.iter_mut().skip(at).zip(bytes) {
        *place = *byte;
    }
}
