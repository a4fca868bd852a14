//! The cells of a row in one piece of memory.

use zeroize::Zeroize as _;

/// Texts one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins
            .zip(&self.ends)
            .map(|(begin, end)| self.text.get(begin..*end).unwrap_or_default())
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn with_room(bytes: usize, cells: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(cells),
        }
    }

    /// Adds to the cell that is being written.
    pub(super) fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the cell that is being written.
    pub(super) fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(super) fn push(&mut self, text: &str) {
        self.write(text);
        self.end();
    }

    /// Overwrites all of them: there may be secrets.
    pub(crate) fn wipe(&mut self) {
        self.text.zeroize();
        self.ends.clear();
    }

    pub(super) fn are_blank(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// Drops empty cells beyond so many: spreadsheets leave separators behind.
    pub(super) fn trim_to(&mut self, count: usize) {
        while self.ends.len() > count {
            let before = self.ends.iter().rev().nth(1).copied().unwrap_or_default();
            if self.text.get(before..).is_some_and(|last| last.trim().is_empty()) {
                self.text.truncate(before);
                self.ends.pop();
            } else {
                return;
            }
        }
    }
}
