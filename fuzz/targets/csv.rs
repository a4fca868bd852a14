//! Delivery files as CSV: whatever is sent, the reader answers rows or a fault, names a line that is there, and reads
//! the same when the bytes come one by one.
#![no_main]

mod reading;

use std::io::Read;

use claviger_formats::delivery::{DeliveryReader, DeliveryRow, FileFault, Limits};
use libfuzzer_sys::fuzz_target;
use reading::{OneByOne, rows};

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 1_024,
};

fn read(file: impl Read) -> (Vec<DeliveryRow>, Option<FileFault>) {
    rows(DeliveryReader::open(file, LIMITS), DeliveryReader::next_row)
}

fuzz_target!(|file: &[u8]| {
    let (rows, fault) = read(file);
    let lines = 1 + file.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert!(rows.iter().all(|row| (1..=lines).contains(&row.line)));
    if let Some(fault) = &fault {
        assert!(fault.line <= lines && fault.to_string().len() < 1_000);
    }
    assert_eq!(read(OneByOne(file)), (rows, fault));
});
