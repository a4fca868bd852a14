//! Bytes of a file in one buffer that grows no further than it must.

use std::io::{self, Read};

use zeroize::Zeroize as _;

/// Bytes asked for at a time.
const STEP: usize = 64 * 1024;

/// A file and the part of it that is at hand. What was read is wiped, since files of seeds come through here too.
#[derive(Debug)]
pub(crate) struct Source<R> {
    from: R,
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
    ended: bool,
}

impl<R: Read> Source<R> {
    pub(crate) const fn new(from: R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
            begin: 0,
            end: 0,
            ended: false,
        }
    }

    /// What is at hand and not used yet.
    pub(crate) fn at_hand(&self) -> &[u8] {
        self.buffer.get(self.begin..self.end).unwrap_or_default()
    }

    /// Goes past bytes at hand.
    pub(crate) fn pass(&mut self, count: usize) {
        self.begin = self.begin.saturating_add(count).min(self.end);
    }

    /// Takes the last byte that was passed to hand again.
    pub(crate) const fn step_back(&mut self) {
        self.begin = self.begin.saturating_sub(1);
    }

    /// Brings more bytes to hand behind those there; `false` at the end of the file.
    pub(crate) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.begin > 0 {
            self.buffer.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        if self.buffer.len() - self.end < STEP / 2 {
            self.grow();
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

    /// Makes room in another buffer by hand: growing in place could leave a copy behind.
    fn grow(&mut self) {
        let mut larger = vec![0; (self.end + STEP).max(2 * self.end)];
        if let Some(room) = larger.get_mut(..self.end) {
            room.copy_from_slice(self.buffer.get(..self.end).unwrap_or_default());
        }
        self.buffer.zeroize();
        self.buffer = larger;
    }

    /// Brings at least so many bytes to hand, unless the file ends.
    pub(crate) fn at_least(&mut self, count: usize) -> io::Result<()> {
        while self.at_hand().len() < count && self.more()? {}
        Ok(())
    }
}

impl<R> Drop for Source<R> {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}
