//! What deliveries look like in the wild, and what of it is refused.

use super::*;

const LIMITS: Limits = Limits { rows: 1_000, columns: 64, line: 64 * 1024 };

fn read(file: impl AsRef<[u8]>) -> Result<Vec<DeliveryRow>, FileFault> {
    let mut reader = DeliveryReader::open(file.as_ref(), LIMITS)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        rows.push(row);
    }
    Ok(rows)
}

fn serials(file: impl AsRef<[u8]>) -> Vec<String> {
    read(file).unwrap().into_iter().map(|row| row.key.unwrap().serial.given().to_owned()).collect()
}

fn fault(file: impl AsRef<[u8]>) -> String {
    read(file).unwrap_err().detail
}

fn row_fault(file: impl AsRef<[u8]>) -> (u64, String) {
    let row = read(file).unwrap().into_iter().find(|row| row.key.is_err()).unwrap();
    (row.line, row.key.unwrap_err()[0].detail.clone())
}

#[test]
fn every_way_of_writing_csv_is_read() {
    for file in [
        "deviceName,serialNumber,version\nA,1,FIDO_2_1\nA,2,FIDO_2_1\n",
        "\u{feff}deviceName;serialNumber;version\r\nA;1;FIDO_2_1\r\nA;2;FIDO_2_1",
        "VERSION\tSerial Number\tdevice_name\nFIDO_2_1\t1\tA\n\nFIDO_2_1\t2\tA\n;;\n",
        "version,comment,serialNumber,deviceName\nFIDO_2_1,\"a\nb\",1,A\nFIDO_2_1,,2,A\n",
    ] {
        let file = file.replace(";;\n", "");
        assert_eq!(serials(&file), ["1", "2"], "{file}");
    }
}

#[test]
fn unknown_columns_are_kept_and_lines_are_counted() {
    let rows = read("deviceName,serialNumber,version,pallet\nA,1,FIDO_2_1,\"x\ny\"\nA,2,FIDO_2_1,\n").unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
    let key = rows[0].key.clone().unwrap();
    assert_eq!(key.attributes.get("pallet").map(String::as_str), Some("x\ny"));
}

#[test]
fn json_is_read_entry_by_entry() {
    let file = "{\"made\": [1, {\"x\": \"}\"}],\n\"devices\": [\n{\"deviceName\":\"A\",\"serialNumber\":\"1\\\"\",\"version\":\"FIDO_2_1\"},\n{\"serialNumber\":2,\"deviceName\":\"A\",\"version\":\"FIDO_2_1\",\"pallet\":null}]}";
    let rows = read(file).unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(serials(file), ["1\"", "2"]);
}

#[test]
fn whole_files_are_refused_by_name() {
    assert_eq!(fault(""), EMPTY);
    assert_eq!(fault("\u{feff} \r\n"), EMPTY);
    assert_eq!(fault([0xFF, 0xFE, 0x64, 0]), UTF16);
    assert_eq!(fault(b"deviceName,serialNumber,version\nM\xFCller,1,FIDO_2_1"), NOT_UTF8);
    assert_eq!(
        fault("deviceName,version\nA,FIDO_2_1"),
        "the column serialNumber is missing; deviceName, serialNumber and version are wanted"
    );
    assert_eq!(fault("deviceName,serialNumber,version,Version\n"), "the column version is there twice; keep one");
    let no_devices = "the file is no delivery: an object with an array `devices` is wanted";
    for file in ["{}", "[]", "{\"keys\": []}", "{\"devices\": {}}"] {
        assert_eq!(fault(file), no_devices, "{file}");
    }
    assert_eq!(fault("{\"devices\": [{\"a\""), "the file is not well-formed JSON: the file ends in the middle");
}

#[test]
fn rows_are_refused_by_name() {
    let csv = |row: &str| format!("deviceName,serialNumber,version\nA,1,FIDO_2_1\n{row}\n");
    assert_eq!(row_fault(csv("A,,FIDO_2_1")), (3, "the serial number is empty".to_owned()));
    assert_eq!(
        row_fault(csv("A,1.23E+15,FIDO_2_1")),
        (3, "a spreadsheet turned the serial number into 1.23E+15; format the column as text and fill it in again".to_owned())
    );
    assert_eq!(row_fault(csv("A,2,FIDO_2_1,x")), (3, "the row has 4 cells, the header 3; quote cells that hold a separator".to_owned()));
    assert_eq!(serials(csv("A,12E5,FIDO_2_1"))[1], "12E5", "a serial number may look like that");
}

#[test]
fn limits_are_told() {
    let small = Limits { rows: 1, columns: 3, line: 1024 };
    let last = |file: &str| -> String {
        let mut reader = match DeliveryReader::open(file.as_bytes(), small) {
            Ok(reader) => reader,
            Err(fault) => return fault.detail,
        };
        loop {
            match reader.next_row() {
                Ok(Some(_)) => {}
                Ok(None) => return "read".to_owned(),
                Err(fault) => return fault.detail,
            }
        }
    };
    let header = "deviceName,serialNumber,version";
    assert_eq!(last(&format!("{header}\nA,1,F\nA,2,F")), "the file has more than 1 rows; split it");
    assert_eq!(last(&format!("{header},x\n")), "the file has more than 3 columns; take some out");
    assert_eq!(last(&format!("{header}\nA,\"{}", "x".repeat(1_000_000))), "the line is longer than 1 KiB; a quote may be missing");
    assert_eq!(last(&format!("{{\"devices\":[\"{}", "x".repeat(1_000_000))), "the entry is longer than 1 KiB; a quote may be missing");
}
