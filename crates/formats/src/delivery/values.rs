//! Where the values of a JSON file begin and end. What stands in one is looked at by a real parser afterwards.

use std::io::Read;

use memchr::{memchr_iter, memchr2};

use super::{FileFault, Wrong, source::Source};

/// How deep brackets may stand in each other.
const DEPTH: usize = 32;

/// The values of a file.
#[derive(Debug)]
pub(crate) struct Values<R> {
    source: Source<R>,
    limit: usize,
    line: u64,
    /// Bytes of the value that was given last.
    given: usize,
}

/// A value as it stands in the file.
#[derive(Debug)]
pub(crate) struct Value<'a> {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
}

/// How far a value was looked at.
#[derive(Debug, Default)]
struct Progress {
    at: usize,
    depth: usize,
    in_text: bool,
}

impl<R: Read> Values<R> {
    pub(crate) fn new(source: Source<R>, limit: u64) -> Self {
        Self {
            source,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            line: 1,
            given: 0,
        }
    }

    /// The line that was reached.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// The next byte that is no blank.
    pub(crate) fn token(&mut self) -> Result<u8, FileFault> {
        self.token_or_end()?
            .ok_or_else(|| self.malformed("the file ends in the middle"))
    }

    /// The next byte that is no blank; none at the end.
    pub(crate) fn token_or_end(&mut self) -> Result<Option<u8>, FileFault> {
        self.leave();
        loop {
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let at_hand = self.source.at_hand();
            let blanks = at_hand.iter().take_while(|byte| blank(byte)).count();
            let found = at_hand.get(blanks).copied();
            self.go(blanks + usize::from(found.is_some()));
            if found.is_some() || !self.source.more()? {
                return Ok(found);
            }
        }
    }

    /// The whole of the value whose first byte was the last token.
    pub(crate) fn value(&mut self, first: u8) -> Result<Value<'_>, FileFault> {
        self.source.step_back();
        let begins = memchr::memchr(first, b"\"{[-0123456789tfn").is_some();
        if !begins {
            return Err(self.malformed("a value is missing"));
        }
        let mut progress = Progress::default();
        let end = loop {
            match look(self.source.at_hand(), &mut progress) {
                Ok(Some(end)) => break end,
                Ok(None) if progress.at > self.limit => return Err(self.too_long()),
                Ok(None) => {
                    if !self.source.more()? {
                        if progress.depth > 0 || progress.in_text {
                            return Err(self.malformed("the file ends in the middle"));
                        }
                        break progress.at;
                    }
                }
                Err(what) => return Err(self.malformed(what)),
            }
        };
        if end > self.limit {
            return Err(self.too_long());
        }
        self.given = end;
        Ok(Value {
            line: self.line,
            bytes: self.source.at_hand().get(..end).unwrap_or_default(),
        })
    }

    pub(crate) fn malformed(&self, what: &'static str) -> FileFault {
        FileFault::at(self.line, Wrong::malformed(what))
    }

    fn too_long(&self) -> FileFault {
        let kibibytes = u64::try_from(self.limit).unwrap_or(u64::MAX) >> 10;
        FileFault::at(self.line, Wrong::EntryTooLong { kibibytes })
    }

    fn leave(&mut self) {
        let given = std::mem::take(&mut self.given);
        self.go(given);
    }

    fn go(&mut self, count: usize) {
        let passed = self.source.at_hand().get(..count).unwrap_or_default();
        self.line += u64::try_from(memchr_iter(b'\n', passed).count()).unwrap_or_default();
        self.source.pass(count);
    }
}

/// Looks on; answers where the value ends once that is at hand.
fn look(bytes: &[u8], progress: &mut Progress) -> Result<Option<usize>, &'static str> {
    while let Some(rest) = bytes.get(progress.at..).filter(|rest| !rest.is_empty()) {
        if progress.in_text {
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                progress.at = bytes.len();
                return Ok(None);
            };
            if rest.get(found) == Some(&b'\\') {
                if rest.len() < found + 2 {
                    progress.at += found;
                    return Ok(None);
                }
                progress.at += found + 2;
                continue;
            }
            progress.at += found + 1;
            progress.in_text = false;
            if progress.depth == 0 {
                return Ok(Some(progress.at));
            }
            continue;
        }
        let plain = rest.iter().take_while(|byte| !is_mark(**byte, progress.depth)).count();
        let Some(mark) = rest.get(plain) else {
            progress.at = bytes.len();
            return Ok(None);
        };
        progress.at += plain + 1;
        match mark {
            b'"' => progress.in_text = true,
            b'{' | b'[' => progress.depth += 1,
            b'}' | b']' if progress.depth > 1 => progress.depth -= 1,
            b'}' | b']' if progress.depth == 1 => return Ok(Some(progress.at)),
            // A bare word or number ends before what follows it.
            _ => return Ok(Some(progress.at - 1)),
        }
        if progress.depth > DEPTH {
            return Err("brackets stand too deep in each other");
        }
    }
    Ok(None)
}

const fn is_mark(byte: u8, depth: usize) -> bool {
    match byte {
        b'"' | b'{' | b'[' | b'}' | b']' => true,
        b',' | b' ' | b'\t' | b'\r' | b'\n' => depth == 0,
        _ => false,
    }
}
