//! `authenticatorLargeBlobs`: CTAP §6.10.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::large_blobs::{EMPTY_ARRAY, LargeBlobs, Response};
use sha2::{Digest as _, Sha256};

use super::protocol;
use crate::authenticator::LONGEST_MESSAGE;
use crate::volatile::{BlobWrite, Enumeration};
use crate::{Authenticator, limits};

/// The longest piece: `maxMsgSize` − 64 (CTAP §6.10.2).
const LONGEST_PIECE: usize = 1_136;
const CHECKSUM: usize = 16;

const _: () = assert!(
    LONGEST_MESSAGE == 1_200,
    "the longest piece is the longest message less 64"
);

impl Authenticator {
    /// Reads or writes a piece of the array.
    pub(crate) fn large_blobs(&mut self, mut request: LargeBlobs) -> Result<Response, Status> {
        let offset = request.offset.ok_or(Status::InvalidParameter)?;
        let offset = usize::try_from(offset).map_err(|_| Status::InvalidParameter)?;
        match (request.get, request.set.take()) {
            (Some(count), None) => self.read_blobs(&request, count, offset),
            (None, Some(piece)) => {
                request.set = Some(piece.clone());
                self.write_blobs(&request, piece, offset)
            }
            (None, None) | (Some(_), Some(_)) => Err(Status::InvalidParameter),
        }
    }

    fn read_blobs(&self, request: &LargeBlobs, count: u32, offset: usize) -> Result<Response, Status> {
        if request.length.is_some() || request.pin_uv_auth_param.is_some() || request.protocol.is_some() {
            return Err(Status::InvalidParameter);
        }
        let count = usize::try_from(count).map_err(|_| Status::InvalidLength)?;
        if count > LONGEST_PIECE {
            return Err(Status::InvalidLength);
        }
        let rest = self.state().large_blobs.get(offset..).ok_or(Status::InvalidParameter)?;
        let piece = rest.get(..count).unwrap_or(rest);
        Ok(Response {
            config: Some(piece.to_vec()),
        })
    }

    fn write_blobs(&mut self, request: &LargeBlobs, piece: Vec<u8>, offset: usize) -> Result<Response, Status> {
        if piece.len() > LONGEST_PIECE {
            return Err(Status::InvalidLength);
        }
        let mut write = self.begun(request, offset)?;
        if offset != write.bytes.len() {
            return Err(Status::InvalidSequence);
        }
        self.check_writer(request)?;
        write.bytes.extend(piece);
        if write.bytes.len() > write.length {
            return Err(Status::InvalidParameter);
        }
        if write.bytes.len() < write.length {
            self.volatile()?.enumeration = Enumeration::Blob(write);
        } else {
            self.finish_blobs(write.bytes)?;
        }
        Ok(Response::default())
    }

    /// The write that a piece belongs to: the first one announces the length, the others do not.
    fn begun(&mut self, request: &LargeBlobs, offset: usize) -> Result<BlobWrite, Status> {
        let under_way = std::mem::replace(&mut self.volatile()?.enumeration, Enumeration::Nothing);
        if offset > 0 {
            return match (request.length, under_way) {
                (Some(_), _) => Err(Status::InvalidParameter),
                (None, Enumeration::Blob(write)) => Ok(write),
                (None, _) => Err(Status::InvalidSequence),
            };
        }
        let length = request.length.ok_or(Status::InvalidParameter)?;
        if length > limits::LARGE_BLOBS {
            return Err(Status::LargeBlobStorageFull);
        }
        let length = usize::try_from(length).map_err(|_| Status::LargeBlobStorageFull)?;
        if length < EMPTY_ARRAY.len() {
            return Err(Status::InvalidParameter);
        }
        let bytes = Vec::with_capacity(length);
        Ok(BlobWrite { length, bytes })
    }

    /// Whether the token may write. A key without a PIN is anybody's.
    fn check_writer(&mut self, request: &LargeBlobs) -> Result<(), Status> {
        let is_open = self.state().pin.is_none() && !self.state().settings.always_uv;
        let Some(param) = &request.pin_uv_auth_param else {
            return if is_open { Ok(()) } else { Err(Status::PuatRequired) };
        };
        let protocol = protocol(request.protocol)?;
        let now = self.now();
        let tokens = &mut self.volatile()?.tokens;
        let permission = Permissions::LARGE_BLOB_WRITE;
        tokens
            .verified(protocol, &request.authenticated(), param, permission, now)
            .map(drop)
    }

    /// Takes the whole array, when its checksum says that it is whole.
    fn finish_blobs(&mut self, bytes: Vec<u8>) -> Result<(), Status> {
        let (array, checksum) = bytes.split_at(bytes.len().saturating_sub(CHECKSUM));
        if !Sha256::digest(array).starts_with(checksum) {
            return Err(Status::IntegrityFailure);
        }
        self.change(|state| state.large_blobs = bytes)
    }
}
