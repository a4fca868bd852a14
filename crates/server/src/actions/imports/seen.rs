//! The serial numbers that a file has named so far, and where: about 17 bytes a row, whatever their length.

use std::{
    array,
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, RandomState},
};

/// Tables that grow one at a time, so that none holds its old and its new self together with all others. Two million
/// rows, the most that a file may have, make 25,000 in each: just within what a table of 32,768 places takes.
const TABLES: usize = 80;

/// Serial numbers and the lines where they first stood.
#[derive(Debug)]
pub(super) struct Seen {
    // With a random key: nobody can send serial numbers that fall together. By chance two of two million do so once in
    // ten million files.
    hashes: RandomState,
    tables: [HashMap<[u32; 2], u32>; TABLES],
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            hashes: RandomState::new(),
            tables: array::from_fn(|_| HashMap::new()),
        }
    }
}

impl Seen {
    /// Notes a serial number in its normalised form; answers the line of an earlier one.
    pub(super) fn before(&mut self, normalised: &str, line: u64) -> Option<u64> {
        let hash = self.hashes.hash_one(normalised);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let table = usize::from(u16::try_from(hash >> 48).unwrap_or_default()) % TABLES;
        match self.tables.get_mut(table)?.entry([lower(hash >> 32), lower(hash)]) {
            Entry::Occupied(earlier) => Some(u64::from(*earlier.get())),
            Entry::Vacant(place) => {
                place.insert(line);
                None
            }
        }
    }
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

    #[test]
    fn many_serials_are_told_apart_in_tables_of_even_size() {
        let mut seen = Seen::default();
        for number in 0..100_000_u64 {
            assert_eq!(seen.before(&number.to_string(), number), None);
        }
        assert!((0..100_000_u64).all(|number| seen.before(&number.to_string(), 0) == Some(number)));
        let sizes = seen.tables.iter().map(std::collections::HashMap::len);
        assert!(sizes.max().unwrap() < 1_600);
    }
}
