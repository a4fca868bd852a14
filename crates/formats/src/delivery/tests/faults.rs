//! A sample of every fault; the book of rules is written from them.

use super::*;

/// A file and what is said of it.
pub(super) struct Sample {
    pub(super) file: Vec<u8>,
    pub(super) limits: Limits,
    pub(super) said: &'static str,
}

fn sample(file: impl AsRef<[u8]>, said: &'static str) -> Sample {
    Sample {
        file: file.as_ref().to_vec(),
        limits: LIMITS,
        said,
    }
}

fn tight(file: &str, said: &'static str) -> Sample {
    let limits = Limits {
        rows: 1,
        columns: 3,
        line: 1_024,
    };
    Sample {
        limits,
        ..sample(file, said)
    }
}

/// Which variant of [`Wrong`]; a new one does not compile until it has a number here and a sample below.
const fn number(wrong: &Wrong) -> usize {
    match wrong {
        Wrong::Empty => 0,
        Wrong::NoRows => 1,
        Wrong::Encoding { .. } => 2,
        Wrong::OtherFile { .. } => 3,
        Wrong::NotUtf8 { .. } => 4,
        Wrong::BareCarriageReturn => 5,
        Wrong::ColumnMissing { .. } => 6,
        Wrong::ColumnTwice { .. } => 7,
        Wrong::ColumnName(_) => 8,
        Wrong::TooManyColumns { .. } => 9,
        Wrong::TooManyRows { .. } => 10,
        Wrong::LineTooLong { .. } => 11,
        Wrong::EntryTooLong { .. } => 12,
        Wrong::QuoteNotClosed => 13,
        Wrong::QuoteWithin => 14,
        Wrong::TextAfterQuote => 15,
        Wrong::NoDevices => 16,
        Wrong::BareArray => 17,
        Wrong::DevicesTwice => 18,
        Wrong::Malformed { .. } => 19,
        // The disk's own words; see below.
        Wrong::Unreadable { .. } => 20,
    }
}
const VARIANTS: usize = 20;

/// Faults of whole files, in the order in which they are found.
pub(super) fn of_files() -> Vec<Sample> {
    let row = "A,1,FIDO_2_1\n";
    let utf16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        sample(
            "\u{feff} \r\n",
            "the file is empty; a header line and at least one row are wanted",
        ),
        sample(
            HEADER,
            "the file has no rows; at least one is wanted below the header or in `devices`",
        ),
        sample(
            &utf16,
            "the file is encoded as UTF-16 LE; save it as UTF-8 (in Excel: CSV UTF-8)",
        ),
        sample(
            b"\xFE\xFF\0d",
            "the file is encoded as UTF-16 BE; save it as UTF-8 (in Excel: CSV UTF-8)",
        ),
        sample(
            b"PK\x03\x04",
            "the file is a workbook (.xlsx) or another archive; save the table as CSV UTF-8 and send that",
        ),
        sample(
            [HEADER.as_bytes(), b"M\xFCller,1,FIDO_2_1\n"].concat(),
            "the text is not UTF-8 at byte 2 of the line (0xFC, perhaps Latin-1 or Windows-1250); save the file as UTF-8 (in Excel: CSV UTF-8)",
        ),
        sample(
            [HEADER.as_bytes(), b"\x8Akoda,1,FIDO_2_1\n"].concat(),
            "the text is not UTF-8 at byte 1 of the line (0x8A, perhaps Windows-1250 or Windows-1252); save the file as UTF-8 (in Excel: CSV UTF-8)",
        ),
        sample(
            "deviceName,serialNumber,version\rA,1,FIDO_2_1\r",
            "lines end with a bare carriage return; save the file with LF or CRLF as line ends",
        ),
        sample(
            "deviceName,version\nA,FIDO_2_1\n",
            "the column serialNumber is missing; deviceName, serialNumber and version are wanted",
        ),
        sample(
            "deviceName,serialNumber,version,Version\n",
            "the column version is there twice; keep one",
        ),
        sample(
            "deviceName,serialNumber,version,pallet,pallet\n",
            "the column pallet is there twice; keep one",
        ),
        sample(
            format!("deviceName,serialNumber,version,{}\n", "n".repeat(81)),
            "the column name is longer than 80 characters; rename the column or take it out",
        ),
        sample(
            format!("{}{HEADER}", "x,".repeat(64)),
            "the file has more than 64 columns; take some out",
        ),
        tight(
            &format!("{HEADER}{row}{row}"),
            "the file has more than 1 rows; split it",
        ),
        tight(
            &format!("{HEADER}A,\"{}", "x".repeat(100_000)),
            "the line is longer than 1 KiB; a quote may be missing",
        ),
        tight(
            &format!("{{\"devices\":[\"{}", "x".repeat(100_000)),
            "the entry is longer than 1 KiB; a quote or bracket may be missing",
        ),
        sample(
            format!("{HEADER}{row}\"A,2,FIDO_2_1\n"),
            "a quote is opened here and never closed; close it, or write \"\" for a quote within a cell",
        ),
        sample(
            format!("{HEADER}{row}Key 5\" wide,2,FIDO_2_1\n"),
            "a quote stands within a cell; put the whole cell in quotes and write the quote within it as \"\"",
        ),
        sample(
            format!("{HEADER}{row}\"Key\" 5,2,FIDO_2_1\n"),
            "text follows a closing quote; write \"\" for a quote within a cell",
        ),
        sample(
            "{\"keys\": []}",
            "the file is no delivery: an object with an array `devices` is wanted",
        ),
        sample("[]", "the file is a bare array; wrap it: {\"devices\": [ … ]}"),
        sample(
            "{\"devices\": [{}], \"devices\": []}",
            "`devices` is there twice; keep one",
        ),
        sample(
            "{\"devices\": [{\"a\"",
            "the file is not well-formed JSON: the file ends in the middle",
        ),
    ]
}

