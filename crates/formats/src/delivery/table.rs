//! A table in a text file: a header and rows, the separator found out. What the columns mean is somebody else's.

use std::io::Read;

use super::{
    Cells, FileFault, Limits, Wrong, encoding, first_sign,
    source::Source,
    split::{Record, cells, records::Records},
};
use crate::inert::plain;

/// The rows below a header.
#[derive(Debug)]
pub(crate) struct Table<R> {
    records: Records<R>,
    separator: u8,
    columns: usize,
    limits: Limits,
    read: u64,
}

/// The names of the columns, and the line where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) names: Vec<String>,
    pub(crate) line: u64,
}

impl<R: Read> Table<R> {
    /// Looks at the beginning of a file that is nothing but a table.
    pub(crate) fn of_file(from: R, limits: Limits) -> Result<(Self, Header), FileFault> {
        let mut from = Source::new(from);
        from.at_least(4)?;
        let mark = encoding::look(from.at_hand())?;
        from.pass(mark);
        match first_sign(&mut from, limits.line)? {
            None => Err(FileFault::whole(Wrong::Empty)),
            Some(_) => Self::open(from, limits),
        }
    }

    pub(crate) fn open(from: Source<R>, limits: Limits) -> Result<(Self, Header), FileFault> {
        // Until the header has shown the separator, any of the three may stand before or behind a quote.
        let mut records = Records::new(from, limits.line, b",;\t");
        let mut told = None;
        loop {
            let Some(record) = records.next_record()? else {
                return Err(FileFault::whole(Wrong::Empty));
            };
            if record.bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            // What Excel writes above the header, and reads there: `sep=;`
            if let (
                None,
                [
                    b's' | b'S',
                    b'e' | b'E',
                    b'p' | b'P',
                    b'=',
                    separator @ (b',' | b';' | b'\t'),
                ],
            ) = (told, record.bytes)
            {
                told = Some(*separator);
                continue;
            }
            let separator = told.unwrap_or_else(|| separator(record.bytes));
            let header = header(record, separator, limits)?;
            records.separate_by(separator);
            let table = Self {
                records,
                separator,
                columns: header.names.len(),
                limits,
                read: 0,
            };
            return Ok((table, header));
        }
    }

    /// The next row that is not blank, and the line where it begins; none at the end.
    pub(crate) fn next_row(&mut self) -> Result<Option<(u64, Cells)>, FileFault> {
        loop {
            let Some(record) = self.records.next_record()? else {
                return if self.read == 0 {
                    Err(FileFault::whole(Wrong::NoRows))
                } else {
                    Ok(None)
                };
            };
            let line = record.line;
            let mut cells = cells(record, self.separator, self.columns)?;
            // A line of nothing but separators is what a spreadsheet leaves below its rows.
            if cells.are_blank() {
                continue;
            }
            self.read += 1;
            if self.read > self.limits.rows {
                return Err(FileFault::at(line, Wrong::TooManyRows { most: self.limits.rows }));
            }
            cells.trim_to(self.columns);
            return Ok(Some((line, cells)));
        }
    }
}

fn header(record: Record<'_>, separator: u8, limits: Limits) -> Result<Header, FileFault> {
    let line = record.line;
    if memchr::memchr(b'\r', record.bytes).is_some() {
        return Err(FileFault::at(line, Wrong::BareCarriageReturn));
    }
    encoding::text(record.bytes, line)?;
    let most = limits.columns;
    let mut names = cells(record, separator, 0)?;
    while names.iter().last().is_some_and(|last| last.trim().is_empty()) && names.len() > 1 {
        names.trim_to(names.len() - 1);
    }
    if u64::try_from(names.len()).unwrap_or(u64::MAX) > most {
        return Err(FileFault::at(line, Wrong::TooManyColumns { most }));
    }
    let texts = names.iter().map(|name| plain(name.trim()).into_owned()).collect();
    // A file without a header has its first row here.
    names.wipe();
    Ok(Header { names: texts, line })
}

/// The separator that the header has most of; a comma when it has none.
fn separator(header: &[u8]) -> u8 {
    let count = |wanted: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|byte| {
            quoted ^= **byte == b'"';
            !quoted && **byte == wanted
        });
        outside.count()
    };
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|wanted| count(*wanted))
        .unwrap_or(b',')
}
