//! A file that waits on disk, sealed piece by piece under a key that this process alone holds: what is left of it after
//! a crash opens for nobody.

use std::{
    fmt, fs,
    io::{self, Read},
};

use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, aead::Aead as _};
use zeroize::Zeroizing;

use crate::ports;

/// Plain bytes of a piece; the last one may have fewer.
pub(super) const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

/// The key of one file.
#[derive(Clone)]
pub(super) struct FileKey(Aes256Gcm);

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey")
    }
}

impl FileKey {
    /// A new one.
    pub(super) fn new() -> io::Result<Self> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(ports::random().map_err(io::Error::other)?);
        Ok(Self(Aes256Gcm::new((&*key).into())))
    }

    /// Seals the piece of this number; each number is sealed once.
    pub(super) fn seal(&self, number: u64, plain: &[u8]) -> io::Result<Vec<u8>> {
        let sealed = self.0.encrypt(Nonce::from_slice(&nonce(number)), plain);
        sealed.map_err(|_| io::Error::other("a piece of an upload could not be sealed"))
    }

    fn open(&self, number: u64, sealed: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
        let plain = self.0.decrypt(Nonce::from_slice(&nonce(number)), sealed);
        let changed = |_| io::Error::other("a spooled upload was changed on disk");
        plain.map(Zeroizing::new).map_err(changed)
    }
}

/// The key is used for one file, so that the number of the piece is nonce enough.
fn nonce(number: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    for (place, byte) in nonce.iter_mut().zip(number.to_le_bytes()) {
        *place = byte;
    }
    nonce
}

/// A spooled file that is being read, in the clear.
#[derive(Debug)]
pub(crate) struct Opened {
    file: fs::File,
    key: FileKey,
    number: u64,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
}

impl Opened {
    pub(super) fn new(file: fs::File, key: FileKey) -> Self {
        let plain = Zeroizing::default();
        Self {
            file,
            key,
            number: 0,
            plain,
            at: 0,
        }
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(PIECE + TAG);
        let most = u64::try_from(PIECE + TAG).unwrap_or(u64::MAX);
        (&mut self.file).take(most).read_to_end(&mut sealed)?;
        self.at = 0;
        self.plain = if sealed.is_empty() {
            Zeroizing::default()
        } else {
            self.key.open(self.number, &sealed)?
        };
        self.number += 1;
        Ok(())
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.plain.len() {
            self.next_piece()?;
        }
        let mut rest = self.plain.get(self.at..).unwrap_or_default();
        let count = rest.read(into)?;
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, Write as _};

    use super::*;

    #[test]
    fn pieces_come_back_in_order_and_in_no_other() {
        let key = FileKey::new().unwrap();
        let plain: Vec<u8> = (0..PIECE + 7).map(|byte| u8::try_from(byte % 251).unwrap()).collect();
        let pieces: Vec<Vec<u8>> = (0..)
            .zip(plain.chunks(PIECE))
            .map(|(number, piece)| key.seal(number, piece).unwrap())
            .collect();
        let read = |bytes: Vec<u8>| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            file.rewind().unwrap();
            let mut all = Vec::new();
            Opened::new(file, key.clone()).read_to_end(&mut all).map(|_| all)
        };
        assert_eq!(read(pieces.concat()).unwrap(), plain);
        assert!(read(pieces.iter().rev().flatten().copied().collect()).is_err());
        let mut changed = pieces.concat();
        changed[9] ^= 1;
        assert!(read(changed).is_err());
        assert_eq!(read(Vec::new()).unwrap(), b"");
    }
}
