//! Rejected rows as a file: the columns of the delivery as they were, and one more that says what is wrong.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

/// Bytes of one stored piece.
const PIECE: usize = 256 * 1024;

/// Rejected rows, kept in a file without a name until they are stored.
#[derive(Debug, Default)]
pub(crate) struct Rejects {
    spooled: Option<std::fs::File>,
    waiting: Vec<u8>,
}

impl Rejects {
    /// Adds the header, or a row.
    pub(super) fn add(&mut self, cells: &[String], error: &str) -> io::Result<()> {
        let mut line = String::new();
        for cell in cells {
            quoted(&mut line, cell);
            line.push(',');
        }
        quoted(&mut line, error);
        line.push_str("\r\n");
        self.waiting.extend(line.as_bytes());
        if self.waiting.len() < PIECE {
            return Ok(());
        }
        self.spool()
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

/// RFC 4180 §2: a cell with a separator, a quote or a line break is quoted.
fn quoted(line: &mut String, cell: &str) {
    if !cell.contains(['"', ',', ';', '\t', '\r', '\n']) && cell.trim() == cell {
        line.push_str(cell);
        return;
    }
    line.push('"');
    line.push_str(&cell.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn rows_are_kept_as_they_were_with_their_error() {
        let mut rejects = Rejects::default();
        rejects.add(&cells(&["deviceName", "serialNumber"]), "error").unwrap();
        rejects.add(&cells(&["a \"b\"", " 1,2"]), "empty").unwrap();
        let all = rejects.pieces().unwrap().concat();
        assert_eq!(
            String::from_utf8(all).unwrap(),
            "deviceName,serialNumber,error\r\n\"a \"\"b\"\"\",\" 1,2\",empty\r\n"
        );
    }

    #[test]
    fn many_rows_come_back_whole_in_pieces() {
        let mut rejects = Rejects::default();
        for row in 0..100_000 {
            rejects.add(&cells(&[&row.to_string()]), "bad").unwrap();
        }
        let pieces = rejects.pieces().unwrap();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(String::from_utf8(pieces.concat()).unwrap().lines().count(), 100_000);
    }
}
