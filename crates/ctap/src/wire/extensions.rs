//! Extensions: CTAP §12. What a platform asks for with a new credential and with an assertion, and what is answered.

use super::Body;
use super::cbor::{Entries, Fault, Fields, Value};
use super::cose::KeyAgreement;

/// `credProtect`, §12.1: when a credential shows itself.
pub const CRED_PROTECT: &str = "credProtect";
/// `credBlob`, §12.2.
pub const CRED_BLOB: &str = "credBlob";
/// `largeBlobKey`, §12.3.
pub const LARGE_BLOB_KEY: &str = "largeBlobKey";
/// `minPinLength`, §12.4.
pub const MIN_PIN_LENGTH: &str = "minPinLength";
/// `hmac-secret`, §12.5.
pub const HMAC_SECRET: &str = "hmac-secret";

/// What is asked for with `makeCredential`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Creation {
    /// `credProtect`: 1 always, 2 only when named, 3 only after verification.
    pub cred_protect: Option<u8>,
    /// `credBlob`: what is kept with the credential.
    pub cred_blob: Option<Vec<u8>>,
    /// `largeBlobKey`.
    pub large_blob_key: Option<bool>,
    /// `minPinLength`: answered to listed relying parties alone.
    pub min_pin_length: Option<bool>,
    /// `hmac-secret`: the credential gets secrets.
    pub hmac_secret: Option<bool>,
    /// Extensions that nobody here knows.
    pub others: Vec<(Value, Value)>,
}

impl Body for Creation {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(CRED_PROTECT, self.cred_protect)
            .put_some(CRED_BLOB, self.cred_blob.as_ref())
            .put_some(LARGE_BLOB_KEY, self.large_blob_key)
            .put_some(MIN_PIN_LENGTH, self.min_pin_length)
            .put_some(HMAC_SECRET, self.hmac_secret)
            .put_all(&self.others)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            cred_protect: fields.take(CRED_PROTECT, CRED_PROTECT)?,
            cred_blob: fields.take(CRED_BLOB, CRED_BLOB)?,
            large_blob_key: fields.take(LARGE_BLOB_KEY, LARGE_BLOB_KEY)?,
            min_pin_length: fields.take(MIN_PIN_LENGTH, MIN_PIN_LENGTH)?,
            hmac_secret: fields.take(HMAC_SECRET, HMAC_SECRET)?,
            others: fields.rest(),
        })
    }
}

/// What is asked for with `getAssertion`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assertion {
    /// `credBlob`: the blob is wanted.
    pub cred_blob: Option<bool>,
    /// `largeBlobKey`: the key is wanted.
    pub large_blob_key: Option<bool>,
    /// `hmac-secret`: one or two secrets are wanted.
    pub hmac_secret: Option<HmacSecret>,
    /// Extensions that nobody here knows.
    pub others: Vec<(Value, Value)>,
}

impl Body for Assertion {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(CRED_BLOB, self.cred_blob)
            .put_some(LARGE_BLOB_KEY, self.large_blob_key)
            .put_some(HMAC_SECRET, self.hmac_secret.as_ref().map(Body::to_value))
            .put_all(&self.others)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            cred_blob: fields.take(CRED_BLOB, CRED_BLOB)?,
            large_blob_key: fields.take(LARGE_BLOB_KEY, LARGE_BLOB_KEY)?,
            hmac_secret: fields.take(HMAC_SECRET, HMAC_SECRET)?,
            others: fields.rest(),
        })
    }
}

/// The salts of `hmac-secret` (CTAP §12.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HmacSecret {
    /// 0x01: the platform's half of the key agreement.
    pub key_agreement: KeyAgreement,
    /// 0x02: one or two salts of 32 bytes, encrypted.
    pub salt_enc: Vec<u8>,
    /// 0x03: `authenticate(shared secret, salt_enc)`.
    pub salt_auth: Vec<u8>,
    /// 0x04: the protocol; absent means one.
    pub protocol: Option<u8>,
}

