//! A row beside the rows before it, the keys that are there, and the policy chosen.

use super::{Column, Fault, Wrong};
use crate::{FidoVersion, SerialNumber, policy::Policy, security_key::Status, text::DeviceName};

/// A key that wants to come in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// What its model is called.
    pub device_name: &'a DeviceName,
    /// Its serial number.
    pub serial: &'a SerialNumber,
    /// Its FIDO version.
    pub version: &'a FidoVersion,
}

/// The key of the tenant that bears the serial number already.
#[derive(Debug, Clone, Copy)]
pub struct Present<'a> {
    /// What its model is called.
    pub device_name: &'a str,
    /// Its FIDO version.
    pub version: &'a str,
    /// What became of it.
    pub status: Status,
    /// Whether another import is writing it or taking it out just now.
    pub in_passage: bool,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its key comes in.
    Accepted,
    /// Its key is in stock already, exactly so: nothing is changed.
    Unchanged,
    /// It stays out.
    Rejected(Fault),
}

/// Judges a row that is sound by itself. `earlier` is the line of the file where its serial number stood before.
#[must_use]
pub fn judge(
    key: Incoming<'_>,
    earlier: Option<u64>,
    present: Option<Present<'_>>,
    policy: Option<&Policy>,
) -> Verdict {
    let serial = || key.serial.given().to_owned();
    if let Some(line) = earlier {
        return serial_rejected(Wrong::Repeated { serial: serial(), line });
    }
    match present {
        Some(present) if present.in_passage => serial_rejected(Wrong::InPassage { serial: serial() }),
        Some(present) if present.is_untouched(key) => Verdict::Unchanged,
        Some(Present { status, .. }) => serial_rejected(Wrong::Taken {
            serial: serial(),
            status,
        }),
        None if policy.is_some_and(|policy| !policy.fits(key.version)) => {
            let version = key.version.as_str().to_owned();
            Verdict::Rejected(Fault::in_column(Column::Version, Wrong::PolicyDoesNotFit { version }))
        }
        None => Verdict::Accepted,
    }
}

impl Present<'_> {
    /// The same serial number, name and version on a key that is still IN STOCK or READY.
    fn is_untouched(&self, key: Incoming<'_>) -> bool {
        matches!(self.status, Status::InStock | Status::Ready)
            && self.device_name == key.device_name.as_str()
            && self.version == key.version.as_str()
    }
}

fn serial_rejected(wrong: Wrong) -> Verdict {
    Verdict::Rejected(Fault::in_column(Column::SerialNumber, wrong))
}
