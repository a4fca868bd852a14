//! CSV as others read it: RFC 4180, with cells that a spreadsheet would run made inert.

use crate::inert::inert;

/// Puts lines of CSV together.
#[derive(Debug, Default)]
pub struct CsvOut {
    bytes: Vec<u8>,
    begun: bool,
}

impl CsvOut {
    /// Adds a cell. What a spreadsheet would run in it is made [`inert`]; our own import undoes that.
    pub fn cell(&mut self, text: &str) -> &mut Self {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
        let text = inert(text);
        if is_bare(&text) {
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            self.quoted(text.as_bytes());
        }
        self
    }

    /// RFC 4180 §2: a cell with a separator, a quote or a line break is quoted.
    fn quoted(&mut self, text: &[u8]) {
        self.bytes.push(b'"');
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'"', rest) {
            let (before, behind) = rest.split_at(at + 1);
            self.bytes.extend_from_slice(before);
            self.bytes.push(b'"');
            rest = behind;
        }
        self.bytes.extend_from_slice(rest);
        self.bytes.push(b'"');
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.begun = false;
    }

    /// How many bytes are waiting.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether none are.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Moves the bytes so far behind others.
    pub fn drain_into(&mut self, others: &mut Vec<u8>) {
        others.append(&mut self.bytes);
    }

    /// Gives up the bytes so far.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        let room = self.bytes.len();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(room))
    }
}

fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii_graphic());
    // A letter of another alphabet at an edge may be a blank of another alphabet, which some readers trim.
    !edge(bytes.first()) && !edge(bytes.last()) && !bytes.iter().any(|byte| b"\",;\t\r\n".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_rfc_4180_asks_for_it() {
        let mut out = CsvOut::default();
        out.cell("a").cell("b,c").cell("d\"e\"").cell("f\r\ng").cell(" h").end();
        out.cell("").cell("=1").end();
        let expected = "a,\"b,c\",\"d\"\"e\"\"\",\"f\r\ng\",\" h\"\r\n,'=1\r\n";
        assert_eq!(String::from_utf8(out.take()).unwrap(), expected);
        assert!(out.is_empty());
    }
}
