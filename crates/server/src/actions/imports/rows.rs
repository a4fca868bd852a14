//! Which rows of a file go in: one bit a row.

/// A set of row numbers.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<u64>);

impl Rows {
    /// Adds a row.
    pub(super) fn insert(&mut self, row: u32) {
        let (word, bit) = place(row);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether it is in the set.
    pub(super) fn contains(&self, row: u32) -> bool {
        let (word, bit) = place(row);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

fn place(row: u32) -> (usize, u64) {
    (usize::try_from(row / 64).unwrap_or(usize::MAX), 1 << (row % 64))
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn a_row_is_in_once_inserted_and_its_neighbours_are_not() {
        let mut rows = Rows::default();
        for row in [0, 63, 64, 1_000_000] {
            rows.insert(row);
        }
        let found: Vec<u32> = (0..1_000_100).filter(|row| rows.contains(*row)).collect();
        assert_eq!(found, [0, 63, 64, 1_000_000]);
    }
}
