//! A delivery as a check reads it: rows, numbered, with their faults under the file's own words.

use claviger_formats::delivery::{DeliveryReader, DeliveryRow, FileFault};
use claviger_store::batches::NewKey;

use super::{
    report::{Column, Fault},
    upload::Opened,
    wares::{Reading, Repeated, Row},
};
use crate::config::ImportLimits;

pub(crate) use claviger_formats::delivery::Limits;

/// A delivery that is being read.
pub(crate) struct Delivery {
    reader: DeliveryReader<Opened>,
    number: u32,
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
    pub(super) fn open(file: Opened, limits: &Limits) -> Result<Self, Fault> {
        Ok(Self {
            reader: DeliveryReader::open(file, *limits).map_err(unreadable)?,
            number: 0,
        })
    }
}

impl Reading for Delivery {
    type Given = NewKey;

    fn format(&self) -> &'static str {
        self.reader.format()
    }

    fn columns(&self) -> Vec<Column> {
        let column = |(name, meaning): (&str, claviger_formats::delivery::Meaning)| Column {
            name: name.to_owned(),
            meaning: meaning.as_str().to_owned(),
        };
        self.reader.columns().iter().map(column).collect()
    }

    fn header(&self) -> Vec<String> {
        self.reader.columns().iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn next(&mut self) -> Result<Option<Row<NewKey>>, Fault> {
        let row = self.reader.next_row().map_err(unreadable)?;
        Ok(row.map(|row| {
            self.number += 1;
            numbered(row, self.number)
        }))
    }
}

fn unreadable(fault: FileFault) -> Fault {
    Fault {
        line: fault.line,
        column: fault.column,
        detail: fault.wrong.to_string(),
    }
}

fn numbered(row: DeliveryRow, number: u32) -> Row<NewKey> {
    let DeliveryRow { line, cells, key } = row;
    let given = match key {
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
        cells: Repeated::Cells(cells),
        given,
    }
}
