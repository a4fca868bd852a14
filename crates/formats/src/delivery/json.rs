//! JSON: `{"devices": [{deviceName, serialNumber, version}, …]}`, read entry by entry: the whole is never in memory.

use std::io::{BufReader, Read};

use serde_json::{Map, Value};

use super::{
    DeliveryRow, FileFault, Limits, NOT_UTF8,
    row::{Columns, Meaning, RowFault, judge},
    too_many_rows, unreadable,
};

/// A JSON file that is being read.
#[derive(Debug)]
pub struct Reader<R: Read> {
    bytes: std::io::Bytes<BufReader<R>>,
    peeked: Option<u8>,
    line: u64,
    columns: Columns,
    limits: Limits,
    read: u64,
}

const WANTED: &str = "the file is no delivery: an object with an array `devices` is wanted";

impl<R: Read> Reader<R> {
    pub(super) fn open(from: BufReader<R>, limits: Limits) -> Result<Self, FileFault> {
        let columns = Columns::of_json();
        let mut reader = Self { bytes: from.bytes(), peeked: None, line: 1, columns, limits, read: 0 };
        if reader.token()? != b'{' {
            return Err(FileFault::whole(WANTED));
        }
        reader.find_devices()?;
        Ok(reader)
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Goes to the first entry of `devices`; members before it are passed over.
    fn find_devices(&mut self) -> Result<(), FileFault> {
        let mut first = self.token()?;
        loop {
            if first != b'"' {
                return Err(FileFault::whole(WANTED));
            }
            let mut name = vec![first];
            self.string(&mut name)?;
            if self.token()? != b':' {
                return Err(self.malformed("a colon is missing"));
            }
            let value = self.token()?;
            if name == b"\"devices\"" {
                return if value == b'[' { Ok(()) } else { Err(FileFault::whole(WANTED)) };
            }
            self.value(value)?;
            match self.token()? {
                b',' => first = self.token()?,
                _ => return Err(FileFault::whole(WANTED)),
            }
        }
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        let mut begin = self.token()?;
        if begin == b']' {
            return Ok(None);
        }
        if self.read > 0 {
            if begin != b',' {
                return Err(self.malformed("a comma is missing"));
            }
            begin = self.token()?;
        }
        let line = self.line;
        let bytes = self.value(begin)?;
        self.read += 1;
        if self.read > self.limits.rows {
            return Err(too_many_rows(line, self.limits.rows));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| FileFault::at(line, NOT_UTF8))?;
        match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Ok(Some(row(line, &members, &self.limits))),
            Ok(_) => Ok(Some(no_object(line, text))),
            Err(error) => Err(FileFault::at(line, format!("the entry is not well-formed JSON: {error}"))),
        }
    }

    /// The bytes of one value, whose first byte is at hand.
    fn value(&mut self, first: u8) -> Result<Vec<u8>, FileFault> {
        let (mut value, mut depth, mut byte) = (Vec::new(), 0_u32, first);
        loop {
            self.keep(&mut value, byte)?;
            match byte {
                b'"' => self.string(&mut value)?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1).ok_or_else(|| self.malformed("a bracket is out of place"))?,
                _ => {}
            }
            if depth > 32 {
                return Err(self.malformed("the entry is nested too deeply"));
            }
            if depth == 0 && (matches!(byte, b'"' | b'}' | b']') || self.ends_here()?) {
                return Ok(value);
            }
            byte = self.byte()?.ok_or_else(|| self.malformed("the file ends in the middle"))?;
        }
    }

    /// The rest of a string whose opening quote is in `into`.
    fn string(&mut self, into: &mut Vec<u8>) -> Result<(), FileFault> {
        let mut escaped = false;
        loop {
            let byte = self.byte()?.ok_or_else(|| self.malformed("the file ends in the middle of a text"))?;
            self.keep(into, byte)?;
            match byte {
                b'"' if !escaped => return Ok(()),
                b'\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
    }

    fn keep(&self, value: &mut Vec<u8>, byte: u8) -> Result<(), FileFault> {
        value.push(byte);
        if u64::try_from(value.len()).unwrap_or(u64::MAX) > self.limits.line {
            let detail = format!("the entry is longer than {} KiB; a quote may be missing", self.limits.line >> 10);
            return Err(FileFault::at(self.line, detail));
        }
        Ok(())
    }

    /// Whether a bare word or number ends before the next byte.
    fn ends_here(&mut self) -> Result<bool, FileFault> {
        Ok(self.peek()?.is_none_or(|next| matches!(next, b',' | b']' | b'}') || next.is_ascii_whitespace()))
    }

    /// The next byte that is no blank.
    fn token(&mut self) -> Result<u8, FileFault> {
        loop {
            match self.byte()? {
                None => return Err(self.malformed("the file ends in the middle")),
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(byte) => return Ok(byte),
            }
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, FileFault> {
        let byte = self.peek()?;
        self.peeked = None;
        self.line += u64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    fn peek(&mut self) -> Result<Option<u8>, FileFault> {
        if self.peeked.is_none() {
            self.peeked = self.bytes.next().transpose().map_err(|error| unreadable(&error))?;
        }
        Ok(self.peeked)
    }

    fn malformed(&self, what: &str) -> FileFault {
        FileFault::at(self.line, format!("the file is not well-formed JSON: {what}"))
    }
}

fn row(line: u64, members: &Map<String, Value>, limits: &Limits) -> DeliveryRow {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let cells: Vec<(String, String)> = members.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let known = |wanted: Meaning| cells.iter().find(|(name, _)| Meaning::of(name) == wanted).map(|(_, cell)| cell.clone());
    let in_order = [Meaning::DeviceName, Meaning::SerialNumber, Meaning::Version].map(|wanted| known(wanted).unwrap_or_default());
    let key = if u64::try_from(cells.len()).unwrap_or(u64::MAX) > limits.columns {
        Err(vec![RowFault { column: None, detail: format!("the entry has more than {} members; take some out", limits.columns) }])
    } else {
        judge(cells.iter().map(|(name, cell)| (name.as_str(), Meaning::of(name), cell.as_str())))
    };
    DeliveryRow { line, cells: in_order.to_vec(), key }
}

fn no_object(line: u64, text: &str) -> DeliveryRow {
    let shown: String = text.chars().take(40).collect();
    let detail = format!("{shown} is no object; deviceName, serialNumber and version are wanted");
    DeliveryRow { line, cells: vec![String::new(); 3], key: Err(vec![RowFault { column: None, detail }]) }
}
