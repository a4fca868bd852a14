//! otpauth URIs, as QR codes of soft tokens have them: `otpauth://totp/Issuer:name?secret=…&digits=6&period=30`.

use std::fmt;

use claviger_domain::otp::{Digits, Kind, Parameters, Seed, TimeStep};
use zeroize::Zeroizing;

use super::encoding::Encoding;
use super::fault::{SeedFault, SeedWrong};
use super::given::{Judge, Settings};

/// The most characters of such a URI.
const LONGEST: usize = 4_096;

/// What an otpauth URI says. Not printed with its seed.
pub struct OtpauthUri {
    /// What the token is set to.
    pub parameters: Parameters,
    /// The counter of the next code; 0 for TOTP.
    pub counter: u64,
    /// Its seed.
    pub seed: Seed,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Whom it is for.
    pub account: Option<String>,
}

impl fmt::Debug for OtpauthUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtpauthUri")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// Reads a URI of the Key URI format; what it does not say is SHA-1, six digits and thirty seconds. Parameters that mean
/// nothing here, such as `image`, are passed over.
///
/// # Errors
/// All that is wrong with it; no fault repeats the secret.
pub fn parse(uri: &str) -> Result<OtpauthUri, Vec<SeedFault>> {
    let parts = Parts::of(uri).map_err(|fault| vec![fault])?;
    let mut judge = Judge::default();
    let kind = judge.kind("type", parts.kind);
    let algorithm = parts.get("algorithm");
    let digits = parts.get("digits");
    let period = parts.get("period");
    let settings = Settings {
        kind,
        algorithm: judge.algorithm("algorithm", algorithm.unwrap_or_default()),
        digits: digits.map_or(Some(Digits::Six), |text| judge.digits("digits", text)),
        time_step: period
            .filter(|_| kind == Some(Kind::Totp))
            .map_or(Some(TimeStep::Thirty), |text| judge.time_step("period", text)),
    };
    let counter = match (kind, parts.get("counter")) {
        (Some(Kind::Hotp), Some(text)) => judge.number("counter", text),
        (Some(Kind::Hotp), None) => {
            judge.missing("counter", "counter", "HOTP needs one");
            None
        }
        _ => None,
    };
    let seed = judge.seed_text(
        "secret",
        parts.get("secret").unwrap_or_default(),
        Encoding::Base32,
        true,
    );
    for twice in parts.twice() {
        judge.note(SeedFault::of(twice, SeedWrong::Twice));
    }
    let (prefix, account) = match parts.label.split_once(':') {
        Some((issuer, account)) => (Some(issuer), account),
        None => (None, parts.label.as_str()),
    };
    let issuer = judge.manufacturer("issuer", parts.get("issuer").or(prefix).unwrap_or_default());
    let account = judge.user_name("label", account);
    let (parameters, seed) = judge.settle(settings, seed)?;
    Ok(OtpauthUri {
        parameters,
        counter: counter.unwrap_or_default(),
        seed,
        issuer,
        account,
    })
}

struct Parts<'a> {
    kind: &'a str,
    label: Zeroizing<String>,
    parameters: Vec<(&'a str, Zeroizing<String>)>,
}

const KNOWN: [&str; 6] = ["secret", "issuer", "algorithm", "digits", "counter", "period"];

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Result<Self, SeedFault> {
        const SCHEME: &str = "otpauth://";
        let missing = |what, remedy| SeedFault::of("otpauth_uri", SeedWrong::Missing { what, remedy });
        let uri = uri.trim();
        let rest = uri
            .get(..SCHEME.len())
            .filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME) && uri.len() <= LONGEST)
            .and_then(|_| uri.get(SCHEME.len()..))
            .ok_or_else(|| missing("otpauth URI", "it begins with otpauth://totp/ or otpauth://hotp/"))?;
        let (path, query) = rest
            .split_once('?')
            .ok_or_else(|| missing("secret", "a question mark and secret=… are wanted"))?;
        let (kind, label) = path.split_once('/').unwrap_or((path, ""));
        let query = query.split('#').next().unwrap_or_default();
        let mut parameters = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Some(known) = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                let value = decoded(value).ok_or_else(|| SeedFault::of(known, SeedWrong::Escaped))?;
                parameters.push((*known, value));
            }
        }
        let label = decoded(label).ok_or_else(|| SeedFault::of("label", SeedWrong::Escaped))?;
        Ok(Self {
            kind,
            label,
            parameters,
        })
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn twice(&self) -> impl Iterator<Item = &'static str> {
        let count = |name: &str| self.parameters.iter().filter(|(known, _)| *known == name).count();
        KNOWN.into_iter().filter(move |name| count(name) > 1)
    }
}

/// A text without its percent signs (RFC 3986 §2.1).
fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    std::str::from_utf8(&bytes)
        .ok()
        .map(|text| Zeroizing::new(text.to_owned()))
}
