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
    /// Who wants in, and with what. None where nothing can be tried: a request without one User-Name and one
    /// User-Password (CHAP, EAP), or with bytes that no name and no code has. Its answer is an Access-Reject (RFC 2865
    /// §2): a server that says nothing to a client of its own is taken for dead, and what is typed must not do that.
    pub login: Option<Login>,
    /// What proxies on the way want to have back, in their order.
    pub(super) proxy_states: Vec<Vec<u8>>,
}

/// What PAP brings.
pub struct Login {
    /// Who wants in.
    pub user_name: String,
    /// What he typed, without the zeros behind it.
    pub password: Zeroizing<String>,
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
    let proxies = all.iter().filter(|one| one.kind == attribute::PROXY_STATE);
    Ok(Request {
        identifier,
        authenticator,
        login: login(&all, secret, &authenticator),
        proxy_states: proxies.map(|state| state.value.to_vec()).collect(),
    })
}

fn login(all: &[Attribute<'_>], secret: &[u8], authenticator: &[u8; 16]) -> Option<Login> {
    let user_name = only(all, attribute::USER_NAME)?;
    let hidden = only(all, attribute::USER_PASSWORD)?;
    let password = digest::revealed(hidden.value, secret, authenticator)?;
    Some(Login {
        user_name: std::str::from_utf8(user_name.value).ok()?.to_owned(),
        password: Zeroizing::new(std::str::from_utf8(&password).ok()?.to_owned()),
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
