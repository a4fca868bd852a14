//! Files on their way up and down, with someone told how far they are.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    sync::Arc,
};

use reqwest::blocking::{Response, multipart::Part};

use super::ClientError;

/// Is told how many bytes have gone in all; falls back to 0 when a transfer starts again.
pub type ProgressNotice = Arc<dyn Fn(u64) + Send + Sync>;

struct Counted<R> {
    inner: R,
    done: u64,
    notice: ProgressNotice,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.done = self.done.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        (self.notice)(self.done);
        Ok(read)
    }
}

/// The file as a part of a form, streamed.
pub(super) fn part(path: &Path, name: &str, notice: ProgressNotice) -> Result<Part, ClientError> {
    let failed = |cause| ClientError::File {
        path: path.display().to_string(),
        cause,
    };
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    notice(0);
    Ok(Part::reader_with_length(
        Counted {
            inner: file,
            done: 0,
            notice,
        },
        size,
    )
    .file_name(name.to_owned()))
}

/// Writes the body of an answer as it comes. A body that breaks off is an error: half a list is no list.
pub(super) fn save(response: Response, into: &mut dyn Write, notice: ProgressNotice) -> Result<u64, ClientError> {
    let mut counted = Counted {
        inner: response,
        done: 0,
        notice,
    };
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match counted.read(&mut buffer) {
            Ok(0) => return Ok(counted.done),
            Ok(read) => read,
            Err(error) => return Err(ClientError::Unexpected(format!("the download broke off: {error}"))),
        };
        into.write_all(buffer.get(..read).unwrap_or_default())
            .map_err(|cause| ClientError::File {
                path: "output".to_owned(),
                cause,
            })?;
    }
}
