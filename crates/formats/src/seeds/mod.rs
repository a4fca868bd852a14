//! Seed files of OATH tokens: PSKC, CSV of several makers, JSON, exports of privacyIDEA; and otpauth URIs. Read token by
//! token, in bounded memory, each with the line where it begins. What held a seed is wiped.

mod encoding;
mod fault;
mod fernet;
mod given;
mod json;
mod keys;
pub mod otpauth;
mod privacyidea;
mod pskc;
mod table;

use std::io::Read;

use claviger_domain::otp::Seed;

pub use encoding::Encoding;
pub use fault::{SeedFault, SeedFileFault, SeedFileWrong, SeedWrong};
pub use given::GivenToken;
pub use keys::{Keys, PreSharedKey};

use crate::delivery::{Limits, blanks, encoding::look, first_sign, source::Source};

/// The seed that somebody typed, in the encoding that he said.
///
/// # Errors
/// All that is wrong with it; no fault repeats it.
pub fn typed(text: &str, encoding: Encoding) -> Result<Seed, Vec<SeedFault>> {
    let mut judge = given::Judge::default();
    let seed = judge.seed_text("seed", text, encoding, true);
    seed.map_or_else(|| judge.refuse(), Ok)
}

/// The formats of seed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedFormat {
    /// Portable Symmetric Key Container (RFC 6030), and the drafts before it.
    Pskc,
    /// `serial,key,type,digits,counter|step`, with a header or without.
    OathCsv,
    /// `upn,serial number,secret key,time interval,manufacturer,model`.
    EntraCsv,
    /// What Yubico's personalization tool logs.
    YubicoCsv,
    /// An object with `otp_tokens`.
    Json,
    /// What privacyIDEA exports as `pi` or `csv`.
    PrivacyIdea,
}

impl SeedFormat {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Pskc,
        Self::OathCsv,
        Self::EntraCsv,
        Self::YubicoCsv,
        Self::Json,
        Self::PrivacyIdea,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pskc => "pskc",
            Self::OathCsv => "oath_csv",
            Self::EntraCsv => "entra_csv",
            Self::YubicoCsv => "yubico_csv",
            Self::Json => "json",
            Self::PrivacyIdea => "privacyidea",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

/// What is said beside a file.
#[derive(Default)]
pub struct Said {
    /// Its format; found out by its content otherwise.
    pub format: Option<SeedFormat>,
    /// How the seeds of a CSV are written; by the file or by the rule of its format otherwise.
    pub encoding: Option<Encoding>,
    /// What opens it.
    pub keys: Keys,
}

/// A row.
#[derive(Debug)]
pub struct SeedRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// The serial number as it stands in the file; empty when there is none.
    pub serial: String,
    /// What it says, or all that is wrong with it.
    pub token: Result<GivenToken, Vec<SeedFault>>,
}

/// A seed file that is being read.
pub struct SeedReader<R> {
    format: SeedFormat,
    of: Of<R>,
}

enum Of<R> {
    Pskc(Box<pskc::Reader<R>>),
    Table(Box<table::Reader<R>>),
    Json(Box<json::Reader<R>>),
    Plain(Box<privacyidea::Reader<R>>),
    Sealed(Box<privacyidea::Reader<fernet::Opened<R>>>),
}

impl<R: Read> SeedReader<R> {
    /// Looks at the file's beginning: what it is, and which columns it has.
    ///
    /// # Errors
    /// An empty file, a wrong encoding, an unknown or another format, a missing or doubled column, a key that does not
    /// open it.
    pub fn open(from: R, said: Said, limits: Limits) -> Result<Self, SeedFileFault> {
        let mut from = Source::new(from);
        from.at_least(6)?;
        let mark = look(from.at_hand())?;
        from.pass(mark);
        let sign = first_sign(&mut from, limits.line)?;
        // What is behind the blanks is looked at, however little of it came with them.
        from.at_least(blanks(from.at_hand()) + 6)?;
        let Said { format, encoding, keys } = said;
        let (found, of) = match sign {
            None => return Err(SeedFileFault::whole(SeedFileWrong::NoTokens)),
            Some(b'<') => (
                SeedFormat::Pskc,
                Of::Pskc(Box::new(pskc::Reader::open(from, keys, limits)?)),
            ),
            Some(b'{') => (SeedFormat::Json, Of::Json(Box::new(json::Reader::open(from, limits)?))),
            Some(b'[') => (
                SeedFormat::PrivacyIdea,
                Of::Plain(Box::new(privacyidea::Reader::open(from, limits)?)),
            ),
            Some(_) if from.at_hand().trim_ascii_start().starts_with(fernet::BEGIN) => {
                let opened = Source::new(fernet::Opened::open(from, &keys)?);
                let reader = privacyidea::Reader::open(opened, limits)?;
                (SeedFormat::PrivacyIdea, Of::Sealed(Box::new(reader)))
            }
            Some(b'-') if from.at_hand().trim_ascii_start().starts_with(b"- ") => {
                return Err(SeedFileFault::whole(SeedFileWrong::Yaml));
            }
            Some(_) => {
                let (found, reader) = table::Reader::open(from, format, encoding, limits)?;
                (found, Of::Table(Box::new(reader)))
            }
        };
        match format {
            Some(wanted) if wanted != found => Err(SeedFileFault::whole(SeedFileWrong::OtherFormat {
                wanted: wanted.as_str(),
            })),
            _ => Ok(Self { format: found, of }),
        }
    }

    /// The format, said or found out.
    #[must_use]
    pub const fn format(&self) -> SeedFormat {
        self.format
    }

    /// The columns of a CSV with a header, and what each is taken for: a word, or `ignored`. None for other files.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, &'static str)> {
        match &self.of {
            Of::Table(reader) => reader.columns(),
            Of::Pskc(_) | Of::Json(_) | Of::Plain(_) | Of::Sealed(_) => Vec::new(),
        }
    }

    /// The next row; none at the end. Only then is it certain that the file was whole: rows that were read are good for
    /// nothing when an error follows them.
    ///
    /// # Errors
    /// When the file cannot be read on, is past its limits, or was changed after it was sealed.
    pub fn next_row(&mut self) -> Result<Option<SeedRow>, SeedFileFault> {
        match &mut self.of {
            Of::Pskc(reader) => reader.next_row(),
            Of::Table(reader) => reader.next_row(),
            Of::Json(reader) => reader.next_row(),
            Of::Plain(reader) => reader.next_row(),
            Of::Sealed(reader) => reader.next_row(),
        }
    }
}

#[cfg(test)]
mod tests;
