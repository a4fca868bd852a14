//! Initial PINs: whether one can be shown, the showing, and showing it for longer.

use std::time::Duration;

use claviger_domain::{
    ApprovalId, Privilege, PrivilegeSet, SecurityKeyId, TenantId, Timestamp,
    approval::Kind,
    role::Standing,
    security_key::{Command, DeviceType, Disclosure, PinField, SecurityKey},
    text::Reason,
};
use claviger_store::{Reader, Tx, pin_quotas, policies, security_keys};
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Shown,
    obey::{self, Said},
    pins::{self, Shelf},
};
use crate::{
    App, Failure,
    actions::{approvals, settings},
    auth::{Caller, roles},
    rest::guard::{InitialPinRead, KeyConfigure},
    secrets::Secret,
};

/// The quota's window.
const HOUR_MICROS: i64 = 3_600 * 1_000_000;
/// How long a screen shows a PIN.
const SHOWN_SECONDS: i64 = 30;
/// Tries of one operator at once, on several servers.
const TRIES: usize = 5;
/// The command's name in refusals.
const SHOW: &str = "show_initial_pin";

/// Whether the initial PINs of a key can be shown to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Standard or enterprise; nothing before the key is configured.
    pub device: Option<DeviceType>,
    /// What the caller may see, each with its state; nothing where none is kept.
    pub fields: Vec<(PinField, Option<Disclosure>)>,
    /// When they hide.
    pub hidden_on: Option<Timestamp>,
    /// When the key was given to its user.
    pub assigned_on: Option<Timestamp>,
    /// Whether the caller has to confirm who he is first.
    pub requires_step_up: bool,
    /// Whether the admin PIN needs a second person's agreement.
    pub requires_approval: bool,
    /// Showings left in this hour.
    pub remaining: u32,
}

/// A PIN that is not to be shown without a receipt.
pub struct Opened(Secret<String>);

/// A PIN on its way to a screen.
pub struct Disclosed {
    /// Which.
    pub field: PinField,
    /// The PIN.
    pub value: Zeroizing<String>,
    /// When it is masked again.
    pub expires_at: Timestamp,
}

/// Whether the initial PINs of a key can be shown to the caller; opens nothing.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Lacks`] where the matrix shows the caller nothing of such a key.
pub async fn initial_pin(caller: &Caller<InitialPinRead>, id: SecurityKeyId) -> Result<Look, Failure> {
    let (tenant, privileges, now) = (caller.tenant(), caller.identity().privileges, caller.now());
    let (operator, requires_step_up) = (caller.identity().caller_id(), caller.require_step_up().is_err());
    let read = async move |reader: &mut Reader| {
        let key = security_keys::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
        let shown = may_see(&key, privileges)?;
        let days = days(reader, tenant, &key).await?;
        let mut fields = Vec::new();
        for field in shown {
            fields.push((field, disclosure(reader, tenant, &key, field, days, now).await?));
        }
        let pins = settings::of(reader, tenant).await?.pins;
        let quota = pin_quotas::get(reader, tenant, operator).await?;
        Ok(Look {
            device: key.device_type(),
            requires_approval: pins.admin_pin_needs_approval
                && fields.iter().any(|(field, _)| *field == PinField::AdminPin),
            fields,
            hidden_on: key.hidden_on(days),
            assigned_on: key.holder().map(|holder| holder.assigned_at),
            requires_step_up,
            remaining: pins.shows_per_hour.saturating_sub(counted(&recent(&quota.shown, now))),
        })
    };
    caller.read(read).await
}

/// Shows an initial PIN. The audit event is committed before it leaves, and it counts against the operator's quota
/// whichever server he asks.
///
/// # Errors
/// [`Failure::Lacks`], [`Failure::StepUpRequired`], [`Failure::NotFound`], [`Failure::Refused`],
/// [`Failure::RateLimited`], and [`Failure::Sealed`] without a key-encryption key.
pub async fn show_initial_pin(
    caller: &Caller<InitialPinRead>,
    id: SecurityKeyId,
    field: PinField,
    approval: Option<ApprovalId>,
) -> Result<Disclosed, Failure> {
    caller.require(field.privilege())?;
    let tenant = caller.tenant();
    let exists = async move |reader: &mut Reader| Ok(security_keys::get(reader, tenant, id).await?.is_some());
    if !caller.read(exists).await? {
        return Err(Failure::NotFound);
    }
    caller.require_step_up()?;
    let (app, operator) = (caller.app().clone(), caller.identity().caller_id());
    for _ in 1..TRIES {
        match once(caller, &app, operator, (id, field, approval)).await {
            // Another server counted a showing of the same operator meanwhile.
            Err(Failure::Stale(_)) => {}
            settled => return settled,
        }
    }
    once(caller, &app, operator, (id, field, approval)).await
}

