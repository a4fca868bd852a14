//! Why a seed file cannot be taken: every sentence that a reader of seeds may say, with its remedy. None repeats what
//! could be a seed, a key or a password.

use std::io;

use claviger_domain::otp::{SeedLength, UnknownParameter};
use claviger_domain::text::TextError;
use claviger_domain::timestamp::InvalidTimestamp;

use super::encoding::Encoding;
use crate::delivery::{self, FileFault};

/// Why a file cannot be read on; nothing of it can be trusted then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{wrong}")]
pub struct SeedFileFault {
    /// The line, from 1; 0 when it is the whole file.
    pub line: u64,
    /// The column or element, when it is one.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub wrong: SeedFileWrong,
}

impl SeedFileFault {
    pub(super) const fn whole(wrong: SeedFileWrong) -> Self {
        Self::at(0, wrong)
    }

    pub(super) const fn at(line: u64, wrong: SeedFileWrong) -> Self {
        Self {
            line,
            column: None,
            wrong,
        }
    }

    pub(super) fn of(line: u64, column: &str, wrong: SeedFileWrong) -> Self {
        Self {
            column: Some(column.to_owned()),
            ..Self::at(line, wrong)
        }
    }
}

impl From<FileFault> for SeedFileFault {
    fn from(fault: FileFault) -> Self {
        let wrong = if fault.wrong == delivery::Wrong::NoRows {
            SeedFileWrong::NoTokens
        } else {
            SeedFileWrong::File(fault.wrong)
        };
        Self {
            line: fault.line,
            column: fault.column,
            wrong,
        }
    }
}

