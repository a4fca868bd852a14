//! Authenticator data: CTAP §6.1.2 and WebAuthn §6.1. Not CBOR, but a head, and CBOR items behind it.

use super::Body;
use super::cbor::{Fault, Fields, Value};
use super::cose::CredentialKey;
use super::extensions::Outputs;

/// The user was there.
pub const USER_PRESENT: u8 = 0x01;
/// The user was verified.
pub const USER_VERIFIED: u8 = 0x04;
/// A new credential follows.
pub const ATTESTED: u8 = 0x40;
/// Extensions follow.
pub const EXTENDED: u8 = 0x80;

const HEAD: usize = 37;

/// What an authenticator signs about itself and a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorData {
    /// SHA-256 of the relying party's id.
    pub rp_id_hash: [u8; 32],
    /// The bits [`USER_PRESENT`], [`USER_VERIFIED`] and those that WebAuthn adds. That something follows is not told here:
    /// it is made from the next members.
    pub flags: u8,
    /// The signature counter.
    pub sign_count: u32,
    /// The new credential.
    pub attested: Option<AttestedCredential>,
    /// What the extensions answered.
    pub extensions: Option<Outputs>,
}

/// A new credential in authenticator data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestedCredential {
    /// The model; zero where it is hidden.
    pub aaguid: [u8; 16],
    /// The credential's id; at most 65,535 bytes, of which longer ones would be cut.
    pub credential_id: Vec<u8>,
    /// Its public key.
    pub public_key: CredentialKey,
}

impl AuthenticatorData {
    /// Whether all bits of `flags` are set.
    #[must_use]
    pub const fn has(&self, flags: u8) -> bool {
        self.flags & flags == flags
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut flags = self.flags & !(ATTESTED | EXTENDED);
        let mut behind = Vec::new();
        if let Some(attested) = &self.attested {
            flags |= ATTESTED;
            attested.write(&mut behind);
        }
        if let Some(extensions) = &self.extensions {
            flags |= EXTENDED;
            behind.extend(extensions.encode());
        }
        let mut bytes = self.rp_id_hash.to_vec();
        bytes.push(flags);
        bytes.extend(self.sign_count.to_be_bytes());
        bytes.extend(behind);
        bytes
    }

    /// Reads the bytes; all of them have to belong to something.
    pub fn decode(bytes: &[u8]) -> Result<Self, Fault> {
        let (head, mut rest) = bytes.split_at_checked(HEAD).ok_or(CUT)?;
        let (rp_id_hash, head) = head.split_first_chunk().ok_or(CUT)?;
        let (flags, sign_count) = head.split_first().ok_or(CUT)?;
        let sign_count = sign_count
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
            .ok_or(CUT)?;
        let attested = (flags & ATTESTED != 0)
            .then(|| AttestedCredential::read(&mut rest))
            .transpose()?;
        let extensions = (flags & EXTENDED != 0)
            .then(|| item(&mut rest, "extensions of authData"))
            .transpose()?;
        if !rest.is_empty() {
            let what = "has bytes after its end";
            return Err(Fault::Unfit {
                member: "authData",
                what,
            });
        }
        Ok(Self {
            rp_id_hash: *rp_id_hash,
            flags: flags & !(ATTESTED | EXTENDED),
            sign_count,
            attested,
            extensions,
        })
    }
}

impl AttestedCredential {
    fn write(&self, to: &mut Vec<u8>) {
        let length = u16::try_from(self.credential_id.len()).unwrap_or(u16::MAX);
        to.extend(self.aaguid);
        to.extend(length.to_be_bytes());
        to.extend(self.credential_id.iter().take(length.into()));
        to.extend(self.public_key.encode());
    }

    fn read(rest: &mut &[u8]) -> Result<Self, Fault> {
        let (aaguid, behind) = rest.split_first_chunk().ok_or(CUT)?;
        let (length, behind) = behind.split_first_chunk().ok_or(CUT)?;
        let length = u16::from_be_bytes(*length).into();
        let (credential_id, behind) = behind.split_at_checked(length).ok_or(CUT)?;
        *rest = behind;
        Ok(Self {
            aaguid: *aaguid,
            credential_id: credential_id.to_vec(),
            public_key: item(rest, "credentialPublicKey of authData")?,
        })
    }
}

const CUT: Fault = Fault::Unfit {
    member: "authData",
    what: "is cut short",
};

/// One CBOR item that the rest begins with.
fn item<T: Body>(rest: &mut &[u8], name: &'static str) -> Result<T, Fault> {
    let (value, length) = Value::read_first(rest)?;
    *rest = rest.get(length..).unwrap_or_default();
    T::from_fields(&mut Fields::of(value, name)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> AuthenticatorData {
        AuthenticatorData {
            rp_id_hash: [7; 32],
            flags: USER_PRESENT | USER_VERIFIED,
            sign_count: 258,
            attested: Some(AttestedCredential {
                aaguid: [1; 16],
                credential_id: vec![2; 40],
                public_key: CredentialKey::Es256 { x: [3; 32], y: [4; 32] },
            }),
            extensions: Some(Outputs {
                cred_protect: Some(2),
                ..Outputs::default()
            }),
        }
    }

    #[test]
    fn the_layout_is_the_one_of_webauthn() {
        let bytes = sample().encode();
        assert_eq!(bytes[..32], [7; 32]);
        assert_eq!(bytes[32], 0xC5);
        assert_eq!(bytes[33..37], [0, 0, 1, 2]);
        assert_eq!(bytes[37..53], [1; 16]);
        assert_eq!(bytes[53..55], [0, 40]);
        assert_eq!(bytes[95], 0xA5, "the public key's map");
        assert_eq!(AuthenticatorData::decode(&bytes), Ok(sample()));
        let bare = AuthenticatorData {
            attested: None,
            extensions: None,
            ..sample()
        };
        assert_eq!(bare.encode().len(), 37);
        assert_eq!(bare.encode()[32], 0x05);
        assert_eq!(AuthenticatorData::decode(&bare.encode()), Ok(bare));
    }

    #[test]
    fn cut_short_or_too_long_is_refused_everywhere() {
        let bytes = sample().encode();
        for end in 0..bytes.len() {
            assert!(AuthenticatorData::decode(&bytes[..end]).is_err(), "{end}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        let fault = AuthenticatorData::decode(&longer).unwrap_err();
        assert_eq!(fault.to_string(), "authData has bytes after its end");
    }
}
