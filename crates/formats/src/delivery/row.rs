//! Rows of a delivery, whatever it was written in.

use std::collections::BTreeMap;

use claviger_domain::{FidoVersion, SerialNumber, text::DeviceName};

use super::FileFault;
use crate::csv_out::plain;

/// What a column is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What the model is called.
    DeviceName,
    /// The serial number.
    SerialNumber,
    /// The FIDO version.
    Version,
    /// Something that is kept with the key.
    Attribute,
    /// Nothing: the column has no name, or it is the one that a rejects file adds.
    Ignored,
}

impl Meaning {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeviceName => "device_name",
            Self::SerialNumber => "serial_number",
            Self::Version => "version",
            Self::Attribute => "attribute",
            Self::Ignored => "ignored",
        }
    }

    pub(super) fn of(name: &str) -> Self {
        let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match bare.as_str() {
            "devicename" => Self::DeviceName,
            "serialnumber" => Self::SerialNumber,
            "version" => Self::Version,
            "" | "error" => Self::Ignored,
            _ => Self::Attribute,
        }
    }
}

/// A file's columns, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<(String, Meaning)>);

/// The columns that a file must have, as it names them.
const WANTED: [(&str, Meaning); 3] = [
    ("deviceName", Meaning::DeviceName),
    ("serialNumber", Meaning::SerialNumber),
    ("version", Meaning::Version),
];

impl Columns {
    pub(super) fn new(names: Vec<String>, line: u64) -> Result<Self, FileFault> {
        let columns: Vec<(String, Meaning)> = names
            .into_iter()
            .map(|name| {
                let meaning = Meaning::of(&name);
                (name, meaning)
            })
            .collect();
        for (name, wanted) in WANTED {
            let fault = |detail| FileFault { line, column: Some(name.to_owned()), detail };
            match columns.iter().filter(|(_, meaning)| *meaning == wanted).count() {
                0 => return Err(fault(format!("the column {name} is missing; deviceName, serialNumber and version are wanted"))),
                1 => {}
                _ => return Err(fault(format!("the column {name} is there twice; keep one"))),
            }
        }
        Ok(Self(columns))
    }

    /// The columns that every JSON delivery has.
    pub(super) fn of_json() -> Self {
        Self(WANTED.iter().map(|(name, meaning)| ((*name).to_owned(), *meaning)).collect())
    }

    /// Names and what they are taken for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Meaning)> {
        self.0.iter().map(|(name, meaning)| (name.as_str(), *meaning))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A cell under the name of its column.
pub type Cell = String;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column.
    pub column: Option<&'static str>,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Its cells as they stand in the file, in the order of the columns.
    pub cells: Vec<Cell>,
    /// What they say, or all that is wrong.
    pub key: Result<DeliveredKey, Vec<RowFault>>,
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

/// Reads cells that stand under columns.
pub(super) fn judge<'a>(cells: impl Iterator<Item = (&'a str, Meaning, &'a str)>) -> Result<DeliveredKey, Vec<RowFault>> {
    let (mut name, mut serial, mut version) = ("", "", "");
    let mut attributes = BTreeMap::new();
    for (column, meaning, cell) in cells {
        let cell = plain(cell);
        match meaning {
            Meaning::DeviceName => name = cell,
            Meaning::SerialNumber => serial = cell,
            Meaning::Version => version = cell,
            Meaning::Attribute if !cell.is_empty() => {
                attributes.insert(column.to_owned(), cell.to_owned());
            }
            Meaning::Attribute | Meaning::Ignored => {}
        }
    }
    let mut faults = Vec::new();
    let mut note = |column: &'static str, detail: String| faults.push(RowFault { column: Some(column), detail });
    let device_name = DeviceName::new(name).map_err(|error| note("deviceName", error.to_string())).ok();
    let serial = serial_number(serial).map_err(|detail| note("serialNumber", detail)).ok();
    let version = FidoVersion::new(version).map_err(|error| note("version", error.to_string())).ok();
    match (device_name, serial, version) {
        (Some(device_name), Some(serial), Some(version)) => Ok(DeliveredKey { device_name, serial, version, attributes }),
        _ => Err(faults),
    }
}

fn serial_number(text: &str) -> Result<SerialNumber, String> {
    if is_rounded(text.trim()) {
        return Err(format!(
            "a spreadsheet turned the serial number into {}; format the column as text and fill it in again",
            text.trim()
        ));
    }
    SerialNumber::new(text).map_err(|error| error.to_string())
}

/// `1.23E+15`, `1,23E+15`: what a spreadsheet makes of a long number. A sign is needed, since `12E5` may be a serial.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    exponent.starts_with('+') && digits(exponent.trim_start_matches('+')) && digits(whole) && digits(part)
}
