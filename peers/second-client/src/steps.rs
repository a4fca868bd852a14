//! What is done with the key, in order.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use futures::executor::block_on;
use webauthn_authenticator_rs::WebauthnAuthenticator as _;
use webauthn_authenticator_rs::ctap2::commands::{MakeCredentialRequest, UserCM};
use webauthn_authenticator_rs::error::{CtapError, WebauthnCError};
use webauthn_authenticator_rs::prelude::Url;
use webauthn_authenticator_rs::transport::Token as _;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::proto::{Credential, ParsedAttestationData};
use webauthn_rs_proto::{
    AttestationConveyancePreference, PubKeyCredParams, RelyingParty, User as Account, UserVerificationPolicy,
};

use crate::hand::{Hand, Key, User};

const FIRST_PIN: &str = "first-pin-1";
const SECOND_PIN: &str = "second-pin-2";
const THIRD_PIN: &str = "third-pin-3-and-longer";
const SITE: &str = "login.example.test";

/// What one step leaves to the next.
pub(crate) struct Journey {
    hand: Hand,
    user: User,
    credential: Option<Credential>,
}

impl Journey {
    pub(crate) fn new(hand: Hand) -> Self {
        let user = User {
            pin: FIRST_PIN.to_owned(),
        };
        Self {
            hand,
            user,
            credential: None,
        }
    }

    fn with_key<T>(&self, act: impl FnOnce(&mut Key<'_>) -> Result<T>) -> Result<T> {
        act(&mut self.hand.key(&self.user)?)
    }
}

/// A step says what came of it.
type Step = fn(&mut Journey) -> Result<String>;

/// Every step, in order.
pub(crate) const STEPS: &[(&str, Step)] = &[
    ("a new key resets, and says what it can", reset_new),
    (
        "a credential is stored without a PIN while none is set",
        store_without_pin,
    ),
    ("the first PIN is set", set_pin),
    ("a wrong PIN is refused, and the right one changes it", change_pin),
    ("a site registers the key", register),
    ("the key signs in there, and its counter grows", authenticate),
    ("a key that is registered is not registered twice", exclude),
    ("the stored credential is listed", list_stored),
    ("the stored credential's user is renamed", rename_stored),
    ("the stored credential is deleted", delete_stored),
    ("always verifying the user is switched on and off", always_verify),
    ("enterprise attestation is switched on", enterprise),
    ("a longer least length forces another PIN", force_change),
    (
        "a wrong PIN three times asks for a power cycle, and it helps",
        power_cycle,
    ),
    ("a reset forgets PIN and credentials", reset_used),
];

fn reset_new(journey: &mut Journey) -> Result<String> {
    journey.hand.insert_anew()?;
    journey.with_key(|key| {
        block_on(key.factory_reset())?;
        let info = key.get_info();
        ensure!(info.get_option("clientPin") == Some(false), "a PIN is set on a new key");
        let versions: Vec<&str> = info.versions.iter().map(String::as_str).collect();
        Ok(versions.join(" "))
    })
}

/// The library asks for no stored credentials by itself: this is its own message, sent by hand.
pub(crate) fn store_without_pin(journey: &mut Journey) -> Result<String> {
    let request = MakeCredentialRequest {
        client_data_hash: vec![7; 32],
        rp: RelyingParty {
            name: "Example".to_owned(),
            id: SITE.to_owned(),
        },
        user: Account {
            id: b"user-1".to_vec(),
            name: "ann@example.test".to_owned(),
            display_name: "Ann".to_owned(),
        },
        pub_key_cred_params: vec![PubKeyCredParams {
            type_: "public-key".to_owned(),
            alg: -7,
        }],
        exclude_list: Vec::new(),
        options: Some(BTreeMap::from([("rk".to_owned(), true)])),
        pin_uv_auth_param: None,
        pin_uv_auth_proto: None,
        enterprise_attest: None,
    };
    let mut card = journey.hand.card()?;
    let made = block_on(card.transmit(request, &journey.user))?;
    Ok(format!("attestation {}", made.fmt.context("no format")?))
}

fn set_pin(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        block_on(key.set_new_pin(FIRST_PIN))?;
        ensure!(
            key.get_info().get_option("clientPin") == Some(true),
            "the key does not say so"
        );
        Ok(format!("protocols {:?}", key.get_info().pin_protocols))
    })
}

