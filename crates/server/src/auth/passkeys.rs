//! Passkey ceremonies (WebAuthn Level 3 §7): begun on one server, answered once, on whichever, within 5 minutes.

use claviger_api::Ceremony;
use claviger_domain::{AdministratorId, TenantId, Timestamp};
use claviger_store::{Actor, Scope, Store, Tx, ceremonies};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::bearer;
use crate::{Failure, ports};

const LIFE_SECONDS: i64 = 300;
const KIND: &str = "passkey";
const UNKNOWN: Failure = Failure::Unauthenticated("The passkey was not accepted. Begin again.");

/// The relying party. Its ceremonies under way stand in the database.
pub struct Passkeys {
    webauthn: Webauthn,
}

/// What the end of a ceremony needs to know: challenges that were sent out, no secret.
#[derive(Serialize, Deserialize)]
enum State {
    Registration {
        administrator: Uuid,
        state: Box<PasskeyRegistration>,
    },
    SignIn(Box<DiscoverableAuthentication>),
}

impl Passkeys {
    /// The relying party of that origin; its id is the origin's host.
    ///
    /// # Errors
    /// When the origin has no host name.
    pub fn new(origin: &Url) -> Result<Self, Failure> {
        let id = origin
            .domain()
            .ok_or_else(|| Failure::internal("the public URL has no host name"))?;
        let builder = WebauthnBuilder::new(id, origin).map_err(Failure::internal)?;
        let webauthn = builder.rp_name("Claviger").build().map_err(Failure::internal)?;
        Ok(Self { webauthn })
    }

    /// Begins registering a passkey for an administrator who has these already.
    ///
    /// # Errors
    /// What the store meets.
    pub async fn begin_registration(
        &self,
        store: &Store,
        administrator: AdministratorId,
        email: &str,
        display_name: &str,
        existing: &[Passkey],
        now: Timestamp,
    ) -> Result<Ceremony, Failure> {
        let exclude = existing.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (options, state) = self
            .webauthn
            .start_passkey_registration(administrator.as_uuid(), email, display_name, Some(exclude))
            .map_err(Failure::internal)?;
        let mut options = serde_json::to_value(options).map_err(Failure::internal)?;
        // Sign-in asks for no name, so the authenticator has to keep the credential itself (§5.4.4).
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            *selection = serde_json::json!({
                "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
            });
        }
        let state = State::Registration {
            administrator: administrator.as_uuid(),
            state: Box::new(state),
        };
        keep(store, &state, options, now).await
    }

    /// Ends a registration: whose it was, and the credential to store.
    ///
    /// # Errors
    /// When the ceremony is unknown, answered or over, or the answer does not hold.
    pub async fn finish_registration(
        &self,
        store: &Store,
        ceremony: Uuid,
        credential: serde_json::Value,
        now: Timestamp,
    ) -> Result<(AdministratorId, Passkey), Failure> {
        let wrong = |detail: String| Failure::invalid("/credential", detail);
        let Some(State::Registration { administrator, state }) = take(store, ceremony, now).await? else {
            return Err(Failure::invalid("/ceremony_id", "this ceremony is over; begin again"));
        };
        let credential: RegisterPublicKeyCredential =
            serde_json::from_value(credential).map_err(|error| wrong(error.to_string()))?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&credential, &state)
            .map_err(|error| wrong(format!("the passkey was not accepted: {error}")))?;
        Ok((AdministratorId::from_uuid(administrator), passkey))
    }

    /// Begins a sign-in that asks for no name.
    ///
    /// # Errors
    /// What the store meets.
    pub async fn begin_sign_in(&self, store: &Store, now: Timestamp) -> Result<Ceremony, Failure> {
        let (options, state) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(Failure::internal)?;
        let mut options = serde_json::to_value(options).map_err(Failure::internal)?;
        // Whether the browser offers it in a form field or in a window is the page's choice.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        keep(store, &State::SignIn(Box::new(state)), options, now).await
    }

    /// Whose passkey an answer claims to be, and which: not proven yet.
    ///
    /// # Errors
    /// When the ceremony is unknown, answered or over.
    pub async fn claim(
        &self,
        store: &Store,
        ceremony: Uuid,
        credential: serde_json::Value,
        now: Timestamp,
    ) -> Result<Claim, Failure> {
        let Some(State::SignIn(state)) = take(store, ceremony, now).await? else {
            return Err(UNKNOWN);
        };
        let credential: PublicKeyCredential = serde_json::from_value(credential).map_err(|_| UNKNOWN)?;
        let (user, credential_id) = self
            .webauthn
            .identify_discoverable_authentication(&credential)
            .map_err(|_| UNKNOWN)?;
        Ok(Claim {
            administrator: AdministratorId::from_uuid(user),
            credential_id: credential_id.to_vec(),
            state: *state,
            credential,
        })
    }

    /// Proves a claim against the stored passkey. Counters that go back are refused: the passkey was cloned.
    ///
    /// # Errors
    /// When the answer does not hold.
    pub fn prove(&self, claim: &Claim, stored: &Passkey) -> Result<AuthenticationResult, Failure> {
        let checked =
            self.webauthn
                .finish_discoverable_authentication_v2(&claim.credential, claim.state.clone(), stored);
        checked.map_err(|error: WebauthnError| {
            tracing::info!(%error, administrator = %claim.administrator, "passkey refused");
            UNKNOWN
        })
    }
}

