//! JSON: `{"devices": [{deviceName, serialNumber, version}, …]}`, read entry by entry: the whole is never in memory.

use std::io::Read;

use claviger_domain::delivery::Rows;
use serde::de::IgnoredAny;

use super::source::Source;
use super::{
    Columns, DeliveryRow, FileFault, Limits, Wrong, encoding,
    entry::entry,
    values::{Value, Values},
};

/// A JSON file that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    values: Values<R>,
    columns: Columns,
    limits: Limits,
    rules: Rows,
    read: u64,
    ended: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, FileFault> {
        let mut reader = Self {
            values: Values::new(from, limits.line),
            columns: Columns::of_json(),
            limits,
            rules: Rows::default(),
            read: 0,
            ended: false,
        };
        match reader.values.token()? {
            b'{' => {}
            b'[' => return Err(FileFault::whole(Wrong::BareArray)),
            _ => return Err(FileFault::whole(Wrong::NoDevices)),
        }
        reader.find_devices()?;
        Ok(reader)
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Goes to the first entry of `devices`; members before it are passed over.
    fn find_devices(&mut self) -> Result<(), FileFault> {
        let mut next = self.values.token()?;
        loop {
            if next == b'}' {
                return Err(FileFault::whole(Wrong::NoDevices));
            }
            let devices = self.member_name(next)?;
            let value = self.values.token()?;
            if devices {
                let wrong = FileFault::whole(Wrong::NoDevices);
                return if value == b'[' { Ok(()) } else { Err(wrong) };
            }
            self.pass_over(value)?;
            next = match self.values.token()? {
                b',' => self.values.token()?,
                b'}' => b'}',
                _ => return Err(self.values.malformed("a comma is missing")),
            };
        }
    }

    /// Reads a name and its colon; whether it is `devices`.
    fn member_name(&mut self, first: u8) -> Result<bool, FileFault> {
        if first != b'"' {
            return Err(self.values.malformed("a name in quotes is missing"));
        }
        let value = self.values.value(first)?;
        let name: String = parsed(&value)?;
        if self.values.token()? != b':' {
            return Err(self.values.malformed("a colon is missing"));
        }
        Ok(name == "devices")
    }

    fn pass_over(&mut self, first: u8) -> Result<(), FileFault> {
        let value = self.values.value(first)?;
        parsed::<IgnoredAny>(&value).map(drop)
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        if self.ended {
            return Ok(None);
        }
        let mut first = self.values.token()?;
        if first == b']' {
            return self.end().map(|()| None);
        }
        if self.read > 0 {
            if first != b',' {
                return Err(self.values.malformed("a comma is missing"));
            }
            first = self.values.token()?;
        }
        let value = self.values.value(first)?;
        self.read += 1;
        if self.read > self.limits.rows {
            let most = self.limits.rows;
            return Err(FileFault::at(value.line, Wrong::TooManyRows { most }));
        }
        let text = encoding::text(value.bytes, value.line)?;
        let row = entry(text, value.line, self.limits.columns, &mut self.rules);
        row.map(Some).map_err(|error| broken(&error, value.line))
    }

    /// What stands behind the last entry has to be the end of the file, or else the file may have been cut or joined.
    fn end(&mut self) -> Result<(), FileFault> {
        loop {
            match self.values.token()? {
                b'}' => break,
                b',' => {}
                _ => return Err(self.values.malformed("a comma or the closing bracket is missing")),
            }
            let name = self.values.token()?;
            if self.member_name(name)? {
                return Err(FileFault::at(self.values.line(), Wrong::DevicesTwice));
            }
            let value = self.values.token()?;
            self.pass_over(value)?;
        }
        if self.values.token_or_end()?.is_some() {
            return Err(self.values.malformed("something follows the closing bracket"));
        }
        self.ended = true;
        if self.read == 0 {
            Err(FileFault::whole(Wrong::NoRows))
        } else {
            Ok(())
        }
    }
}

fn parsed<T: serde::de::DeserializeOwned>(value: &Value<'_>) -> Result<T, FileFault> {
    let text = encoding::text(value.bytes, value.line)?;
    serde_json::from_str(text).map_err(|error| broken(&error, value.line))
}

fn broken(error: &serde_json::Error, line: u64) -> FileFault {
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    let below = u64::try_from(error.line()).unwrap_or(1).saturating_sub(1);
    FileFault::at(line.saturating_add(below), Wrong::malformed(what))
}