async fn once(
    caller: &Caller<InitialPinRead>,
    app: &App,
    operator: Uuid,
    (id, field, approval): (SecurityKeyId, PinField, Option<ApprovalId>),
) -> Result<Disclosed, Failure> {
    let (expected, privileges, app) = (caller.expected(), caller.identity().privileges, app.clone());
    let job = async move |tx: &mut Tx| {
        let key = obey::load(tx, id, expected).await?;
        let tenant = tx.tenant();
        let pins = settings::of(tx, tenant).await?.pins;
        is_available(tx, &key, field).await?;
        count(tx, operator, pins.shows_per_hour).await?;
        not_above(tx, privileges, &key).await?;
        let used = if field == PinField::AdminPin && pins.admin_pin_needs_approval {
            Some(agreed(tx, approval, id, operator).await?)
        } else {
            None
        };
        let opened = pins::open(app.keyring(), tx, tenant, &key, (field, Shelf::Active)).await?;
        let more = json!({
            "field": field.as_str(),
            "generation": key.generation().get(),
            "approval": used.map(|id| id.as_uuid()),
        });
        let told = obey::noted(tx, &key, &key, Said::new("security_key.initial_pin_shown").with(more)).await?;
        tx.record(told);
        opened
            .map(Opened)
            .ok_or_else(|| refused("none", "no initial PIN of this key is kept"))
    };
    // In the order of the operator's showings: his quota is what they meet at.
    let (opened, receipt) = caller.write_to_show(operator, job).await?;
    Ok(Disclosed {
        field,
        value: Zeroizing::new(opened.0.show(&receipt).clone()),
        expires_at: caller.now().plus_seconds(SHOWN_SECONDS),
    })
}

/// Lets the initial PINs of a key be shown for so many days from now.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] when there is nothing left to show.
pub async fn extend_initial_pin(
    caller: &Caller<KeyConfigure>,
    id: SecurityKeyId,
    reason: Reason,
    days: u16,
) -> Result<Shown, Failure> {
    if !(1..=365).contains(&days) {
        return Err(Failure::invalid("/days", "1 to 365 days are wanted"));
    }
    let until = caller.now().plus_days(i64::from(days));
    obey::apply(caller, id, Command::ExtendInitialPin { until }, Some(reason)).await
}

/// What the matrix shows somebody of this key.
fn may_see(key: &SecurityKey, privileges: PrivilegeSet) -> Result<Vec<PinField>, Failure> {
    let shown = key.initial_pins(privileges);
    if shown.is_empty() && key.device_type().is_some() {
        return Err(Failure::Lacks(Privilege::DeviceUserPinRead));
    }
    Ok(shown)
}

async fn days(reader: &mut Reader, tenant: TenantId, key: &SecurityKey) -> Result<u16, Failure> {
    let Some(linked) = key.policy() else { return Ok(0) };
    let version = policies::version(reader, tenant, linked).await?;
    Ok(version.map_or(0, |version| version.rules.initial_pin_days()))
}

async fn disclosure(
    reader: &mut Reader,
    tenant: TenantId,
    key: &SecurityKey,
    field: PinField,
    days: u16,
    now: Timestamp,
) -> Result<Option<Disclosure>, Failure> {
    let state = key.disclosure(field, days, now);
    let kept = pins::holds(reader, tenant, key.id(), field).await?;
    Ok(state.filter(|state| kept || matches!(state, Disclosure::Superseded { .. })))
}

async fn is_available(tx: &mut Tx, key: &SecurityKey, field: PinField) -> Result<(), Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let days = days(tx, tenant, key).await?;
    match disclosure(tx, tenant, key, field, days, now).await? {
        Some(Disclosure::Available) => Ok(()),
        Some(Disclosure::Superseded { on }) => Err(refused(
            "superseded",
            &format!("the PIN of this key was changed on {on}; the initial one is gone"),
        )),
        Some(Disclosure::Hidden { on }) => Err(refused(
            "hidden",
            &format!("the initial PIN is hidden since {on}; whoever may configure keys can extend it"),
        )),
        None => Err(refused("none", "no such initial PIN of this key is kept")),
    }
}

fn refused(state: &str, detail: &str) -> Failure {
    Failure::refused(state, SHOW, obey::sentence(detail))
}

/// Whoever has the PIN of a key can be its holder.
async fn not_above(tx: &mut Tx, operator: PrivilegeSet, key: &SecurityKey) -> Result<(), Failure> {
    let (tenant, Some(holder)) = (tx.tenant(), key.holder()) else {
        return Ok(());
    };
    match roles::standing(tx, tenant, operator, holder.user).await? {
        Standing::NotAbove => Ok(()),
        Standing::Above => Err(roles::ABOVE),
    }
}

/// The agreement, used up.
async fn agreed(
    tx: &mut Tx,
    approval: Option<ApprovalId>,
    key: SecurityKeyId,
    by: Uuid,
) -> Result<ApprovalId, Failure> {
    let Some(id) = approval else {
        let detail = "An admin PIN is shown only when a second person agrees; ask for approval.";
        return Err(Failure::refused("approval_needed", SHOW, detail));
    };
    approvals::carry_out(tx, id, Kind::AdminPin, key, by).await.map(|_| id)
}

/// Counts one showing, unless the operator had as many as he may in the last hour.
async fn count(tx: &mut Tx, operator: Uuid, most: u32) -> Result<(), Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let mut quota = pin_quotas::get(tx, tenant, operator).await?;
    quota.shown = recent(&quota.shown, now);
    if counted(&quota.shown) >= most {
        let oldest = quota.shown.iter().min().copied().unwrap_or(now);
        let left = HOUR_MICROS.saturating_sub(now.micros_since(oldest));
        return Err(Failure::RateLimited(Duration::from_micros(
            u64::try_from(left).unwrap_or_default(),
        )));
    }
    quota.shown.push(now);
    Ok(pin_quotas::save(tx, operator, &quota).await?)
}

fn recent(shown: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
    let within = |at: &&Timestamp| now.micros_since(**at) < HOUR_MICROS;
    shown.iter().filter(within).copied().collect()
}

fn counted(shown: &[Timestamp]) -> u32 {
    u32::try_from(shown.len()).unwrap_or(u32::MAX)
}
