//! What privacyIDEA exports as `pi`: a Fernet token (base64url of version, time, IV, AES-128-CBC, HMAC-SHA-256), opened
//! while it is read. Whether it was whole is known at its end alone, and said there.

use std::io::{self, Read};

use aes::Aes128;
use cbc::Decryptor;
use cbc::cipher::{Block, BlockDecryptMut as _, KeyIvInit as _};
use data_encoding::BASE64URL;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use super::encoding::decoded;
use super::fault::{SeedFileFault, SeedFileWrong};
use super::keys::Keys;
use crate::delivery::source::Source;

/// How every such file begins: version 0x80 and a time of this age.
pub(super) const BEGIN: &[u8] = b"gAAAA";

const BLOCK: usize = 16;
const MAC: usize = 32;
const HEAD: usize = 1 + 8 + BLOCK;
/// Characters of base64 taken at a time; a multiple of four.
const STEP: usize = 32 * 1024;

/// The plain text of such a file.
pub(super) struct Opened<R> {
    from: Source<R>,
    cipher: Decryptor<Aes128>,
    mac: Option<Hmac<Sha256>>,
    /// Sealed bytes that are not opened yet: the last of the file are padding and MAC, and which they are shows at its
    /// end.
    waiting: Zeroizing<Vec<u8>>,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
}

impl<R: Read> Opened<R> {
    /// Looks at the head, with the key that was sent along.
    pub(super) fn open(from: Source<R>, keys: &Keys) -> Result<Self, SeedFileFault> {
        let Some(key) = &keys.pre_shared else {
            let name = "the key that privacyIDEA showed at the export".to_owned();
            return Err(SeedFileFault::whole(SeedFileWrong::KeyWanted { name }));
        };
        let Some((signing, encrypting)) = key
            .using()
            .split_at_checked(BLOCK)
            .filter(|(_, key)| key.len() == BLOCK)
        else {
            let wrong = SeedFileWrong::KeyLength {
                given: key.using().len(),
                wanted: 2 * BLOCK,
                cipher: "privacyIDEA's export",
            };
            return Err(SeedFileFault::whole(wrong));
        };
        let unfit = || SeedFileFault::whole(SeedFileWrong::KeyUnfit);
        let mac = Hmac::<Sha256>::new_from_slice(signing).map_err(|_| unfit())?;
        let cipher = Decryptor::<Aes128>::new_from_slices(encrypting, &[0; BLOCK]).map_err(|_| unfit())?;
        let mut opened = Self {
            from,
            cipher,
            mac: Some(mac),
            waiting: Zeroizing::default(),
            plain: Zeroizing::default(),
            given: 0,
        };
        while opened.waiting.len() < HEAD + BLOCK + MAC {
            if !opened.more()? {
                return Err(SeedFileFault::whole(SeedFileWrong::Tampered));
            }
        }
        let head: Zeroizing<Vec<u8>> = Zeroizing::new(opened.waiting.drain(..HEAD).collect());
        opened.hash(&head);
        let iv = head.get(HEAD - BLOCK..).unwrap_or_default();
        opened.cipher = Decryptor::<Aes128>::new_from_slices(encrypting, iv).map_err(|_| unfit())?;
        opened.proceed();
        // The plain text is an array; with another key it begins so once in 256 times, and fails at its end.
        if opened.plain.first().is_some_and(|first| *first != b'[') {
            return Err(unfit());
        }
        Ok(opened)
    }

    fn hash(&mut self, bytes: &[u8]) {
        if let Some(mac) = &mut self.mac {
            mac.update(bytes);
        }
    }

    /// Decodes more of the file; `false` at its end.
    fn more(&mut self) -> io::Result<bool> {
        let mut text = Zeroizing::new(Vec::with_capacity(STEP));
        while text.len() < STEP {
            if self.from.at_hand().is_empty() && !self.from.more()? {
                break;
            }
            let room = STEP - text.len();
            let at_hand = self.from.at_hand();
            let taken = at_hand.len().min(room);
            let some = at_hand.get(..taken).unwrap_or_default();
            text.extend(some.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
            self.from.pass(taken);
        }
        if text.is_empty() {
            return Ok(false);
        }
        let bytes = decoded(&BASE64URL, &text).ok_or_else(tampered)?;
        self.waiting.extend_from_slice(&bytes);
        Ok(true)
    }

    /// Opens all blocks that cannot be the end.
    fn proceed(&mut self) {
        let most = self.waiting.len().saturating_sub(MAC + BLOCK);
        self.open_first(most - most % BLOCK);
    }

    fn open_first(&mut self, count: usize) {
        let sealed: Zeroizing<Vec<u8>> = Zeroizing::new(self.waiting.drain(..count).collect());
        self.hash(&sealed);
        self.plain.drain(..self.given);
        self.given = 0;
        let (blocks, _) = sealed.as_chunks::<BLOCK>();
        for block in blocks {
            let mut block = Block::<Decryptor<Aes128>>::from(*block);
            self.cipher.decrypt_block_mut(&mut block);
            self.plain.extend_from_slice(&block);
            block.as_mut_slice().zeroize();
        }
    }

    /// Opens the last block and looks at padding and MAC.
    fn finish(&mut self) -> io::Result<()> {
        let Some(mac) = self.mac.clone() else { return Ok(()) };
        if self.waiting.len() != BLOCK + MAC {
            return Err(tampered());
        }
        let last: Zeroizing<Vec<u8>> = Zeroizing::new(self.waiting.get(..BLOCK).unwrap_or_default().to_vec());
        let tag = self.waiting.get(BLOCK..).unwrap_or_default();
        mac.chain_update(&*last).verify_slice(tag).map_err(|_| tampered())?;
        self.open_first(BLOCK);
        let padding = usize::from(self.plain.last().copied().unwrap_or_default());
        let begins = self
            .plain
            .len()
            .checked_sub(padding)
            .filter(|_| (1..=BLOCK).contains(&padding));
        self.plain.truncate(begins.ok_or_else(tampered)?);
        self.mac = None;
        Ok(())
    }
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.plain.len() {
            if self.mac.is_none() {
                return Ok(0);
            }
            if self.more()? {
                self.proceed();
            } else {
                self.finish()?;
            }
        }
        let rest = self.plain.get(self.given..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let Some((to, from)) = into.get_mut(..count).zip(rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

/// What a reader of the plain text passes on as an error of reading.
fn tampered() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, SeedFileWrong::Tampered)
}
