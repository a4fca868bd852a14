//! Symbols: five bits each, most significant first, in Crockford's alphabet.

/// Crockford base32: no I, L, O (read as 1, 1, 0) and no U.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The low `5 × N` bits of a number as symbols.
pub(crate) fn spread<const N: usize>(mut number: u128) -> [u8; N] {
    let mut symbols = [0; N];
    for symbol in symbols.iter_mut().rev() {
        let [low, ..] = number.to_le_bytes();
        *symbol = low & 0x1f;
        number >>= 5;
    }
    symbols
}

/// The number that symbols spell; the counterpart of [`spread`], up to 25 of them.
pub(super) fn gather(symbols: &[u8]) -> u128 {
    symbols
        .iter()
        .fold(0, |number, symbol| (number << 5) | u128::from(*symbol))
}

/// A number of big-endian bytes, up to 16 of them.
pub(super) fn number(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u128::from(*byte))
}

/// Symbols as text, without separators.
pub(crate) fn written(symbols: &[u8]) -> String {
    let letters = symbols.iter().filter_map(|symbol| ALPHABET.get(usize::from(*symbol)));
    letters.collect()
}

/// Symbols as text in groups of four, parted by hyphens.
pub(super) fn grouped(symbols: &[u8]) -> String {
    let mut text = String::with_capacity(symbols.len().saturating_mul(2));
    for group in symbols.chunks(4) {
        if !text.is_empty() {
            text.push('-');
        }
        text.extend(group.iter().filter_map(|symbol| ALPHABET.get(usize::from(*symbol))));
    }
    text
}

/// The value of an upper-case letter or digit of the alphabet.
pub(super) fn value(letter: char) -> Option<u8> {
    // The alphabet ascends.
    let place = ALPHABET.binary_search(&letter).ok()?;
    u8::try_from(place).ok()
}
