//! What is promised about mistyped codes: up to four wrong symbols are always noticed, also when neighbours or groups change
//! places, and a group is named only when it explains the error. The controls are the same codes without or with less parity.

use claviger_managed_key::Serial;
use claviger_managed_key::code::{Challenge, CodeFault, Response};
use zeroize::Zeroizing;

use crate::chance::Chance;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many codes of each kind are mistyped.
const TRIES: usize = 30_000;

type Symbols = Vec<u8>;
type Mistype<'a> = &'a dyn Fn(&[u8], &mut Chance) -> Symbols;

fn value(symbol: u8) -> u8 {
    u8::try_from(ALPHABET.binary_search(&symbol).unwrap()).unwrap()
}

fn challenge(chance: &mut Chance) -> Symbols {
    let serial = Serial::new(&format!("CLV{:07}", chance.below(10_000_000))).unwrap();
    let count = u32::try_from(chance.below(2_000)).unwrap();
    Challenge::new(&serial, count, chance.bytes()).text().into_bytes()
}

fn response(chance: &mut Chance) -> Symbols {
    let response = Response::new(Zeroizing::new(chance.bytes()));
    response.shown().replace('-', "").into_bytes()
}

fn judged(code: &[u8]) -> Result<(), CodeFault> {
    let text = std::str::from_utf8(code).unwrap();
    match code.len() {
        32 => Challenge::read(text).map(|_| ()),
        _ => Response::read(text).map(|_| ()),
    }
}

/// Puts another symbol at each of these places.
fn wrong_at(code: &[u8], places: &[usize], chance: &mut Chance) -> Symbols {
    let mut wrong = code.to_vec();
    for place in places {
        let shift = 1 + chance.below(31);
        wrong[*place] = ALPHABET[(usize::from(value(wrong[*place])) + shift) % 32];
    }
    wrong
}

fn some_wrong(count: usize) -> impl Fn(&[u8], &mut Chance) -> Symbols {
    move |code, chance| {
        let places = chance.places(count, code.len());
        wrong_at(code, &places, chance)
    }
}

fn neighbours_swapped(code: &[u8], chance: &mut Chance) -> Symbols {
    let mut wrong = code.to_vec();
    let place = chance.below(code.len() - 1);
    wrong.swap(place, place + 1);
    wrong
}

fn groups_swapped(code: &[u8], chance: &mut Chance) -> Symbols {
    let mut groups: Vec<&[u8]> = code.chunks(4).collect();
    let places = chance.places(2, groups.len());
    groups.swap(places[0], places[1]);
    groups.concat()
}

/// How many were mistyped, and how many of those went unnoticed: by the code, without its parity, and with a sum instead.
#[derive(Default)]
struct Unnoticed {
    tried: usize,
    by_the_code: usize,
    without_parity: usize,
    with_a_sum: usize,
}

fn unnoticed(mistype: Mistype<'_>) -> Unnoticed {
    let mut chance = Chance::new(0x5eed);
    let mut counts = Unnoticed::default();
    for round in 0..TRIES {
        let code = if round % 2 == 0 {
            challenge(&mut chance)
        } else {
            response(&mut chance)
        };
        let wrong = mistype(&code, &mut chance);
        // A swap of equals is no mistake.
        if wrong != code {
            counts.tried += 1;
            counts.by_the_code += usize::from(judged(&wrong).is_ok());
            counts.without_parity += usize::from(unchecked(&wrong));
            counts.with_a_sum += usize::from(summed(&wrong, &code));
        }
    }
    counts
}

/// The control without parity: whatever has the right symbols and version is taken.
fn unchecked(code: &[u8]) -> bool {
    code.len() != 32 || code[0] == b'C'
}

/// The control with a sum of all symbols in place of parity, as many codes have it.
fn summed(code: &[u8], right: &[u8]) -> bool {
    let sum = |code: &[u8]| code.iter().map(|symbol| usize::from(value(*symbol))).sum::<usize>() % 32;
    unchecked(code) && sum(code) == sum(right)
}

