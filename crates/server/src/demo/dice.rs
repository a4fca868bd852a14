//! Numbers that look drawn and are the same in every demonstration: `SplitMix64` from a fixed seed.

use claviger_domain::Timestamp;
use uuid::Uuid;

/// A source of repeatable draws. Nothing secret may come from it.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Draws that belong to this part of the demonstration, whatever the other parts draw.
    pub(super) const fn for_part(part: u64) -> Self {
        Self(0xC1A7_16E5_0000_0000 ^ part)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// True so many times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// An id that was made at this time (UUIDv7).
    pub(super) fn id(&mut self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.as_micros().div_euclid(1_000)).unwrap_or_default();
        let [high, low] = [self.next().to_be_bytes(), self.next().to_be_bytes()];
        let mut random = [0; 10];
        for (byte, drawn) in random.iter_mut().zip(high.into_iter().chain(low)) {
            *byte = drawn;
        }
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let place = self.below(u64::try_from(from.len()).unwrap_or(0));
        from.get(usize::try_from(place).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn draws_repeat_and_parts_differ() {
        let draw = |part| {
            let mut dice = Dice::for_part(part);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
