//! Credential ids: everything that a credential is, sealed so that the key knows its own again.
//!
//! A credential that is not discoverable takes no room on the key: its private key is derived from the master secret and
//! the nonce in the id. The PIN has no part in it, so that an unlock costs no credential.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Algorithm, PrivateKey, derive};
use crate::Machine;
use crate::secret::Secret;

/// The length of an id in bytes.
pub(crate) const LONGEST_ID: usize = HEAD + NONCE + TAG;
const HEAD: usize = 4;
const NONCE: usize = 32;
const TAG: usize = 32;
const VERSION: u8 = 1;

/// What an id says about its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// What the credential signs with.
    pub(crate) algorithm: Algorithm,
    /// The level of `credProtect`, 1–3 (CTAP §12.1).
    pub(crate) protection: u8,
    /// Whether the key finds it by itself.
    pub(crate) is_discoverable: bool,
}

/// An id that this key made for a relying party.
pub(crate) struct CredentialId {
    pub(crate) parts: Parts,
    bytes: Vec<u8>,
    nonce: [u8; NONCE],
}

impl CredentialId {
    /// An id for a new credential.
    pub(crate) fn new(master: &Secret<32>, rp_id: &str, parts: Parts, machine: &mut dyn Machine) -> Self {
        let mut nonce = [0; NONCE];
        machine.entropy(&mut nonce);
        let head = head(parts);
        let tag = tag(master, rp_id, head, &nonce);
        let bytes = [&head[..], &nonce, tag.as_slice()].concat();
        Self { parts, bytes, nonce }
    }

    /// Takes an id apart, when this key made it for this relying party.
    pub(crate) fn open(master: &Secret<32>, rp_id: &str, id: &[u8]) -> Option<Self> {
        let (head, rest) = id.split_first_chunk::<HEAD>()?;
        let (nonce, found) = rest.split_first_chunk::<NONCE>()?;
        let right = Secret::new(*tag(master, rp_id, *head, nonce));
        let parts = right.is(found).then(|| parts(*head)).flatten()?;
        let bytes = id.to_vec();
        Some(Self {
            parts,
            bytes,
            nonce: *nonce,
        })
    }

    /// The id as the relying party knows it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The credential's private key.
    pub(crate) fn private_key(&self, master: &Secret<32>) -> PrivateKey {
        let secret = derive(master.bytes(), "credential key", &[&self.nonce]);
        PrivateKey::of(self.parts.algorithm, &secret)
    }

    /// The credential's secret for `hmac-secret`; there are two, so that one without the PIN does not open what one with
    /// the PIN closed (CTAP §12.5: `CredRandomWithUV`, `CredRandomWithoutUV`).
    pub(crate) fn hmac_secret(&self, master: &Secret<32>, verified: Verified) -> Zeroizing<[u8; 32]> {
        let label = match verified {
            Verified::User => "hmac-secret with verification",
            Verified::Nobody => "hmac-secret without verification",
        };
        derive(master.bytes(), label, &[&self.nonce])
    }
}

/// Whether the user proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// By the PIN.
    User,
    /// Only a touch, or not even that.
    Nobody,
}

const fn head(parts: Parts) -> [u8; HEAD] {
    let algorithm = match parts.algorithm {
        Algorithm::Es256 => 1,
        Algorithm::EdDsa => 2,
    };
    let kind = if parts.is_discoverable { 1 } else { 0 };
    [VERSION, algorithm, parts.protection, kind]
}

fn parts([version, algorithm, protection, kind]: [u8; HEAD]) -> Option<Parts> {
    let algorithm = match algorithm {
        1 => Algorithm::Es256,
        2 => Algorithm::EdDsa,
        _ => return None,
    };
    (version == VERSION).then_some(Parts {
        algorithm,
        protection,
        is_discoverable: kind == 1,
    })
}

fn tag(master: &Secret<32>, rp_id: &str, head: [u8; HEAD], nonce: &[u8; NONCE]) -> Zeroizing<[u8; TAG]> {
    let rp_id_hash = Sha256::digest(rp_id.as_bytes());
    derive(master.bytes(), "credential id", &[&rp_id_hash, &head, nonce])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Still;

    const PARTS: Parts = Parts {
        algorithm: Algorithm::Es256,
        protection: 3,
        is_discoverable: false,
    };

    #[test]
    fn an_id_opens_for_its_key_and_its_relying_party_alone() {
        let mut machine = Still::default();
        let master = Secret::random(&mut machine);
        let id = CredentialId::new(&master, "example.com", PARTS, &mut machine);
        assert_eq!(id.bytes().len(), LONGEST_ID);
        let opened = CredentialId::open(&master, "example.com", id.bytes()).unwrap();
        assert_eq!(opened.parts, PARTS);
        assert!(CredentialId::open(&master, "example.org", id.bytes()).is_none());
        assert!(CredentialId::open(&Secret::random(&mut machine), "example.com", id.bytes()).is_none());
        for at in 0..id.bytes().len() {
            let mut other = id.bytes().to_vec();
            other[at] ^= 1;
            assert!(
                CredentialId::open(&master, "example.com", &other).is_none(),
                "byte {at}"
            );
        }
    }

    #[test]
    fn secrets_differ_by_credential_and_verification() {
        let mut machine = Still::default();
        let master = Secret::random(&mut machine);
        let one = CredentialId::new(&master, "example.com", PARTS, &mut machine);
        let other = CredentialId::new(&master, "example.com", PARTS, &mut machine);
        let secret = |id: &CredentialId, verified| *id.hmac_secret(&master, verified);
        assert_ne!(secret(&one, Verified::User), secret(&one, Verified::Nobody));
        assert_ne!(secret(&one, Verified::User), secret(&other, Verified::User));
        let opened = CredentialId::open(&master, "example.com", one.bytes()).unwrap();
        assert_eq!(secret(&one, Verified::User), secret(&opened, Verified::User));
    }
}