/// A sign-in whose signature is not checked yet.
pub struct Claim {
    /// Whose passkey it claims to be.
    pub administrator: AdministratorId,
    /// Which credential it claims to be.
    pub credential_id: Vec<u8>,
    state: DiscoverableAuthentication,
    credential: PublicKeyCredential,
}

async fn keep(store: &Store, state: &State, options: serde_json::Value, now: Timestamp) -> Result<Ceremony, Failure> {
    let ceremony_id = Uuid::from_bytes(ports::random()?);
    let kept = ceremonies::Ceremony {
        key_hash: hash(ceremony_id),
        kind: KIND.to_owned(),
        body: serde_json::to_string(state).map_err(Failure::internal)?,
        expires_at: now.plus_seconds(LIFE_SECONDS),
    };
    let job = async move |tx: &mut Tx| ceremonies::insert(tx, &kept).await.map_err(Failure::from);
    store.write(scope(ceremony_id, now), job).await?;
    Ok(Ceremony { ceremony_id, options })
}

/// Takes a ceremony out: it is answered once, rightly or wrongly.
async fn take(store: &Store, ceremony: Uuid, now: Timestamp) -> Result<Option<State>, Failure> {
    let job = async move |tx: &mut Tx| ceremonies::take(tx, KIND, hash(ceremony)).await.map_err(Failure::from);
    let taken = store.write(scope(ceremony, now), job).await?;
    taken
        .map(|one| serde_json::from_str(&one.body).map_err(Failure::internal))
        .transpose()
}

/// Who reads the table answers no ceremony.
fn hash(ceremony: Uuid) -> [u8; 32] {
    bearer::digest(&ceremony.to_string())
}

fn scope(ceremony: Uuid, now: Timestamp) -> Scope {
    Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("sign-in".to_owned()),
        source: None,
        request_id: None,
        lane_key: ceremony.as_u128(),
        now,
    }
}

#[cfg(test)]
mod tests {
    use claviger_domain::{AdministratorId, Timestamp};
    use claviger_store::{Store, StoreConfig};
    use uuid::Uuid;

    use super::{Passkeys, take};
    use crate::Failure;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn passkeys() -> Passkeys {
        Passkeys::new(&"http://localhost:8480".parse().unwrap()).unwrap()
    }

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::sqlite(folder.path().join("c.db"));
        (Store::open(&config).await.unwrap(), folder)
    }

    #[tokio::test]
    async fn a_ceremony_is_answered_once_and_in_time() {
        let ((store, _folder), passkeys) = (store().await, passkeys());
        let begun = passkeys.begin_sign_in(&store, NOW).await.unwrap();
        let in_time = async || take(&store, begun.ceremony_id, NOW.plus_seconds(299)).await.unwrap();
        assert!(in_time().await.is_some());
        assert!(in_time().await.is_none());
        let late = passkeys.begin_sign_in(&store, NOW).await.unwrap();
        let taken = take(&store, late.ceremony_id, NOW.plus_seconds(300)).await.unwrap();
        assert!(taken.is_none());
    }

    #[tokio::test]
    async fn registration_asks_for_a_credential_that_the_authenticator_keeps() {
        let (store, _folder) = store().await;
        let nobody = AdministratorId::from_uuid(Uuid::from_u128(1));
        let begun = passkeys()
            .begin_registration(&store, nobody, "a@example.org", "A", &[], NOW)
            .await
            .unwrap();
        let selection = begun.options.pointer("/publicKey/authenticatorSelection").unwrap();
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(begun.options.pointer("/publicKey/rp/id").unwrap(), "localhost");
    }

    #[tokio::test]
    async fn a_sign_in_ceremony_does_not_end_a_registration() {
        let ((store, _folder), passkeys) = (store().await, passkeys());
        let begun = passkeys.begin_sign_in(&store, NOW).await.unwrap();
        let ended = passkeys
            .finish_registration(&store, begun.ceremony_id, serde_json::json!({}), NOW)
            .await;
        assert!(matches!(ended, Err(Failure::Validation(_))));
        assert!(begun.options.get("mediation").is_none());
    }
}
