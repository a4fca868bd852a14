//! How codes are read: separators, look-alikes, places, lengths, versions and groups.

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::Serial;

const CHALLENGE: &str = "C78R-6507-Y3GD-1G5G-M288-0W30-A103-Y476";

fn fault(typed: &str) -> CodeFault {
    Challenge::read(typed).unwrap_err()
}

#[test]
fn a_challenge_says_its_device_and_its_count() {
    let serial = Serial::new("CLV0000001").unwrap();
    let challenge = Challenge::read(CHALLENGE).unwrap();
    assert_eq!(challenge.tag(), DeviceTag::of(&serial));
    assert_eq!(challenge.unlock_seq(), 7);
    assert_eq!(challenge.text(), CHALLENGE.replace('-', ""));
    assert_ne!(challenge.tag(), DeviceTag::of(&Serial::new("CLV0000002").unwrap()));
}

#[test]
fn the_count_is_told_modulo_1024_and_the_nonce_has_100_bits() {
    let serial = Serial::new("CLV0000001").unwrap();
    let of = |count, random| Challenge::new(&serial, count, random);
    assert_eq!(of(1_023, [7; 13]).unlock_seq(), 1_023);
    assert_eq!(of(1_024, [7; 13]), of(0, [7; 13]));
    assert_eq!(of(u32::MAX, [7; 13]).unlock_seq(), 1_023);
    // The upper half of the first byte is beyond the 100 bits.
    assert_eq!(
        of(1, [0xff; 13]),
        of(1, [0x0f, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255])
    );
    assert_ne!(
        of(1, [0x0f; 13]),
        of(1, [0x07, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15])
    );
}

#[test]
fn every_separator_of_the_table_is_dropped() {
    let separators = "\t\n\u{b}\u{c}\r \u{a0}\u{ad}\u{200b}\u{200c}\u{200d}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{202f}\u{2060}\u{2212}\u{feff}-._";
    assert_eq!(separators.chars().count(), 24);
    for separator in separators.chars() {
        let typed = CHALLENGE.replace('-', &separator.to_string());
        assert_eq!(Challenge::read(&typed).unwrap().shown(), CHALLENGE, "{separator:?}");
    }
    for other in "\u{8}\u{e}\u{1f}!,/:\u{a1}\u{200e}\u{200f}\u{2016}\u{2009}\u{3000}\u{2028}".chars() {
        let typed = CHALLENGE.replace('-', &other.to_string());
        assert_eq!(fault(&typed), CodeFault::Character { position: 5 }, "{other:?}");
    }
}

#[test]
fn letters_that_look_like_digits_are_read_and_other_alphabets_are_not() {
    for (typed, meant) in [
        ("o", "0"),
        ("O", "0"),
        ("i", "1"),
        ("I", "1"),
        ("l", "1"),
        ("L", "1"),
        ("y", "Y"),
    ] {
        let read = Receipt::read(&format!("{typed}2345678")).unwrap().shown();
        assert_eq!(read, format!("{meant}2345678"));
    }
    // U is no symbol; the Kelvin sign, the long s and full-width digits fold in some libraries.
    for other in ["u", "U", "\u{212a}", "\u{17f}", "\u{ff11}", "\u{660}", "\u{131}", "А"] {
        let read = Receipt::read(&format!("1{other}345678")).map(|receipt| receipt.shown());
        assert_eq!(read, Err(CodeFault::Character { position: 2 }), "{other}");
    }
}

#[test]
fn places_are_counted_in_characters_with_separators() {
    assert_eq!(fault("C78R–6507 Ž"), CodeFault::Character { position: 11 });
    assert_eq!(fault("!"), CodeFault::Character { position: 1 });
}

#[test]
fn a_length_is_told_with_the_one_it_must_have() {
    let length = |given| CodeFault::Length { given, expected: 32 };
    assert_eq!(fault(""), length(0));
    assert_eq!(fault("C78R-6507"), length(8));
    assert_eq!(fault(&"7".repeat(100_000)), length(100_000));
    let short = Response::read("C5BY-P58X").map(|_| ()).unwrap_err();
    assert_eq!(short, CodeFault::Length { given: 8, expected: 20 });
}

#[test]
fn a_wrong_version_is_told_before_anything_else_is_judged() {
    assert_eq!(fault(&CHALLENGE.replace("C78R", "D78R")), CodeFault::Version);
    assert_eq!(fault(&CHALLENGE.replace("C78R", "D00R")), CodeFault::Version);
    assert_eq!(CodeFault::Version.to_string(), "unknown version, check group 1");
}

#[test]
fn a_group_is_named_once_and_the_whole_code_is_asked_for_after_that() {
    let named = fault(&CHALLENGE.replace("Y3GD", "YZZD"));
    assert_eq!(named, CodeFault::Group { group: 3 });
    assert_eq!(named.again(), CodeFault::Whole);
    assert_eq!(CodeFault::Version.again(), CodeFault::Version);
}

