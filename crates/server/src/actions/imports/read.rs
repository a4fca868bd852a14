//! A delivery as a check reads it: rows in chunks, numbered, with their faults under the file's own words.

use std::fs::File;

use claviger_formats::delivery::{Cells, DeliveryReader, DeliveryRow, FileFault};
use claviger_store::batches::NewKey;

use super::report::{Column, Fault};
use crate::config::ImportLimits;

pub(crate) use claviger_formats::delivery::{FileFault as Unreadable, Limits};

/// A delivery that is being read.
pub(super) struct Delivery {
    reader: DeliveryReader<File>,
    number: u32,
}

/// A row of it.
#[derive(Debug)]
pub(super) struct Row {
    /// The line where it begins.
    pub(super) line: u64,
    /// Its number, from 1; becomes part of its key's id.
    pub(super) number: u32,
    /// Its cells as they stand in the file.
    pub(super) cells: Cells,
    /// The key, or all that is wrong with the row by itself.
    pub(super) key: Result<NewKey, Vec<Fault>>,
}

impl ImportLimits {
    /// The limits that hold while rows are read.
    pub(crate) const fn rows(&self) -> Limits {
        Limits {
            rows: self.rows,
            columns: self.columns,
            line: self.line,
        }
    }
}

impl Delivery {
    /// Looks at the beginning of a file.
    pub(super) fn open(file: File, limits: &Limits) -> Result<Self, FileFault> {
        Ok(Self {
            reader: DeliveryReader::open(file, *limits)?,
            number: 0,
        })
    }

    /// `csv` or `json`.
    pub(super) const fn format(&self) -> &'static str {
        self.reader.format()
    }

    /// The columns and what they are taken for.
    pub(super) fn columns(&self) -> Vec<Column> {
        let column = |(name, meaning): (&str, claviger_formats::delivery::Meaning)| Column {
            name: name.to_owned(),
            meaning: meaning.as_str().to_owned(),
        };
        self.reader.columns().iter().map(column).collect()
    }

    /// Names of the columns.
    pub(super) fn header(&self) -> Vec<String> {
        self.reader.columns().iter().map(|(name, _)| name.to_owned()).collect()
    }

    /// The next rows, fewer than `limit` at the end; with a fault, those before it.
    pub(super) fn next_rows(&mut self, limit: usize) -> Result<Vec<Row>, (Vec<Row>, FileFault)> {
        let mut rows = Vec::with_capacity(limit);
        while rows.len() < limit {
            match self.reader.next_row() {
                Ok(Some(row)) => {
                    self.number += 1;
                    rows.push(numbered(row, self.number));
                }
                Ok(None) => break,
                Err(fault) => return Err((rows, fault)),
            }
        }
        Ok(rows)
    }
}

fn numbered(row: DeliveryRow, number: u32) -> Row {
    let DeliveryRow { line, cells, key } = row;
    let key = match key {
        Ok(key) => Ok(NewKey {
            row: number,
            device_name: key.device_name,
            serial: key.serial,
            version: key.version,
            attributes: key.attributes,
        }),
        Err(faults) => Err(faults
            .into_iter()
            .map(|fault| Fault {
                line,
                column: fault.column,
                detail: fault.wrong.to_string(),
            })
            .collect()),
    };
    Row {
        line,
        number,
        cells,
        key,
    }
}
