//! What a file is written in, by its first bytes; and where a text stops being UTF-8.

use super::{FileFault, Wrong};

/// Refuses what is no UTF-8 text by the way it begins; answers how many bytes of byte-order mark stand before the text.
pub(crate) fn look(start: &[u8]) -> Result<usize, FileFault> {
    let marks: [(&[u8], &'static str); 4] = [
        (&[0xFF, 0xFE, 0, 0], "UTF-32"),
        (&[0, 0, 0xFE, 0xFF], "UTF-32"),
        (&[0xFF, 0xFE], "UTF-16 LE"),
        (&[0xFE, 0xFF], "UTF-16 BE"),
    ];
    if let Some((_, encoding)) = marks.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Err(FileFault::whole(Wrong::Encoding { encoding }));
    }
    let others: [(&[u8], &'static str); 5] = [
        (b"PK\x03\x04", "a workbook (.xlsx) or another archive"),
        (b"\xD0\xCF\x11\xE0", "a workbook of an old kind (.xls)"),
        (b"\x1F\x8B", "compressed (gzip)"),
        (b"\x28\xB5\x2F\xFD", "compressed (zstd)"),
        (b"%PDF-", "a PDF"),
    ];
    if let Some((_, kind)) = others.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Err(FileFault::whole(Wrong::OtherFile { kind }));
    }
    // Without a mark: every second byte of plain letters is zero.
    match start {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            Err(FileFault::whole(Wrong::Encoding { encoding: "UTF-16 LE" }))
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            Err(FileFault::whole(Wrong::Encoding { encoding: "UTF-16 BE" }))
        }
        _ if start.starts_with(&[0xEF, 0xBB, 0xBF]) => Ok(3),
        _ => Ok(0),
    }
}

/// A record as text; `line` is where it begins.
pub(crate) fn text(record: &[u8], line: u64) -> Result<&str, FileFault> {
    std::str::from_utf8(record).map_err(|error| not_utf8(record, error.valid_up_to(), line))
}

/// Names the physical line and the byte in it, since a record may have several lines.
fn not_utf8(record: &[u8], at: usize, line: u64) -> FileFault {
    let before = record.get(..at).unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', before).count();
    let begin = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let byte = record.get(at).copied().unwrap_or_default();
    // The Windows code pages have letters and quotes where Latin-1 has controls.
    let guess = if (0x80..0xA0).contains(&byte) {
        "Windows-1250 or Windows-1252"
    } else {
        "Latin-1 or Windows-1250"
    };
    let wrong = Wrong::NotUtf8 {
        position: at - begin + 1,
        byte,
        guess,
    };
    FileFault::at(line + u64::try_from(lines).unwrap_or_default(), wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_and_other_files_are_named_by_their_beginning() {
        let utf16: Vec<u8> = "dev".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let said = |start: &[u8]| look(start).map_or_else(|fault| fault.to_string(), |skip| skip.to_string());
        assert!(said(&utf16).contains("UTF-16 LE"));
        let swapped: Vec<u8> = "dev".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(said(&swapped).contains("UTF-16 BE"));
        assert!(said(b"\xFE\xFF\0d").contains("UTF-16 BE"));
        assert!(said(b"\xFF\xFE\0\0d\0\0\0").contains("UTF-32"));
        assert!(said(b"PK\x03\x04...").contains("workbook"));
        assert!(said(b"\x1F\x8B\x08").contains("gzip"));
        assert_eq!(
            (
                said("\u{feff}d".as_bytes()).as_str(),
                said(b"d").as_str(),
                said(b"").as_str()
            ),
            ("3", "0", "0")
        );
    }

    #[test]
    fn the_wrong_byte_is_found_in_its_own_line() {
        let fault = text(b"a,\"b\nM\xFCller", 7).unwrap_err();
        assert_eq!(fault.line, 8);
        assert!(
            fault
                .to_string()
                .contains("at byte 2 of the line (0xFC, perhaps Latin-1 or Windows-1250)"),
            "{fault}"
        );
        let fault = text(b"\x8A", 1).unwrap_err();
        assert!(fault.to_string().contains("Windows-1250 or Windows-1252"), "{fault}");
    }
}
