//! A file on its way in: spooled to the data folder as it arrives, sealed under a key that this process alone holds, hashed
//! and measured, readable by the server's account alone, and gone when the [`Upload`] is dropped or the server starts again.

use std::{
    io,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;
use zeroize::Zeroizing;

use super::spool::{FileKey, PIECE};
use crate::local::private;

pub(crate) use super::spool::Opened;

/// Most characters kept of the name that the sender gave the file.
const MAX_NAME: usize = 200;

/// A file that has arrived whole.
#[derive(Debug)]
pub struct Upload {
    spooled: NamedTempFile,
    key: FileKey,
    /// The name that the sender gave it: a label, never a path.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Over all bytes.
    pub sha256: [u8; 32],
}

/// A file that is arriving.
#[derive(Debug)]
pub struct Arriving {
    spooled: NamedTempFile,
    to: tokio::fs::File,
    key: FileKey,
    /// How many pieces are on disk, and what is not there yet.
    pieces: u64,
    waiting: Zeroizing<Vec<u8>>,
    file_name: String,
    size: u64,
    limit: u64,
    hash: Sha256,
}

/// Why a file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// More bytes than the limit.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The data folder could not be written.
    #[error("the data folder cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Where files are spooled.
fn folder(data: &Path) -> PathBuf {
    data.join("uploads")
}

/// Removes what a server that was killed left behind. Called once, before the first request.
///
/// # Errors
/// When the folder cannot be made or read.
pub fn sweep(data: &Path) -> io::Result<()> {
    let folder = folder(data);
    private::folder(&folder)?;
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(path = %path.display(), %error, "a spooled upload could not be removed");
        }
    }
    Ok(())
}

impl Arriving {
    /// Makes an empty file of mode 0600.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn begin(data: &Path, given_name: &str, limit: u64) -> Result<Self, Interrupted> {
        let folder = folder(data);
        private::folder(&folder)?;
        // tempfile opens with O_EXCL and mode 0600.
        let spooled = NamedTempFile::with_prefix_in("import-", folder)?;
        let to = tokio::fs::File::from_std(spooled.reopen()?);
        Ok(Self {
            spooled,
            to,
            key: FileKey::new()?,
            pieces: 0,
            waiting: Zeroizing::new(Vec::with_capacity(PIECE)),
            file_name: label(given_name),
            size: 0,
            limit,
            hash: Sha256::new(),
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// When the file grows past its limit, or the disk is full.
    pub async fn take(&mut self, piece: &[u8]) -> Result<(), Interrupted> {
        self.size = self.size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.size > self.limit {
            return Err(Interrupted::TooLarge(self.limit));
        }
        self.hash.update(piece);
        let mut rest = piece;
        while !rest.is_empty() {
            let room = PIECE.saturating_sub(self.waiting.len()).min(rest.len());
            let (fits, behind) = rest.split_at(room);
            self.waiting.extend_from_slice(fits);
            rest = behind;
            if self.waiting.len() == PIECE {
                self.spool().await?;
            }
        }
        Ok(())
    }

    async fn spool(&mut self) -> io::Result<()> {
        let sealed = self.key.seal(self.pieces, &self.waiting)?;
        self.pieces += 1;
        self.waiting.clear();
        self.to.write_all(&sealed).await
    }

    /// The last piece was taken.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn end(mut self) -> Result<Upload, Interrupted> {
        if !self.waiting.is_empty() {
            self.spool().await?;
        }
        self.to.flush().await?;
        Ok(Upload {
            spooled: self.spooled,
            key: self.key,
            file_name: self.file_name,
            size: self.size,
            sha256: self.hash.finalize().into(),
        })
    }
}

impl Upload {
    /// Opens the file at its beginning; it can be read more than once.
    ///
    /// # Errors
    /// When somebody took it away.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        Ok(Opened::new(self.spooled.reopen()?, self.key.clone()))
    }
}

/// The last part of what may be a path, without controls, cut to a length that fits every screen.
fn label(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !is_hidden(*c)).take(MAX_NAME).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        "delivery".to_owned()
    } else {
        clean.to_owned()
    }
}

/// Controls, and the marks that turn the direction of writing: they make a name read otherwise than it is.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_hashed_measured_and_gone_when_dropped() {
        let data = tempfile::tempdir().unwrap();
        let mut arriving = Arriving::begin(data.path(), "C:\\in\\de\u{202e}livery.csv", 10).unwrap();
        arriving.take(b"abc").await.unwrap();
        let upload = arriving.end().await.unwrap();
        assert_eq!((upload.file_name.as_str(), upload.size), ("delivery.csv", 3));
        assert_eq!(
            data_encoding::HEXLOWER.encode(&upload.sha256).get(..8),
            Some("ba7816bf") // FIPS 180-2, appendix B.1
        );
        assert_eq!(io::read_to_string(upload.open().unwrap()).unwrap(), "abc");
        let kept = std::fs::read(upload.spooled.path()).unwrap();
        assert!(
            !kept.windows(3).any(|bytes| bytes == b"abc"),
            "nothing of it is on disk in the clear"
        );
        drop(upload);
        assert_eq!(std::fs::read_dir(folder(data.path())).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_servers_account_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        let arriving = Arriving::begin(data.path(), "a", 10).unwrap();
        let mode = arriving.spooled.as_file().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_file_past_the_limit_is_cut_off_and_removed() {
        let data = tempfile::tempdir().unwrap();
        let mut arriving = Arriving::begin(data.path(), "a", 4).unwrap();
        arriving.take(b"abcd").await.unwrap();
        assert!(matches!(arriving.take(b"e").await, Err(Interrupted::TooLarge(4))));
        drop(arriving);
        assert_eq!(std::fs::read_dir(folder(data.path())).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_server_left_is_swept() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder(data.path())).unwrap();
        std::fs::write(folder(data.path()).join("import-old"), "x").unwrap();
        sweep(data.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder(data.path())).unwrap().count(), 0);
    }

    #[test]
    fn a_nameless_file_has_a_name() {
        assert_eq!(label("../"), "delivery");
        assert_eq!(label(&"n".repeat(500)).len(), MAX_NAME);
    }
}
