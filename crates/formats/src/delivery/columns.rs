//! The header of a file: which column means what.

use std::collections::HashSet;

use claviger_domain::delivery::{Column, attribute_name};

use super::{FileFault, Wrong};
use crate::inventory;

/// What a column is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One that every delivery has.
    Needed(Column),
    /// Something that is kept with the key.
    Attribute,
    /// All attributes in one cell, as our own exports have them.
    Attributes,
    /// Nothing: the column has no name, is the one that a rejects file adds, or says in one of our own exports what
    /// became of a key.
    Ignored,
}

impl Meaning {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Needed(Column::DeviceName) => "device_name",
            Self::Needed(Column::SerialNumber) => "serial_number",
            Self::Needed(Column::Version) => "version",
            Self::Attribute | Self::Attributes => "attribute",
            Self::Ignored => "ignored",
        }
    }

    /// What a name means: its case, blanks, dashes and underscores do not count.
    pub(super) fn of(name: &str) -> Self {
        let mut bare = name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| byte.to_ascii_lowercase());
        let is = |wanted: &str| name.is_ascii() && bare.clone().eq(wanted.bytes());
        if is("devicename") {
            Self::Needed(Column::DeviceName)
        } else if is("serialnumber") {
            Self::Needed(Column::SerialNumber)
        } else if is("version") {
            Self::Needed(Column::Version)
        } else if name == inventory::ATTRIBUTES {
            Self::Attributes
        } else if is("error") || name.is_empty() || (name.is_ascii() && bare.next().is_none()) {
            Self::Ignored
        } else {
            Self::Attribute
        }
    }
}

/// A file's columns, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<(String, Meaning)>);

impl Columns {
    pub(super) fn new(names: &[&str], line: u64) -> Result<Self, FileFault> {
        let ours = inventory::COLUMNS.iter().all(|column| names.contains(column));
        let mut columns = Vec::with_capacity(names.len());
        let mut seen = HashSet::new();
        for name in names {
            let meaning = match Meaning::of(name) {
                // What an export says beside the delivery is the server's own knowledge, not the vendor's.
                Meaning::Attribute if ours && inventory::COLUMNS.contains(name) => Meaning::Ignored,
                meaning @ (Meaning::Needed(_) | Meaning::Attribute | Meaning::Attributes | Meaning::Ignored) => meaning,
            };
            if let Meaning::Attribute = meaning {
                attribute_name(name).map_err(|error| FileFault::at(line, Wrong::ColumnName(error)))?;
            }
            let twice = match meaning {
                Meaning::Needed(column) => !seen.insert(column.as_str()),
                Meaning::Attribute | Meaning::Attributes => !seen.insert(name),
                Meaning::Ignored => false,
            };
            if twice {
                let column = match meaning {
                    Meaning::Needed(column) => column.as_str(),
                    Meaning::Attribute | Meaning::Attributes | Meaning::Ignored => name,
                };
                let wrong = Wrong::ColumnTwice {
                    column: column.to_owned(),
                };
                return Err(FileFault::of_column(line, column, wrong));
            }
            columns.push(((*name).to_owned(), meaning));
        }
        match Column::ALL.into_iter().find(|column| !seen.contains(column.as_str())) {
            Some(column) => Err(FileFault::of_column(line, column.as_str(), Wrong::missing(column))),
            None => Ok(Self(columns)),
        }
    }

    /// The columns of a JSON delivery, and of its rejected rows.
    pub(super) fn of_json() -> Self {
        let needed = Column::ALL.map(|column| (column.as_str().to_owned(), Meaning::Needed(column)));
        let others = (inventory::ATTRIBUTES.to_owned(), Meaning::Attributes);
        Self(needed.into_iter().chain([others]).collect())
    }

    /// Names and what they are taken for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Meaning)> {
        self.0.iter().map(|(name, meaning)| (name.as_str(), *meaning))
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }
}
