//! Importing a list of users: the whole file is checked, then it goes in as one commit or not at all.

mod apply;
mod read;

use claviger_domain::user::UserDetails;

pub use apply::{apply, preview};

use crate::actions::imports::Fault;

/// Most rows of a file: they go in as one commit, for which other writers wait. A longer list is sent in several files.
pub(crate) const MAX_ROWS: u64 = 50_000;
/// Most faults that are listed.
const MAX_FAULTS: usize = 1_000;
/// Most rows of a preview.
const MAX_PREVIEW: usize = 20;

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Makes a user.
    Created,
    /// Says something else of a user.
    Updated,
    /// Says the same.
    Unchanged,
}

impl Outcome {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What became of a file, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// New users.
    pub created: u64,
    /// Users of whom the file says something else.
    pub updated: u64,
    /// Users of whom it says the same.
    pub unchanged: u64,
    /// Rows with faults.
    pub rejected: u64,
    /// The first faults.
    pub faults: Vec<Fault>,
    /// Whether there are more.
    pub faults_truncated: bool,
    /// The first good rows, and what they do.
    pub preview: Vec<(UserDetails, Outcome)>,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

impl Report {
    /// Whether nothing of the file may go in.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        !self.faults.is_empty()
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.faults_truncated = true;
        }
    }

    fn count(&mut self, details: &UserDetails, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
        if self.preview.len() < MAX_PREVIEW {
            self.preview.push((details.clone(), outcome));
        }
    }
}
