//! The key that signs checkpoints: Ed25519, made at first need, sealed like every secret.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_domain::TenantId;
use claviger_store::{Actor, Scope, Tx, audit::AuditEntry};
use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{App, Failure, ports, secrets::vault};

const KIND: &str = "audit_signing_key";

/// Signs checkpoints.
pub struct Signer(SigningKey);

impl Signer {
    /// The installation's key, made and sealed where there is none yet.
    ///
    /// # Errors
    /// [`Failure::Sealed`] without a key-encryption key.
    pub async fn load(app: &App) -> Result<Self, Failure> {
        let keeper = app.clone();
        let scope = Scope {
            tenant: TenantId::SYSTEM,
            actor: Actor::System("audit".to_owned()),
            source: None,
            request_id: None,
            lane_key: 0,
            now: app.clock().now(),
        };
        let bytes = app
            .store()
            .write(scope, async move |tx: &mut Tx| open_or_make(&keeper, tx).await)
            .await?;
        Ok(Self(SigningKey::from_bytes(&bytes)))
    }

    /// The public key, base64: it names the key in checkpoints.
    #[must_use]
    pub fn key_id(&self) -> String {
        STANDARD.encode(self.0.verifying_key().as_bytes())
    }

    /// The signature of a body.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> Vec<u8> {
        self.0.sign(body).to_bytes().to_vec()
    }
}

/// Whether a signature is that of the key named.
#[must_use]
pub(super) fn is_genuine(key_id: &str, body: &[u8], signature: &[u8]) -> bool {
    let key = STANDARD
        .decode(key_id)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = ed25519_dalek::Signature::from_slice(signature);
    key.zip(signature.ok())
        .is_some_and(|(key, signature)| key.verify(body, &signature).is_ok())
}

async fn open_or_make(app: &App, tx: &mut Tx) -> Result<Zeroizing<[u8; 32]>, Failure> {
    let tenant = TenantId::SYSTEM;
    if let Some(plain) = vault::open(app.keyring(), tx, tenant, KIND, Uuid::nil()).await? {
        return plain
            .using()
            .as_slice()
            .try_into()
            .map(Zeroizing::new)
            .map_err(Failure::internal);
    }
    let secret = Zeroizing::new(ports::random::<32>()?);
    vault::keep(app.keyring(), tx, KIND, Uuid::nil(), secret.as_slice()).await?;
    tx.record(AuditEntry {
        action: "audit.signing_key_made",
        object_kind: "audit",
        ..AuditEntry::default()
    });
    Ok(secret)
}
