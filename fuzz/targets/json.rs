//! Delivery files as JSON: whatever is sent, the reader answers rows or a fault; and it takes no file for well-formed
//! that a full parser refuses.
#![no_main]

use claviger_formats::delivery::{DeliveryReader, Limits};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 1_024,
};

/// What the grammar allows (RFC 8259 §6 and §8.2) and only a parser minds that wants the value: a number such as
/// 1e999, half of a surrogate pair. In what is passed over, no value is wanted.
fn of_a_value(error: &str) -> bool {
    [
        "number out of range",
        "surrogate in hex escape",
        "unexpected end of hex escape",
    ]
    .iter()
    .any(|of| error.contains(of))
}

/// How many rows a file has, if it is read to its end.
fn rows(file: &[u8]) -> Option<usize> {
    let mut reader = DeliveryReader::open(file, LIMITS).ok()?;
    if reader.format() != "json" {
        return None;
    }
    let mut count = 0;
    while let Some(row) = reader.next_row().ok()? {
        assert!(row.line >= 1);
        count += 1;
    }
    Some(count)
}

fuzz_target!(|body: &[u8]| {
    rows(body);
    let wrapped = [b"{\"devices\":[", body, b"]}"].concat();
    for file in [body, &wrapped] {
        if let Some(count) = rows(file) {
            let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
            match serde_json::from_slice::<Value>(text) {
                Ok(whole) => assert_eq!(whole["devices"].as_array().map(Vec::len), Some(count)),
                Err(error) => assert!(of_a_value(&error.to_string()), "{error}"),
            }
        }
    }
});
