//! Initial PINs for all policies, serial numbers and sources of randomness.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Bytes as a source would give them (`SplitMix64`), the same for the same seed.
fn source(mut seed: u64) -> impl FnMut() -> Result<Entropy, &'static str> {
    move || {
        let mut bytes = zeros();
        for eight in bytes.chunks_mut(8) {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = seed;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            eight.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
        }
        Ok(bytes)
    }
}

fn zeros() -> Entropy {
    Zeroizing::new([0; 128])
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::new(text).unwrap()
}

fn kinds() -> impl Strategy<Value = PinKind> {
    prop_oneof![Just(PinKind::Digits), Just(PinKind::Characters)]
}

proptest! {
    #[test]
    fn every_user_pin_fits_its_policy_and_is_hard_to_guess(
        kind in kinds(), minimum in 4_u8..=63, number in "[0-9A-Za-z -]{1,63}[0-9]", seed: u64,
    ) {
        let serial = serial(&number);
        let pin = user_pin(kind, minimum, &serial, source(seed)).unwrap();
        let text = pin.using();
        prop_assert_eq!(text.len(), usize::from(minimum.max(8)));
        let fits = |letter: u8| match kind {
            PinKind::Digits => letter.is_ascii_digit(),
            PinKind::Characters => CHARACTERS.contains(&letter),
        };
        prop_assert!(text.bytes().all(fits));
        prop_assert_eq!(weakness(text, &serial), None);
        let printed = format!("{pin:?}");
        prop_assert!(!printed.contains(text));
    }

    #[test]
    fn every_admin_pin_is_long_and_hard_to_guess(number in "[0-9A-Za-z]{1,64}", seed: u64) {
        let serial = serial(&number);
        let pin = admin_pin(&serial, source(seed)).unwrap();
        prop_assert_eq!(pin.using().len(), 16);
        prop_assert_eq!(weakness(pin.using(), &serial), None);
    }

    #[test]
    fn a_part_of_the_serial_is_found_wherever_it_stands(number in "[A-Z]{3}[0-9]{9}", at in 0_usize..9, case: bool) {
        let serial = serial(&number);
        let part: String = number.chars().skip(at).take(4).collect();
        let part = if case { part.to_lowercase() } else { part };
        let pin = format!("_:{part}:_");
        prop_assert!(weakness(&pin, &serial).is_some());
    }

    #[test]
    fn sequences_and_repeats_are_found_wherever_they_stand(start in 0_u8..10, up: bool, lead in "[!?]{0,2}") {
        let keypad: String = "0123456789".repeat(2);
        let run: String = keypad.chars().skip(usize::from(start)).take(3).collect();
        let run: String = if up { run } else { run.chars().rev().collect() };
        let text = format!("{lead}-{run}-");
        prop_assert_eq!(weakness(&text, &serial("Z")), Some(Weakness::Sequence));
        prop_assert_eq!(weakness(&format!("{lead}.{start}{start}{start}."), &serial("Z")), Some(Weakness::Repeat));
    }
}

#[test]
fn weak_pins_are_named_for_what_they_are() {
    for (pin, why) in [
        ("77712093", Some(Weakness::Repeat)),
        ("83838383", Some(Weakness::Repeat)),
        ("73927392", Some(Weakness::Repeat)),
        ("9238 456", Some(Weakness::Sequence)),
        ("29018365", Some(Weakness::Sequence)),
        ("xCbA2947", Some(Weakness::Sequence)),
        ("72580639", Some(Weakness::Blocklisted)),
        ("Q!PaSs97", Some(Weakness::Blocklisted)),
        ("92700418", Some(Weakness::PartOfSerial)),
        ("92704815", None),
    ] {
        assert_eq!(weakness(pin, &serial("AB-0041")), why, "{pin}");
    }
}

#[test]
fn a_serial_of_one_or_two_characters_forbids_nothing() {
    assert_eq!(weakness("92704815", &serial("92")), None);
    assert_eq!(weakness("92704815", &serial("927")), Some(Weakness::PartOfSerial));
}

#[test]
fn every_letter_is_about_equally_likely() {
    let mut draw = source(7);
    for (kind, letters) in [(PinKind::Digits, 10_u32), (PinKind::Characters, 64)] {
        let mut seen: BTreeMap<char, u32> = BTreeMap::new();
        for _ in 0..8_000 {
            let pin = user_pin(kind, 8, &serial("Z"), &mut draw).unwrap();
            pin.using()
                .chars()
                .for_each(|letter| *seen.entry(letter).or_default() += 1);
        }
        assert_eq!(seen.len(), usize::try_from(letters).unwrap());
        let fair = 64_000 / letters;
        // The rules take a little from letters that stand in many forbidden pieces.
        assert!(
            seen.values().all(|count| count.abs_diff(fair) * 4 < fair),
            "{kind:?} {fair} {seen:?}"
        );
    }
}

#[test]
fn a_source_that_fails_or_stands_still_makes_no_pin() {
    let failed = user_pin(PinKind::Digits, 8, &serial("Z"), || Err("out of order"));
    assert_eq!(failed, Err(NoPin::Entropy("out of order")));
    let still = user_pin(PinKind::Digits, 8, &serial("Z"), || Ok::<_, &str>(zeros()));
    assert_eq!(still, Err(NoPin::NotRandom));
}
