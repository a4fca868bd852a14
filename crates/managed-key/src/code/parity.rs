//! Reed–Solomon over GF(32): four symbols by which up to four wrong ones are always noticed.
//!
//! Field polynomial x⁵ + x² + 1, α = 2, roots α¹ to α⁴, so that two words differ in five places at least. With that distance two
//! wrong symbols could be corrected; here they are at most *located*, because three wrong ones look like two others.

/// How many symbols of parity a word ends with.
pub(super) const PARITY: usize = 4;

/// The remainder of data × x⁴ by the generator x⁴ + 30x³ + 6x² + 9x + 17, highest degree first.
pub(super) fn parity(data: &[u8]) -> [u8; PARITY] {
    data.iter().fold([0; PARITY], |[first, second, third, fourth], symbol| {
        let carry = first ^ symbol;
        [
            second ^ times(carry, 30),
            third ^ times(carry, 6),
            fourth ^ times(carry, 9),
            times(carry, 17),
        ]
    })
}

/// The word's values at α¹ to α⁴: all zero when nothing is wrong.
pub(super) fn syndromes(word: &[u8]) -> [u8; PARITY] {
    [2, 4, 8, 16].map(|root| word.iter().fold(0, |sum, symbol| times(sum, root) ^ symbol))
}

/// The only group in which one or two wrong symbols explain the syndromes, counted from 1. The code begins `before` symbols
/// ahead of its word. At distance five no second explanation of that size exists, here or across groups.
pub(super) fn wrong_group(syndromes: [u8; PARITY], word: usize, before: usize) -> Option<u8> {
    // A symbol's location is α to its degree; what stands before the word has none.
    let mut locations = vec![0_u8; before];
    let mut own: Vec<u8> = std::iter::successors(Some(1), |location| Some(doubled(*location)))
        .take(word)
        .collect();
    own.reverse();
    locations.extend(own);
    (1..).zip(locations.chunks(4)).find_map(|(number, group)| {
        let places = group.iter().filter(|location| **location != 0).enumerate();
        let mut pairs = places.clone().flat_map(|(place, one)| {
            let later = places.clone().skip(place.saturating_add(1));
            later.map(move |(_, other)| (*one, *other))
        });
        pairs
            .any(|(one, other)| explains(syndromes, one, other))
            .then_some(number)
    })
}

/// Whether errors at these two locations, one of which may be none, give these syndromes: sums of powers of two numbers follow
/// the recurrence that has the two as its roots.
fn explains([s1, s2, s3, s4]: [u8; PARITY], one: u8, other: u8) -> bool {
    let (sum, product) = (one ^ other, times(one, other));
    times(sum, s2) ^ times(product, s1) == s3 && times(sum, s3) ^ times(product, s2) == s4
}

/// Multiplication in GF(32): the multiples of one number that the bits of the other name, added.
const fn times(one: u8, other: u8) -> u8 {
    let (mut product, mut multiple, mut bits) = (0, one, other);
    while bits != 0 {
        if bits & 1 == 1 {
            product ^= multiple;
        }
        multiple = doubled(multiple);
        bits >>= 1;
    }
    product
}

/// Multiplication by α, reduced by x⁵ = x² + 1.
const fn doubled(of: u8) -> u8 {
    let shifted = of << 1;
    if shifted & 0x20 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiplication_makes_a_field() {
        for one in 0..32 {
            assert_eq!((times(one, 0), times(one, 1), times(one, 2)), (0, one, doubled(one)));
            for other in 0..32 {
                assert_eq!(times(one, other), times(other, one));
                for third in 0..32 {
                    assert_eq!(times(one, times(other, third)), times(times(one, other), third));
                    assert_eq!(times(one, other ^ third), times(one, other) ^ times(one, third));
                }
            }
        }
    }

    #[test]
    fn two_generates_all_units() {
        let mut powers: Vec<u8> = std::iter::successors(Some(1), |power| Some(times(*power, 2)))
            .take(31)
            .collect();
        // x⁵ = x² + 1.
        assert_eq!(powers[5], 5);
        powers.sort_unstable();
        assert_eq!(powers, (1..32).collect::<Vec<_>>());
    }

    #[test]
    fn the_generator_has_its_four_roots() {
        let generator = [1, 30, 6, 9, 17];
        assert_eq!(syndromes(&generator), [0; PARITY]);
        assert_ne!(syndromes(&[1, 30, 6, 9, 16]), [0; PARITY]);
    }

    #[test]
    fn a_word_with_its_parity_has_no_syndromes() {
        let data: Vec<u8> = (0..27).collect();
        let word = [data.as_slice(), &parity(&data)].concat();
        assert_eq!(syndromes(&word), [0; PARITY]);
    }
}
