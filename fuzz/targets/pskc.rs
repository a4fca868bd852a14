//! PSKC: whatever is sent, the reader answers rows or a fault, names a line that is there, and reads the same when the
//! bytes come one by one. The keys are those of RFC 6030's figures, so that sealed values are opened too.
#![no_main]

mod reading;

use std::io::Read;

use claviger_formats::delivery::Limits;
use claviger_formats::seeds::{Keys, PreSharedKey, Said, SeedReader};
use libfuzzer_sys::fuzz_target;
use reading::{OneByOne, rows};

const LIMITS: Limits = Limits {
    rows: 100,
    columns: 64,
    line: 4_096,
};

/// The rows in words, and the fault that ended them.
fn read(file: impl Read) -> (Vec<String>, Option<(u64, String)>) {
    let key = PreSharedKey::parse("12345678901234567890123456789012").ok();
    let said = Said {
        keys: Keys::new(key, Some("qwerty".to_owned().into())),
        ..Said::default()
    };
    let (rows, fault) = rows(SeedReader::open(file, said, LIMITS), SeedReader::next_row);
    for row in &rows {
        if let Err(faults) = &row.token {
            assert!(!faults.is_empty(), "refused without a reason");
        }
    }
    let rows = rows.iter().map(|row| format!("{row:?}"));
    (rows.collect(), fault.map(|fault| (fault.line, fault.to_string())))
}

fuzz_target!(|bytes: &[u8]| {
    // A derivation of a million rounds would be all that a run does.
    let long = bytes.windows(5).any(|five| five.iter().all(u8::is_ascii_digit));
    if long
        && bytes
            .windows(14)
            .any(|word| word.eq_ignore_ascii_case(b"iterationcount"))
    {
        return;
    }
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let (rows, fault) = read(bytes);
    if let Some((line, said)) = &fault {
        assert!(*line <= lines && said.len() < 1_000, "{said}");
    }
    assert_eq!(read(OneByOne(bytes)), (rows, fault));
});
