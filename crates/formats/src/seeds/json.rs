//! Our own JSON: `{"otp_tokens": [{serial_number, type, seed, encoding, …}, …]}`, read entry by entry.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

use claviger_domain::otp::{Digits, Kind, TimeStep};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::encoding::Encoding;
use super::fault::{SeedFault, SeedFileFault, SeedFileWrong, SeedWrong};
use super::given::{Judge, Rest, Settings};
use super::{Limits, SeedRow};
use crate::delivery::entries::{Entries, Fault, broken};
use crate::delivery::entry::{Members, kind, text};
use crate::delivery::source::Source;

const MEMBERS: [&str; 13] = [
    "serial_number",
    "type",
    "algorithm",
    "digits",
    "time_step",
    "counter",
    "seed",
    "encoding",
    "user",
    "manufacturer",
    "model",
    "expires_at",
    "disabled",
];

/// A JSON file that is being read.
pub(super) struct Reader<R> {
    entries: Entries<R>,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, SeedFileFault> {
        let entries = Entries::of_member(from, limits.line, limits.rows, "otp_tokens").map_err(said)?;
        Ok(Self { entries })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<SeedRow>, SeedFileFault> {
        let Some((line, text)) = self.entries.next_entry().map_err(said)? else {
            return Ok(None);
        };
        let Some(object) = Object::read(text, line)? else {
            return Ok(Some(no_object(line, text)));
        };
        Ok(Some(row(line, &object)))
    }
}

/// What a fault of the array means here.
pub(super) fn said(fault: Fault) -> SeedFileFault {
    match fault {
        Fault::NoArray | Fault::Bare => SeedFileFault::whole(SeedFileWrong::NoList),
        Fault::Twice(line) => SeedFileFault::at(line, SeedFileWrong::ListTwice),
        Fault::Empty => SeedFileFault::whole(SeedFileWrong::NoTokens),
        Fault::File(fault) => fault.into(),
    }
}

pub(super) fn no_object(line: u64, text: &str) -> SeedRow {
    SeedRow {
        line,
        serial: String::new(),
        token: Err(vec![SeedFault::row(SeedWrong::NoObject { kind: kind(text) })]),
    }
}

/// The members of one object.
pub(super) struct Object<'a>(Members<'a>);

impl<'a> Object<'a> {
    /// Reads an entry; none when it is something else than an object.
    pub(super) fn read(entry: &'a str, line: u64) -> Result<Option<Self>, SeedFileFault> {
        if !entry.starts_with('{') {
            return Ok(None);
        }
        let members = serde_json::from_str(entry).map_err(|error| SeedFileFault::from(broken(&error, line)))?;
        Ok(Some(Self(members)))
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.0.iter().map(|(name, value)| (&**name, *value))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.members().find(|(member, _)| *member == name)?;
        Some(found.1.get()).filter(|value| *value != "null")
    }

    /// A text, or a number as it is written; none when it is not there or null.
    pub(super) fn text(&self, judge: &mut Judge, name: &str) -> Option<Zeroizing<String>> {
        let value = self.get(name)?;
        let read = match text(value) {
            Ok(Some(text)) => Some(Zeroizing::new(Cow::into_owned(text))),
            Ok(None) if value.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Some(Zeroizing::new(value.to_owned()))
            }
            Ok(None) | Err(_) => None,
        };
        if read.is_none() {
            let wrong = SeedWrong::NoText {
                kind: kind(value),
                wanted: "a text",
            };
            judge.note(SeedFault::of(name, wrong));
        }
        read
    }

    /// The same as what a file calls a thing; empty when it is not there.
    pub(super) fn plain(&self, judge: &mut Judge, name: &str) -> String {
        self.text(judge, name).map(|text| text.to_string()).unwrap_or_default()
    }

    /// True or false; false when it is not there.
    pub(super) fn flag(&self, judge: &mut Judge, name: &str) -> bool {
        match self.get(name) {
            None | Some("false") => false,
            Some("true") => true,
            Some(value) => {
                let wrong = SeedWrong::NoText {
                    kind: kind(value),
                    wanted: "true or false",
                };
                judge.note(SeedFault::of(name, wrong));
                false
            }
        }
    }
}

fn row(line: u64, object: &Object<'_>) -> SeedRow {
    let mut judge = Judge::default();
    let mut told = HashSet::new();
    for (name, _) in object.members() {
        if !MEMBERS.contains(&name) {
            judge.note(SeedFault::of(&short(name), SeedWrong::Member));
        } else if !told.insert(name) {
            judge.note(SeedFault::of(name, SeedWrong::Twice));
        }
    }
    let serial_text = object.plain(&mut judge, "serial_number");
    let serial = judge.serial("serial_number", &serial_text);
    let settings = settings(&mut judge, object);
    let encoding = encoding(&mut judge, object);
    let seed = object.text(&mut judge, "seed");
    let seed = encoding.and_then(|encoding| {
        let text = seed.as_deref().map_or("", String::as_str);
        judge.seed_text("seed", text, encoding, true)
    });
    let rest = rest(&mut judge, object, settings.kind);
    SeedRow {
        line,
        serial: serial_text,
        token: judge.decide(serial, settings, seed, rest),
    }
}

fn settings(judge: &mut Judge, object: &Object<'_>) -> Settings {
    let kind = object.text(judge, "type");
    if kind.is_none() {
        judge.missing("type", "type", "say hotp or totp");
    }
    let kind = kind.and_then(|text| judge.kind("type", &text));
    let algorithm = object.plain(judge, "algorithm");
    let digits = object.text(judge, "digits");
    let step = object.text(judge, "time_step").filter(|_| kind == Some(Kind::Totp));
    Settings {
        kind,
        algorithm: judge.algorithm("algorithm", &algorithm),
        digits: digits.map_or(Some(Digits::Six), |text| judge.digits("digits", &text)),
        time_step: step.map_or(Some(TimeStep::Thirty), |text| judge.time_step("time_step", &text)),
    }
}

fn encoding(judge: &mut Judge, object: &Object<'_>) -> Option<Encoding> {
    let Some(word) = object.text(judge, "encoding") else {
        judge.missing("encoding", "encoding", "say base32 or hex");
        return None;
    };
    judge.take("encoding", Encoding::parse(&word).ok_or(SeedWrong::Encoding))
}

fn rest(judge: &mut Judge, object: &Object<'_>, kind: Option<Kind>) -> Rest {
    let counter = object.text(judge, "counter").filter(|_| kind == Some(Kind::Hotp));
    let holder = object.plain(judge, "user");
    let manufacturer = object.plain(judge, "manufacturer");
    let model = object.plain(judge, "model");
    let expires_at = object.plain(judge, "expires_at");
    Rest {
        counter: counter.and_then(|text| judge.number("counter", &text)),
        drift: 0,
        holder: judge.user_name("user", &holder),
        manufacturer: judge.manufacturer("manufacturer", &manufacturer),
        model: judge.model("model", &model),
        expires_at: judge.time("expires_at", &expires_at),
        disabled: object.flag(judge, "disabled"),
    }
}

/// The name of a member in a message.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}
