//! The file: a label, records with their lengths, and a SHA-256 over all of it at the end.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Header;
use crate::error::{Error, Fault};
use crate::value::Value;

const LABEL: &[u8] = b"claviger/backup/v1\n";
/// No single value is larger; a length beyond it is a damaged file, not a reason to ask for memory.
const LARGEST: u32 = 256 * 1024 * 1024;

/// A record of the file.
pub(super) enum Record {
    /// The rows that follow belong to this table and have these columns.
    Table(String, Vec<String>),
    /// A row.
    Row(Vec<Value>),
}

/// A file being written.
pub(super) struct Target {
    path: PathBuf,
    out: BufWriter<File>,
    digest: Sha256,
}

impl Target {
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // Names and addresses of people are in it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| Error::file(path, error))?;
        let mut target = Self {
            path: path.to_owned(),
            out: BufWriter::with_capacity(1 << 20, file),
            digest: Sha256::new(),
        };
        target.put(LABEL)?;
        Ok(target)
    }

    pub(super) fn remove(path: &Path) {
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, "an unfinished backup could not be removed");
        }
    }

    pub(super) fn header(&mut self, header: &Header) -> Result<(), Error> {
        let json = serde_json::to_vec(header).map_err(|error| Error::driver(Fault::Other, error))?;
        self.sized(&json)
    }

    pub(super) fn table(&mut self, name: &str, columns: &[String]) -> Result<(), Error> {
        self.put(b"T")?;
        self.sized(name.as_bytes())?;
        self.sized(columns.join(",").as_bytes())
    }

    pub(super) fn row(&mut self, values: &[Value]) -> Result<(), Error> {
        self.put(b"R")?;
        self.put(&length(values.len())?.to_be_bytes())?;
        values.iter().try_for_each(|value| self.value(value))
    }

    /// Both engines write alike: truth as a number, a UUID as its bytes.
    fn value(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            Value::Null => self.put(b"n"),
            Value::Int(number) => self.tagged(b"i", &number.to_be_bytes()),
            Value::Bool(truth) => self.tagged(b"i", &i64::from(*truth).to_be_bytes()),
            Value::Text(text) => self.put(b"t").and_then(|()| self.sized(text.as_bytes())),
            Value::Bytes(bytes) => self.put(b"b").and_then(|()| self.sized(bytes)),
            Value::Uuid(id) => self.put(b"b").and_then(|()| self.sized(id.as_bytes())),
            Value::UuidArray(_) | Value::TextArray(_) | Value::IntArray(_) => {
                Err(Error::inconsistent("an array is no column"))
            }
        }
    }

    /// Ends the file and syncs it.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        self.put(b"E")?;
        let digest = self.digest.finalize();
        let Self { path, mut out, .. } = self;
        let fault = |error| Error::file(&path, error);
        out.write_all(&digest).map_err(fault)?;
        let file = out.into_inner().map_err(|error| fault(error.into_error()))?;
        file.sync_all().map_err(fault)
    }

    fn tagged(&mut self, tag: &[u8], bytes: &[u8]) -> Result<(), Error> {
        self.put(tag)?;
        self.put(bytes)
    }

    fn sized(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.put(&length(bytes.len())?.to_be_bytes())?;
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digest.update(bytes);
        self.out
            .write_all(bytes)
            .map_err(|error| Error::file(&self.path, error))
    }
}

/// A file being read.
pub(super) struct Source {
    from: BufReader<File>,
    digest: Sha256,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::file(path, error))?;
        let from = BufReader::with_capacity(1 << 20, file);
        let mut source = Self {
            from,
            digest: Sha256::new(),
        };
        let mut label = [0; LABEL.len()];
        source.fill(&mut label)?;
        if label == LABEL {
            Ok(source)
        } else {
            Err(Error::inconsistent("this file is no backup"))
        }
    }

    pub(super) fn header(&mut self) -> Result<Header, Error> {
        let json = self.sized()?;
        serde_json::from_slice(&json).map_err(|_| damaged())
    }

    /// The next record; `None` at the end, once the checksum is right.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Error> {
        match self.byte()? {
            b'T' => {
                let (name, columns) = (self.text()?, self.text()?);
                Ok(Some(Record::Table(
                    name,
                    columns.split(',').map(str::to_owned).collect(),
                )))
            }
            b'R' => {
                let count = self.length()?;
                (0..count)
                    .map(|_| self.value())
                    .collect::<Result<_, _>>()
                    .map(|values| Some(Record::Row(values)))
            }
            b'E' => self.end().map(|()| None),
            _ => Err(damaged()),
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        let digest: [u8; 32] = self.digest.clone().finalize().into();
        let mut said = [0; 32];
        self.fill(&mut said)?;
        let over = self.from.read(&mut [0]).map_err(io)?;
        if said == digest && over == 0 {
            Ok(())
        } else {
            Err(damaged())
        }
    }

    fn value(&mut self) -> Result<Value, Error> {
        match self.byte()? {
            b'n' => Ok(Value::Null),
            b'i' => {
                let mut bytes = [0; 8];
                self.fill(&mut bytes)?;
                Ok(Value::Int(i64::from_be_bytes(bytes)))
            }
            b't' => Ok(Value::Text(self.text()?)),
            b'b' => Ok(Value::Bytes(self.sized()?)),
            _ => Err(damaged()),
        }
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let mut byte = [0; 1];
        self.fill(&mut byte)?;
        Ok(byte[0])
    }

    fn length(&mut self) -> Result<u32, Error> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Some(u32::from_be_bytes(bytes))
            .filter(|length| *length <= LARGEST)
            .ok_or_else(damaged)
    }

    fn text(&mut self) -> Result<String, Error> {
        String::from_utf8(self.sized()?).map_err(|_| damaged())
    }

    fn sized(&mut self) -> Result<Vec<u8>, Error> {
        let length = self.length()?;
        let mut bytes = Vec::new();
        self.from
            .by_ref()
            .take(length.into())
            .read_to_end(&mut bytes)
            .map_err(io)?;
        self.digest.update(&bytes);
        if u32::try_from(bytes.len()) == Ok(length) {
            Ok(bytes)
        } else {
            Err(damaged())
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.from.read_exact(bytes).map_err(|_| damaged())?;
        self.digest.update(&*bytes);
        Ok(())
    }
}

fn length(length: usize) -> Result<u32, Error> {
    u32::try_from(length)
        .ok()
        .filter(|length| *length <= LARGEST)
        .ok_or_else(|| Error::inconsistent("too large a value"))
}

fn io(error: std::io::Error) -> Error {
    let full = error.kind() == std::io::ErrorKind::StorageFull;
    Error::driver(if full { Fault::Full } else { Fault::Io }, error)
}

fn damaged() -> Error {
    Error::inconsistent("the backup is damaged or incomplete")
}
