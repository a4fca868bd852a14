//! A disk in memory that loses what a power loss may lose: bytes that were not synced are torn, names that were not
//! synced are the old ones or the new ones.

use std::io;
use std::sync::{Arc, Mutex};

use claviger_virtual_key::disk::{Disk, File};

/// Held by the test and by the key alike.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Platter>>);

/// The bytes of the state file; none when there is no file.
pub(crate) type Left = Option<Vec<u8>>;

#[derive(Default)]
struct Platter {
    contents: Vec<Content>,
    names: Names,
    synced_names: Names,
    steps: usize,
    cut_before: Option<usize>,
    /// What each moment would leave if the power went then; kept for whoever asked for it.
    moments: Option<Vec<Left>>,
    /// Writes over the state in place, as a careless firmware does: the control of the proof.
    is_careless: bool,
}

struct Content {
    bytes: Vec<u8>,
    is_synced: bool,
}

#[derive(Clone, Copy, Default)]
struct Names {
    state: Option<usize>,
    copy: Option<usize>,
}

impl Memory {
    /// A disk that writes over the state in place.
    pub(crate) fn careless() -> Self {
        let memory = Self::default();
        memory.0.lock().unwrap().is_careless = true;
        memory
    }

    /// A disk that holds a state.
    pub(crate) fn holding(left: &Left) -> Self {
        let memory = Self::default();
        let mut platter = memory.0.lock().unwrap();
        if let Some(bytes) = left {
            platter.contents.push(Content {
                bytes: bytes.clone(),
                is_synced: true,
            });
            platter.names.state = Some(0);
        }
        drop(platter);
        memory
    }

    /// The state file as it is.
    pub(crate) fn state(&self) -> Left {
        self.0.lock().unwrap().state_left(true, 256)
    }

    /// From now on keeps what a power loss would leave, before every step.
    pub(crate) fn watch(&self) {
        self.0.lock().unwrap().moments = Some(Vec::new());
    }

    /// What power losses since the last look would have left.
    pub(crate) fn moments(&self) -> Vec<Left> {
        let mut platter = self.0.lock().unwrap();
        let now = platter.left();
        let moments = platter.moments.as_mut().map(std::mem::take).unwrap_or_default();
        moments.into_iter().chain(now).collect()
    }

    /// How many steps were made.
    pub(crate) fn steps(&self) -> usize {
        self.0.lock().unwrap().steps
    }

    /// Cuts the power before a step; all later ones fail.
    pub(crate) fn cut_before(&self, step: usize) {
        self.0.lock().unwrap().cut_before = Some(step);
    }

    /// What is left when the power comes back, on the quickest file system.
    pub(crate) fn after_power_loss(&self) -> Self {
        let left = self.0.lock().unwrap().state_left(true, 0);
        Self::holding(&left)
    }

    fn step(&self) -> io::Result<std::sync::MutexGuard<'_, Platter>> {
        let mut platter = self.0.lock().unwrap();
        if platter.cut_before.is_some_and(|cut| platter.steps >= cut) {
            return Err(io::Error::other("no power"));
        }
        platter.steps += 1;
        let left = platter.left();
        if let Some(moments) = &mut platter.moments {
            moments.extend(left);
        }
        Ok(platter)
    }
}

impl Platter {
    /// What a power loss leaves now: names old and new, and more or less of the bytes that were not synced.
    fn left(&self) -> [Left; 3] {
        [
            self.state_left(true, 0),
            self.state_left(true, 255),
            self.state_left(false, 128),
        ]
    }

    /// The state file after a power loss. Names that were not synced are the new ones if the file system was quick, and of
    /// bytes that were not synced `kept` of 256 parts are there.
    fn state_left(&self, was_quick: bool, kept: usize) -> Left {
        let names = if was_quick { self.names } else { self.synced_names };
        let content = &self.contents[names.state?];
        let length = if content.is_synced {
            content.bytes.len()
        } else {
            content.bytes.len() * kept / 256
        };
        Some(content.bytes[..length].to_vec())
    }

    fn id(&self, file: File) -> Option<usize> {
        match file {
            File::State => self.names.state,
            File::Copy => self.names.copy,
        }
    }
}

impl Disk for Memory {
    fn read(&self, file: File) -> io::Result<Option<Vec<u8>>> {
        let platter = self.0.lock().unwrap();
        Ok(platter.id(file).map(|id| platter.contents[id].bytes.clone()))
    }

    fn write(&mut self, file: File, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.step()?;
        platter.contents.push(Content {
            bytes: bytes.to_vec(),
            is_synced: false,
        });
        let id = Some(platter.contents.len() - 1);
        match file {
            File::State => platter.names.state = id,
            File::Copy if platter.is_careless => platter.names.state = id,
            File::Copy => platter.names.copy = id,
        }
        Ok(())
    }

    fn sync(&mut self, file: File) -> io::Result<()> {
        let mut platter = self.step()?;
        let file = if platter.is_careless { File::State } else { file };
        let id = platter.id(file).ok_or(io::ErrorKind::NotFound)?;
        platter.contents[id].is_synced = true;
        Ok(())
    }

    fn rename_copy(&mut self) -> io::Result<()> {
        let mut platter = self.step()?;
        if !platter.is_careless {
            platter.names.state = platter.names.copy.take();
        }
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        let mut platter = self.step()?;
        platter.synced_names = platter.names;
        Ok(())
    }
}
