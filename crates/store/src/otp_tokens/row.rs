//! Rows of tokens as the domain knows them; a row that contradicts itself is named.

use claviger_domain::ids::{BatchId, OtpTokenId, UserId};
use claviger_domain::otp::{
    Algorithm, Digits, Kind, OtpToken, OtpTokenFacts, Parameters, Progress, Resyncs, State, Status, TimeStep,
};
use claviger_domain::text::{Manufacturer, Model, Reason};
use claviger_domain::{Revision, SerialNumber, Timestamp};
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

/// What [`token`] reads.
pub(super) const COLUMNS: &str = "t.id, t.revision, t.serial_number, t.kind, t.algorithm, t.digits, t.time_step,
    t.status, t.status_at, t.reason, t.user_id, t.next_counter, t.last_step, t.drift, t.failed_attempts, t.locked_at,
    t.resync_day, t.resync_tried, t.expires_at, t.manufacturer, t.model, t.batch_id, t.imported_at, t.updated_at,
    t.last_used_at";
/// The place behind [`COLUMNS`].
pub(super) const BEHIND: usize = 25;

/// The token of a row with [`COLUMNS`] in front.
pub(super) fn token(row: &Row) -> Result<OtpToken, Error> {
    let id: Uuid = row.get(0)?;
    let bad = |column: &str| Error::inconsistent(format!("otp_tokens.{column} of {id}"));
    let (manufacturer, model): (Option<String>, Option<String>) = (row.get(19)?, row.get(20)?);
    let facts = OtpTokenFacts {
        id: OtpTokenId::from_uuid(id),
        revision: Revision::new(row.get(1)?),
        serial_number: SerialNumber::new(row.text(2)?).map_err(|_| bad("serial_number"))?,
        parameters: parameters(row).map_err(bad)?,
        state: state(row)?.ok_or_else(|| bad("status"))?,
        holder: row.get::<Option<Uuid>>(10)?.map(UserId::from_uuid),
        progress: progress(row)?.ok_or_else(|| bad("next_counter"))?,
        failed_attempts: row.get(14)?,
        locked_since: row.get(15)?,
        resyncs: Resyncs {
            day: row.get(16)?,
            tried: row.get(17)?,
        },
        expires_at: row.get(18)?,
        manufacturer: manufacturer
            .map(|text| Manufacturer::new(&text).map_err(|_| bad("manufacturer")))
            .transpose()?,
        model: model
            .map(|text| Model::new(&text).map_err(|_| bad("model")))
            .transpose()?,
        batch: row.get::<Option<Uuid>>(21)?.map(BatchId::from_uuid),
        imported_at: row.get(22)?,
        updated_at: row.get(23)?,
        last_used_at: row.get(24)?,
    };
    OtpToken::try_from(facts).map_err(|contradiction| bad(contradiction.field))
}

/// What a token is set to; the column that cannot be read is named.
fn parameters(row: &Row) -> Result<Parameters, &'static str> {
    let word = |place: usize, column| row.text(place).map_err(|_| column);
    let algorithm = Algorithm::parse(word(4, "algorithm")?).ok_or("algorithm")?;
    let digits = row
        .get(5)
        .ok()
        .and_then(|number| Digits::new(number).ok())
        .ok_or("digits")?;
    let step: Option<u64> = row.get(6).map_err(|_| "time_step")?;
    match (Kind::parse(word(3, "kind")?).ok_or("kind")?, step) {
        (Kind::Hotp, None) => Ok(Parameters::hotp(algorithm, digits)),
        (Kind::Totp, Some(seconds)) => {
            let step = TimeStep::new(seconds).map_err(|_| "time_step")?;
            Ok(Parameters::totp(algorithm, digits, step))
        }
        (Kind::Hotp, Some(_)) | (Kind::Totp, None) => Err("time_step"),
    }
}

fn state(row: &Row) -> Result<Option<State>, Error> {
    let (at, reason): (Option<Timestamp>, Option<String>) = (row.get(8)?, row.get(9)?);
    let reason = reason.and_then(|text| Reason::new(&text).ok());
    Ok(match (Status::parse(row.text(7)?), at, reason) {
        (Some(Status::Active), None, None) => Some(State::Active),
        (Some(Status::Disabled), None, None) => Some(State::Disabled),
        (Some(Status::Compromised), Some(at), Some(reason)) => Some(State::Compromised { reason, at }),
        (Some(Status::Expired), Some(at), None) => Some(State::Expired { at }),
        (_, _, _) => None,
    })
}

fn progress(row: &Row) -> Result<Option<Progress>, Error> {
    let (next, last): (Option<u64>, Option<u64>) = (row.get(11)?, row.get(12)?);
    let drift = row.get(13)?;
    Ok(match (next, last) {
        (Some(next_counter), None) => Some(Progress::Hotp { next_counter }),
        (None, last_step) => Some(Progress::Totp { last_step, drift }),
        (Some(_), Some(_)) => None,
    })
}

/// What a verification changes, in the order of its statement behind tenant, id, and the revision before.
pub(super) fn tried(facts: &OtpTokenFacts) -> Vec<Value> {
    let (next, last, drift) = match facts.progress {
        Progress::Hotp { next_counter } => (Some(next_counter), None, 0),
        Progress::Totp { last_step, drift } => (None, last_step, drift),
    };
    vec![
        facts.revision.get().into(),
        number(next),
        number(last),
        drift.into(),
        facts.failed_attempts.into(),
        facts.locked_since.into(),
        facts.last_used_at.into(),
        facts.updated_at.into(),
    ]
}

/// What an order changes besides, without the holder's name and the text that is searched.
pub(super) fn ordered(facts: &OtpTokenFacts) -> Vec<Value> {
    let (at, reason) = match &facts.state {
        State::Active | State::Disabled => (None, None),
        State::Compromised { reason, at } => (Some(*at), Some(reason.as_str())),
        State::Expired { at } => (Some(*at), None),
    };
    vec![
        facts.state.status().as_str().into(),
        at.into(),
        reason.into(),
        facts.holder.map(|user| user.as_uuid()).into(),
        facts.resyncs.day.into(),
        facts.resyncs.tried.into(),
    ]
}

fn number(value: Option<u64>) -> Value {
    // The domain keeps them below 2^62.
    value.map(|number| i64::try_from(number).unwrap_or(i64::MAX)).into()
}
