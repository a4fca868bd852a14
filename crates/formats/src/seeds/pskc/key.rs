//! Keys of a package: what each says of a token, under the names of the RFC and of the drafts (RFC 6030 §4.2 and §5).

use std::collections::VecDeque;

use claviger_domain::otp::{Kind, Seed, TimeStep};

use super::super::SeedRow;
use super::super::fault::{SeedFault, SeedFileFault, SeedWrong};
use super::super::given::{GivenToken, Judge, Rest, Settings};
use super::protection::Protection;
use super::value::{Value, value};
use super::xml::Element;

/// Adds a row for each key of a package. PINs that come along are passed over: they are no tokens.
pub(super) fn rows(
    package: &Element,
    protection: &mut Protection,
    rows: &mut VecDeque<SeedRow>,
) -> Result<(), SeedFileFault> {
    let mut keys = 0;
    let info = package
        .children()
        .find(|child| ["deviceinfo", "deviceid"].contains(&child.name.as_str()));
    for key in package
        .children()
        .filter(|child| ["key", "secret"].contains(&child.name.as_str()))
    {
        keys += 1;
        let algorithm = key
            .attribute(&["algorithm", "keyalgorithm", "secretalgorithm"])
            .unwrap_or_default();
        if !algorithm.to_ascii_lowercase().ends_with("pskc:pin")
            && !algorithm.to_ascii_lowercase().ends_with("pskc#pin")
        {
            rows.push_back(Reading { key, info }.row(algorithm, protection)?);
        }
    }
    if keys == 0 {
        let serial = Reading { key: package, info }.serial_text();
        rows.push_back(SeedRow {
            line: package.line,
            serial,
            token: Err(vec![SeedFault::of("KeyPackage", SeedWrong::NoKey)]),
        });
    }
    Ok(())
}

/// A key, and what its package says of the device.
struct Reading<'a> {
    key: &'a Element,
    info: Option<&'a Element>,
}

impl<'a> Reading<'a> {
    fn row(&self, algorithm: &str, protection: &mut Protection) -> Result<SeedRow, SeedFileFault> {
        let mut judge = Judge::default();
        let serial_text = self.serial_text();
        let serial = judge.serial("SerialNo", &serial_text);
        let kind = if algorithm.is_empty() {
            judge.missing(
                "Key/@Algorithm",
                "type",
                "an Algorithm that ends in hotp or totp is wanted",
            );
            None
        } else {
            judge.kind("Key/@Algorithm", algorithm)
        };
        // What is no token is nobody's business further: its seed is not opened.
        if kind.is_none() {
            return Ok(self.said(serial_text, judge.refuse()));
        }
        let settings = self.settings(&mut judge, kind, protection)?;
        let seed = self.seed(&mut judge, protection)?;
        let counter = self.counter(&mut judge, kind, protection)?;
        self.policy(&mut judge);
        let rest = self.rest(&mut judge, counter);
        let token = judge.decide(serial, settings, seed, rest);
        Ok(self.said(serial_text, token))
    }

    fn said(&self, serial: String, token: Result<GivenToken, Vec<SeedFault>>) -> SeedRow {
        SeedRow {
            line: self.key.line,
            serial,
            token,
        }
    }

    /// The number on the device; the key's own identifier when the device has none.
    fn serial_text(&self) -> String {
        let of_device = self.of_info(&["serialno"]).filter(|serial| !serial.is_empty());
        let of_key = || self.key.attribute(&["id", "keyid", "secretid"]);
        of_device.or_else(of_key).unwrap_or_default().to_owned()
    }

