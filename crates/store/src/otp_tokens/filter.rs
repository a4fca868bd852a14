//! What a list of tokens is asked for.

use claviger_domain::ids::{BatchId, OtpTokenId, UserId};
use claviger_domain::otp::{Kind, Status};

use crate::pages::{self, Direction};
use crate::security_keys::Holders;

/// Which tokens are meant; an empty filter means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the search box says.
    pub q: Option<String>,
    /// Of these statuses; any when empty.
    pub statuses: Vec<Status>,
    /// HOTP or TOTP alone.
    pub kind: Option<Kind>,
    /// Of this user alone.
    pub user: Option<UserId>,
    /// Locked ones alone, or the others.
    pub locked: Option<bool>,
    /// That this import brought.
    pub batch: Option<BatchId>,
    /// These alone. At most 2,000.
    pub ids: Option<Vec<OtpTokenId>>,
    /// Whether tokens are found by the names of their holders.
    pub holders: Holders,
}

/// A column that a list is ordered by; the order is the id's where it is alike. Not by the last use: an index of that
/// would be changed by every verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// When it came in; ids rise with it.
    ImportedAt,
    /// The serial number, normalised.
    SerialNumber,
    /// HOTP or TOTP.
    Kind,
    /// The status.
    Status,
    /// The name of its holder, folded; nobody comes first.
    Holder,
}

/// The order of a list of tokens.
pub type Sort = pages::Sort<Column>;

impl Sort {
    /// A list without a chosen order and without a search: the newest first.
    pub const NEWEST: Self = Self {
        column: Column::ImportedAt,
        direction: Direction::Descending,
    };
}

impl Column {
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::ImportedAt => "t.id",
            Self::SerialNumber => "t.serial_norm",
            Self::Kind => "t.kind",
            Self::Status => "t.status",
            Self::Holder => "t.holder",
        }
    }

    /// The index that SQLite is told to walk along: without statistics it guesses.
    pub(super) const fn index(self) -> &'static str {
        match self {
            Self::ImportedAt | Self::SerialNumber => "",
            Self::Kind => "INDEXED BY otp_tokens_by_kind",
            Self::Status => "INDEXED BY otp_tokens_by_status",
            Self::Holder => "INDEXED BY otp_tokens_by_holder",
        }
    }
}

impl Filter {
    /// Tells a cursor of this list from those of others.
    pub(super) fn fingerprint(&self, sort: Option<Sort>) -> [u8; 8] {
        pages::fingerprint(&format!("otp tokens {self:?} {sort:?}"))
    }

    /// The index that finds few enough, whatever the order.
    pub(super) fn index(&self) -> Option<&'static str> {
        if self.ids.is_some() {
            return Some("");
        }
        if self.user.is_some() {
            return Some("INDEXED BY otp_tokens_by_user");
        }
        if self.locked == Some(true) {
            return Some("INDEXED BY otp_tokens_by_locked");
        }
        // Its ids stand together.
        if self.batch.is_some() {
            return Some("");
        }
        match self.statuses.as_slice() {
            [Status::Active] | [] => None,
            _ if self.statuses.contains(&Status::Active) => None,
            _ => Some("INDEXED BY otp_tokens_by_status"),
        }
    }
}
