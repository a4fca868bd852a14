//! Every way of writing a delivery as CSV.

use super::*;

#[test]
fn separators_line_ends_marks_order_and_case_make_no_difference() {
    for file in [
        "deviceName,serialNumber,version\nA,1,FIDO_2_1\nA,2,FIDO_2_1\n",
        "\u{feff}deviceName;serialNumber;version\r\nA;1;FIDO_2_1\r\nA;2;FIDO_2_1",
        "VERSION\tSerial Number\tdevice_name\nFIDO_2_1\t1\tA\n\nFIDO_2_1\t2\tA\n\t\t\n",
        "version,comment,serialNumber,deviceName\nFIDO_2_1,\"a\nb\",1,A\nFIDO_2_1,,2,A\n",
        "\n \n\"Device-Name\",\"SERIAL_NUMBER\",\"Version\"\n\"A\",\"1\",\"FIDO_2_1\"\n\"A\",\"2\",\"FIDO_2_1\"",
        "sep=;\r\ndeviceName;serialNumber;version\r\nA;1;FIDO_2_1\r\nA;2;FIDO_2_1\r\n",
        "deviceName,serialNumber,version,,\nA,1,FIDO_2_1,,\nA,2,FIDO_2_1,,\n",
        "devicename,serialnumber,version,note\nA,1,FIDO_2_1\nA,2,FIDO_2_1,,,\n",
        "\"other;name\";deviceName;serialNumber;version\n\"a,b,c,d\";A;1;FIDO_2_1\n;A;2;FIDO_2_1\n",
    ] {
        assert_eq!(serials(file), ["1", "2"], "{file}");
    }
}

#[test]
fn unknown_columns_are_kept_and_physical_lines_are_counted() {
    let rows = read(format!(
        "{},pallet,,note\nA,1,FIDO_2_1,\"x\ny\",lost,\r\n\r\nA,2,FIDO_2_1,\nA,3,FIDO_2_1,z\n",
        HEADER.trim()
    ))
    .unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5, 6]);
    let attributes = &rows[0].key.as_ref().unwrap().attributes;
    assert_eq!(
        attributes.iter().collect::<Vec<_>>(),
        [(&"pallet".to_owned(), &"x\ny".to_owned())]
    );
    assert!(rows[1].key.as_ref().unwrap().attributes.is_empty());
}

#[test]
fn the_meaning_of_each_column_is_told() {
    let reader = DeliveryReader::open(&b"Version;PALLET;serial number;;Error;Device Name\n"[..], LIMITS).unwrap();
    let told: Vec<_> = reader
        .columns()
        .iter()
        .map(|(name, meaning)| (name, meaning.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("Version", "version"),
            ("PALLET", "attribute"),
            ("serial number", "serial_number"),
            ("", "ignored"),
            ("Error", "ignored"),
            ("Device Name", "device_name")
        ]
    );
    assert_eq!(reader.format(), "csv");
}

#[test]
fn quotes_within_cells_come_out_single() {
    let rows = read(format!("{HEADER}\"A \"\"B\"\", C\",\"1\",\"FIDO_2_1\"\r\n")).unwrap();
    assert_eq!(rows[0].key.as_ref().unwrap().device_name.as_str(), "A \"B\", C");
    assert_eq!(
        rows[0].cells.iter().collect::<Vec<_>>(),
        ["A \"B\", C", "1", "FIDO_2_1"]
    );
}

#[test]
fn cells_that_an_export_made_inert_come_back() {
    let rows = read(format!("{},note\n'-Key,'+42,FIDO_2_1,'=1+1\n", HEADER.trim())).unwrap();
    let key = rows[0].key.as_ref().unwrap();
    assert_eq!((key.device_name.as_str(), key.serial.given()), ("-Key", "+42"));
    assert_eq!(key.attributes["note"], "=1+1");
}

#[test]
fn our_own_export_brings_back_what_was_delivered_and_no_more() {
    let cells = [
        "A", "1", "FIDO_2_1", "ready", "managed", "P", "3", "anna", "", "", "", "1", "no", "no", "b", "t", "t", "",
    ];
    let attributes = "\"{\"\"pallet\"\":\"\"7\"\"}\"";
    let file = format!(
        "{}\n{},{attributes}\n",
        crate::inventory::COLUMNS.join(","),
        cells.join(",")
    );
    let rows = read(&file).unwrap();
    let attributes = &rows[0].key.as_ref().unwrap().attributes;
    assert_eq!(
        attributes.iter().collect::<Vec<_>>(),
        [(&"pallet".to_owned(), &"7".to_owned())]
    );
    let other = format!("{},status,attributes\nA,1,FIDO_2_1,sealed,blue\n", HEADER.trim());
    let rows = read(other).unwrap();
    let kept: Vec<_> = rows[0].key.as_ref().unwrap().attributes.values().collect();
    assert_eq!(
        kept,
        ["blue", "sealed"],
        "in a vendor's file these are attributes like any other"
    );
}

#[test]
fn a_file_that_comes_byte_by_byte_reads_the_same() {
    struct Drops<'a>(&'a [u8]);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(into.len()).min(1);
            let (now, later) = self.0.split_at(count);
            into[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }
    for file in [
        "\u{feff}deviceName;serialNumber;version\r\n\"A\"\"\r\n\";1;FIDO_2_1\r\nA;2;FIDO_2_1\r\n\"A\";\"3\";\"FIDO_2_1\"",
        "{\"made\": -1.5, \"devices\" : [ {\"deviceName\":\"A\\\"\\\\\",\"serialNumber\":\"1\",\"version\":\"F\"} ] } ",
    ] {
        let mut reader = DeliveryReader::open(Drops(file.as_bytes()), LIMITS).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            rows.push(row);
        }
        assert_eq!(rows, read(file).unwrap(), "{file}");
    }
}
