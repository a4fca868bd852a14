//! Configurations: secrets are made, sealed and audited before a key is touched, and become active once it was read
//! back.

use claviger_domain::{
    PolicyId, SecurityKeyId, SerialNumber,
    policy::PolicyRules,
    security_key::{
        Aaguid, AdminPin, Command, ConfigurationOrder, ConfigurationProof, Generation, LinkedPolicy,
        PendingConfiguration, PinField, PolicyToLink, ReadBack, Report, SecurityKey, Status, Verb,
    },
    text::Firmware,
};
use claviger_store::{Tx, policies};
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    Shown,
    obey::{self, Said},
    order::past_tense,
    pins::{self, Shelf},
    show,
};
use crate::{
    Failure,
    auth::{Caller, caller::Expected},
    rest::guard::KeyConfigure,
    secrets::{Keyring, Receipt, Secret},
};

/// What a workstation wants to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    /// The policy; the one that is linked when left out.
    pub policy: Option<PolicyId>,
    /// The serial number that the key tells.
    pub serial_seen: SerialNumber,
    /// Whether an admin PIN is part of it.
    pub admin_pin: AdminPin,
    /// The firmware that the key tells.
    pub firmware: Option<Firmware>,
    /// The model that the key tells.
    pub aaguid: Option<Aaguid>,
}

/// A configuration whose secrets are kept, and not to be shown without a receipt.
pub struct Prepared {
    generation: Generation,
    user_pin: Secret<String>,
    admin_pin: Option<Secret<String>>,
    resumed: bool,
    policy: ToWrite,
}

/// A policy in the version that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToWrite {
    /// Which.
    pub linked: LinkedPolicy,
    /// Its name.
    pub name: String,
    /// What it asks for.
    pub rules: PolicyRules,
}

/// A configuration with its secrets, on its way to a workstation.
pub struct Configuration {
    /// For which generation.
    pub generation: Generation,
    /// The initial user PIN.
    pub user_pin: Zeroizing<String>,
    /// The admin PIN, where one is part of it.
    pub admin_pin: Option<Zeroizing<String>>,
    /// Whether it was begun before.
    pub resumed: bool,
    /// The policy to write.
    pub policy: ToWrite,
}

impl Prepared {
    fn show(&self, receipt: &Receipt) -> Configuration {
        let shown = |pin: &Secret<String>| Zeroizing::new(pin.show(receipt).clone());
        Configuration {
            generation: self.generation,
            user_pin: shown(&self.user_pin),
            admin_pin: self.admin_pin.as_ref().map(shown),
            resumed: self.resumed,
            policy: self.policy.clone(),
        }
    }
}

/// Makes the secrets of a configuration, or gives those of a pending one again; either is an audit event that is
/// committed before they leave.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Validation`], [`Failure::Refused`] with the domain's reason, and
/// [`Failure::Sealed`] without a key-encryption key.
pub async fn configure(
    caller: &Caller<KeyConfigure>,
    id: SecurityKeyId,
    order: Preparation,
) -> Result<Configuration, Failure> {
    let (app, expected) = (caller.app().clone(), caller.expected());
    let job = async move |tx: &mut Tx| prepare(app.keyring(), tx, id, &order, expected).await;
    let (prepared, receipt) = caller.write_to_show(id.as_uuid(), job).await?;
    Ok(prepared.show(&receipt))
}

async fn prepare(
    keyring: &Keyring,
    tx: &mut Tx,
    id: SecurityKeyId,
    order: &Preparation,
    expected: Expected,
) -> Result<Prepared, Failure> {
    let before = obey::load(tx, id, expected).await?;
    let (policy, to_link) = to_write(tx, &before, order).await?;
    let command = Command::PrepareConfiguration(ConfigurationOrder {
        policy: to_link,
        serial_seen: order.serial_seen.clone(),
        admin_pin: order.admin_pin,
    });
    let report = Report {
        firmware: order.firmware.clone(),
        aaguid: order.aaguid,
        ..Report::default()
    };
    let after = before.apply(&command, tx.now())?.observe(&report, tx.now());
    let kept = match before.pending() {
        Some(pending) if is_same(pending, &policy, order) => kept(keyring, tx, &before, order.admin_pin).await?,
        Some(_) | None => None,
    };
    let resumed = kept.is_some();
    let (user_pin, admin_pin) = match kept {
        Some(kept) => kept,
        None => fresh(keyring, tx, &after, &policy, order.admin_pin).await?,
    };
    let more = json!({
        "generation": after.generation().get(),
        "admin_pin": admin_pin.is_some(),
        "resumed": resumed,
        "policy": { "id": policy.linked.id.as_uuid(), "version": policy.linked.version.get() },
    });
    let said = Said::new(past_tense(Verb::PrepareConfiguration)).with(more);
    let generation = after.generation();
    obey::keep_changed(tx, &before, &after, said).await?;
    Ok(Prepared {
        generation,
        user_pin,
        admin_pin,
        resumed,
        policy,
    })
}

