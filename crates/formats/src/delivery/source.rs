//! Bytes of a file in one buffer that grows no further than it must.

use std::io::{self, Read};

/// Bytes asked for at a time.
const STEP: usize = 64 * 1024;

/// A file and the part of it that is at hand.
#[derive(Debug)]
pub(super) struct Source<R> {
    from: R,
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
    ended: bool,
}

impl<R: Read> Source<R> {
    pub(super) const fn new(from: R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
            begin: 0,
            end: 0,
            ended: false,
        }
    }

    /// What is at hand and not used yet.
    pub(super) fn at_hand(&self) -> &[u8] {
        self.buffer.get(self.begin..self.end).unwrap_or_default()
    }

    /// Goes past bytes at hand.
    pub(super) fn pass(&mut self, count: usize) {
        self.begin = self.begin.saturating_add(count).min(self.end);
    }

    /// Takes the last byte that was passed to hand again.
    pub(super) const fn step_back(&mut self) {
        self.begin = self.begin.saturating_sub(1);
    }

    /// Brings more bytes to hand behind those there; `false` at the end of the file.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.begin > 0 {
            self.buffer.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        if self.buffer.len() - self.end < STEP / 2 {
            self.buffer.resize(self.end + STEP, 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        loop {
            match self.from.read(room) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(count) => {
                    self.end += count;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Brings at least so many bytes to hand, unless the file ends.
    pub(super) fn at_least(&mut self, count: usize) -> io::Result<()> {
        while self.at_hand().len() < count && self.more()? {}
        Ok(())
    }
}
