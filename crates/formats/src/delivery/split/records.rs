//! Where records end: at a line break that is not within quotes. Misplaced quotes are told with their line.

use std::io::Read;

use memchr::{memchr, memchr_iter, memchr2};

use super::{
    super::{FileFault, Wrong, source::Source},
    Record,
};

/// The records of a file, one after the other.
#[derive(Debug)]
pub(in super::super) struct Records<R> {
    source: Source<R>,
    /// Bytes that a record may have.
    limit: usize,
    separators: &'static [u8],
    /// The line where the next record begins.
    line: u64,
    /// Bytes of the record that was given last, with its line break.
    given: usize,
}

/// How far a record was looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    at: usize,
    /// Where the quote stands that is open.
    open: Option<usize>,
    quoted: bool,
}

/// What a look at the bytes at hand found.
enum Look {
    /// The record ends before the line break at this place.
    Ends(usize),
    /// More bytes are needed.
    More,
    /// A quote is misplaced at this place.
    Misplaced(usize, Wrong),
}

impl<R: Read> Records<R> {
    pub(in super::super) fn new(source: Source<R>, limit: u64, separators: &'static [u8]) -> Self {
        Self {
            source,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            separators,
            line: 1,
            given: 0,
        }
    }

    /// From here on only this byte separates cells.
    pub(in super::super) const fn separate_by(&mut self, separator: u8) {
        self.separators = match separator {
            b';' => b";",
            b'\t' => b"\t",
            _ => b",",
        };
    }

    /// The next record; none at the end.
    pub(in super::super) fn next_record(&mut self) -> Result<Option<Record<'_>>, FileFault> {
        self.leave();
        let mut progress = Progress::default();
        let end = loop {
            let ended = match look(self.source.at_hand(), self.separators, false, &mut progress) {
                Look::Ends(at) => break at,
                Look::Misplaced(at, wrong) => return Err(self.misplaced(at, wrong)),
                Look::More if progress.at > self.limit => return Err(self.too_long()),
                Look::More => !self.source.more()?,
            };
            if ended {
                match look(self.source.at_hand(), self.separators, true, &mut progress) {
                    Look::Ends(at) => break at,
                    Look::Misplaced(at, wrong) => return Err(self.misplaced(at, wrong)),
                    Look::More => return Ok(None),
                }
            }
        };
        if end > self.limit {
            return Err(self.too_long());
        }
        let whole = self.source.at_hand();
        self.given = (end + 1).min(whole.len());
        let bytes = whole.get(..end).unwrap_or_default();
        Ok(Some(Record {
            line: self.line,
            bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
            quoted: progress.quoted,
        }))
    }

    /// Goes past the record that was given last.
    fn leave(&mut self) {
        let given = self.source.at_hand().get(..self.given).unwrap_or_default();
        self.line += count(given);
        self.source.pass(self.given);
        self.given = 0;
    }

    /// Behind the limit the record is too long before anything else: what is told does not hang on how the bytes came.
    fn misplaced(&self, at: usize, wrong: Wrong) -> FileFault {
        if at > self.limit {
            return self.too_long();
        }
        let before = self.source.at_hand().get(..at).unwrap_or_default();
        FileFault::at(self.line + count(before), wrong)
    }

    fn too_long(&self) -> FileFault {
        let kibibytes = u64::try_from(self.limit).unwrap_or(u64::MAX) >> 10;
        FileFault::at(self.line, Wrong::LineTooLong { kibibytes })
    }
}

/// Looks on from where the last look ended.
fn look(bytes: &[u8], separators: &[u8], ended: bool, progress: &mut Progress) -> Look {
    loop {
        let rest = bytes.get(progress.at..).unwrap_or_default();
        if let Some(open) = progress.open {
            let Some(found) = memchr(b'"', rest) else {
                progress.at = bytes.len();
                return if ended {
                    Look::Misplaced(open, Wrong::QuoteNotClosed)
                } else {
                    Look::More
                };
            };
            let quote = progress.at + found;
            match closing(bytes.get(quote + 1..).unwrap_or_default(), separators, ended) {
                Closing::Doubled => progress.at = quote + 2,
                Closing::Closed => {
                    progress.at = quote + 1;
                    progress.open = None;
                }
                Closing::Unknown => {
                    progress.at = quote;
                    return Look::More;
                }
                Closing::Text => return Look::Misplaced(quote, Wrong::TextAfterQuote),
            }
            continue;
        }
        match memchr2(b'\n', b'"', rest) {
            None => {
                progress.at = bytes.len();
                return if ended && !bytes.is_empty() {
                    Look::Ends(bytes.len())
                } else {
                    Look::More
                };
            }
            Some(found) => {
                let at = progress.at + found;
                if bytes.get(at) == Some(&b'\n') {
                    return Look::Ends(at);
                }
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                if before.is_some_and(|before| !separators.contains(before)) {
                    return Look::Misplaced(at, Wrong::QuoteWithin);
                }
                progress.quoted = true;
                progress.open = Some(at);
                progress.at = at + 1;
            }
        }
    }
}

/// What a quote within a quoted cell is.
enum Closing {
    /// Half of a quote that is meant.
    Doubled,
    /// The end of the cell.
    Closed,
    /// It depends on bytes that are not at hand.
    Unknown,
    /// Neither.
    Text,
}

fn closing(behind: &[u8], separators: &[u8], ended: bool) -> Closing {
    match behind {
        [] | [b'\r'] if ended => Closing::Closed,
        [] | [b'\r'] => Closing::Unknown,
        [b'"', ..] => Closing::Doubled,
        [b'\n', ..] | [b'\r', b'\n', ..] => Closing::Closed,
        [byte, ..] if separators.contains(byte) => Closing::Closed,
        _ => Closing::Text,
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or_default()
}
