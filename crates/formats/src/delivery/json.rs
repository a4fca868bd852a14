//! JSON: `{"devices": [{deviceName, serialNumber, version}, …]}`, read entry by entry: the whole is never in memory.

use std::io::Read;

use claviger_domain::delivery::Rows;

use super::source::Source;
use super::{
    Columns, DeliveryRow, FileFault, Limits, Wrong,
    entries::{Entries, Fault, broken},
    entry::entry,
};

/// A JSON file that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    entries: Entries<R>,
    columns: Columns,
    limits: Limits,
    rules: Rows,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, limits: Limits) -> Result<Self, FileFault> {
        Ok(Self {
            entries: Entries::of_member(from, limits.line, limits.rows, "devices").map_err(said)?,
            columns: Columns::of_json(),
            limits,
            rules: Rows::default(),
        })
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        let Some((line, text)) = self.entries.next_entry().map_err(said)? else {
            return Ok(None);
        };
        let row = entry(text, line, self.limits.columns, &mut self.rules);
        row.map(Some).map_err(|error| broken(&error, line))
    }
}

fn said(fault: Fault) -> FileFault {
    match fault {
        Fault::NoArray => FileFault::whole(Wrong::NoDevices),
        Fault::Bare => FileFault::whole(Wrong::BareArray),
        Fault::Twice(line) => FileFault::at(line, Wrong::DevicesTwice),
        Fault::Empty => FileFault::whole(Wrong::NoRows),
        Fault::File(fault) => fault,
    }
}
