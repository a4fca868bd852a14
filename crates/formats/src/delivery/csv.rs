//! CSV: the separator is found out, columns stand in any order and case, cells may hold line breaks in quotes.

use std::io::{BufRead as _, BufReader, Read};

use super::{
    DeliveryRow, FileFault, Limits, NOT_UTF8,
    metered::{Meter, Metered},
    row::{Columns, RowFault, judge},
    too_many_rows, unreadable,
};

/// What the parser reads ahead of the row it gives.
const AHEAD: u64 = 2 * 64 * 1024;

/// A CSV file that is being read.
#[derive(Debug)]
pub struct Reader<R: Read> {
    rows: csv::Reader<Metered<BufReader<R>>>,
    record: csv::ByteRecord,
    meter: Meter,
    columns: Columns,
    limits: Limits,
    read: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(mut from: BufReader<R>, limits: Limits) -> Result<Self, FileFault> {
        let separator = separator(from.fill_buf().map_err(|error| unreadable(&error))?);
        let (metered, meter) = Metered::new(from, limits.line, AHEAD);
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(metered);
        let mut record = csv::ByteRecord::new();
        rows.read_byte_record(&mut record).map_err(|error| fault(&error, &limits, 1))?;
        meter.reset();
        let line = record.position().map_or(1, csv::Position::line);
        let names = text(&record).ok_or_else(|| FileFault::at(line, NOT_UTF8))?;
        if u64::try_from(names.len()).unwrap_or(u64::MAX) > limits.columns {
            return Err(FileFault::at(line, format!("the file has more than {} columns; take some out", limits.columns)));
        }
        let columns = Columns::new(names.into_iter().map(|name| name.trim().to_owned()).collect(), line)?;
        Ok(Self { rows, record, meter, columns, limits, read: 0 })
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        loop {
            let near = self.rows.position().line();
            let more = self.rows.read_byte_record(&mut self.record).map_err(|error| fault(&error, &self.limits, near))?;
            self.meter.reset();
            if !more {
                return Ok(None);
            }
            // A line of nothing but separators is what a spreadsheet leaves below its rows.
            if self.record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return self.row().map(Some);
            }
        }
    }

    fn row(&mut self) -> Result<DeliveryRow, FileFault> {
        let line = self.record.position().map_or(0, csv::Position::line);
        self.read += 1;
        if self.read > self.limits.rows {
            return Err(too_many_rows(line, self.limits.rows));
        }
        let length = self.record.as_slice().len();
        if u64::try_from(length).unwrap_or(u64::MAX) > self.limits.line {
            return Err(long(line, &self.limits));
        }
        let cells = text(&self.record).ok_or_else(|| FileFault::at(line, NOT_UTF8))?;
        let key = if cells.len() > self.columns.len() {
            let detail = format!("the row has {} cells, the header {}; quote cells that hold a separator", cells.len(), self.columns.len());
            Err(vec![RowFault { column: None, detail }])
        } else {
            let empty = std::iter::repeat("");
            let padded = cells.iter().map(String::as_str).chain(empty);
            judge(self.columns.iter().zip(padded).map(|((name, meaning), cell)| (name, meaning, cell)))
        };
        Ok(DeliveryRow { line, cells, key })
    }
}

/// The separator that the header has most of; a comma when it has none.
fn separator(start: &[u8]) -> u8 {
    let header = start.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |wanted: u8| {
        let mut quoted = false;
        let outside = header.iter().filter(|byte| {
            quoted ^= **byte == b'"';
            !quoted && **byte == wanted
        });
        outside.count()
    };
    [b';', b'\t', b','].into_iter().max_by_key(|wanted| count(*wanted)).unwrap_or(b',')
}

fn text(record: &csv::ByteRecord) -> Option<Vec<String>> {
    record.iter().map(|cell| std::str::from_utf8(cell).ok().map(str::to_owned)).collect()
}

fn long(line: u64, limits: &Limits) -> FileFault {
    FileFault::at(line, format!("the line is longer than {} KiB; a quote may be missing", limits.line >> 10))
}

fn fault(error: &csv::Error, limits: &Limits, line: u64) -> FileFault {
    let csv::ErrorKind::Io(cause) = error.kind() else {
        return FileFault::at(line, format!("the line cannot be read: {error}"));
    };
    if cause.kind() == std::io::ErrorKind::FileTooLarge { long(line, limits) } else { unreadable(cause) }
}
