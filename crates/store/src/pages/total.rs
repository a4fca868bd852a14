//! How many rows a list has.

/// Totals of filtered lists are told up to here: "10,000+".
pub(crate) const CAP: u64 = 10_000;

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// So many.
    pub count: u64,
    /// Or more: counting was stopped.
    pub capped: bool,
}
