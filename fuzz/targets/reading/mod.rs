//! Reading a file whole, for the targets of row readers.

use std::io::{self, Read};

/// A file whose bytes come one by one.
pub struct OneByOne<'a>(pub &'a [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = into.len().min(1);
        self.0.read(&mut into[..count])
    }
}

/// The rows of a reader, and the fault that ended them.
pub fn rows<R, T, F>(opened: Result<R, F>, next: impl Fn(&mut R) -> Result<Option<T>, F>) -> (Vec<T>, Option<F>) {
    let mut rows = Vec::new();
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(fault) => return (rows, Some(fault)),
    };
    loop {
        match next(&mut reader) {
            Ok(Some(row)) => rows.push(row),
            Ok(None) => return (rows, None),
            Err(fault) => return (rows, Some(fault)),
        }
    }
}