fn change_pin(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        refused(
            block_on(key.change_pin("not-the-pin", SECOND_PIN)),
            &CtapError::Ctap2PinInvalid,
        )?;
        block_on(key.change_pin(FIRST_PIN, SECOND_PIN))?;
        refused(
            block_on(key.change_pin(FIRST_PIN, THIRD_PIN)),
            &CtapError::Ctap2PinInvalid,
        )
    })?;
    journey.user.pin = SECOND_PIN.to_owned();
    Ok("PIN_INVALID, then changed".to_owned())
}

fn register(journey: &mut Journey) -> Result<String> {
    let credential = registered(journey, None)?;
    let attestation = match &credential.attestation.data {
        ParsedAttestationData::Basic(certificates) => format!("{} certificates", certificates.len()),
        ParsedAttestationData::Self_ => "by the credential itself".to_owned(),
        other => format!("{other:?}"),
    };
    ensure!(credential.user_verified, "the user was not verified");
    journey.credential = Some(credential);
    Ok(format!("attested {attestation}"))
}

fn registered(journey: &Journey, excluded: Option<Vec<Vec<u8>>>) -> Result<Credential> {
    let site = site()?;
    let order = site.new_challenge_register_builder(b"user-2", "bob@example.test", "Bob")?;
    let order = order
        .attestation(AttestationConveyancePreference::Direct)
        .user_verification_policy(UserVerificationPolicy::Required)
        .exclude_credentials(excluded);
    let (challenge, state) = site.generate_challenge_register(order)?;
    let answer = journey.with_key(|key| Ok(key.do_registration(origin()?, challenge)?))?;
    Ok(site.register_credential(&answer, &state, None)?)
}

fn authenticate(journey: &mut Journey) -> Result<String> {
    let site = site()?;
    let mut credential = journey.credential.take().context("no credential was registered")?;
    let before = credential.counter;
    for _ in 0..2 {
        let order = site.new_challenge_authenticate_builder(vec![credential.clone()], None)?;
        let (challenge, state) = site.generate_challenge_authenticate(order)?;
        let answer = journey.with_key(|key| Ok(key.do_authentication(origin()?, challenge)?))?;
        let outcome = site.authenticate_credential(&answer, &state)?;
        ensure!(outcome.user_verified(), "the user was not verified");
        ensure!(outcome.counter() > credential.counter, "the counter did not grow");
        credential.counter = outcome.counter();
    }
    let after = credential.counter;
    journey.credential = Some(credential);
    Ok(format!("counter {before} to {after}"))
}

fn exclude(journey: &mut Journey) -> Result<String> {
    let credential = journey.credential.as_ref().context("no credential was registered")?;
    let again = registered(journey, Some(vec![credential.cred_id.to_vec()]));
    match again.map_err(|error| error.downcast::<WebauthnCError>()) {
        Err(Ok(WebauthnCError::Ctap(CtapError::Ctap2CredentialExcluded))) => Ok("CREDENTIAL_EXCLUDED".to_owned()),
        Err(other) => bail!("another refusal: {other:?}"),
        Ok(_) => bail!("it was registered twice"),
    }
}

fn list_stored(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let manage = key.credential_management().context("no credential management")?;
        let metadata = block_on(manage.get_credentials_metadata())?;
        ensure!(metadata.existing_resident_credentials_count == 1, "{metadata:?}");
        let sites = block_on(manage.enumerate_rps())?;
        ensure!(sites.len() == 1 && sites[0].id.as_deref() == Some(SITE), "{sites:?}");
        let stored = block_on(manage.enumerate_credentials_by_rpid(SITE))?;
        ensure!(stored.len() == 1, "{stored:?}");
        let user = stored[0].user.as_ref().context("no user")?;
        ensure!(
            user.id == b"user-1" && user.name.as_deref() == Some("ann@example.test"),
            "{user:?}"
        );
        Ok(format!(
            "1 of {SITE}, room for {}",
            metadata.max_possible_remaining_resident_credentials_count
        ))
    })
}

fn rename_stored(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let manage = key.credential_management().context("no credential management")?;
        let stored = block_on(manage.enumerate_credentials_by_rpid(SITE))?;
        let id = stored
            .first()
            .and_then(|one| one.credential_id.clone())
            .context("no credential")?;
        let Key::Fido21(newer) = &mut *key else {
            bail!("not a key of CTAP 2.1");
        };
        let user = UserCM {
            id: b"user-1".to_vec(),
            name: Some("ann.smith@example.test".to_owned()),
            display_name: Some("Ann Smith".to_owned()),
        };
        block_on(newer.update_credential_user(id, user))?;
        let manage = key.credential_management().context("no credential management")?;
        let stored = block_on(manage.enumerate_credentials_by_rpid(SITE))?;
        let name = stored.first().and_then(|one| one.user.as_ref()?.name.clone());
        ensure!(name.as_deref() == Some("ann.smith@example.test"), "{name:?}");
        Ok("seen in the list".to_owned())
    })
}

