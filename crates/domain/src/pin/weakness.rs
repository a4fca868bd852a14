//! What makes a PIN one that is guessed first.

use super::blocklist::PIECES;
use crate::{SerialNumber, text::fold};

/// Letters in a row that make a sequence or a repeat.
const RUN: usize = 3;
/// Characters of the serial number in a row that make a part of it.
const PART: usize = 4;

/// Why a PIN will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// Three in a row that count up or down: `345`, `890`, `cba`.
    Sequence,
    /// The same three times in a row, or one piece over and over: `111`, `12121212`.
    Repeat,
    /// Four characters in a row stand in the serial number too, which is printed on the key.
    PartOfSerial,
    /// It holds a piece that is tried first.
    Blocklisted,
}

/// What is wrong with a PIN for the key with this serial number; case does not count.
#[must_use]
pub fn weakness(pin: &str, serial: &SerialNumber) -> Option<Weakness> {
    let folded = zeroize::Zeroizing::new(fold(pin));
    let letters = zeroize::Zeroizing::new(folded.chars().collect::<Vec<char>>());
    if letters.windows(RUN).any(is_sequence) {
        Some(Weakness::Sequence)
    } else if letters.windows(RUN).any(all_same) || repeats_a_piece(&letters) {
        Some(Weakness::Repeat)
    } else if shares_a_part(&folded, serial) {
        Some(Weakness::PartOfSerial)
    } else if PIECES.iter().any(|piece| folded.contains(piece)) {
        Some(Weakness::Blocklisted)
    } else {
        None
    }
}

fn is_sequence(run: &[char]) -> bool {
    let (up, down) = (|(a, b)| follows(a, b), |(a, b)| follows(b, a));
    let pairs = || run.iter().copied().zip(run.iter().copied().skip(1));
    pairs().all(up) || pairs().all(down)
}

/// Whether `next` comes after `letter`: in the alphabet, or on a keypad, where 0 comes after 9.
fn follows(letter: char, next: char) -> bool {
    match (letter.to_digit(10), next.to_digit(10)) {
        (Some(9), Some(0)) => true,
        (Some(digit), Some(next)) => digit.checked_add(1) == Some(next),
        _ => {
            letter.is_ascii_alphabetic()
                && next.is_ascii_alphabetic()
                && u32::from(letter).checked_add(1) == Some(u32::from(next))
        }
    }
}

fn all_same(run: &[char]) -> bool {
    run.windows(2).all(|pair| pair.first() == pair.last())
}

/// Whether the whole is one piece of at most half its length, over and over.
fn repeats_a_piece(letters: &[char]) -> bool {
    let half = letters.len().checked_div(2).unwrap_or_default();
    (1..=half).any(|period| letters.iter().zip(letters.iter().skip(period)).all(|(a, b)| a == b))
}

fn shares_a_part(folded: &str, serial: &SerialNumber) -> bool {
    let serial: Vec<char> = serial.normalised().chars().collect();
    let part = serial.len().min(PART);
    // Two characters alone are in too many PINs by chance.
    part >= RUN
        && serial
            .windows(part)
            .any(|part| folded.contains(part.iter().collect::<String>().as_str()))
}