/// Mistypes codes, prints what went unnoticed, and holds it against the promise and against the controls.
fn noticed(kind: &str, mistype: Mistype<'_>) {
    let Unnoticed {
        tried,
        by_the_code,
        without_parity,
        with_a_sum,
    } = unnoticed(mistype);
    println!(
        "clv1 codes kind={kind} tried={tried} undetected={by_the_code} without_parity={without_parity} with_a_sum={with_a_sum}"
    );
    assert!(tried > TRIES * 9 / 10);
    assert_eq!(by_the_code, 0);
    // The controls: what parity is there for does go unnoticed without it.
    assert!(without_parity > tried / 2);
    assert!(kind == "1_wrong" || with_a_sum > 0);
}

#[test]
fn one_wrong_symbol_is_noticed() {
    noticed("1_wrong", &some_wrong(1));
}

#[test]
fn two_wrong_symbols_are_noticed() {
    noticed("2_wrong", &some_wrong(2));
}

#[test]
fn three_wrong_symbols_are_noticed() {
    noticed("3_wrong", &some_wrong(3));
}

#[test]
fn four_wrong_symbols_are_noticed() {
    noticed("4_wrong", &some_wrong(4));
}

#[test]
fn five_wrong_symbols_are_noticed() {
    noticed("5_wrong", &some_wrong(5));
}

#[test]
fn neighbours_that_changed_places_are_noticed() {
    noticed("neighbours", &neighbours_swapped);
}

#[test]
fn groups_that_changed_places_are_noticed() {
    noticed("groups", &groups_swapped);
}

#[test]
fn every_single_wrong_symbol_is_named_with_its_group() {
    let mut chance = Chance::new(1);
    for code in [challenge(&mut chance), response(&mut chance)] {
        for place in 0..code.len() {
            for other in ALPHABET.iter().filter(|other| **other != code[place]) {
                let mut wrong = code.clone();
                wrong[place] = *other;
                let expected = if code.len() == 32 && place == 0 {
                    CodeFault::Version
                } else {
                    let group = u8::try_from(place / 4 + 1).unwrap();
                    CodeFault::Group { group }
                };
                assert_eq!(judged(&wrong), Err(expected));
            }
        }
    }
}

#[test]
fn two_wrong_symbols_name_their_group_or_none() {
    let mut chance = Chance::new(2);
    let (mut named, mut whole) = (0, 0);
    for _ in 0..TRIES {
        let code = if chance.below(2) == 0 {
            challenge(&mut chance)
        } else {
            response(&mut chance)
        };
        let first = usize::from(code.len() == 32);
        let places: Vec<usize> = chance
            .places(2, code.len() - first)
            .iter()
            .map(|place| place + first)
            .collect();
        let wrong = wrong_at(&code, &places, &mut chance);
        if places[0] / 4 == places[1] / 4 {
            let group = u8::try_from(places[0] / 4 + 1).unwrap();
            assert_eq!(judged(&wrong), Err(CodeFault::Group { group }));
            named += 1;
        } else {
            assert_eq!(judged(&wrong), Err(CodeFault::Whole));
            whole += 1;
        }
    }
    println!("clv1 groups two_wrong named={named} whole={whole} misnamed=0");
    assert!(named > 1_000 && whole > 1_000);
}

/// Three or four wrong symbols can look like one or two in a group elsewhere. Naming a group only then keeps that rare.
#[test]
fn more_wrong_symbols_rarely_name_a_group_that_is_right() {
    for count in [3, 4] {
        let mut chance = Chance::new(3);
        let mut misnamed = 0;
        for _ in 0..TRIES {
            let code = challenge(&mut chance);
            let places: Vec<usize> = chance.places(count, 31).iter().map(|place| place + 1).collect();
            let wrong = wrong_at(&code, &places, &mut chance);
            match judged(&wrong) {
                Err(CodeFault::Group { group }) => {
                    misnamed += usize::from(!places.iter().any(|place| place / 4 + 1 == usize::from(group)));
                }
                Err(CodeFault::Whole) => {}
                other => panic!("{other:?}"),
            }
        }
        println!("clv1 groups wrong={count} tried={TRIES} misnamed={misnamed}");
        // Four in ten would be located falsely if two places were named wherever they stand.
        assert!(misnamed < TRIES / 10, "{misnamed}");
    }
}