impl From<io::Error> for SeedFileFault {
    fn from(error: io::Error) -> Self {
        FileFault::from(error).into()
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedFileWrong {
    /// What is said of any file of rows.
    #[error(transparent)]
    File(delivery::Wrong),
    /// No token at all.
    #[error("the file has no tokens; at least one is wanted")]
    NoTokens,
    /// Nothing that is known.
    #[error(
        "this is no seed file that is known: PSKC, a table with the columns serial, key and type, the Entra ID or Yubico CSV, JSON with `otp_tokens`, or an export of privacyIDEA is wanted"
    )]
    Unknown,
    /// Something else than was said.
    #[error("the file is not of the format {wanted}; leave the format out, or name the right one")]
    OtherFormat {
        /// What was said.
        wanted: &'static str,
    },
    /// privacyIDEA's YAML.
    #[error("privacyIDEA's YAML is not read; export with `--format pi`, `pskc` or `csv`")]
    Yaml,
    /// A column that is needed.
    #[error("the column {column} is missing; {wanted}")]
    ColumnMissing {
        /// Its name.
        column: &'static str,
        /// Which columns such a file has.
        wanted: &'static str,
    },
    /// A column that is there more than once.
    #[error("two columns say the {column}; keep one")]
    ColumnTwice {
        /// What both say.
        column: &'static str,
    },
    /// JSON without the array.
    #[error("the file is no list of tokens: an object with an array `otp_tokens` is wanted")]
    NoList,
    /// Two arrays.
    #[error("`otp_tokens` is there twice; keep one")]
    ListTwice,
    /// No XML.
    #[error("the file is not well-formed XML: {what}; ask for the file again, it may have been cut or edited")]
    NotWellFormed {
        /// How.
        what: &'static str,
    },
    /// A document type definition.
    #[error(
        "the file has a document type definition (DOCTYPE); take it out: no seed file needs one, and they can harm"
    )]
    Doctype,
    /// An entity that XML does not define itself.
    #[error("the file has an entity that XML does not define; write the character itself: entities are not expanded")]
    Entity,
    /// Past a limit.
    #[error("elements stand more than {most} deep in each other; no seed file needs that")]
    TooDeep {
        /// How deep they may stand.
        most: usize,
    },
    /// Past a limit.
    #[error("one element with all that is in it is longer than {kibibytes} KiB; an end tag or quote may be missing")]
    TooLong {
        /// How long it may be.
        kibibytes: u64,
    },
    /// Past a limit.
    #[error("one element holds more than {most} others; no seed file needs that")]
    TooMany {
        /// How many it may hold.
        most: usize,
    },
    /// XML of something else.
    #[error("the XML is no PSKC: the element KeyContainer of RFC 6030 or of one of its drafts is wanted")]
    OtherRoot,
    /// A version of the future.
    #[error("the file is of another version of PSKC; version 1.0 is wanted")]
    Version,
    /// A protection told too late or twice.
    #[error("this element has to stand once, before the first key (RFC 6030 §4)")]
    Misplaced,
    /// Seeds that are encrypted.
    #[error("the seeds are encrypted with {name}; send the pre-shared key along, in hexadecimal or base64")]
    KeyWanted {
        /// How the file calls the key.
        name: String,
    },
    /// Seeds that are encrypted under a password.
    #[error("the seeds are encrypted under {name}; send the password along")]
    PasswordWanted {
        /// How the file calls it.
        name: String,
    },
    /// Seeds encrypted for a certificate.
    #[error("the seeds are encrypted for a certificate; ask for a file with a pre-shared key or a password")]
    Certificate,
    /// A key of another length.
    #[error("the pre-shared key has {given} bytes; {cipher} wants {wanted}")]
    KeyLength {
        /// How many there are.
        given: usize,
        /// How many are wanted.
        wanted: usize,
        /// By what.
        cipher: &'static str,
    },
    /// The key does not open what it should.
    #[error("the pre-shared key or password does not open this file; check it, and that the file came whole")]
    KeyUnfit,
    /// A text that is no key.
    #[error("this is no pre-shared key: 32, 48 or 64 hexadecimal digits, or base64 of 16, 24 or 32 bytes are wanted")]
    NoKey,
    /// An algorithm that is not offered.
    #[error("the {what} {name} is not supported; {wanted}")]
    Algorithm {
        /// What it is for.
        what: &'static str,
        /// How the file calls it.
        name: String,
        /// Which ones are.
        wanted: &'static str,
    },
    /// Something that a protection needs.
    #[error("{what} is missing or not well written; ask for the file again")]
    Incomplete {
        /// What.
        what: &'static str,
    },
    /// Past a limit.
    #[error("the key is derived in more than {most} rounds; ask for a file with fewer")]
    Rounds {
        /// How many there may be.
        most: u32,
    },
    /// Bytes that were changed on their way.
    #[error("the file was changed or cut after it was sealed, or the key is another one; nothing of it was taken")]
    Tampered,
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedFault {
    /// The column or element as the file calls it.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub wrong: SeedWrong,
}

impl SeedFault {
    pub(super) fn of(column: &str, wrong: impl Into<SeedWrong>) -> Self {
        Self {
            column: Some(column.to_owned()),
            wrong: wrong.into(),
        }
    }

    pub(super) const fn row(wrong: SeedWrong) -> Self {
        Self { column: None, wrong }
    }
}

