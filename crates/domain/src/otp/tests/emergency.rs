//! Emergency codes: written, read, kept.

use super::fixtures::NOW;
use crate::otp::*;

#[test]
fn a_code_reads_back_however_it_is_typed() {
    let code = EmergencyCode::of(&[0, 1, 31, 32, 63, 10, 200, 18, 19, 255]);
    assert_eq!(code.using().as_str(), "01Z0Z-A8JKZ");
    for given in ["01Z0Z-A8JKZ", "o1z0z a8jkz", " OLZ0ZA8JKZ "] {
        let read = EmergencyCode::read(given).unwrap();
        assert_eq!(read.digest(), code.digest(), "{given}");
    }
    let other = EmergencyCode::of(&[1; 10]);
    assert_ne!(other.digest(), code.digest());
}

#[test]
fn a_code_of_a_token_is_never_an_emergency_code() {
    for given in [
        "",
        "755224",
        "94287082",
        "01Z0Z-A8JK",
        "01Z0Z-A8JKZ0",
        "01Z0Z-A8JK!",
        "01Z0Z-A8JKU",
    ] {
        assert!(EmergencyCode::read(given).is_none(), "{given}");
    }
}

#[test]
fn every_symbol_is_drawn_equally_often() {
    let mut seen = std::collections::BTreeMap::new();
    for byte in 0..=255_u8 {
        let code = EmergencyCode::of(&[byte; 10]);
        *seen.entry(code.using().chars().next().unwrap()).or_insert(0) += 1;
    }
    assert!(seen.len() == 32 && seen.values().all(|times| *times == 8));
}

#[test]
fn five_codes_are_good_for_three_days() {
    assert_eq!(EMERGENCY_CODES, 5);
    assert_eq!(emergency_end(NOW), NOW.plus_days(3));
}
