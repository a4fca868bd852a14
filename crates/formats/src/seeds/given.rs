//! What a file says of a token, and the judge who collects all that is wrong with it.

use std::fmt;

use claviger_domain::otp::{Algorithm, Digits, Kind, Parameters, Seed, TimeStep};
use claviger_domain::text::{Manufacturer, Model, TextError, UserName};
use claviger_domain::{SerialNumber, Timestamp};
use zeroize::Zeroizing;

use super::encoding::{Encoding, encoded_twice};
use super::fault::{SeedFault, SeedWrong};

/// A token as a seed file describes it. Not printed with its seed.
pub struct GivenToken {
    /// Its serial number.
    pub serial: SerialNumber,
    /// What it is set to.
    pub parameters: Parameters,
    /// HOTP: the counter of the next code. TOTP: the last time step whose code was used elsewhere; 0 when the file does
    /// not say.
    pub counter: u64,
    /// By how many time steps its clock is ahead, as far as the file knows.
    pub drift: i64,
    /// Its seed.
    pub seed: Seed,
    /// Who has it, as the file names the user: a user name, a UPN, or `login@realm` from privacyIDEA.
    pub holder: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// What the model is called.
    pub model: Option<String>,
    /// When its time is over.
    pub expires_at: Option<Timestamp>,
    /// Whether it was disabled where it comes from, and has to come in so.
    pub disabled: bool,
}

impl fmt::Debug for GivenToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenToken")
            .field("serial", &self.serial)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// A number that a database can keep.
const LARGEST: u64 = i64::MAX.unsigned_abs();

/// Collects what is wrong with one token.
#[derive(Debug, Default)]
pub(super) struct Judge {
    faults: Vec<SeedFault>,
}

/// What moves the codes of a token, and what that needs, as far as it was said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) kind: Option<Kind>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) digits: Option<Digits>,
    pub(super) time_step: Option<TimeStep>,
}

impl Settings {
    fn parameters(self) -> Option<Parameters> {
        let (algorithm, digits) = (self.algorithm?, self.digits?);
        match self.kind? {
            Kind::Hotp => Some(Parameters::hotp(algorithm, digits)),
            Kind::Totp => Some(Parameters::totp(algorithm, digits, self.time_step?)),
        }
    }
}

/// What is said beside serial number, settings and seed.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) counter: Option<u64>,
    pub(super) drift: i64,
    pub(super) holder: Option<String>,
    pub(super) manufacturer: Option<String>,
    pub(super) model: Option<String>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) disabled: bool,
}

impl Judge {
    /// How many faults there are so far.
    pub(super) const fn count(&self) -> usize {
        self.faults.len()
    }

    pub(super) fn note(&mut self, fault: SeedFault) {
        self.faults.push(fault);
    }

    /// The value; what is wrong with it is noted under this column.
    pub(super) fn take<T, E: Into<SeedWrong>>(&mut self, column: &str, value: Result<T, E>) -> Option<T> {
        value
            .map_err(|wrong| self.faults.push(SeedFault::of(column, wrong)))
            .ok()
    }

    pub(super) fn missing(&mut self, column: &str, what: &'static str, remedy: &'static str) {
        self.note(SeedFault::of(column, SeedWrong::Missing { what, remedy }));
    }

    pub(super) fn serial(&mut self, column: &str, text: &str) -> Option<SerialNumber> {
        let serial = SerialNumber::new(text);
        if serial.is_ok() && SerialNumber::is_rounded(text) {
            let shown = text.trim().to_owned();
            self.note(SeedFault::of(column, SeedWrong::Rounded { shown }));
            return None;
        }
        self.take(column, serial)
    }

    /// A type: `hotp`, `totp`, or a URI that ends so.
    pub(super) fn kind(&mut self, column: &str, text: &str) -> Option<Kind> {
        let known = kind(text);
        if known.is_none() {
            let given = shown(text);
            self.note(SeedFault::of(column, SeedWrong::Kind { given }));
        }
        known
    }

