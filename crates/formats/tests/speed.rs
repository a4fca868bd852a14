//! How fast deliveries are read and exports written, one thread: `cargo test --release -p claviger-formats -- --ignored
//! --nocapture speed`.
#![cfg(test)]
#![cfg(target_os = "linux")]

use std::fmt::Write as _;

use claviger_formats::{
    csv_out::CsvOut,
    delivery::{DeliveryReader, Limits},
    inventory::COLUMNS,
};

const ROWS: u32 = 1_000_000;
const LIMITS: Limits = Limits {
    rows: 2_000_000,
    columns: 64,
    line: 64 * 1024,
};

/// Nanoseconds that this thread was on a processor: other work on the machine does not count.
fn at_work() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split(' ').next().unwrap().parse().unwrap()
}

fn rate(told: &str, work: impl FnOnce()) -> f64 {
    let since = at_work();
    work();
    let rate = f64::from(ROWS) * 1e9 / (at_work() - since);
    println!("SPEED {told} rows_per_s={rate:.0}");
    rate
}

fn read(file: &str) {
    let mut reader = DeliveryReader::open(file.as_bytes(), LIMITS).unwrap();
    let mut count = 0;
    while let Some(row) = reader.next_row().unwrap() {
        assert!(row.key.is_ok());
        count += 1;
    }
    assert_eq!(count, ROWS);
}

#[test]
#[ignore = "a figure for a release build on a quiet machine"]
fn prove_speed_of_formats() {
    let mut csv = "deviceName,serialNumber,version\r\n".to_owned();
    let mut json = "{\"devices\":[{}".to_owned();
    json.truncate(json.len() - 2);
    for number in 0..ROWS {
        let _ = write!(csv, "SafeNet eToken Fusion,SN-{number:010},FIDO_2_1\r\n");
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            json,
            "{comma}\n{{\"deviceName\":\"SafeNet eToken Fusion\",\"serialNumber\":\"SN-{number:010}\",\"version\":\"FIDO_2_1\"}}"
        );
    }
    json.push_str("]}");
    let csv = rate("read=csv", || read(&csv));
    let json = rate("read=json", || read(&json));
    let written = rate("write=csv columns=19", || {
        let mut out = CsvOut::default();
        let mut bytes = 0;
        for number in 0..ROWS {
            let serial = format!("SN-{number:010}");
            for column in COLUMNS {
                out.cell(if column == "serialNumber" {
                    &serial
                } else {
                    "2026-01-01T00:00:00Z"
                });
            }
            out.end();
            if out.len() > 1 << 20 {
                bytes += out.take().len();
            }
        }
        assert!(bytes > 300_000_000);
    });
    if !cfg!(debug_assertions) {
        assert!(csv > 1e6 && json > 5e5 && written > 4e5, "slower than promised");
    }
}
