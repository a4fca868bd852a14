//! A reader that ends a line without an end: memory stays bounded whatever is sent.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How much was read since the last row ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<AtomicU64>);

impl Meter {
    /// A row has ended.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Reads until a row is longer than its limit.
#[derive(Debug)]
pub(super) struct Metered<R> {
    from: R,
    meter: Meter,
    limit: u64,
}

impl<R: Read> Metered<R> {
    /// `limit` bytes a row, and what a buffer may read ahead.
    pub(super) fn new(from: R, limit: u64, ahead: u64) -> (Self, Meter) {
        let meter = Meter::default();
        let metered = Self { from, meter: meter.clone(), limit: limit.saturating_add(ahead) };
        (metered, meter)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        let more = u64::try_from(count).unwrap_or(u64::MAX);
        let since = self.meter.0.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        if since > self.limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}