#[test]
fn the_first_group_holds_three_symbols_that_parity_covers() {
    assert_eq!(fault(&CHALLENGE.replace("C78R", "C08R")), CodeFault::Group { group: 1 });
    assert_eq!(fault(&CHALLENGE.replace("C78R", "C7ZZ")), CodeFault::Group { group: 1 });
    assert_eq!(fault(&CHALLENGE.replace("Y476", "Y406")), CodeFault::Group { group: 8 });
}

#[test]
fn responses_receipts_and_admin_pins_come_back() {
    let response = Response::new(Zeroizing::new([0xa5; 10]));
    let again = Response::read(&response.shown()).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(again.using(), &[0xa5; 10]);
    assert_eq!(response.shown().len(), 24);

    let receipt = Receipt::new([1, 2, 3, 4, 5]);
    assert_eq!(receipt.shown().len(), 8);
    let read = Receipt::read(&receipt.shown().to_lowercase()).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(read.fits(&receipt));
    assert!(!Receipt::new([1, 2, 3, 4, 6]).fits(&receipt));

    let pin = AdminPin::new(&Zeroizing::new([0x0f; 10]));
    let read = AdminPin::read(&pin.shown().to_lowercase()).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!((read.text(), read.hash()), (pin.text(), pin.hash()));
    assert_eq!((pin.text().len(), pin.shown().len()), (16, 19));
}

#[test]
fn an_admin_pin_is_hashed_as_16_symbols_without_separators() {
    let pin = AdminPin::read("oooo-1111-2222-3333").unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(pin.text().as_str(), "0000111122223333");
    // The beginning of `printf 0000111122223333 | sha256sum`.
    assert_eq!(
        data_encoding::HEXLOWER.encode(pin.hash().as_slice()),
        "843f6eb0d196bac28f2106a9d0f8441f"
    );
}

/// A code as somebody may type it: other case, other digits that look the same, separators anywhere.
fn freely(code: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().copied().cycle();
    let mut typed = String::new();
    for letter in code.chars() {
        let choice = choices.next().unwrap_or_default();
        let separators = ["", "", "-", " ", "\u{2011}", ". ", "\u{a0}_", "\t"];
        typed.push_str(separators[usize::from(choice >> 5)]);
        typed.push(match (letter, choice % 4) {
            ('0', 1) => 'o',
            ('0', 2) => 'O',
            ('1', 1) => 'i',
            ('1', 2) => 'L',
            (other, 3) => other.to_ascii_lowercase(),
            (other, _) => other,
        });
    }
    typed
}

proptest! {
    #[test]
    fn however_it_is_typed_it_is_the_same_challenge(
        serial in "[!-~]{1,32}", count in any::<u32>(), random in any::<[u8; 13]>(), choices in any::<[u8; 32]>(),
    ) {
        let serial = Serial::new(&serial).unwrap();
        let challenge = Challenge::new(&serial, count, random);
        prop_assert_eq!(Challenge::read(&freely(&challenge.shown(), &choices)), Ok(challenge));
        prop_assert_eq!(challenge.tag(), DeviceTag::of(&serial));
        prop_assert_eq!(u32::from(challenge.unlock_seq()), count % 1_024);
    }

    #[test]
    fn however_it_is_typed_it_is_the_same_response_receipt_and_admin_pin(
        mac in any::<[u8; 10]>(), short in any::<[u8; 5]>(), choices in any::<[u8; 24]>(),
    ) {
        let response = Response::new(Zeroizing::new(mac));
        let read = Response::read(&freely(&response.shown(), &choices));
        prop_assert!(read.is_ok_and(|read| read.using() == &mac));
        let receipt = Receipt::new(short);
        let read = Receipt::read(&freely(&receipt.shown(), &choices));
        prop_assert!(read.is_ok_and(|read| read.using() == &short));
        let pin = AdminPin::new(&Zeroizing::new(mac));
        let read = AdminPin::read(&freely(&pin.shown(), &choices));
        prop_assert!(read.is_ok_and(|read| read.hash() == pin.hash()));
    }

    #[test]
    fn a_foreign_character_is_named_where_it_stands(
        choices in any::<[u8; 32]>(), place in 0_usize..32, foreign in "[uU!$ž€ßа-я]",
    ) {
        let typed = freely(&CHALLENGE.replace('-', ""), &choices);
        let at = typed.char_indices().nth(place).map_or(typed.len(), |(at, _)| at);
        let (before, after) = typed.split_at(at);
        let typed = format!("{before}{foreign}{after}");
        prop_assert_eq!(fault(&typed), CodeFault::Character { position: place.saturating_add(1) });
    }
}
