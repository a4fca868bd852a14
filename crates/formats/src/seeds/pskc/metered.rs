//! A file under a parser of XML: what the parser may take for one piece is limited, and lines are counted.

use std::fmt;
use std::io::{self, BufRead, Read};

use crate::delivery::source::Source;

/// A file with a meter.
pub(super) struct Metered<R> {
    source: Source<R>,
    limit: usize,
    left: usize,
    line: u64,
}

/// One piece is longer than the limit.
#[derive(Debug)]
pub(super) struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a piece of the file is longer than the limit")
    }
}

impl std::error::Error for TooLong {}

impl<R: Read> Metered<R> {
    pub(super) const fn new(source: Source<R>, limit: usize) -> Self {
        Self {
            source,
            limit,
            left: limit,
            line: 1,
        }
    }

    /// Begins another piece.
    pub(super) const fn refill(&mut self) {
        self.left = self.limit;
    }

    /// The line that was reached, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.source.at_hand().is_empty() && !self.source.more()? {
            return Ok(&[]);
        }
        if self.left == 0 {
            return Err(io::Error::other(TooLong));
        }
        let at_hand = self.source.at_hand();
        Ok(at_hand.get(..self.left.min(at_hand.len())).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        let passed = self.source.at_hand().get(..count).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.line += u64::try_from(lines).unwrap_or_default();
        self.left = self.left.saturating_sub(count);
        self.source.pass(count);
    }
}
