//! Why a key did not do what it was asked for.

use crate::pin::{NotOnCurve, NotWhole, PinFault};
use crate::wire::Status;
use crate::wire::cbor::Fault;

/// Why something did not happen; `E` is the transport's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error<E> {
    /// The message did not get through, or its answer.
    #[error(transparent)]
    Transport(E),
    /// The key refuses.
    #[error("{asked}: the key refuses with {status}")]
    Refused {
        /// What was asked for.
        asked: &'static str,
        /// What the key answers.
        status: Status,
    },
    /// The PIN is in the way.
    #[error(transparent)]
    Pin(PinRefusal),
    /// The key answers what cannot be read.
    #[error("{asked}: the key's answer cannot be read: {fault}")]
    Malformed {
        /// What was asked for.
        asked: &'static str,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The key answers what can be read and cannot be.
    #[error("{asked}: the key's answer cannot be: {what}")]
    Absurd {
        /// What was asked for.
        asked: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The key cannot do it, by its own words; it was not asked.
    #[error("the key has no {0}")]
    Unsupported(&'static str),
    /// The message is longer than the key takes; it was not sent.
    #[error("{asked}: the message is longer than the {longest} bytes that the key takes")]
    TooLong {
        /// What was asked for.
        asked: &'static str,
        /// The key's longest message in bytes.
        longest: usize,
    },
    /// It was done, but the key could not be asked again what it is: what is known of it is of before.
    #[error("it was done, but the key could not be asked again: {}", words(.0))]
    Unread(Box<Self>),
}

/// How a PIN is in the way, and by that what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinRefusal {
    /// The PIN is wrong; as many tries are left, if the key says.
    #[error("the PIN is wrong{}", tries(*.0))]
    Wrong(Option<u32>),
    /// Three wrong PINs in a row: nothing is tried until the key was without power (CTAP §6.5.5.6). Replugging helps, and
    /// as many tries are left then.
    #[error("too many wrong PINs in a row: the key has to be unplugged and plugged in again{}", tries(*.0))]
    PowerCycle(Option<u32>),
    /// All tries are used up: the PIN is blocked for good.
    #[error("the PIN is blocked: no tries are left")]
    Blocked,
    /// No PIN is set.
    #[error("no PIN is set")]
    NotSet,
    /// A PIN is set already; it can be changed.
    #[error("a PIN is set already")]
    AlreadySet,
    /// The PIN has to be changed before it is good for anything else (CTAP §6.11.4).
    #[error("the PIN has to be changed first")]
    ChangeForced,
    /// The new PIN has fewer characters than the key wants.
    #[error("the new PIN has fewer than the {0} characters that the key wants")]
    TooShort(u32),
    /// The new PIN has more characters than the key takes.
    #[error("the new PIN has more than the {0} characters that the key takes")]
    TooLong(u32),
    /// The new PIN breaks a rule of the key that is not its length.
    #[error("the new PIN breaks a rule of the key, or is the old one")]
    Policy,
}

fn tries(left: Option<u32>) -> String {
    match left {
        Some(1) => "; 1 try is left".to_owned(),
        Some(left) => format!("; {left} tries are left"),
        None => String::new(),
    }
}

/// The words of an error in another.
fn words<E>(error: &Error<E>) -> String
where
    Error<E>: std::fmt::Display,
{
    error.to_string()
}

impl<E> Error<E> {
    /// The same as what came after an order that was carried out.
    pub(super) fn unread(self) -> Self {
        Self::Unread(Box::new(self))
    }

    /// The status with which the key refuses, where that is all that is known.
    #[must_use]
    pub const fn status(&self) -> Option<Status> {
        if let Self::Refused { status, .. } = self {
            Some(*status)
        } else {
            None
        }
    }
}

impl<E> From<PinRefusal> for Error<E> {
    fn from(refusal: PinRefusal) -> Self {
        Self::Pin(refusal)
    }
}

impl<E> From<NotOnCurve> for Error<E> {
    fn from(_: NotOnCurve) -> Self {
        let (asked, what) = ("getKeyAgreement", "its key is no point of P-256");
        Self::Absurd { asked, what }
    }
}

impl<E> From<NotWhole> for Error<E> {
    fn from(_: NotWhole) -> Self {
        let (asked, what) = ("getPinToken", "what is encrypted has a length that cannot be");
        Self::Absurd { asked, what }
    }
}

impl From<PinFault> for PinRefusal {
    fn from(fault: PinFault) -> Self {
        match fault {
            PinFault::TooShort(least) => Self::TooShort(least),
            PinFault::TooLong | PinFault::EndsInZero => Self::Policy,
        }
    }
}
