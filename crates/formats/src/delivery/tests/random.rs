//! Whatever a file holds: no panic, no row lost, and an independent reader agrees.

use proptest::prelude::*;

use super::*;
use crate::csv_out::CsvOut;

/// Texts of what breaks readers.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[-=+@'\",;\t a-c0-9\n\r\\\\{}]{0,10}",
        1 => any::<String>(),
    ]
}

/// A header and rows, with words of both formats in between.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just(&b"deviceName,serialNumber,version\n"[..]),
        Just(&b"{\"devices\":["[..]),
        Just(&b"{\"deviceName\":\"A\",\"serialNumber\":\"1\",\"version\":\"F\"}"[..]),
        Just(&b"]}"[..]),
        Just(&b"\"\""[..]),
        Just(&b"\r\n"[..]),
        Just(&b"A,1,FIDO_2_1"[..]),
        Just(&b"\xEF\xBB\xBF"[..]),
        Just(&b"\xFC"[..]),
    ];
    let piece = prop_oneof![3 => word.prop_map(<[u8]>::to_vec), 1 => any::<[u8; 2]>().prop_map(Vec::from), 2 => "[\",;{}\\[\\]:\\\\ \n]{1,3}".prop_map(String::into_bytes)];
    let pieces = proptest::collection::vec(piece, 0..20);
    (any::<u8>(), pieces).prop_map(|(kind, pieces)| {
        let start: &[u8] = match kind % 3 {
            0 => b"deviceName,serialNumber,version\n",
            1 => b"{\"devices\":[",
            _ => b"",
        };
        [start, &pieces.concat()].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_file_makes_the_reader_panic(file in junk()) {
        let limits = Limits { line: 200, ..LIMITS };
        if let Err(fault) = read_within(&file, limits) {
            let lines = u64::try_from(memchr::memchr_iter(b'\n', &file).count()).unwrap() + 1;
            prop_assert!(fault.line <= lines, "{fault:?}");
            prop_assert!(fault.to_string().len() < 300, "{fault}");
        }
    }

    #[test]
    fn any_cells_written_as_csv_are_read_as_they_were(rows in proptest::collection::vec((nasty(), nasty(), nasty(), nasty()), 1..8)) {
        let mut out = CsvOut::default();
        out.cell("deviceName").cell("serialNumber").cell("version").cell("note").end();
        for (name, serial, version, note) in &rows {
            out.cell(name).cell(serial).cell(version).cell(note).end();
        }
        let bytes = out.take();
        let mut other = ::csv::ReaderBuilder::new().from_reader(bytes.as_slice());
        let others: Vec<Vec<String>> = other.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let read = match read(&bytes) {
            Ok(read) => read,
            Err(fault) => {
                prop_assert_eq!(fault.wrong, Wrong::NoRows);
                Vec::new()
            }
        };
        let ours: Vec<Vec<String>> = read.iter().map(|row| row.cells.iter().map(str::to_owned).collect()).collect();
        let filled = |row: &Vec<String>| row.iter().any(|cell| cell.bytes().any(|byte| !byte.is_ascii_whitespace()));
        prop_assert_eq!(&ours, &others.into_iter().filter(filled).collect::<Vec<_>>());
        let texts: Vec<Vec<String>> = ours.iter().map(|row| row.iter().map(|cell| crate::inert::plain(cell).into_owned()).collect()).collect();
        let given = rows.into_iter().map(|(name, serial, version, note)| vec![name, serial, version, note]);
        prop_assert_eq!(texts, given.filter(|row| filled(&row.iter().map(|cell| crate::inert::inert(cell).into_owned()).collect())).collect::<Vec<_>>());
    }

    #[test]
    fn json_reads_what_a_json_writer_wrote(rows in proptest::collection::vec((nasty(), nasty(), nasty()), 1..8)) {
        let devices: Vec<_> = rows.iter().map(|(name, serial, note)| serde_json::json!({ "deviceName": name, "serialNumber": serial, "version": "F", "note": note })).collect();
        for text in [serde_json::json!({ "devices": devices }).to_string(), serde_json::to_string_pretty(&serde_json::json!({ "devices": devices })).unwrap()] {
            let read = read(&text).unwrap();
            let cells: Vec<(String, String)> = read.iter().map(|row| {
                let mut cells = row.cells.iter().map(str::to_owned);
                (cells.next().unwrap(), cells.next().unwrap())
            }).collect();
            let given: Vec<_> = rows.iter().map(|(name, serial, _)| (name.clone(), serial.clone())).collect();
            prop_assert_eq!(cells, given);
        }
    }
}
