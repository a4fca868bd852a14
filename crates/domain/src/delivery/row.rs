//! One row by itself.

use std::collections::BTreeMap;

use super::{Column, Fault, Wrong};
use crate::{
    FidoVersion, SerialNumber,
    text::{DeviceName, TextError, check, check_lines},
};

/// Most characters in the name of an attribute.
const MAX_NAME: usize = 80;
/// Most characters in an attribute.
const MAX_VALUE: usize = 4_000;
/// Most bytes in all attributes of a key, names included: written as JSON in a cell they still fit a line of 64 KiB.
const MAX_ALL: usize = 16 * 1024;

/// The cells of a row that have a meaning of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given<'a> {
    /// What stands under `deviceName`.
    pub device_name: &'a str,
    /// What stands under `serialNumber`.
    pub serial_number: &'a str,
    /// What stands under `version`.
    pub version: &'a str,
}

/// A key as a delivery describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredKey {
    /// What the model is called.
    pub device_name: DeviceName,
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its FIDO version.
    pub version: FidoVersion,
    /// Further columns, by name.
    pub attributes: BTreeMap<String, String>,
}

/// Reads row after row. A delivery names few models and versions, so the last ones are remembered.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    name: Option<(String, DeviceName)>,
    version: Option<(String, FidoVersion)>,
}

impl Rows {
    /// The key that a row describes. Attributes are looked at as far as they stand in the row; empty ones are left out.
    ///
    /// # Errors
    /// All that is wrong with the row, not only the first.
    pub fn read<'a>(
        &mut self,
        given: Given<'_>,
        attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<DeliveredKey, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut note = |column: Column, wrong: Wrong| faults.push(Fault::in_column(column, wrong));
        let name = remembered(&mut self.name, given.device_name, DeviceName::new)
            .map_err(|error| note(Column::DeviceName, error.into()));
        let serial = serial_number(given.serial_number).map_err(|wrong| note(Column::SerialNumber, wrong));
        let version = remembered(&mut self.version, given.version, FidoVersion::new)
            .map_err(|error| note(Column::Version, error.into()));
        let (mut kept, mut bytes) = (BTreeMap::new(), 0_usize);
        for (name, value) in attributes {
            match attribute(value) {
                Ok("") => {}
                Ok(value) => {
                    bytes = bytes.saturating_add(name.len()).saturating_add(value.len());
                    kept.insert(name.to_owned(), value.to_owned());
                }
                Err(wrong) => faults.push(Fault {
                    column: Some(name.to_owned()),
                    wrong: wrong.into(),
                }),
            }
        }
        if bytes > MAX_ALL {
            let wrong = Wrong::TooManyAttributes { most: MAX_ALL };
            faults.push(Fault { column: None, wrong });
        }
        match (name, serial, version) {
            (Ok(device_name), Ok(serial), Ok(version)) if faults.is_empty() => Ok(DeliveredKey {
                device_name,
                serial,
                version,
                attributes: kept,
            }),
            _ => Err(faults),
        }
    }
}

/// Whether a text can be the name of an attribute.
///
/// # Errors
/// An empty or too long one, and one with control characters.
pub fn attribute_name(name: &str) -> Result<(), TextError> {
    check(name, "column name", MAX_NAME)
}

fn attribute(value: &str) -> Result<&str, TextError> {
    let value = value.trim();
    if value.is_empty() {
        return Ok("");
    }
    check_lines(value, "attribute", MAX_VALUE)?;
    Ok(value)
}

fn remembered<T: Clone>(
    last: &mut Option<(String, T)>,
    text: &str,
    read: impl Fn(&str) -> Result<T, TextError>,
) -> Result<T, TextError> {
    if let Some((_, known)) = last.as_ref().filter(|(before, _)| before == text) {
        return Ok(known.clone());
    }
    let new = read(text)?;
    *last = Some((text.to_owned(), new.clone()));
    Ok(new)
}

fn serial_number(text: &str) -> Result<SerialNumber, Wrong> {
    let shown = text.trim();
    if SerialNumber::is_rounded(shown) {
        return Err(Wrong::Rounded {
            shown: shown.to_owned(),
        });
    }
    Ok(SerialNumber::new(text)?)
}
