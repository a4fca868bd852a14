//! The order of a list.

/// Which way an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the lowest on.
    Ascending,
    /// From the highest on.
    Descending,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort<Column> {
    /// By which column.
    pub column: Column,
    /// Which way.
    pub direction: Direction,
}

impl Direction {
    pub(crate) const fn is_descending(self) -> bool {
        matches!(self, Self::Descending)
    }

    pub(crate) const fn turned(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}