fn is_same(pending: PendingConfiguration, policy: &ToWrite, order: &Preparation) -> bool {
    pending.policy == policy.linked && pending.admin_pin == order.admin_pin
}

type Pins = (Secret<String>, Option<Secret<String>>);

/// The secrets of the pending configuration, which may be on the key already.
async fn kept(keyring: &Keyring, tx: &mut Tx, key: &SecurityKey, admin: AdminPin) -> Result<Option<Pins>, Failure> {
    let tenant = tx.tenant();
    let user_pin = pins::open(keyring, tx, tenant, key, (PinField::UserPin, Shelf::Pending)).await?;
    let admin_pin = pins::open(keyring, tx, tenant, key, (PinField::AdminPin, Shelf::Pending)).await?;
    let whole = (admin == AdminPin::Held) == admin_pin.is_some();
    Ok(user_pin.filter(|_| whole).map(|user_pin| (user_pin, admin_pin)))
}

async fn fresh(
    keyring: &Keyring,
    tx: &mut Tx,
    key: &SecurityKey,
    policy: &ToWrite,
    admin: AdminPin,
) -> Result<Pins, Failure> {
    let user_pin = made(keyring, tx, key, policy, PinField::UserPin).await?;
    let admin_pin = match admin {
        AdminPin::Held => Some(made(keyring, tx, key, policy, PinField::AdminPin).await?),
        AdminPin::Absent => None,
    };
    Ok((user_pin, admin_pin))
}

async fn made(
    keyring: &Keyring,
    tx: &mut Tx,
    key: &SecurityKey,
    policy: &ToWrite,
    field: PinField,
) -> Result<Secret<String>, Failure> {
    let pin = pins::make(field, &policy.rules, key)?;
    pins::keep(keyring, tx, key, (field, Shelf::Pending), pin.using()).await?;
    Ok(Secret::new(pin.using().to_owned()))
}

/// The policy that is named, in its newest version, or the one that is linked, in the version it is pinned to.
async fn to_write(tx: &mut Tx, key: &SecurityKey, order: &Preparation) -> Result<(ToWrite, PolicyToLink), Failure> {
    let (tenant, linked) = (
        tx.tenant(),
        key.policy().or(key.pending().map(|pending| pending.policy)),
    );
    let missing = |detail: &str| Failure::invalid("/policy_id", detail);
    let id = order.policy.or(linked.map(|linked| linked.id));
    let Some(id) = id else {
        // What has no policy to be written may be in no state for it at all, which is the better answer.
        return Err(not_configurable(key).unwrap_or_else(|| missing("no policy is linked to this key; name one")));
    };
    let found = policies::get(tx, tenant, id).await?;
    let policy = found.ok_or_else(|| missing("there is no such policy"))?;
    let name = policy.name().as_str().to_owned();
    if let (None, Some(linked)) = (order.policy, linked) {
        let version = policies::version(tx, tenant, linked).await?;
        let rules = version
            .ok_or_else(|| Failure::internal("a linked policy has lost its version"))?
            .rules;
        let to_link = PolicyToLink::pinned(linked, rules.kind());
        return Ok((ToWrite { linked, name, rules }, to_link));
    }
    let to_link = PolicyToLink::of(&policy);
    let rules = policy.rules().clone();
    let linked = to_link.linked();
    Ok((ToWrite { linked, name, rules }, to_link))
}

fn not_configurable(key: &SecurityKey) -> Option<Failure> {
    if matches!(key.status(), Status::InStock | Status::Ready) {
        return None;
    }
    let refused = key.apply(&Command::AbandonConfiguration, key.updated_at());
    refused.err().map(|refusal| {
        let command = Verb::PrepareConfiguration.as_str();
        Failure::refused(refusal.state().as_str(), command, obey::sentence(&refusal.to_string()))
    })
}

/// Makes a pending configuration active: the key holds it.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] with the domain's reason: the key stays as it was.
pub async fn confirm(
    caller: &Caller<KeyConfigure>,
    id: SecurityKeyId,
    generation: Generation,
    serial_seen: SerialNumber,
    read_back: ReadBack,
) -> Result<Shown, Failure> {
    let (app, expected, privileges) = (caller.app().clone(), caller.expected(), caller.identity().privileges);
    let command = Command::ConfirmConfiguration(ConfigurationProof {
        generation,
        serial_seen,
        read_back,
    });
    let job = async move |tx: &mut Tx| {
        let before = obey::load(tx, id, expected).await?;
        let after = before.apply(&command, tx.now())?;
        pins::promote(app.keyring(), tx, &before).await?;
        let said = Said::new(past_tense(command.verb())).with(json!({ "generation": generation.get() }));
        obey::keep_changed(tx, &before, &after, said).await?;
        show::shown(tx, after, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Drops a pending configuration and shreds its secrets: the key was not touched, or was reset.
///
/// # Errors
/// As [`confirm`].
pub async fn abandon(caller: &Caller<KeyConfigure>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey::apply(caller, id, Command::AbandonConfiguration, None).await
}