    /// A hash: `sha1`, `HMAC-SHA-256` and the like; SHA-1 when nothing is said (RFC 4226 §5.2, RFC 6238 §1.2).
    pub(super) fn algorithm(&mut self, column: &str, text: &str) -> Option<Algorithm> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Algorithm::Sha1);
        }
        let known = algorithm(text);
        if known.is_none() {
            let given = shown(text);
            self.note(SeedFault::of(column, SeedWrong::Algorithm { given }));
        }
        known
    }

    pub(super) fn number(&mut self, column: &str, text: &str) -> Option<u64> {
        let number = text.trim().parse().ok().filter(|number| *number <= LARGEST);
        self.take(column, number.ok_or(SeedWrong::Number))
    }

    pub(super) fn digits(&mut self, column: &str, text: &str) -> Option<Digits> {
        let number = self.number(column, text)?;
        self.take(column, Digits::new(number))
    }

    pub(super) fn time_step(&mut self, column: &str, text: &str) -> Option<TimeStep> {
        let number = self.number(column, text)?;
        self.take(column, TimeStep::new(number))
    }

    /// Who made it; none when that is blank.
    pub(super) fn manufacturer(&mut self, column: &str, text: &str) -> Option<String> {
        self.filled(column, text, Manufacturer::new)
    }

    /// What its model is called; none when that is blank.
    pub(super) fn model(&mut self, column: &str, text: &str) -> Option<String> {
        self.filled(column, text, Model::new)
    }

    /// What somebody, or a place of somebodies, is called; none when that is blank.
    pub(super) fn user_name(&mut self, column: &str, text: &str) -> Option<String> {
        self.filled(column, text, UserName::new)
    }

    fn filled<T: fmt::Display>(
        &mut self,
        column: &str,
        text: &str,
        read: fn(&str) -> Result<T, TextError>,
    ) -> Option<String> {
        if text.trim().is_empty() {
            return None;
        }
        self.take(column, read(text)).map(|text| text.to_string())
    }

    /// A time, or a date that begins its day in UTC; none when it is blank.
    pub(super) fn time(&mut self, column: &str, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        self.take(column, time(text))
    }

    /// A seed in this encoding; `said` when somebody said so, and not just the rule of a format.
    pub(super) fn seed_text(&mut self, column: &str, text: &str, encoding: Encoding, said: bool) -> Option<Seed> {
        if text.trim().is_empty() {
            self.missing(column, "seed", "a token is nothing without one");
            return None;
        }
        let bytes = if said {
            encoding.decode(text)
        } else {
            encoding.decode_by_rule(text)
        };
        let bytes = self.take(column, bytes)?;
        self.seed(column, bytes)
    }

    pub(super) fn seed(&mut self, column: &str, mut bytes: Zeroizing<Vec<u8>>) -> Option<Seed> {
        if let Some(form) = encoded_twice(&bytes) {
            self.note(SeedFault::of(column, SeedWrong::EncodedTwice { form }));
            return None;
        }
        self.take(column, Seed::new(std::mem::take(&mut *bytes)))
    }

    /// Nothing but what is wrong.
    pub(super) fn refuse<T>(self) -> Result<T, Vec<SeedFault>> {
        Err(self.faults)
    }

    /// What a token needs to show codes, unless anything is wrong with it.
    pub(super) fn settle(self, settings: Settings, seed: Option<Seed>) -> Result<(Parameters, Seed), Vec<SeedFault>> {
        match (settings.parameters(), seed) {
            (Some(parameters), Some(seed)) if self.faults.is_empty() => Ok((parameters, seed)),
            _ => Err(self.faults),
        }
    }

    /// The token, unless anything is wrong with it.
    pub(super) fn decide(
        self,
        serial: Option<SerialNumber>,
        settings: Settings,
        seed: Option<Seed>,
        rest: Rest,
    ) -> Result<GivenToken, Vec<SeedFault>> {
        let Some(serial) = serial else {
            return Err(self.faults);
        };
        let (parameters, seed) = self.settle(settings, seed)?;
        Ok(GivenToken {
            serial,
            parameters,
            counter: rest.counter.unwrap_or_default(),
            drift: rest.drift,
            seed,
            holder: rest.holder,
            manufacturer: rest.manufacturer,
            model: rest.model,
            expires_at: rest.expires_at,
            disabled: rest.disabled,
        })
    }
}

pub(super) fn kind(text: &str) -> Option<Kind> {
    let word = text.trim().rsplit([':', '#', '/']).next().unwrap_or_default();
    Kind::parse(&word.to_ascii_lowercase())
}

fn algorithm(text: &str) -> Option<Algorithm> {
    let lower = text.to_ascii_lowercase();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    Algorithm::parse(bare.strip_prefix("hmac").unwrap_or(&bare))
}

