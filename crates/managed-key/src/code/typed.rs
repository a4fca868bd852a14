//! What people type: separators dropped, case folded, look-alikes read as what was meant; places counted.

use zeroize::Zeroizing;

use super::fault::CodeFault;
use super::symbols::value;

/// The characters that are not separators, each with its place among all that were typed, counted from 1.
pub(crate) fn kept(typed: &str) -> impl Iterator<Item = (usize, char)> {
    (1..)
        .zip(typed.chars())
        .filter(|(_, character)| !is_separator(*character))
}

/// What chats, mail programs and word processors put between groups.
const fn is_separator(character: char) -> bool {
    matches!(character,
        '\u{9}'..='\u{d}' | '\u{20}' | '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2010}'..='\u{2015}'
        | '\u{202f}' | '\u{2060}' | '\u{2212}' | '\u{feff}' | '-' | '.' | '_')
}

/// Reads exactly `N` symbols.
pub(super) fn symbols<const N: usize>(typed: &str) -> Result<Zeroizing<[u8; N]>, CodeFault> {
    let mut symbols = Zeroizing::new([0; N]);
    let mut places = symbols.iter_mut();
    let mut given = 0_usize;
    for (position, character) in kept(typed) {
        let read = symbol(character).ok_or(CodeFault::Character { position })?;
        if let Some(place) = places.next() {
            *place = read;
        }
        given = given.saturating_add(1);
    }
    if given == N {
        Ok(symbols)
    } else {
        Err(CodeFault::Length { given, expected: N })
    }
}

/// Only ASCII letters fold: the long s and the Kelvin sign are no letters of a code.
fn symbol(character: char) -> Option<u8> {
    match character.to_ascii_uppercase() {
        'O' => Some(0),
        'I' | 'L' => Some(1),
        other => value(other),
    }
}
