//! What WebAuthn's dictionaries look like in messages: relying party, user, descriptor, parameter.

use std::fmt;

use zeroize::Zeroizing;

use super::Body;
use super::cbor::{Entries, Fault, Fields, Member, Value};

/// The only type of credential.
pub const PUBLIC_KEY: &str = "public-key";

/// A relying party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelyingParty {
    /// Its id: a domain. Authenticators may leave it out or cut it off where they answer.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

impl Body for RelyingParty {
    fn to_value(&self) -> Value {
        Entries::default()
            .put("id", &self.id)
            .put_some("name", self.name.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            id: fields.need("id", "id of rp")?,
            name: fields.take("name", "name of rp")?,
        })
    }
}

/// A user of a relying party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// The handle, 1 to 64 bytes.
    pub id: Vec<u8>,
    /// What the relying party calls the account.
    pub name: Option<String>,
    /// What people call the user.
    pub display_name: Option<String>,
}

impl Body for User {
    fn to_value(&self) -> Value {
        let entries = Entries::default()
            .put("id", &self.id)
            .put_some("name", self.name.as_ref());
        entries.put_some("displayName", self.display_name.as_ref()).value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            id: fields.need("id", "id of user")?,
            name: fields.take("name", "name of user")?,
            display_name: fields.take("displayName", "displayName of user")?,
        })
    }
}

/// Which credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// The credential's id.
    pub id: Vec<u8>,
    /// [`PUBLIC_KEY`]; others are passed over by authenticators.
    pub kind: String,
    /// Over what it may be reached.
    pub transports: Vec<String>,
}

impl Descriptor {
    /// A public key credential.
    #[must_use]
    pub fn public_key(id: Vec<u8>) -> Self {
        let kind = PUBLIC_KEY.to_owned();
        let transports = Vec::new();
        Self { id, kind, transports }
    }
}

impl Body for Descriptor {
    fn to_value(&self) -> Value {
        let entries = Entries::default().put("id", &self.id).put("type", &self.kind);
        entries.put_list("transports", &self.transports).value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            id: fields.need("id", "id of a credential")?,
            kind: fields.need("type", "type of a credential")?,
            transports: fields.list("transports", "transports of a credential")?,
        })
    }
}

/// A type of credential and an algorithm for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// [`PUBLIC_KEY`]; others are passed over by authenticators.
    pub kind: String,
    /// The COSE number of the algorithm.
    pub algorithm: i64,
}

impl Parameter {
    /// A public key credential with an algorithm.
    #[must_use]
    pub fn public_key(algorithm: i64) -> Self {
        let kind = PUBLIC_KEY.to_owned();
        Self { kind, algorithm }
    }
}

impl Body for Parameter {
    fn to_value(&self) -> Value {
        Entries::default()
            .put("alg", self.algorithm)
            .put("type", &self.kind)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            kind: fields.need("type", "type of an algorithm")?,
            algorithm: fields.need("alg", "alg of an algorithm")?,
        })
    }
}

/// The key with which a credential's large blob is sealed (CTAP §12.3).
#[derive(Clone, PartialEq, Eq)]
pub struct LargeBlobKey(Zeroizing<[u8; 32]>);

impl LargeBlobKey {
    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for LargeBlobKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<&LargeBlobKey> for Value {
    fn from(key: &LargeBlobKey) -> Self {
        Self::from(*key.0)
    }
}

impl Member for LargeBlobKey {
    fn of(value: Value, name: &'static str) -> Result<Self, Fault> {
        <[u8; 32]>::of(value, name).map(Self::from)
    }
}

impl fmt::Debug for LargeBlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LargeBlobKey(***)")
    }
}
