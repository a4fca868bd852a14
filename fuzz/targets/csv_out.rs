//! What is written as CSV comes back equal, and no cell of it runs in a spreadsheet.
#![no_main]

use claviger_formats::{
    csv_out::CsvOut,
    delivery::{DeliveryReader, Limits},
    inert::{inert, plain},
};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 1 << 20,
};

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\u{1f}');
    let mut cell = || parts.next().unwrap_or_default().to_owned();
    let cells = [format!("A{}", cell()), cell(), cell(), "end".to_owned()];
    let mut out = CsvOut::default();
    out.cell("deviceName")
        .cell("serialNumber")
        .cell("version")
        .cell("note")
        .end();
    for cell in &cells {
        let guarded = inert(cell);
        assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r']));
        assert_eq!(plain(&guarded), cell.as_str());
        out.cell(cell);
    }
    out.end();
    let file = out.take();
    let mut reader = DeliveryReader::open(file.as_slice(), LIMITS).expect("our own header");
    let row = reader.next_row().expect("our own row").expect("a row");
    let back: Vec<String> = row.cells.iter().map(|cell| plain(cell).into_owned()).collect();
    assert_eq!(back, cells);
    assert!(reader.next_row().expect("our own end").is_none());
});