impl Body for HmacSecret {
    fn to_value(&self) -> Value {
        Entries::default()
            .put(0x01, self.key_agreement.to_value())
            .put(0x02, &self.salt_enc)
            .put(0x03, &self.salt_auth)
            .put_some(0x04, self.protocol)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            key_agreement: fields.need(0x01, "keyAgreement of hmac-secret")?,
            salt_enc: fields.need(0x02, "saltEnc of hmac-secret")?,
            salt_auth: fields.need(0x03, "saltAuth of hmac-secret")?,
            protocol: fields.take(0x04, "pinUvAuthProtocol of hmac-secret")?,
        })
    }
}

/// What the extensions answered, in authenticator data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// `credProtect`: the level that holds.
    pub cred_protect: Option<u8>,
    /// `credBlob`.
    pub cred_blob: Option<BlobOutput>,
    /// `minPinLength`: the shortest PIN.
    pub min_pin_length: Option<u32>,
    /// `hmac-secret`.
    pub hmac_secret: Option<SecretOutput>,
    /// Extensions that nobody here knows.
    pub others: Vec<(Value, Value)>,
}

/// `credBlob` answers whether it was kept, or the blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobOutput {
    /// To `makeCredential`: whether it is kept.
    Kept(bool),
    /// To `getAssertion`: the blob, empty if there is none.
    Blob(Vec<u8>),
}

/// `hmac-secret` answers whether there are secrets, or the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretOutput {
    /// To `makeCredential`: whether the credential has secrets.
    Made(bool),
    /// To `getAssertion`: the secrets, encrypted.
    Encrypted(Vec<u8>),
}

impl Body for Outputs {
    fn to_value(&self) -> Value {
        let cred_blob = self.cred_blob.as_ref().map(|output| match output {
            BlobOutput::Kept(kept) => Value::Bool(*kept),
            BlobOutput::Blob(blob) => blob.into(),
        });
        let hmac_secret = self.hmac_secret.as_ref().map(|output| match output {
            SecretOutput::Made(made) => Value::Bool(*made),
            SecretOutput::Encrypted(secrets) => secrets.into(),
        });
        Entries::default()
            .put_some(CRED_PROTECT, self.cred_protect)
            .put_some(CRED_BLOB, cred_blob)
            .put_some(MIN_PIN_LENGTH, self.min_pin_length)
            .put_some(HMAC_SECRET, hmac_secret)
            .put_all(&self.others)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        let cred_blob = truth_or_bytes(fields, CRED_BLOB)?;
        let hmac_secret = truth_or_bytes(fields, HMAC_SECRET)?;
        Ok(Self {
            cred_protect: fields.take(CRED_PROTECT, CRED_PROTECT)?,
            cred_blob: cred_blob.map(|output| output.map_or_else(BlobOutput::Blob, BlobOutput::Kept)),
            min_pin_length: fields.take(MIN_PIN_LENGTH, MIN_PIN_LENGTH)?,
            hmac_secret: hmac_secret.map(|output| output.map_or_else(SecretOutput::Encrypted, SecretOutput::Made)),
            others: fields.rest(),
        })
    }
}

/// True or false to a creation, bytes to an assertion.
fn truth_or_bytes(fields: &mut Fields, member: &'static str) -> Result<Option<Result<bool, Vec<u8>>>, Fault> {
    let wanted = "true, false or a byte string";
    fields
        .take::<Value>(member, member)?
        .map_or(Ok(None), |value| match value {
            Value::Bool(truth) => Ok(Some(Ok(truth))),
            Value::Bytes(bytes) => Ok(Some(Err(bytes))),
            Value::Unsigned(_)
            | Value::Negative(_)
            | Value::Text(_)
            | Value::Array(_)
            | Value::Map(_)
            | Value::Null => Err(Fault::Kind { member, wanted }),
        })
}
