//! The state as it stands on the disk, and the one function that changes it.

use std::io;

use minicbor::{Decode as _, Decoder};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::State;
use crate::disk::{Disk, File};

/// First bytes of a state file, with the version of its format.
const MAGIC: &[u8; 5] = b"CLVK\x01";

/// Why there is no state, or why it did not change.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system said no. What the disk holds is the old state or the new one, whole.
    #[error("the state file cannot be read or written: {0}")]
    Disk(#[from] io::Error),
    /// The file is no state of a virtual key, or was damaged.
    #[error("damaged, or not the state of a virtual key of this version; another file makes another key")]
    Damaged,
}

/// Keeps the state in memory and on the disk the same.
pub struct Store {
    disk: Box<dyn Disk + Send>,
    state: State,
    is_broken: bool,
}

impl Store {
    /// Reads the state, or makes the first one.
    ///
    /// # Errors
    /// When the disk refuses, or the file is not a state.
    pub fn open(disk: Box<dyn Disk + Send>, first: impl FnOnce() -> State) -> Result<Self, StoreError> {
        let found = disk.read(File::State)?.map(Zeroizing::new);
        let is_new = found.is_none();
        let state = found.map_or_else(|| Ok(first()), |bytes| decoded(&bytes))?;
        let mut store = Self {
            disk,
            state,
            is_broken: false,
        };
        if is_new {
            let first = store.state.clone();
            store.commit(first)?;
        }
        Ok(store)
    }

    /// After a write that failed: reads what the disk holds, as a key does when the power comes.
    pub fn recover(&mut self) -> Result<(), StoreError> {
        if self.is_broken {
            let bytes = self
                .disk
                .read(File::State)?
                .map(Zeroizing::new)
                .ok_or(StoreError::Damaged)?;
            self.state = decoded(&bytes)?;
            self.is_broken = false;
        }
        Ok(())
    }

    /// The state as it stands on the disk.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Makes `next` the state. When this returns, `next` survives a power loss; after an error the disk holds the old
    /// state or the new one and nothing between, and the store refuses to go on until it was opened anew.
    pub fn commit(&mut self, next: State) -> Result<(), StoreError> {
        if self.is_broken {
            return Err(io::Error::other("an earlier write failed").into());
        }
        self.is_broken = true;
        replace(self.disk.as_mut(), &encoded(&next)?)?;
        self.is_broken = false;
        self.state = next;
        Ok(())
    }
}

/// The write of which no half survives: a copy, made durable, takes the name of the old state.
fn replace(disk: &mut dyn Disk, bytes: &[u8]) -> io::Result<()> {
    disk.write(File::Copy, bytes)?;
    disk.sync(File::Copy)?;
    disk.rename_copy()?;
    disk.sync_folder()
}

fn encoded(state: &State) -> io::Result<Zeroizing<Vec<u8>>> {
    let body = Zeroizing::new(minicbor::to_vec(state).map_err(io::Error::other)?);
    Ok(Zeroizing::new([&MAGIC[..], &Sha256::digest(&body), &body].concat()))
}

fn decoded(file: &[u8]) -> Result<State, StoreError> {
    let rest = file.strip_prefix(&MAGIC[..]).ok_or(StoreError::Damaged)?;
    let (digest, body) = rest.split_at_checked(32).ok_or(StoreError::Damaged)?;
    if Sha256::digest(body).as_slice() != digest {
        return Err(StoreError::Damaged);
    }
    let mut decoder = Decoder::new(body);
    State::decode(&mut decoder, &mut ()).map_err(|_| StoreError::Damaged)
}
