//! Emergency codes of a user: given out once, told of, taken back, and at an end when he has a token that works.

use claviger_domain::{
    Timestamp, UserId,
    otp::{EMERGENCY_CODES, EmergencyCode, emergency_end},
    role::Standing,
    user::{User, UserStatus},
};
use claviger_store::{
    Tx,
    audit::AuditEntry,
    emergency_codes::{self, Kept},
    users,
};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    Failure,
    auth::{Caller, roles},
    ports,
    rest::guard::{OtpRead, OtpWrite},
    secrets::{Keyring, Receipt, Secret, seeds},
};

/// Codes that are kept, and not to be shown without a receipt.
pub struct Made {
    codes: Vec<Secret<String>>,
    expires_at: Timestamp,
}

/// Codes on their way to whoever hands them to the user.
pub struct Issued {
    /// The codes.
    pub codes: Vec<Zeroizing<String>>,
    /// Until when they are good.
    pub expires_at: Timestamp,
}

/// A user's codes, without themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// Each of the newest set.
    pub codes: Vec<Kept>,
    /// When they were looked at.
    pub at: Timestamp,
}

impl Made {
    fn show(&self, receipt: &Receipt) -> Issued {
        let shown = |code: &Secret<String>| Zeroizing::new(code.show(receipt).clone());
        Issued {
            codes: self.codes.iter().map(shown).collect(),
            expires_at: self.expires_at,
        }
    }
}

/// Gives a user new codes in the place of those that he had. The audit event is committed before they leave.
///
/// # Errors
/// [`Failure::StepUpRequired`], [`Failure::NotFound`], [`Failure::Sealed`]; [`Failure::Refused`] for a disabled user, and
/// for one who may do more than the operator.
pub async fn issue(caller: &Caller<OtpWrite>, user: UserId) -> Result<Issued, Failure> {
    caller.require_step_up()?;
    let (app, privileges) = (caller.app().clone(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let found = load(tx, user, privileges, "issue").await?;
        if found.status() == UserStatus::Disabled {
            return Err(refused(
                &found,
                "issue",
                "This user is disabled. Enable the user first.",
            ));
        }
        let made = make(app.keyring(), tx, user).await?;
        record(
            tx,
            "emergency_codes.issued",
            &found,
            json!({ "codes": made.codes.len() }),
        );
        Ok(made)
    };
    let (made, receipt) = caller.write_to_show(user.as_uuid(), job).await?;
    Ok(made.show(&receipt))
}

/// The codes of a user, without themselves.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn list(caller: &Caller<OtpRead>, user: UserId) -> Result<Codes, Failure> {
    let (tenant, at) = (caller.tenant(), caller.now());
    caller
        .read(async move |reader| {
            users::get(reader, tenant, user).await?.ok_or(Failure::NotFound)?;
            let codes = emergency_codes::of_user(reader, tenant, user).await?;
            Ok(Codes { codes, at })
        })
        .await
}

/// Takes all codes of a user back; nothing is said where there are none.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] for one who may do more than the operator.
pub async fn revoke(caller: &Caller<OtpWrite>, user: UserId) -> Result<(), Failure> {
    let privileges = caller.identity().privileges;
    let job = async move |tx: &mut Tx| {
        let found = load(tx, user, privileges, "revoke").await?;
        let count = emergency_codes::remove(tx, user).await?;
        record(tx, "emergency_codes.revoked", &found, json!({ "codes": count }));
        Ok(())
    };
    caller.write_on(user.as_uuid(), job).await
}

/// Ends the codes of a user who has a token that works.
pub(crate) async fn end(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let count = emergency_codes::remove(tx, user).await?;
    if let Some(found) = users::get(tx, tenant, user).await?.filter(|_| count > 0) {
        record(tx, "emergency_codes.ended", &found, json!({ "codes": count }));
    }
    Ok(())
}

async fn load(
    tx: &mut Tx,
    user: UserId,
    operator: claviger_domain::PrivilegeSet,
    command: &str,
) -> Result<User, Failure> {
    let tenant = tx.tenant();
    let found = users::lock(tx, user).await?.ok_or(Failure::NotFound)?;
    match roles::standing(tx, tenant, operator, user).await? {
        Standing::NotAbove => Ok(found),
        Standing::Above => Err(refused(
            &found,
            command,
            "This user holds privileges that you lack. Ask somebody who holds them.",
        )),
    }
}

async fn make(keyring: &Keyring, tx: &mut Tx, user: UserId) -> Result<Made, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let key = keyring.sealing(tx, tenant).await?;
    let (mut rows, mut codes) = (Vec::new(), Vec::new());
    for number in (1..).take(EMERGENCY_CODES) {
        let code = EmergencyCode::of(&Zeroizing::new(ports::random()?));
        let mut row = Kept {
            user,
            number,
            digest: Vec::new(),
            key_version: i64::from(key.version()),
            created_at: now,
            expires_at: emergency_end(now),
            used_at: None,
            failed_attempts: 0,
        };
        row.digest = seeds::seal_digest(&key, tenant, &row, &code.digest())?;
        rows.push(row);
        codes.push(Secret::new(code.using().to_string()));
    }
    emergency_codes::replace(tx, user, rows).await?;
    Ok(Made {
        codes,
        expires_at: emergency_end(now),
    })
}

fn record(tx: &mut Tx, action: &'static str, user: &User, after: serde_json::Value) {
    tx.record(AuditEntry {
        action,
        object_kind: "user",
        object_id: Some(user.id().as_uuid()),
        object_label: Some(user.user_name().as_str().to_owned()),
        after: Some(after),
        ..AuditEntry::default()
    });
}

fn refused(user: &User, command: &str, detail: &str) -> Failure {
    Failure::refused(user.status().as_str(), format!("{command}_emergency_codes"), detail)
}
