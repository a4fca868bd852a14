//! CSV: the separator is found out, columns stand in any order and case, cells may hold line breaks in quotes.

use std::{borrow::Cow, io::Read};

use claviger_domain::delivery::{Column, Given, Rows};

use super::{
    Cells, Columns, DeliveryRow, FileFault, Limits, Meaning, RowFault, RowWrong, Wrong, attributes, encoding,
    source::Source,
    split::{Record, cells, records::Records},
};
use crate::inert::plain;

/// A CSV file that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    records: Records<R>,
    separator: u8,
    columns: Columns,
    limits: Limits,
    rules: Rows,
    read: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, FileFault> {
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
            let columns = header(record, separator, limits)?;
            records.separate_by(separator);
            return Ok(Self {
                records,
                separator,
                columns,
                limits,
                rules: Rows::default(),
                read: 0,
            });
        }
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        loop {
            let Some(record) = self.records.next_record()? else {
                return if self.read == 0 {
                    Err(FileFault::whole(Wrong::NoRows))
                } else {
                    Ok(None)
                };
            };
            let line = record.line;
            let mut cells = cells(record, self.separator, self.columns.len())?;
            // A line of nothing but separators is what a spreadsheet leaves below its rows.
            if cells.are_blank() {
                continue;
            }
            self.read += 1;
            if self.read > self.limits.rows {
                return Err(FileFault::at(line, Wrong::TooManyRows { most: self.limits.rows }));
            }
            cells.trim_to(self.columns.len());
            let key = self.judge(&cells);
            return Ok(Some(DeliveryRow { line, cells, key }));
        }
    }

    fn judge(&mut self, cells: &Cells) -> super::Judged {
        if cells.len() > self.columns.len() {
            let (cells, columns) = (cells.len(), self.columns.len());
            return Err(vec![RowFault::from(RowWrong::TooManyCells { cells, columns })]);
        }
        let [mut name, mut serial, mut version] = [const { Cow::Borrowed("") }; 3];
        let mut others: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for ((column, meaning), cell) in self.columns.iter().zip(cells.iter()) {
            let cell = plain(cell);
            match meaning {
                Meaning::Needed(Column::DeviceName) => name = cell,
                Meaning::Needed(Column::SerialNumber) => serial = cell,
                Meaning::Needed(Column::Version) => version = cell,
                Meaning::Attribute => others.push((Cow::Borrowed(column), cell)),
                Meaning::Attributes => attributes::unpack(column, cell, &mut others),
                Meaning::Ignored => {}
            }
        }
        let given = Given {
            device_name: &name,
            serial_number: &serial,
            version: &version,
        };
        let others = others.iter().map(|(name, value)| (&**name, &**value));
        let faults = |faults: Vec<_>| faults.into_iter().map(RowFault::from).collect();
        self.rules.read(given, others).map_err(faults)
    }
}

fn header(record: Record<'_>, separator: u8, limits: Limits) -> Result<Columns, FileFault> {
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
    let names: Vec<Cow<'_, str>> = names.iter().map(|name| plain(name.trim())).collect();
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    Columns::new(&names, line)
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
