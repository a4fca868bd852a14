//! An Access-Request.

use hmac::Mac as _;
use zeroize::Zeroizing;

use super::{
    ACCESS_REQUEST, HEADER, LONGEST_PACKET, attribute,
    attributes::{Attribute, attributes},
    digest,
};

/// A request whose signature is right.
pub struct Request {
    /// Chosen by the client; the answer bears it.
    pub identifier: u8,
    /// Random bytes of the client. With identifier and address they tell a repetition from a new request.
    pub authenticator: [u8; 16],
    /// Who wants in.
    pub user_name: String,
    /// What he typed, without the zeros behind it.
    pub password: Zeroizing<String>,
    /// What proxies on the way want to have back, in their order.
    pub(super) proxy_states: Vec<Vec<u8>>,
}

/// Why a packet is not answered as a request. None of it goes to the sender: a packet that is not signed is dropped
/// (RFC 3579 §3.2), or else its sender learns about the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Cut off, or lengths that contradict each other.
    #[error("the packet is not well-formed")]
    Malformed,
    /// Something else than an Access-Request.
    #[error("the packet has code {0}; only Access-Request (1) is answered")]
    Code(u8),
    /// No Message-Authenticator, or more than one.
    #[error("the packet has no Message-Authenticator; have the client send it (RFC 3579 §3.2)")]
    Unsigned,
    /// The Message-Authenticator does not fit.
    #[error("the Message-Authenticator is wrong: client and server do not share the same secret")]
    Signature,
    /// CHAP, EAP or nothing where PAP is needed.
    #[error("the request has no User-Name and User-Password once each; only PAP is answered")]
    NoPap,
    /// Bytes that are no UTF-8.
    #[error("the user name or the password is no UTF-8")]
    Encoding,
}

/// Reads a datagram that came from a client with this secret. Bytes behind the packet's own length are padding
/// (RFC 2865 §3).
///
/// # Errors
/// Why it is to be dropped.
pub fn read(datagram: &[u8], secret: &[u8]) -> Result<Request, Refused> {
    let [code, identifier, high, low, ..] = *datagram else {
        return Err(Refused::Malformed);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !(HEADER..=LONGEST_PACKET).contains(&length) {
        return Err(Refused::Malformed);
    }
    let packet = datagram.get(..length).ok_or(Refused::Malformed)?;
    let all = attributes(packet, HEADER).ok_or(Refused::Malformed)?;
    if code != ACCESS_REQUEST {
        return Err(Refused::Code(code));
    }
    signed(packet, &all, secret)?;
    let authenticator = packet.get(4..HEADER).and_then(|bytes| bytes.try_into().ok());
    let authenticator: [u8; 16] = authenticator.ok_or(Refused::Malformed)?;
    let user_name = only(&all, attribute::USER_NAME).ok_or(Refused::NoPap)?;
    let hidden = only(&all, attribute::USER_PASSWORD).ok_or(Refused::NoPap)?;
    let password = digest::revealed(hidden.value, secret, &authenticator).ok_or(Refused::Malformed)?;
    let password = std::str::from_utf8(&password).map_err(|_| Refused::Encoding)?;
    let user_name = std::str::from_utf8(user_name.value).map_err(|_| Refused::Encoding)?;
    let proxies = all.iter().filter(|one| one.kind == attribute::PROXY_STATE);
    Ok(Request {
        identifier,
        authenticator,
        user_name: user_name.to_owned(),
        password: Zeroizing::new(password.to_owned()),
        proxy_states: proxies.map(|state| state.value.to_vec()).collect(),
    })
}

/// Compares the signature in constant time, before anything else in the packet is believed.
fn signed(packet: &[u8], all: &[Attribute<'_>], secret: &[u8]) -> Result<(), Refused> {
    let given = only(all, attribute::MESSAGE_AUTHENTICATOR).ok_or(Refused::Unsigned)?;
    let behind = given.at + given.value.len();
    let before = packet.get(..given.at).unwrap_or_default();
    let behind = packet.get(behind..).unwrap_or_default();
    let mac = digest::signature(secret, &[before, &[0; 16], behind]).ok_or(Refused::Signature)?;
    mac.verify_slice(given.value).map_err(|_| Refused::Signature)
}

/// The attribute of this kind, if there is exactly one: of two, reader and forger might mean different ones.
fn only<'a>(all: &[Attribute<'a>], kind: u8) -> Option<Attribute<'a>> {
    let mut found = all.iter().filter(|one| one.kind == kind);
    let first = found.next().copied();
    first.filter(|_| found.next().is_none())
}