#[test]
fn every_fault_of_a_file_has_a_sample_and_its_sentence() {
    let mut found = [false; VARIANTS];
    for Sample { file, limits, said } in of_files() {
        let fault = read_within(&file, limits).unwrap_err();
        assert_eq!(fault.to_string(), said);
        found[number(&fault.wrong)] = true;
    }
    assert_eq!(found, [true; VARIANTS], "a fault without a sample");
}

#[test]
fn a_disk_that_fails_is_told() {
    #[derive(Debug)]
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("bad sector"))
        }
    }
    let fault = DeliveryReader::open(Broken, LIMITS).unwrap_err();
    assert_eq!(fault.to_string(), "the file cannot be read: bad sector");
    assert_eq!(number(&fault.wrong), VARIANTS);
}

#[test]
fn other_forms_without_devices_are_refused_alike() {
    for file in [
        "{}",
        "{\"devices\": {}}",
        "{\"devices\": null}",
        "{\"Devices\": []}",
        "{\"a\": {\"devices\": []}}",
    ] {
        assert_eq!(refused(file).1, Wrong::NoDevices.to_string(), "{file}");
    }
    assert_eq!(refused("{\"devices\": []}").1, Wrong::NoRows.to_string());
    assert_eq!(refused("").1, Wrong::Empty.to_string());
}

#[test]
fn faults_name_the_physical_line_and_the_column() {
    let note = format!("{},note\n", HEADER.trim());
    for (file, line) in [
        (format!("{note}A,1,FIDO_2_1,\"a\nb\nc\"\nA,2,F\"\n"), 5),
        (format!("{note}A,1,FIDO_2_1,\"a\nb\" c\"\n"), 3),
        (format!("{note}A,1,FIDO_2_1,x\n\nA,2,FIDO_2_1,\"a\nb"), 4),
        (format!("\n\n{}A,1,FIDO_2_1\n", "deviceName,version,x\n"), 3),
    ] {
        assert_eq!(refused(&file).0, line, "{file}");
    }
    let fault = read("deviceName,version\n").unwrap_err();
    assert_eq!((fault.line, fault.column.as_deref()), (1, Some("serialNumber")));
    let mut late = format!("{note}A,1,FIDO_2_1,\"a\nb\"\nA,2,FIDO_2_1,\"a\n").into_bytes();
    late.extend(b"b\xE9\"\n");
    assert_eq!(refused(&late).0, 5);
}

/// Faults of rows: what stands below a good header and a good row, the column and the sentence.
pub(super) fn of_rows() -> Vec<(&'static str, Option<&'static str>, &'static str)> {
    vec![
        (",2,FIDO_2_1", Some("deviceName"), "the device name is empty"),
        ("A,,FIDO_2_1", Some("serialNumber"), "the serial number is empty"),
        ("A,2,", Some("version"), "the version is empty"),
        ("A,2", Some("version"), "the version is empty"),
        (
            "A,1.23E+15,FIDO_2_1",
            Some("serialNumber"),
            "a spreadsheet turned the serial number into 1.23E+15; format the column as text and fill it in again",
        ),
        (
            "A,a\u{202e}b,FIDO_2_1",
            Some("serialNumber"),
            "the serial number has a control character at position 2",
        ),
        (
            "A,1234567890123456789012345678901234567890123456789012345678901234x,FIDO_2_1",
            Some("serialNumber"),
            "the serial number is longer than 64 characters",
        ),
        (
            "A,2,FIDO_2_1,x",
            None,
            "the row has 4 cells, the header 3; quote cells that hold a separator",
        ),
    ]
}

#[test]
fn rows_are_refused_by_name() {
    for (row, column, said) in of_rows() {
        let (line, faults) = rejected(format!("{HEADER}A,1,FIDO_2_1\n{row}\n"));
        assert_eq!(
            (line, faults),
            (3, vec![(column.map(str::to_owned), said.to_owned())]),
            "{row}"
        );
    }
    let (_, faults) = rejected(format!("{},note\nA,1,,\u{0}\n", HEADER.trim()));
    assert_eq!(faults.len(), 2, "all faults of a row are told: {faults:?}");
}
