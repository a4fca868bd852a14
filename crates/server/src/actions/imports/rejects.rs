//! Rejected rows as a file: the columns of the delivery as they were, and one more that says what is wrong.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use claviger_formats::{csv_out::CsvOut, inert::plain};

use super::{report::Fault, wares::Repeated};

/// Bytes of one stored piece.
const PIECE: usize = 256 * 1024;

/// Rejected rows, kept in a file without a name until they are stored.
#[derive(Debug, Default)]
pub(crate) struct Rejects {
    spooled: Option<std::fs::File>,
    waiting: Vec<u8>,
    line: CsvOut,
}

impl Rejects {
    /// Adds the header, or a row. Its cells are written as they were; what a spreadsheet would run is made inert.
    pub(super) fn add<'a>(&mut self, cells: impl Iterator<Item = &'a str>, error: &str) -> io::Result<()> {
        for cell in cells {
            // A cell that is inert already stays as it is.
            self.line.cell(&plain(cell));
        }
        self.line.cell(error).end();
        self.line.drain_into(&mut self.waiting);
        if self.waiting.len() < PIECE {
            return Ok(());
        }
        self.spool()
    }

    /// Adds a row with all that is wrong with it. Where its cells are left out, the sentences name their columns.
    pub(super) fn repeat(&mut self, line: u64, row: &Repeated, faults: &[Fault]) -> io::Result<()> {
        match row {
            Repeated::Cells(cells) => {
                let said: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
                self.add(cells.iter(), &said.join("; "))
            }
            Repeated::Serial(serial) => {
                let said: Vec<String> = faults.iter().map(said).collect();
                let line = line.to_string();
                self.add([line.as_str(), serial.as_str()].into_iter(), &said.join("; "))
            }
        }
    }

    fn spool(&mut self) -> io::Result<()> {
        let mut file = match self.spooled.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        file.write_all(&self.waiting)?;
        self.waiting.clear();
        self.spooled = Some(file);
        Ok(())
    }

    /// The whole file, in pieces that fit a row of the store.
    pub(crate) fn pieces(mut self) -> io::Result<Vec<Vec<u8>>> {
        let Some(mut file) = self.spooled.take() else {
            return Ok(self.waiting.chunks(PIECE).map(<[u8]>::to_vec).collect());
        };
        file.write_all(&self.waiting)?;
        file.seek(SeekFrom::Start(0))?;
        let mut pieces = Vec::new();
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
            (&mut file).take(limit).read_to_end(&mut piece)?;
            if piece.is_empty() {
                return Ok(pieces);
            }
            pieces.push(piece);
        }
    }
}

fn said(fault: &Fault) -> String {
    match &fault.column {
        Some(column) => format!("{column}: {}", fault.detail),
        None => fault.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_as_they_were_with_their_error() {
        let mut rejects = Rejects::default();
        rejects
            .add(["deviceName", "serialNumber"].into_iter(), "error")
            .unwrap();
        rejects.add(["a \"b\"", " 1,2"].into_iter(), "empty").unwrap();
        rejects.add(["=1", "'=1"].into_iter(), "-").unwrap();
        let all = rejects.pieces().unwrap().concat();
        let expected = "deviceName,serialNumber,error\r\n\"a \"\"b\"\"\",\" 1,2\",empty\r\n'=1,'=1,'-\r\n";
        assert_eq!(String::from_utf8(all).unwrap(), expected);
    }

    #[test]
    fn many_rows_come_back_whole_in_pieces() {
        let mut rejects = Rejects::default();
        for row in 0..100_000 {
            rejects.add([row.to_string().as_str()].into_iter(), "bad").unwrap();
        }
        let pieces = rejects.pieces().unwrap();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(String::from_utf8(pieces.concat()).unwrap().lines().count(), 100_000);
    }
}
