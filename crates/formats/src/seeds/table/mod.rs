//! Seeds in tables: what each layout says in which cell. The layout is found out by the header, or by the first row
//! when there is none.

mod columns;
mod entra;
mod layout;
mod oath;
mod privacyidea;
mod yubico;

use std::io::Read;

use zeroize::Zeroize as _;

use super::encoding::Encoding;
use super::fault::{SeedFault, SeedFileFault, SeedFileWrong, SeedWrong};
use super::{Limits, SeedFormat, SeedRow};
use crate::delivery::{Cells, Table, source::Source};
use crate::inert::plain;
use columns::Columns;
use layout::Layout;

/// A table that is being read.
pub(super) struct Reader<R> {
    table: Table<R>,
    layout: Layout,
    encoding: Option<Encoding>,
    names: Vec<String>,
    /// The first row, when the file has no header.
    first: Option<(u64, Vec<String>)>,
    /// Rows that make tokens, so far.
    tokens: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(
        from: Source<R>,
        format: Option<SeedFormat>,
        encoding: Option<Encoding>,
        limits: Limits,
    ) -> Result<(SeedFormat, Self), SeedFileFault> {
        let (table, mut header) = Table::open(from, limits)?;
        let layout = Layout::of(&header.names, header.line, format).inspect_err(|_| header.names.zeroize())?;
        let (names, first) = if layout.has_header() {
            (header.names, None)
        } else {
            (Vec::new(), Some((header.line, std::mem::take(&mut header.names))))
        };
        let found = layout.format();
        let reader = Self {
            table,
            layout,
            encoding,
            names,
            first,
            tokens: 0,
        };
        Ok((found, reader))
    }

    pub(super) fn columns(&self) -> Vec<(String, &'static str)> {
        match &self.layout {
            Layout::Oath(columns) | Layout::Entra(columns) => columns.meanings(&self.names),
            Layout::BareOath | Layout::Yubico | Layout::PrivacyIdea => Vec::new(),
        }
    }

    pub(super) fn next_row(&mut self) -> Result<Option<SeedRow>, SeedFileFault> {
        loop {
            let Some((line, mut cells)) = self.next_cells()? else {
                let nothing = SeedFileFault::whole(SeedFileWrong::NoTokens);
                return if self.tokens == 0 { Err(nothing) } else { Ok(None) };
            };
            let row = self.judge(line, &cells);
            cells.zeroize();
            if row.is_some() {
                self.tokens += 1;
                return Ok(row);
            }
        }
    }

    /// The cells of the next row, without what made them inert.
    fn next_cells(&mut self) -> Result<Option<(u64, Vec<String>)>, SeedFileFault> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let next = match self.table.next_row().map_err(SeedFileFault::from) {
            // A file without a header has had a row by then.
            Err(fault) if fault.wrong == SeedFileWrong::NoTokens => return Ok(None),
            other => other?,
        };
        let Some((line, mut cells)) = next else { return Ok(None) };
        let texts = texts(&cells);
        cells.wipe();
        Ok(Some((line, texts)))
    }

    /// None for a row that is no token: a remark, or the beginning of a log.
    fn judge(&self, line: u64, cells: &[String]) -> Option<SeedRow> {
        if !self.layout.has_header() && cells.first().is_some_and(|first| first.trim_start().starts_with('#')) {
            return None;
        }
        if self.layout.has_header() && cells.len() > self.names.len() {
            let wrong = SeedWrong::TooManyCells {
                cells: cells.len(),
                columns: self.names.len(),
            };
            return Some(refused(line, vec![SeedFault::row(wrong)]));
        }
        match &self.layout {
            Layout::Oath(columns) => Some(oath::row(line, &columns.of_row(&self.names, cells), self.encoding)),
            Layout::Entra(columns) => Some(entra::row(line, &columns.of_row(&self.names, cells), self.encoding)),
            Layout::BareOath => Some(oath::bare(line, cells, self.encoding)),
            Layout::Yubico => yubico::row(line, cells),
            Layout::PrivacyIdea => Some(privacyidea::row(line, cells, self.encoding)),
        }
    }
}

impl<R> Drop for Reader<R> {
    fn drop(&mut self) {
        if let Some((_, first)) = &mut self.first {
            first.zeroize();
        }
    }
}

fn texts(cells: &Cells) -> Vec<String> {
    cells.iter().map(|cell| plain(cell.trim()).into_owned()).collect()
}

fn refused(line: u64, faults: Vec<SeedFault>) -> SeedRow {
    SeedRow {
        line,
        serial: String::new(),
        token: Err(faults),
    }
}

/// The cell at a place, or an empty one.
fn cell(cells: &[String], place: usize) -> &str {
    cells.get(place).map(|cell| cell.trim()).unwrap_or_default()
}