    fn of_info(&self, names: &[&str]) -> Option<&'a str> {
        let child = self
            .info?
            .children()
            .find(|child| names.contains(&child.name.as_str()))?;
        Some(child.text())
    }

    fn settings(
        &self,
        judge: &mut Judge,
        kind: Option<Kind>,
        protection: &mut Protection,
    ) -> Result<Settings, SeedFileFault> {
        let parameters = self.child(judge, &["algorithmparameters", "usage"]);
        let suite = parameters.and_then(|parameters| one(judge, parameters, &["suite"]));
        // privacyIDEA writes the hash into an attribute.
        let suite = suite.map(|suite| suite.attribute(&["hashalgo"]).unwrap_or_else(|| suite.text()));
        let format = parameters.and_then(|parameters| one(judge, parameters, &["responseformat"]));
        let digits = format.and_then(|format| format.attribute(&["length"]));
        if let Some(format) = format {
            let encoding = format.attribute(&["encoding", "format"]).unwrap_or("DECIMAL");
            let check = format.attribute(&["checkdigits", "checkdigit"]).unwrap_or("false");
            if !encoding.eq_ignore_ascii_case("decimal")
                || !["false", "0"].contains(&check.to_ascii_lowercase().as_str())
            {
                judge.note(SeedFault::of("ResponseFormat", SeedWrong::Format));
            }
        }
        let settled = digits.and_then(|text| judge.digits("ResponseFormat/@Length", text));
        if digits.is_none() {
            let remedy = "a ResponseFormat with a Length is wanted";
            judge.missing("ResponseFormat/@Length", "number of digits", remedy);
        }
        let time_step = if kind == Some(Kind::Totp) {
            self.time_step(judge, protection)?
        } else {
            None
        };
        Ok(Settings {
            kind,
            algorithm: judge.algorithm("Suite", suite.unwrap_or_default()),
            digits: settled,
            time_step,
        })
    }

    /// RFC 6238 §5.2: thirty seconds unless something else is said.
    fn time_step(&self, judge: &mut Judge, protection: &mut Protection) -> Result<Option<TimeStep>, SeedFileFault> {
        let said = self.data(judge, "timeinterval", protection)?;
        Ok(match said.map(Value::number) {
            None => Some(TimeStep::Thirty),
            Some(number) => {
                let seconds = judge.take("TimeInterval", number);
                seconds.and_then(|seconds| judge.take("TimeInterval", TimeStep::new(seconds)))
            }
        })
    }

    fn seed(&self, judge: &mut Judge, protection: &mut Protection) -> Result<Option<Seed>, SeedFileFault> {
        let faults = judge.count();
        let Some(value) = self.data(judge, "secret", protection)? else {
            if judge.count() == faults {
                judge.missing("Secret", "seed", "keys that are made from other keys are not supported");
            }
            return Ok(None);
        };
        let bytes = judge.take("Secret", value.bytes());
        Ok(bytes.and_then(|bytes| judge.seed("Secret", bytes)))
    }

    fn counter(
        &self,
        judge: &mut Judge,
        kind: Option<Kind>,
        protection: &mut Protection,
    ) -> Result<Option<u64>, SeedFileFault> {
        if kind != Some(Kind::Hotp) {
            return Ok(None);
        }
        let value = self.data(judge, "counter", protection)?;
        Ok(value.and_then(|value| judge.take("Counter", value.number())))
    }

    /// A value of the key: a child of its `Data`, or, in the oldest forms, a `Data` of that name.
    fn data(
        &self,
        judge: &mut Judge,
        name: &str,
        protection: &mut Protection,
    ) -> Result<Option<Value<'a>>, SeedFileFault> {
        let children = || self.key.children().filter(|child| child.name == "data");
        let named = children().filter(|data| {
            let said = data.attribute(&["name"]).unwrap_or_default().to_ascii_lowercase();
            said.replace('_', "") == name
        });
        let within = children()
            .flat_map(Element::children)
            .filter(|child| child.name == name);
        let mut found = named.chain(within);
        let Some(element) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            judge.note(SeedFault::of(element.called(), SeedWrong::Twice));
            return Ok(None);
        }
        match value(element, protection)? {
            Ok(value) => Ok(value),
            Err(fault) => {
                judge.note(fault);
                Ok(None)
            }
        }
    }

    /// RFC 6030 §5: a key with a policy that is not understood, or cannot be held, must not be used.
    fn policy(&self, judge: &mut Judge) {
        let Some(policy) = self.child(judge, &["policy"]) else {
            return;
        };
        let children = || policy.children();
        let mut uses = children().filter(|child| child.name == "keyusage").peekable();
        let for_codes = uses.peek().is_none() || uses.any(|usage| usage.text().eq_ignore_ascii_case("otp"));
        let known = ["startdate", "expirydate", "keyusage", "pinpolicy"];
        let unknown = children().any(|child| !known.contains(&child.name.as_str()));
        // A PIN that is part of the code would have to be known to verify it.
        let pin = children().filter(|child| child.name == "pinpolicy").any(|pin| {
            let mode = pin.attribute(&["pinusagemode"]).unwrap_or("Local");
            !mode.eq_ignore_ascii_case("local")
        });
        if !for_codes || unknown || pin {
            judge.note(SeedFault::of("Policy", SeedWrong::Policy));
        }
    }

    fn rest(&self, judge: &mut Judge, counter: Option<u64>) -> Rest {
        let manufacturer = self.of_info(&["manufacturer"]).unwrap_or_default();
        let model = self.of_info(&["model"]).unwrap_or_default();
        let user = self
            .key
            .children()
            .find(|child| child.name == "userid")
            .map(Element::text);
        let user = user.or_else(|| self.of_info(&["userid"])).unwrap_or_default();
        let policy = self.key.children().find(|child| child.name == "policy");
        let of = |element: &'a Element| {
            element
                .children()
                .find(|child| child.name == "expirydate")
                .map(Element::text)
        };
        let expiry = policy.and_then(of).or_else(|| of(self.key));
        let expiry = expiry.or_else(|| self.of_info(&["expirydate", "expiry"]));
        Rest {
            counter,
            holder: judge.user_name("UserId", name_of(user)),
            manufacturer: judge.manufacturer("Manufacturer", manufacturer),
            model: judge.model("Model", model),
            expires_at: judge.time("ExpiryDate", expiry.unwrap_or_default()),
            ..Rest::default()
        }
    }

    fn child(&self, judge: &mut Judge, names: &[&str]) -> Option<&'a Element> {
        one(judge, self.key, names)
    }
}

fn one<'a>(judge: &mut Judge, element: &'a Element, names: &[&str]) -> Option<&'a Element> {
    match element.one(names) {
        Ok(found) => found,
        Err(fault) => {
            judge.note(fault);
            None
        }
    }
}

/// The user of a distinguished name, as RFC 6030 §4.2 wants it: its UID, or else its CN;
/// another text is the name itself.
fn name_of(user: &str) -> &str {
    let part = |wanted: &str| {
        user.split(',').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    part("uid")
        .or_else(|| part("cn"))
        .unwrap_or(if user.contains('=') { "" } else { user })
}
