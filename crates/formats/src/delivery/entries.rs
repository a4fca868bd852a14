//! The entries of an array in a JSON file, one by one: the whole is never in memory. The array stands alone, or is a
//! member of the one object of the file; members beside it are passed over.

use std::io::Read;

use serde::de::IgnoredAny;

use super::{
    FileFault, Wrong, encoding,
    source::Source,
    values::{Value, Values},
};

/// An array that is being read.
#[derive(Debug)]
pub(crate) struct Entries<R> {
    values: Values<R>,
    /// The member that holds the array; none when the array is the file.
    member: Option<&'static str>,
    most: u64,
    read: u64,
    ended: bool,
}

/// Why a file has no such array.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no object with this member, or it is no array.
    NoArray,
    /// The file begins with an array.
    Bare,
    /// The member is there again.
    Twice(u64),
    /// The array is empty.
    Empty,
    /// Something else.
    File(FileFault),
}

impl From<FileFault> for Fault {
    fn from(fault: FileFault) -> Self {
        Self::File(fault)
    }
}

impl<R: Read> Entries<R> {
    /// Goes to the first entry of the array that this member of the file's object holds.
    pub(crate) fn of_member(from: Source<R>, line: u64, most: u64, member: &'static str) -> Result<Self, Fault> {
        let mut entries = Self::new(from, line, most, Some(member));
        match entries.values.token()? {
            b'{' => entries.find(member)?,
            b'[' => return Err(Fault::Bare),
            _ => return Err(Fault::NoArray),
        }
        Ok(entries)
    }

    /// Goes to the first entry of the array that the file is.
    pub(crate) fn of_file(from: Source<R>, line: u64, most: u64) -> Result<Self, Fault> {
        let mut entries = Self::new(from, line, most, None);
        match entries.values.token()? {
            b'[' => Ok(entries),
            _ => Err(Fault::NoArray),
        }
    }

    fn new(from: Source<R>, line: u64, most: u64, member: Option<&'static str>) -> Self {
        Self {
            values: Values::new(from, line),
            member,
            most,
            read: 0,
            ended: false,
        }
    }

    fn find(&mut self, member: &str) -> Result<(), Fault> {
        let mut next = self.values.token()?;
        loop {
            if next == b'}' {
                return Err(Fault::NoArray);
            }
            let found = self.member_name(next)? == member;
            let value = self.values.token()?;
            if found {
                return if value == b'[' { Ok(()) } else { Err(Fault::NoArray) };
            }
            self.pass_over(value)?;
            next = match self.values.token()? {
                b',' => self.values.token()?,
                b'}' => b'}',
                _ => return Err(self.values.malformed("a comma is missing").into()),
            };
        }
    }

    /// Reads a name and its colon.
    fn member_name(&mut self, first: u8) -> Result<String, FileFault> {
        if first != b'"' {
            return Err(self.values.malformed("a name in quotes is missing"));
        }
        let value = self.values.value(first)?;
        let name = parsed(&value)?;
        if self.values.token()? != b':' {
            return Err(self.values.malformed("a colon is missing"));
        }
        Ok(name)
    }

    fn pass_over(&mut self, first: u8) -> Result<(), FileFault> {
        let value = self.values.value(first)?;
        parsed::<IgnoredAny>(&value).map(drop)
    }

    /// The next entry: the line where it begins, and its text; none at the end.
    pub(crate) fn next_entry(&mut self) -> Result<Option<(u64, &str)>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let mut first = self.values.token()?;
        if first == b']' {
            return self.end().map(|()| None);
        }
        if self.read > 0 {
            if first != b',' {
                return Err(self.values.malformed("a comma is missing").into());
            }
            first = self.values.token()?;
        }
        self.read += 1;
        let value = self.values.value(first)?;
        if self.read > self.most {
            return Err(FileFault::at(value.line, Wrong::TooManyRows { most: self.most }).into());
        }
        Ok(Some((value.line, encoding::text(value.bytes, value.line)?)))
    }

    /// What stands behind the last entry has to be the end of the file, or else the file may have been cut or joined.
    fn end(&mut self) -> Result<(), Fault> {
        while let Some(member) = self.member {
            match self.values.token()? {
                b'}' => break,
                b',' => {}
                _ => {
                    let what = "a comma or the closing bracket is missing";
                    return Err(self.values.malformed(what).into());
                }
            }
            let name = self.values.token()?;
            if self.member_name(name)? == member {
                return Err(Fault::Twice(self.values.line()));
            }
            let value = self.values.token()?;
            self.pass_over(value)?;
        }
        if self.values.token_or_end()?.is_some() {
            return Err(self.values.malformed("something follows the closing bracket").into());
        }
        self.ended = true;
        if self.read == 0 { Err(Fault::Empty) } else { Ok(()) }
    }
}

fn parsed<T: serde::de::DeserializeOwned>(value: &Value<'_>) -> Result<T, FileFault> {
    let text = encoding::text(value.bytes, value.line)?;
    serde_json::from_str(text).map_err(|error| broken(&error, value.line))
}

/// What a parser says of a text that begins in this line.
pub(crate) fn broken(error: &serde_json::Error, line: u64) -> FileFault {
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    let below = u64::try_from(error.line()).unwrap_or(1).saturating_sub(1);
    FileFault::at(line.saturating_add(below), Wrong::malformed(what))
}
