//! Passkey ceremonies (WebAuthn Level 3 §7): begun here, answered once, within 5 minutes.
//!
//! The state of a ceremony stays in this process. With several servers behind one address, a proxy has to keep a
//! browser on one of them for the length of a ceremony.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use claviger_api::Ceremony;
use claviger_domain::{AdministratorId, Timestamp};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::{Failure, ports};

const LIFE_SECONDS: i64 = 300;
/// Ceremonies cost memory before anyone is known: more than these at once are turned away.
const AT_ONCE: usize = 10_000;
const UNKNOWN: Failure = Failure::Unauthenticated("The passkey was not accepted. Begin again.");

/// The relying party and its ceremonies under way.
pub struct Passkeys {
    webauthn: Webauthn,
    under_way: Mutex<HashMap<Uuid, Begun>>,
}

struct Begun {
    at: Timestamp,
    state: State,
}

enum State {
    Registration {
        administrator: AdministratorId,
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
        Ok(Self {
            webauthn,
            under_way: Mutex::default(),
        })
    }

    /// Begins registering a passkey for an administrator who has these already.
    ///
    /// # Errors
    /// When too many ceremonies are under way.
    pub fn begin_registration(
        &self,
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
        self.keep(
            State::Registration {
                administrator,
                state: Box::new(state),
            },
            options,
            now,
        )
    }

    /// Ends a registration: whose it was, and the credential to store.
    ///
    /// # Errors
    /// When the ceremony is unknown, answered or over, or the answer does not hold.
    pub fn finish_registration(
        &self,
        ceremony: Uuid,
        credential: serde_json::Value,
        now: Timestamp,
    ) -> Result<(AdministratorId, Passkey), Failure> {
        let wrong = |detail: String| Failure::invalid("/credential", detail);
        let Some(State::Registration { administrator, state }) = self.take(ceremony, now) else {
            return Err(Failure::invalid("/ceremony_id", "this ceremony is over; begin again"));
        };
        let credential: RegisterPublicKeyCredential =
            serde_json::from_value(credential).map_err(|error| wrong(error.to_string()))?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&credential, &state)
            .map_err(|error| wrong(format!("the passkey was not accepted: {error}")))?;
        Ok((administrator, passkey))
    }

    /// Begins a sign-in that asks for no name.
    ///
    /// # Errors
    /// When too many ceremonies are under way.
    pub fn begin_sign_in(&self, now: Timestamp) -> Result<Ceremony, Failure> {
        let (options, state) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(Failure::internal)?;
        let mut options = serde_json::to_value(options).map_err(Failure::internal)?;
        // Whether the browser offers it in a form field or in a window is the page's choice.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        self.keep(State::SignIn(Box::new(state)), options, now)
    }

    /// Whose passkey an answer claims to be, and which: not proven yet.
    ///
    /// # Errors
    /// When the ceremony is unknown, answered or over.
    pub fn claim(&self, ceremony: Uuid, credential: serde_json::Value, now: Timestamp) -> Result<Claim, Failure> {
        let Some(State::SignIn(state)) = self.take(ceremony, now) else {
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

    fn keep(&self, state: State, options: serde_json::Value, now: Timestamp) -> Result<Ceremony, Failure> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.len() >= AT_ONCE {
            under_way.retain(|_, begun| begun.is_alive(now));
        }
        if under_way.len() >= AT_ONCE {
            return Err(Failure::Unavailable(std::time::Duration::from_secs(30)));
        }
        let ceremony_id = Uuid::from_bytes(ports::random()?);
        under_way.insert(ceremony_id, Begun { at: now, state });
        Ok(Ceremony { ceremony_id, options })
    }

    /// Takes a ceremony out: it is answered once, rightly or wrongly.
    fn take(&self, ceremony: Uuid, now: Timestamp) -> Option<State> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way
            .remove(&ceremony)
            .filter(|begun| begun.is_alive(now))
            .map(|begun| begun.state)
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

impl Begun {
    fn is_alive(&self, now: Timestamp) -> bool {
        now.micros_since(self.at) < LIFE_SECONDS * 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use claviger_domain::{AdministratorId, Timestamp};
    use uuid::Uuid;

    use super::Passkeys;
    use crate::Failure;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn passkeys() -> Passkeys {
        Passkeys::new(&"http://localhost:8480".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_ceremony_is_answered_once_and_in_time() {
        let passkeys = passkeys();
        let begun = passkeys.begin_sign_in(NOW).unwrap();
        assert!(passkeys.take(begun.ceremony_id, NOW.plus_seconds(299)).is_some());
        assert!(passkeys.take(begun.ceremony_id, NOW.plus_seconds(299)).is_none());
        let late = passkeys.begin_sign_in(NOW).unwrap();
        assert!(passkeys.take(late.ceremony_id, NOW.plus_seconds(300)).is_none());
    }

    #[test]
    fn registration_asks_for_a_credential_that_the_authenticator_keeps() {
        let nobody = AdministratorId::from_uuid(Uuid::from_u128(1));
        let begun = passkeys()
            .begin_registration(nobody, "a@example.org", "A", &[], NOW)
            .unwrap();
        let selection = begun.options.pointer("/publicKey/authenticatorSelection").unwrap();
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(begun.options.pointer("/publicKey/rp/id").unwrap(), "localhost");
    }

    #[test]
    fn a_sign_in_ceremony_does_not_end_a_registration() {
        let passkeys = passkeys();
        let begun = passkeys.begin_sign_in(NOW).unwrap();
        let ended = passkeys.finish_registration(begun.ceremony_id, serde_json::json!({}), NOW);
        assert!(matches!(ended, Err(Failure::Validation(_))));
        assert!(begun.options.get("mediation").is_none());
    }
}
