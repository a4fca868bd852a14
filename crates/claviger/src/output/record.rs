//! What can be shown as a row.

use serde::Serialize;

/// One column of a list.
pub(crate) struct Column<T> {
    /// Its heading for people.
    pub(crate) heading: &'static str,
    /// Its name for programs, as in the API.
    pub(crate) name: &'static str,
    /// Whether it stands in the table; otherwise in `show` and in CSV only.
    pub(crate) listed: bool,
    /// Its text for one item.
    pub(crate) cell: fn(&T) -> String,
}

impl<T> Column<T> {
    pub(crate) const fn listed(heading: &'static str, name: &'static str, cell: fn(&T) -> String) -> Self {
        Self {
            heading,
            name,
            listed: true,
            cell,
        }
    }

    pub(crate) const fn further(heading: &'static str, name: &'static str, cell: fn(&T) -> String) -> Self {
        Self {
            heading,
            name,
            listed: false,
            cell,
        }
    }
}

/// What can be shown as a row.
pub(crate) trait Record: Serialize + Sized + 'static {
    /// The columns, those of the table in its order.
    const COLUMNS: &'static [Column<Self>];
}
