//! Records of a CSV file, cut into cells (RFC 4180 §2).

pub(super) mod records;

use super::{Cells, FileFault, encoding};

/// A record as it stands in the file, without the line break that ends it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Whether there is a quote in it; all are paired then.
    pub(super) quoted: bool,
}

/// Cuts a record into cells; about `expected` of them.
pub(super) fn cells(record: Record<'_>, separator: u8, expected: usize) -> Result<Cells, FileFault> {
    let text = encoding::text(record.bytes, record.line)?;
    let mut cells = Cells::with_room(text.len(), expected);
    if record.quoted {
        quoted(text, separator, &mut cells);
        return Ok(cells);
    }
    let mut begin = 0;
    for at in memchr::memchr_iter(separator, text.as_bytes()) {
        cells.push(text.get(begin..at).unwrap_or_default());
        begin = at + 1;
    }
    cells.push(text.get(begin..).unwrap_or_default());
    Ok(cells)
}

/// Cuts a record whose quotes are known to be paired.
fn quoted(mut rest: &str, separator: u8, cells: &mut Cells) {
    loop {
        let ends = if let Some(inside) = rest.strip_prefix('"') {
            rest = unquoted(inside, cells);
            usize::from(!rest.is_empty())
        } else {
            let end = memchr::memchr(separator, rest.as_bytes());
            cells.write(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
            end.map_or(0, |at| at + 1)
        };
        cells.end();
        if ends == 0 {
            return;
        }
        rest = rest.get(ends..).unwrap_or_default();
    }
}

/// Writes what stands before the closing quote; answers what stands behind it.
fn unquoted<'a>(mut inside: &'a str, cells: &mut Cells) -> &'a str {
    loop {
        let Some((before, behind)) = inside.split_once('"') else {
            cells.write(inside);
            return "";
        };
        cells.write(before);
        match behind.strip_prefix('"') {
            Some(more) => {
                cells.write("\"");
                inside = more;
            }
            None => return behind,
        }
    }
}
