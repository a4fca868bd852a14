//! Seeds in tables and JSON, and otpauth URIs: rows or a fault, on a line that is there; nothing repeats a seed.
#![no_main]

use claviger_formats::delivery::Limits;
use claviger_formats::seeds::{Encoding, Said, SeedFormat, SeedReader, otpauth};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    rows: 100,
    columns: 64,
    line: 1_024,
};

fn read(file: &[u8], format: Option<SeedFormat>, encoding: Option<Encoding>) {
    let lines = 1 + file.iter().filter(|byte| **byte == b'\n').count() as u64;
    let said = Said {
        format,
        encoding,
        ..Said::default()
    };
    let Ok(mut reader) = SeedReader::open(file, said, LIMITS) else {
        return;
    };
    assert!(format.is_none_or(|format| format == reader.format()));
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                assert!((1..=lines).contains(&row.line));
                match row.token {
                    Ok(token) => assert!((10..=64).contains(&token.seed.using().len())),
                    Err(faults) => assert!(!faults.is_empty(), "refused without a reason"),
                }
            }
            Ok(None) => return,
            Err(fault) => {
                assert!(fault.line <= lines && fault.to_string().len() < 1_000);
                return;
            }
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    read(bytes, None, None);
    if let Some((choice, file)) = bytes.split_first() {
        let format = SeedFormat::ALL[usize::from(*choice) % SeedFormat::ALL.len()];
        let encoding = [None, Some(Encoding::Base32), Some(Encoding::Hex)][usize::from(*choice) / 8 % 3];
        read(file, Some(format), encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(uri) = otpauth::parse(text) {
            assert!((10..=64).contains(&uri.seed.using().len()));
        }
        let _ = otpauth::parse(&format!("otpauth://totp/{text}"));
    }
});
