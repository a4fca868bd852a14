//! CSV: the separator is found out, columns stand in any order and case, cells may hold line breaks in quotes.

use std::{borrow::Cow, io::Read};

use claviger_domain::delivery::{Column, Given, Rows};

use super::{
    Cells, Columns, DeliveryRow, FileFault, Limits, Meaning, RowFault, RowWrong, attributes, source::Source,
    table::Table,
};
use crate::inert::plain;

/// A CSV file that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    table: Table<R>,
    columns: Columns,
    rules: Rows,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, FileFault> {
        let (table, header) = Table::open(from, limits)?;
        let names: Vec<&str> = header.names.iter().map(String::as_str).collect();
        Ok(Self {
            table,
            columns: Columns::new(&names, header.line)?,
            rules: Rows::default(),
        })
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        let Some((line, cells)) = self.table.next_row()? else {
            return Ok(None);
        };
        let key = self.judge(&cells);
        Ok(Some(DeliveryRow { line, cells, key }))
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