fn delete_stored(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let manage = key.credential_management().context("no credential management")?;
        let stored = block_on(manage.enumerate_credentials_by_rpid(SITE))?;
        let id = stored
            .first()
            .and_then(|one| one.credential_id.clone())
            .context("no credential")?;
        block_on(manage.delete_credential(id))?;
        let metadata = block_on(manage.get_credentials_metadata())?;
        ensure!(metadata.existing_resident_credentials_count == 0, "{metadata:?}");
        Ok("none left".to_owned())
    })
}

fn always_verify(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let Key::Fido21(key) = key else {
            bail!("not a key of CTAP 2.1");
        };
        let before = key.get_info().get_option("alwaysUv");
        if before.is_none() {
            return Ok("the key has no such switch, and says so".to_owned());
        }
        block_on(key.toggle_always_uv())?;
        ensure!(key.get_info().get_option("alwaysUv") == Some(true), "not switched on");
        block_on(key.toggle_always_uv())?;
        ensure!(key.get_info().get_option("alwaysUv") == before, "not switched back");
        Ok("on and off".to_owned())
    })
}

fn enterprise(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let Key::Fido21(key) = key else {
            bail!("not a key of CTAP 2.1");
        };
        if !key.supports_enterprise_attestation() {
            return Ok("the key has none, and says so".to_owned());
        }
        block_on(key.enable_enterprise_attestation())?;
        ensure!(key.get_info().get_option("ep") == Some(true), "not switched on");
        Ok("on".to_owned())
    })
}

fn force_change(journey: &mut Journey) -> Result<String> {
    let least = u32::try_from(SECOND_PIN.len())? + 1;
    journey.with_key(|key| {
        let Key::Fido21(key) = key else {
            bail!("not a key of CTAP 2.1");
        };
        block_on(key.set_min_pin_length(Some(least), Vec::new(), None))?;
        ensure!(
            key.get_info().get_min_pin_length() == SECOND_PIN.len() + 1,
            "the least length is the old one"
        );
        ensure!(key.get_info().force_pin_change, "no other PIN is asked for");
        Ok(())
    })?;
    // The library refuses to send a PIN that is shorter than the key's least length, also an old one.
    Ok(format!("at least {least}, and another PIN is asked for"))
}

fn power_cycle(journey: &mut Journey) -> Result<String> {
    journey.with_key(|key| {
        let wrong = |key: &mut Key<'_>, pin: &str| block_on(key.change_pin(pin, THIRD_PIN));
        refused(wrong(key, "not-the-pin-at-all-1"), &CtapError::Ctap2PinInvalid)?;
        refused(wrong(key, "not-the-pin-at-all-2"), &CtapError::Ctap2PinInvalid)?;
        refused(wrong(key, "not-the-pin-at-all-3"), &CtapError::Ctap2PinAuthBlocked)?;
        refused(wrong(key, "not-the-pin-at-all-4"), &CtapError::Ctap2PinAuthBlocked)
    })?;
    journey.hand.insert_anew()?;
    journey.with_key(|key| {
        let wrong = block_on(key.change_pin("not-the-pin-at-all-5", THIRD_PIN));
        refused(wrong, &CtapError::Ctap2PinInvalid)
    })?;
    Ok("PIN_AUTH_BLOCKED until the key was pulled out".to_owned())
}

fn reset_used(journey: &mut Journey) -> Result<String> {
    journey.hand.insert_anew()?;
    journey.with_key(|key| Ok(block_on(key.factory_reset())?))?;
    journey.with_key(|key| {
        ensure!(
            key.get_info().get_option("clientPin") == Some(false),
            "the PIN is still set"
        );
        ensure!(!key.get_info().force_pin_change, "another PIN is still asked for");
        Ok("as new".to_owned())
    })
}

fn refused(outcome: Result<(), WebauthnCError>, with: &CtapError) -> Result<()> {
    match outcome {
        Err(WebauthnCError::Ctap(refusal)) if refusal == *with => Ok(()),
        other => bail!("{other:?} instead of {with:?}"),
    }
}

fn site() -> Result<WebauthnCore> {
    let age = Duration::from_secs(60);
    Ok(WebauthnCore::new_unsafe_experts_only(
        "Example",
        SITE,
        vec![origin()?],
        age,
        None,
        None,
    ))
}

fn origin() -> Result<Url> {
    Ok(Url::parse(&format!("https://{SITE}"))?)
}
