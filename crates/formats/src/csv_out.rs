//! CSV as others read it: RFC 4180, with cells that a spreadsheet would run made inert.

/// Puts one line of CSV together.
#[derive(Debug, Default)]
pub struct CsvOut {
    bytes: Vec<u8>,
    begun: bool,
}

impl CsvOut {
    /// Adds a cell. One that a spreadsheet would run gets a `'` before it, and so does one that begins with `'`,
    /// so that [`plain`] gives back what went in.
    pub fn cell(&mut self, text: &str) -> &mut Self {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
        let inert = if is_dangerous(text) { "'" } else { "" };
        if text.contains(['"', ',', ';', '\t', '\r', '\n']) || text.trim() != text {
            self.bytes.push(b'"');
            self.bytes.extend(inert.as_bytes());
            self.bytes.extend(text.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend(inert.as_bytes());
            self.bytes.extend(text.as_bytes());
        }
        self
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.bytes.extend(b"\r\n");
        self.begun = false;
    }

    /// How many bytes are waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether none are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Gives up the bytes so far.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

fn is_dangerous(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\''])
}

/// The cell without the `'` that [`CsvOut::cell`] put before it.
#[must_use]
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_dangerous(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_cells_are_inert_and_come_back() {
        for text in ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "'=1", "'x", "plain", "", "O'Brien"] {
            let mut out = CsvOut::default();
            out.cell(text);
            let bytes = out.take();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let cell = reader.records().next().map_or(String::new(), |row| row.unwrap()[0].to_owned());
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            assert_eq!(plain(&cell), text);
        }
    }

    #[test]
    fn cells_are_quoted_where_rfc_4180_asks_for_it() {
        let mut out = CsvOut::default();
        out.cell("a").cell("b,c").cell("d\"e").cell("f\r\ng").end();
        assert_eq!(String::from_utf8(out.take()).unwrap(), "a,\"b,c\",\"d\"\"e\",\"f\r\ng\"\r\n");
    }
}
