//! S18: an export is inert in a spreadsheet and comes back equal. What a spreadsheet makes of the bytes is judged by
//! readers that are not ours: the csv crate, and Python's where there is one.
#![cfg(test)]

use std::{
    cell::Cell,
    io::Write as _,
    process::{Command, Stdio},
};

use claviger_formats::{
    csv_out::CsvOut,
    delivery::{DeliveryReader, Limits},
    inert::plain,
};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 64 * 1024,
};
const HEADER: [&str; 4] = ["deviceName", "serialNumber", "version", "note"];

type Row = [String; 4];

/// Texts from attacks on spreadsheets, mixed with what is innocent.
fn hostile() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "=cmd|' /C calc'!A0",
        "=HYPERLINK(\"http://x\",\"y\")",
        "@SUM(1+9)*cmd|' /C calc'!A0",
        "+1",
        "-2+3",
        "\t=1",
        "\r=1",
        "\n=1",
        "\"=1",
        ";=1",
        ",=1",
        "\u{ff1d}1+1",
        "'",
        "''=1",
        " =1",
        "\u{feff}=1",
        "M\u{fc}ller",
        "A-1",
    ]);
    prop_oneof![
        2 => vec(word, 1..4).prop_map(|words| words.concat()),
        1 => "[-=+@'\",;\t\r\n a0]{0,8}",
        1 => any::<String>(),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    // The first cell begins with a letter, so that no row is blank: blank lines are nobody's rows.
    ("[A-Z]", hostile(), hostile(), hostile(), hostile()).prop_map(|(a, b, c, d, e)| [format!("{a}{b}"), c, d, e])
}

fn written(rows: &[Row]) -> Vec<u8> {
    let mut out = CsvOut::default();
    for name in HEADER {
        out.cell(name);
    }
    out.end();
    for row in rows {
        for cell in row {
            out.cell(cell);
        }
        out.end();
    }
    out.take()
}

/// The same without care for spreadsheets: the control.
fn carelessly_written(rows: &[Row]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEADER).unwrap();
    for row in rows {
        out.write_record(row).unwrap();
    }
    out.into_inner().unwrap()
}

/// The cells that a spreadsheet shows which separates by this byte.
fn shown(file: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(file);
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    reader
        .byte_records()
        .map(|row| row.unwrap().iter().map(text).collect())
        .collect()
}

/// A cell that some spreadsheet would run.
fn live(file: &[u8]) -> Option<String> {
    let runs = |cell: &String| {
        let bare = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        bare.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
    };
    [b',', b';', b'\t']
        .into_iter()
        .flat_map(|separator| shown(file, separator))
        .flatten()
        .find(runs)
}

fn read_back(file: &[u8]) -> Vec<Row> {
    let mut reader = DeliveryReader::open(file, LIMITS).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        let cells: Vec<String> = row.cells.iter().map(|cell| plain(cell).into_owned()).collect();
        rows.push(cells.try_into().unwrap());
    }
    rows
}

#[test]
fn s18_an_export_is_inert_and_comes_back_equal() {
    let (cells, caught) = (Cell::new(0), Cell::new(0));
    let cases = 3_000;
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let checked = runner.run(&vec(row(), 1..6), |rows| {
        let file = written(&rows);
        prop_assert_eq!(live(&file), None, "{}", String::from_utf8_lossy(&file));
        prop_assert_eq!(read_back(&file), rows.clone());
        cells.set(cells.get() + rows.len() * 4);
        caught.set(caught.get() + usize::from(live(&carelessly_written(&rows)).is_some()));
        Ok(())
    });
    checked.unwrap();
    assert!(
        caught.get() > 1_000,
        "a careless writer was caught {} times only: this test cannot fail",
        caught.get()
    );
    println!(
        "S18 files={cases} cells={} live=0 changed=0 control_caught={}",
        cells.get(),
        caught.get()
    );
}

/// Prints each cell of a CSV file in hexadecimal, a line for a row.
const PYTHON: &str = "
import csv, io, sys
csv.field_size_limit(1 << 20)
text = io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8', newline='')
for row in csv.reader(text):
    print(' '.join(cell.encode().hex() or '-' for cell in row))
";

#[test]
fn python_reads_the_same_cells() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("python3 is not here; the csv crate alone has read exports");
        return;
    }
    let rows: Vec<Row> = {
        let mut runner = TestRunner::deterministic();
        let strategy = vec(row(), 200);
        let tree = strategy.new_tree(&mut runner).unwrap();
        // Python's reader refuses NUL, which no text of ours can hold.
        let clean = |cell: String| cell.replace('\0', "");
        tree.current().into_iter().map(|row| row.map(clean)).collect()
    };
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let file = written(&rows);
    let feeder = std::thread::spawn(move || stdin.write_all(&file).unwrap());
    let output = python.wait_with_output().unwrap();
    feeder.join().unwrap();
    let hex = |cell: &str| {
        let digits = data_encoding::HEXLOWER.encode(cell.as_bytes());
        if digits.is_empty() { "-".to_owned() } else { digits }
    };
    let inert = |cell: &String| hex(&claviger_formats::inert::inert(cell));
    let expected: Vec<String> = rows
        .iter()
        .map(|row| row.iter().map(inert).collect::<Vec<_>>().join(" "))
        .collect();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), expected);
}
