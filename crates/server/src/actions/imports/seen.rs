//! The serial numbers that a file has named so far, and where: 16 bytes a row, whatever their length.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, RandomState},
};

/// Serial numbers and the lines where they first stood.
#[derive(Debug, Default)]
pub(super) struct Seen {
    // Two hashes with random keys make 96 bits: a false alarm among two million rows has odds of 1 in 10^16.
    first: RandomState,
    second: RandomState,
    lines: HashMap<[u32; 3], u32>,
}

impl Seen {
    /// Notes a serial number in its normalised form; answers the line of an earlier one.
    pub(super) fn before(&mut self, normalised: &str, line: u64) -> Option<u64> {
        let (high, low) = (self.first.hash_one(normalised), self.second.hash_one(normalised));
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match self.lines.entry([upper(high), lower(high), lower(low)]) {
            Entry::Occupied(earlier) => Some(u64::from(*earlier.get())),
            Entry::Vacant(place) => {
                place.insert(line);
                None
            }
        }
    }
}

fn upper(hash: u64) -> u32 {
    lower(hash >> 32)
}

fn lower(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn the_first_line_of_a_serial_is_remembered() {
        let mut seen = Seen::default();
        assert_eq!(seen.before("a1", 2), None);
        assert_eq!(seen.before("a2", 3), None);
        assert_eq!(seen.before("a1", 4), Some(2));
        assert_eq!(seen.before("a1", 5), Some(2));
    }
}
