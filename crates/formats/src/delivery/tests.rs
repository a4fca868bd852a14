//! What deliveries look like in the wild, and what of it is refused.

use super::*;

mod faults;
mod json;
mod limits;
mod random;
mod rules;
mod wild;

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 64 * 1024,
};
const HEADER: &str = "deviceName,serialNumber,version\n";

fn read_within(file: impl AsRef<[u8]>, limits: Limits) -> Result<Vec<DeliveryRow>, FileFault> {
    let mut reader = DeliveryReader::open(file.as_ref(), limits)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        rows.push(row);
    }
    Ok(rows)
}

fn read(file: impl AsRef<[u8]>) -> Result<Vec<DeliveryRow>, FileFault> {
    read_within(file, LIMITS)
}

fn serials(file: impl AsRef<[u8]>) -> Vec<String> {
    let serial = |row: DeliveryRow| row.key.unwrap().serial.given().to_owned();
    read(file).unwrap().into_iter().map(serial).collect()
}

/// Line and sentence of a refused file.
fn refused(file: impl AsRef<[u8]>) -> (u64, String) {
    let fault = read(file).unwrap_err();
    (fault.line, fault.to_string())
}

/// Line, columns and sentences of the first refused row.
fn rejected(file: impl AsRef<[u8]>) -> (u64, Vec<(Option<String>, String)>) {
    let row = read(file).unwrap().into_iter().find(|row| row.key.is_err()).unwrap();
    let faults = row.key.unwrap_err();
    let said = faults.into_iter().map(|fault| (fault.column, fault.wrong.to_string()));
    (row.line, said.collect())
}
