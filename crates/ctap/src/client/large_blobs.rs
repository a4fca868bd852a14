//! The large-blob array, in pieces that fit in a message: CTAP §6.10.

use sha2::{Digest as _, Sha256};

use super::{Client, Error, Transport};
use crate::pin::PinUvAuthToken;
use crate::wire::large_blobs::LargeBlobs;

/// What a message needs beside its piece (CTAP §6.10.2: `maxFragmentLength`).
const AROUND: usize = 64;
/// The hash at the end of the array.
const TRAILER: usize = 16;
/// No key keeps more.
const LONGEST: usize = 65_535;

impl<T: Transport> Client<T> {
    /// Reads the array, without its hash, which has to fit: else a write was interrupted and the array is void.
    pub fn read_large_blobs(&mut self) -> Result<Vec<u8>, Error<T::Error>> {
        let piece = self.piece()?;
        let absurd = |what| Error::Absurd { asked: READING, what };
        let mut whole = Vec::new();
        loop {
            let request = LargeBlobs {
                get: u32::try_from(piece).ok(),
                offset: u32::try_from(whole.len()).ok(),
                ..LargeBlobs::default()
            };
            let read = self
                .ask(READING, &request)?
                .config
                .ok_or(absurd("config (0x01) is missing"))?;
            whole.extend(&read);
            if read.len() > piece || whole.len() > LONGEST {
                return Err(absurd("more than was asked for"));
            }
            if read.len() < piece {
                break;
            }
        }
        let array = whole.len().checked_sub(TRAILER).map(|length| whole.split_at(length));
        let (array, trailer) = array.ok_or(absurd("the array is shorter than its hash"))?;
        if Sha256::digest(array).get(..TRAILER) == Some(trailer) {
            Ok(array.to_vec())
        } else {
            Err(absurd("the array does not fit its hash"))
        }
    }

    /// Writes the array, a CBOR list, with its hash. Needs a token with the permission `lbw`. An interruption leaves the
    /// array that was there.
    pub fn write_large_blobs(&mut self, array: &[u8], token: Option<&PinUvAuthToken>) -> Result<(), Error<T::Error>> {
        let piece = self.piece()?;
        let whole: Vec<u8> = array
            .iter()
            .copied()
            .chain(Sha256::digest(array).into_iter().take(TRAILER))
            .collect();
        let fits = self
            .info
            .max_serialized_large_blob_array
            .and_then(|most| usize::try_from(most).ok());
        if fits.is_some_and(|most| whole.len() > most) {
            return Err(Error::Unsupported("room for a large-blob array of this length"));
        }
        let mut offset = 0;
        for part in whole.chunks(piece) {
            let mut request = LargeBlobs {
                set: Some(part.to_vec()),
                offset: u32::try_from(offset).ok(),
                length: if offset == 0 {
                    u32::try_from(whole.len()).ok()
                } else {
                    None
                },
                protocol: token.map(|token| token.protocol().number()),
                ..LargeBlobs::default()
            };
            request.pin_uv_auth_param = token.map(|token| token.authenticate(&request.authenticated()));
            self.ask("writing largeBlobs", &request)?;
            offset += part.len();
        }
        Ok(())
    }

    /// How long a piece may be.
    fn piece(&self) -> Result<usize, Error<T::Error>> {
        if self.info.option("largeBlobs") != Some(true) {
            return Err(Error::Unsupported("largeBlobs"));
        }
        Ok(self.longest().saturating_sub(AROUND).clamp(1, LONGEST))
    }
}

const READING: &str = "reading largeBlobs";