/// What can be wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedWrong {
    /// A serial number or name that cannot be kept.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A serial number that a spreadsheet took for a quantity: its digits are lost.
    #[error("a spreadsheet turned the serial number into {shown}; format the column as text and fill it in again")]
    Rounded {
        /// What the file says.
        shown: String,
    },
    /// Digits or a time step that no token here can be set to.
    #[error(transparent)]
    Parameter(#[from] UnknownParameter),
    /// A seed that is too short or too long.
    #[error(transparent)]
    Length(#[from] SeedLength),
    /// A time of another form.
    #[error(transparent)]
    Time(#[from] InvalidTimestamp),
    /// A date that can be read in two ways.
    #[error("this date can be read in two ways; write it like 2026-11-22")]
    Date,
    /// Something that a token needs.
    #[error("the {what} is missing; {remedy}")]
    Missing {
        /// What.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A token of another kind.
    #[error("tokens of the type {given} are not supported; hotp and totp are")]
    Kind {
        /// How the file calls it.
        given: String,
    },
    /// Another hash.
    #[error("the algorithm {given} is not supported; sha1, sha256 and sha512 are")]
    Algorithm {
        /// How the file calls it.
        given: String,
    },
    /// No number.
    #[error("this is no whole number that a token can have")]
    Number,
    /// Characters that an encoding does not have.
    #[error("this is no seed in {}: there is another character at position {position}{hint}", .encoding.as_str())]
    Character {
        /// What was expected.
        encoding: Encoding,
        /// Which character, from 1.
        position: usize,
        /// What it may be instead.
        hint: &'static str,
    },
    /// Characters at the end are missing.
    #[error("this is no whole seed in {}: characters are missing or too many", .encoding.as_str())]
    Cut {
        /// What was expected.
        encoding: Encoding,
    },
    /// A seed that reads both ways.
    #[error("this seed reads as base32 and as hexadecimal; say which, in the name of the column or beside the file")]
    Ambiguous,
    /// An encoding that is not known.
    #[error("the encoding of the seed is not known; base32 and hex are")]
    Encoding,
    /// A seed that was encoded twice.
    #[error("the seed is {form} once it is decoded: it was encoded twice; ask for the file again")]
    EncodedTwice {
        /// What it is.
        form: &'static str,
    },
    /// Not base64.
    #[error("this is not base64; ask for the file again, it may have been cut or edited")]
    Base64,
    /// A percent sign that escapes nothing.
    #[error("this is not well escaped; a percent sign is written as %25")]
    Escaped,
    /// More cells than columns.
    #[error("the row has {cells} cells, the header {columns}; quote cells that hold a separator")]
    TooManyCells {
        /// In the row.
        cells: usize,
        /// In the header.
        columns: usize,
    },
    /// An entry that is not an object.
    #[error("the entry is {kind}; an object is wanted")]
    NoObject {
        /// What it is.
        kind: &'static str,
    },
    /// A member of another kind.
    #[error("this is {kind}; {wanted} is wanted")]
    NoText {
        /// What it is.
        kind: &'static str,
        /// What should be there.
        wanted: &'static str,
    },
    /// A member that means nothing.
    #[error("this member is not known; take it out, or correct its name")]
    Member,
    /// The same again.
    #[error("this is there twice in one token; keep one")]
    Twice,
    /// A configuration that is no OATH token.
    #[error("{given} is no OATH token; only OATH-HOTP can be imported, leave the row out")]
    Configuration {
        /// How the file calls it.
        given: &'static str,
    },
    /// A token that was ended elsewhere.
    #[error("the token was revoked where it comes from; leave it out")]
    Revoked,
    /// A package without a key.
    #[error("there is no key in this package; take it out, or ask for the file again")]
    NoKey,
    /// Codes that are no decimal numbers.
    #[error("codes of this token are not plain decimal numbers; such tokens are not supported")]
    Format,
    /// A use that is not permitted, or a rule that cannot be held.
    #[error("the policy of this key does not let it be used here; ask for the file again, or leave the key out")]
    Policy,
    /// The MAC does not match.
    #[error("the MAC does not match: the file was changed, or the key or password is another one")]
    Mac,
    /// No MAC.
    #[error(
        "the value is encrypted without a MAC, so that nobody would notice a change; ask for a file with MACMethod and ValueMAC (RFC 6030 §6.2)"
    )]
    NoMac,
    /// It does not decrypt.
    #[error("the value does not decrypt; the key or password is another one, or the file was changed")]
    Undecryptable,
    /// Another cipher.
    #[error("the cipher {given} is not supported; aes128-cbc, aes192-cbc and aes256-cbc are")]
    Cipher {
        /// How the file calls it.
        given: String,
    },
}
