//! The key-encryption key: from the environment, or a file that is made with mode 0600 at first run.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

use super::{SealingKey, Secret};
use crate::ports;

/// Where the key-encryption key comes from.
#[derive(Clone)]
pub enum KekSource {
    /// The environment or the configuration gave it.
    Given(Secret<[u8; 32]>),
    /// A file that must be there; without it the server runs sealed.
    File(PathBuf),
    /// A file that is made when the data folder is new; without it, beside data, the server runs sealed.
    MadeAtFirstRun(PathBuf),
}

/// Why there is no key-encryption key.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// It is not 64 hexadecimal digits.
    #[error("the key-encryption key is not 64 hexadecimal digits")]
    NotHex,
    /// No randomness to make one.
    #[error(transparent)]
    NoEntropy(#[from] ports::NoEntropy),
}

impl KekSource {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_text(text: &str) -> Result<Self, KekError> {
        parse(text).map(Self::Given)
    }

    /// The key, or `None` where the file is missing: the server then runs sealed.
    ///
    /// `first_run` allows to make the file. A database that already holds data never gets a new key made for it:
    /// what it holds could not be opened, and nobody would notice before it is needed.
    ///
    /// # Errors
    /// When a file is there and cannot be used.
    pub fn load(&self, first_run: bool) -> Result<Option<SealingKey>, KekError> {
        let key = match self {
            Self::Given(key) => Some(key.clone()),
            Self::File(path) => read(path)?,
            Self::MadeAtFirstRun(path) => match read(path)? {
                None if first_run => Some(make(path)?),
                found => found,
            },
        };
        Ok(key.map(|key| SealingKey::new(0, key)))
    }
}

impl KekSource {
    /// The key before, while a change of keys is under way.
    ///
    /// # Errors
    /// When its file is there and cannot be used.
    pub fn load_old(&self) -> Result<Option<SealingKey>, KekError> {
        let Some(path) = self.path() else { return Ok(None) };
        Ok(read(&old(path))?.map(|key| SealingKey::new(0, key)))
    }

    /// Its file; none where the environment gave it.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Given(_) => None,
            Self::File(path) | Self::MadeAtFirstRun(path) => Some(path),
        }
    }
}

/// Keeps the key of a file as the one before, under a name beside it: there in full, or not at all.
pub(crate) fn set_aside(path: &Path) -> Result<(), KekError> {
    let key = read(path)?.ok_or_else(|| KekError::File(path.to_owned(), io::ErrorKind::NotFound.into()))?;
    place(&old(path), &key)
}

/// Puts a fresh key in the place of a file's.
pub(crate) fn exchange(path: &Path) -> Result<(), KekError> {
    place(path, &Secret::new(ports::random::<32>()?))
}

/// Whether a change that was begun has not yet put a new key in place.
pub(crate) fn is_unchanged(path: &Path) -> Result<bool, KekError> {
    let (now, before) = (read(path)?, read(&old(path))?);
    Ok(now
        .zip(before)
        .is_some_and(|(now, before)| now.using() == before.using()))
}

/// Forgets the key before.
pub(crate) fn forget_old(path: &Path) -> Result<(), KekError> {
    let path = old(path);
    fs::remove_file(&path).map_err(|error| KekError::File(path, error))
}

fn old(path: &Path) -> PathBuf {
    path.with_added_extension("old")
}

fn place(path: &Path, key: &Secret<[u8; 32]>) -> Result<(), KekError> {
    let new = path.with_added_extension("new");
    let text = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(key.using()));
    let written = match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => write_private(&new, text.as_bytes()),
    };
    written
        .and_then(|()| fs::rename(&new, path))
        .and_then(|()| settle(path))
        .map_err(|error| KekError::File(path.to_owned(), error))
}

/// Lets a name in a folder outlast a power cut.
fn settle(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn parse(text: &str) -> Result<Secret<[u8; 32]>, KekError> {
    let bytes = Zeroizing::new(
        HEXLOWER_PERMISSIVE
            .decode(text.trim().as_bytes())
            .map_err(|_| KekError::NotHex)?,
    );
    bytes
        .as_slice()
        .try_into()
        .map(Secret::new)
        .map_err(|_| KekError::NotHex)
}

fn read(path: &Path) -> Result<Option<Secret<[u8; 32]>>, KekError> {
    match fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => parse(&text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KekError::File(path.to_owned(), error)),
    }
}

fn make(path: &Path) -> Result<Secret<[u8; 32]>, KekError> {
    let key = Secret::new(ports::random::<32>()?);
    let text = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(key.using()));
    write_private(path, text.as_bytes()).map_err(|error| KekError::File(path.to_owned(), error))?;
    Ok(key)
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::KekSource;

    #[test]
    fn a_key_is_made_once_private_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let source = KekSource::MadeAtFirstRun(folder.path().join("kek"));
        assert!(source.load(false).unwrap().is_none(), "beside data no key is made up");
        let made = source.load(true).unwrap().unwrap();
        let found = source.load(false).unwrap().unwrap();
        assert_eq!(made.material(), found.material());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let private = std::fs::metadata(folder.path().join("kek"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(private & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_key_file_is_an_error_and_never_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        std::fs::write(&path, "not a key").unwrap();
        assert!(KekSource::MadeAtFirstRun(path).load(true).is_err());
    }
}
