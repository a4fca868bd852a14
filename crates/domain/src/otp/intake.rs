//! The rules of an import of seeds: what a row may bring in, beside the rows before it and the tokens that are there.

use super::{Parameters, Progress, Status};
use crate::{SerialNumber, text::TextError};

/// What is wrong with a row, and in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column, as a file of ours calls it; none when it is the whole row.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with a row, in words that name the remedy and never quote a seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A text is empty, too long, or holds control characters.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A counter that no token reaches.
    #[error("the counter {0} is higher than any token counts; fill in the token's own")]
    Counter(u64),
    /// The serial number stands in the file twice.
    #[error("the serial number {serial} stands in line {line} already; keep one of the two")]
    Repeated {
        /// As this row writes it.
        serial: String,
        /// Where it stood first.
        line: u64,
    },
    /// A token with this serial number is in the tenant, and is not the same untouched one.
    #[error("a token {serial} is here already and is {}; take the row out of the file", .status.as_str())]
    Taken {
        /// As this row writes it.
        serial: String,
        /// What became of that token.
        status: Status,
    },
    /// Another import has the token in hand.
    #[error("another import is bringing or taking out a token {serial} just now; wait until it has ended")]
    InPassage {
        /// As this row writes it.
        serial: String,
    },
}

/// A token that wants to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Its serial number.
    pub serial: SerialNumber,
    /// What it is set to.
    pub parameters: Parameters,
    /// How far its codes are used up.
    pub progress: Progress,
}

/// The token of the tenant that bears the serial number already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// What became of it.
    pub status: Status,
    /// Whether it has the parameters and the seed of the row, and nobody has touched it since it came in.
    pub untouched: bool,
    /// Whether another import is writing it or taking it out just now.
    pub in_passage: bool,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Its token comes in.
    Accepted,
    /// Its token is here already, exactly so: nothing is changed.
    Unchanged,
    /// It stays out.
    Rejected(Fault),
}

/// The token that a row describes, if the row is sound by itself. A counter that is not given is 0.
///
/// # Errors
/// All that is wrong with the row.
pub fn readable(serial: &str, parameters: Parameters, counter: Option<u64>) -> Result<Incoming, Vec<Fault>> {
    let mut faults = Vec::new();
    let serial = SerialNumber::new(serial).map_err(|error| faults.push(Fault::of("serial", error.into())));
    let next_counter = counter.unwrap_or_default();
    if next_counter >= Progress::END {
        faults.push(Fault::of("counter", Wrong::Counter(next_counter)));
    }
    let progress = match parameters.time_step() {
        None => Progress::Hotp { next_counter },
        Some(_) => Progress::Totp {
            last_step: None,
            drift: 0,
        },
    };
    match serial {
        Ok(serial) if faults.is_empty() => Ok(Incoming {
            serial,
            parameters,
            progress,
        }),
        _ => Err(faults),
    }
}

/// Judges a row that is sound by itself. `earlier` is the line of the file where its serial number stood before.
#[must_use]
pub fn judge(serial: &SerialNumber, earlier: Option<u64>, present: Option<Present>) -> Judgement {
    let said = || serial.given().to_owned();
    let rejected = |wrong| Judgement::Rejected(Fault::of("serial", wrong));
    if let Some(line) = earlier {
        return rejected(Wrong::Repeated { serial: said(), line });
    }
    match present {
        Some(present) if present.in_passage => rejected(Wrong::InPassage { serial: said() }),
        Some(present) if present.untouched => Judgement::Unchanged,
        Some(Present { status, .. }) => rejected(Wrong::Taken { serial: said(), status }),
        None => Judgement::Accepted,
    }
}

impl Fault {
    fn of(column: &'static str, wrong: Wrong) -> Self {
        Self {
            column: Some(column),
            wrong,
        }
    }
}
