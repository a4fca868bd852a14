//! A disk in memory that loses what a power loss may lose: bytes that were not synced are torn, names that were not
//! synced are the old ones or the new ones.

use std::io;
use std::sync::{Arc, Mutex};

use claviger_virtual_key::disk::{Disk, File};

/// Held by the test and by the key alike.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Platter>>);

#[derive(Default)]
struct Platter {
    contents: Vec<Content>,
    names: Names,
    synced_names: Names,
    steps: usize,
    cut_before: Option<usize>,
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
    fn step(&self) -> io::Result<std::sync::MutexGuard<'_, Platter>> {
        let mut platter = self.0.lock().unwrap();
        if platter.cut_before.is_some_and(|cut| platter.steps >= cut) {
            return Err(io::Error::other("no power"));
        }
        platter.steps += 1;
        Ok(platter)
    }
}

impl Platter {
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
            File::Copy => platter.names.copy = id,
        }
        Ok(())
    }

    fn sync(&mut self, file: File) -> io::Result<()> {
        let mut platter = self.step()?;
        let id = platter.id(file).ok_or(io::ErrorKind::NotFound)?;
        platter.contents[id].is_synced = true;
        Ok(())
    }

    fn rename_copy(&mut self) -> io::Result<()> {
        let mut platter = self.step()?;
        platter.names.state = platter.names.copy.take();
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        let mut platter = self.step()?;
        platter.synced_names = platter.names;
        Ok(())
    }
}
