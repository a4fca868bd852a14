//! privacyIDEA's own export, once it is opened: an array of tokens, each with the facts that its database has.

use std::io::Read;

use claviger_domain::otp::{Digits, Kind, TimeStep};

use super::encoding::Encoding;
use super::fault::{SeedFault, SeedFileFault, SeedWrong};
use super::given::{Judge, Rest, Settings};
use super::json::{Object, no_object, said};
use super::{Limits, SeedRow};
use crate::delivery::entries::Entries;
use crate::delivery::source::Source;

/// An export that is being read.
pub(super) struct Reader<R> {
    entries: Entries<R>,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, SeedFileFault> {
        let entries = Entries::of_file(from, limits.line, limits.rows).map_err(said)?;
        Ok(Self { entries })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<SeedRow>, SeedFileFault> {
        let Some((line, text)) = self.entries.next_entry().map_err(said)? else {
            return Ok(None);
        };
        let Some(object) = Object::read(text, line)? else {
            return Ok(Some(no_object(line, text)));
        };
        // Versions before 3.12 call it otherwise.
        let info = object.get("info_list").or_else(|| object.get("tokeninfo"));
        let info = Object::read(info.unwrap_or("{}"), line)?;
        let user = Object::read(object.get("user").unwrap_or("{}"), line)?;
        Ok(Some(row(line, &object, info.as_ref(), user.as_ref())))
    }
}

fn row(line: u64, object: &Object<'_>, info: Option<&Object<'_>>, user: Option<&Object<'_>>) -> SeedRow {
    let mut judge = Judge::default();
    let serial_text = object.plain(&mut judge, "serial");
    let serial = judge.serial("serial", &serial_text);
    let settings = settings(&mut judge, object, info);
    let seed = object.text(&mut judge, "otpkey");
    let text = seed.as_deref().map_or("", String::as_str);
    let seed = judge.seed_text("otpkey", text, Encoding::Hex, false);
    if object.flag(&mut judge, "revoked") {
        judge.note(SeedFault::of("revoked", SeedWrong::Revoked));
    }
    let disabled = object.get("active").is_some() && !object.flag(&mut judge, "active");
    let counter = object
        .text(&mut judge, "count")
        .or_else(|| object.text(&mut judge, "counter"));
    let rest = Rest {
        counter: counter.and_then(|text| judge.number("count", &text)),
        drift: drift(&mut judge, info, settings.time_step),
        holder: user.and_then(|user| holder(&mut judge, user)),
        disabled,
        ..Rest::default()
    };
    SeedRow {
        line,
        serial: serial_text,
        token: judge.decide(serial, settings, seed, rest),
    }
}

fn settings(judge: &mut Judge, object: &Object<'_>, info: Option<&Object<'_>>) -> Settings {
    let kind = object.plain(judge, "type");
    let kind = judge.kind("type", &kind);
    let hash = info.map(|info| info.plain(judge, "hashlib")).unwrap_or_default();
    let digits = object.text(judge, "otplen");
    let step = info
        .and_then(|info| info.text(judge, "timeStep"))
        .filter(|_| kind == Some(Kind::Totp));
    Settings {
        kind,
        algorithm: judge.algorithm("hashlib", &hash),
        digits: digits.map_or(Some(Digits::Six), |text| judge.digits("otplen", &text)),
        time_step: step.map_or(Some(TimeStep::Thirty), |text| judge.time_step("timeStep", &text)),
    }
}

/// `timeShift` in seconds, as steps.
fn drift(judge: &mut Judge, info: Option<&Object<'_>>, step: Option<TimeStep>) -> i64 {
    let seconds = info.and_then(|info| info.text(judge, "timeShift"));
    let whole = seconds
        .as_deref()
        .and_then(|text| text.split('.').next()?.parse::<i64>().ok());
    let step = i64::from(step.map_or(30, TimeStep::seconds));
    let seconds = whole.unwrap_or_default();
    seconds.saturating_add(step / 2 * seconds.signum()) / step
}

fn holder(judge: &mut Judge, user: &Object<'_>) -> Option<String> {
    let login = user.plain(judge, "login");
    let behind = user.plain(judge, "realm");
    let login = judge.user_name("login", &login)?;
    Some(match judge.user_name("realm", &behind) {
        Some(place) => format!("{login}@{place}"),
        None => login,
    })
}