fn time(text: &str) -> Result<Timestamp, SeedWrong> {
    if text.contains('/') {
        return slashed(text);
    }
    let with_clock = if text.contains(['T', 't', ' ']) {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    let clock = with_clock.split(['T', 't', ' ']).nth(1).unwrap_or_default();
    let zoned = if clock.contains(['Z', 'z', '+', '-']) {
        with_clock
    } else {
        with_clock + "Z"
    };
    Ok(zoned.parse()?)
}

/// Month and day with slashes, as the oldest drafts have them; only if no other reading is possible.
fn slashed(text: &str) -> Result<Timestamp, SeedWrong> {
    let mut parts = text.split('/').map(|part| part.trim().parse::<u16>().ok());
    let (Some(Some(first)), Some(Some(second)), Some(Some(year)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(claviger_domain::timestamp::InvalidTimestamp.into());
    };
    let (month, day) = match (first, second) {
        (month, day) if month == day || day > 12 => (month, day),
        (day, month) if day > 12 => (month, day),
        _ => return Err(SeedWrong::Date),
    };
    Ok(format!("{year:04}-{month:02}-{day:02}T00:00:00Z").parse()?)
}

/// The name of an algorithm or type in a message: short, and of the letters that such names have.
pub(super) fn shown(name: &str) -> String {
    const MOST: usize = 80;
    let name = name.trim();
    let known = |letter: char| letter.is_ascii_alphanumeric() || " :/.#_-".contains(letter);
    let plain: String = name
        .chars()
        .take(MOST)
        .map(|c| if known(c) { c } else { '?' })
        .collect();
    if plain.len() < name.len() {
        return format!("“{plain}…”");
    }
    format!("“{plain}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_algorithms_are_read_under_all_their_names() {
        for text in [
            "hotp",
            "HOTP",
            " urn:ietf:params:xml:ns:keyprov:pskc:hotp",
            "http://www.ietf.org/keyprov/pskc#HOTP",
        ] {
            assert_eq!(kind(text), Some(Kind::Hotp), "{text}");
        }
        for text in ["sha256", "SHA-256", "HMAC-SHA256", "hmac_sha256", "HmacSHA256"] {
            assert_eq!(algorithm(text), Some(Algorithm::Sha256), "{text}");
        }
        assert_eq!(
            (kind("ocra"), algorithm("md5"), algorithm("sha384")),
            (None, None, None)
        );
    }

    #[test]
    fn times_and_dates_are_read_and_what_could_be_two_dates_is_not() {
        for (text, expected) in [
            ("2022-09-01T00:00:00Z", "2022-09-01T00:00:00Z"),
            ("2022-09-01T02:00:00+02:00", "2022-09-01T00:00:00Z"),
            ("2022-09-01T00:00:00", "2022-09-01T00:00:00Z"),
            ("2022-09-01", "2022-09-01T00:00:00Z"),
            ("01/01/2008", "2008-01-01T00:00:00Z"),
            ("12/31/2037", "2037-12-31T00:00:00Z"),
            ("31/12/2037", "2037-12-31T00:00:00Z"),
        ] {
            assert_eq!(time(text).unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(time("03/04/2030"), Err(SeedWrong::Date));
        for text in ["tomorrow", "2022-13-01", "1/2", "13/13/2020", "2022-09-01T25:00:00Z"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_printed_with_its_seed() {
        let mut judge = Judge::default();
        let seed = judge.seed_text("key", "3132333435363738393031323334353637383930", Encoding::Hex, true);
        let settings = Settings {
            kind: Some(Kind::Hotp),
            algorithm: Some(Algorithm::Sha1),
            digits: Some(Digits::Six),
            time_step: None,
        };
        let serial = judge.serial("serial", "A1");
        let token = judge.decide(serial, settings, seed, Rest::default()).unwrap();
        let printed = format!("{token:?}");
        assert!(
            printed.contains("A1") && !printed.contains("31") && !printed.contains("49"),
            "{printed}"
        );
    }

    #[test]
    fn a_name_in_a_message_is_short_and_harmless() {
        assert_eq!(shown(" urn:x#y "), "“urn:x#y”");
        assert_eq!(shown("<b>\n"), "“?b?”");
        assert_eq!(shown(&"x".repeat(200)), format!("“{}…”", "x".repeat(80)));
    }
}
