//! Lists of users as CSV: whatever is sent, the reader answers rows or a fault, names a line that is there, and reads the
//! same when the bytes come one by one.
#![no_main]

mod reading;

use std::io::Read;

use claviger_formats::{
    delivery::{FileFault, Limits},
    people::{UserReader, UserRow},
};
use libfuzzer_sys::fuzz_target;
use reading::{OneByOne, rows};

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 1_024,
};

fn read(file: impl Read) -> (Vec<UserRow>, Option<FileFault>) {
    rows(UserReader::open(file, LIMITS), UserReader::next_row)
}

fuzz_target!(|file: &[u8]| {
    let (rows, fault) = read(file);
    let lines = 1 + file.iter().filter(|byte| **byte == b'\n').count() as u64;
    for row in &rows {
        assert!((1..=lines).contains(&row.line));
        match &row.user {
            // What is kept in the database is short, and a name is never empty.
            Ok(user) => assert!((1..=1_024).contains(&user.user_name.as_str().len())),
            Err(faults) => assert!(!faults.is_empty() && faults.iter().all(|fault| fault.detail.len() < 1_000)),
        }
    }
    if let Some(fault) = &fault {
        assert!(fault.line <= lines && fault.to_string().len() < 1_000);
    }
    assert_eq!(read(OneByOne(file)), (rows, fault));
});
