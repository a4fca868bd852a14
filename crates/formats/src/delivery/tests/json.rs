//! JSON deliveries.

use super::*;

fn devices(entries: &str) -> String {
    format!("{{\"devices\": [\n{entries}\n]}}")
}

#[test]
fn entries_are_read_one_by_one_with_their_lines() {
    let file = "{\"made\": [1, {\"x\": \"}\"}], \"by\": null,\n\"devices\": [\n{\"deviceName\":\"A\",\"serialNumber\":\"1\\\"\",\"version\":\"FIDO_2_1\"},\n{\"serial_number\":\"2\",\n\"Device Name\":\"A\",\"version\":\"FIDO_2_1\",\"pallet\":null}], \"end\": true}\n";
    let rows = read(file).unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(serials(file), ["1\"", "2"]);
}

#[test]
fn further_members_are_kept_to_the_last_digit() {
    let entry = r#"{"deviceName":"A","serialNumber":"1","version":"F","pallet":12345678901234567890123,"rate":1.10,"sealed":true,"note":"\u00e9\n","none":""}"#;
    let rows = read(devices(entry)).unwrap();
    let attributes = &rows[0].key.as_ref().unwrap().attributes;
    let kept: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        kept,
        [
            ("note", "\u{e9}"),
            ("pallet", "12345678901234567890123"),
            ("rate", "1.10"),
            ("sealed", "true")
        ]
    );
    let cells: Vec<_> = rows[0].cells.iter().collect();
    assert_eq!(cells[..3], ["A", "1", "F"]);
    assert!(
        cells[3].starts_with('{') && cells[3].contains("\"rate\":\"1.10\""),
        "{}",
        cells[3]
    );
}

#[test]
fn attributes_may_stand_in_an_object_of_their_own() {
    let entry = r#"{"deviceName":"A","serialNumber":"1","version":"F","attributes":{"pallet":"7"}}"#;
    assert_eq!(
        read(devices(entry)).unwrap()[0].key.as_ref().unwrap().attributes["pallet"],
        "7"
    );
}

#[test]
fn wrong_types_and_doubled_members_are_named_with_their_place() {
    for (entry, column, said) in [
        (
            r#"{"deviceName":"A","serialNumber":12,"version":"F"}"#,
            Some("serialNumber"),
            "this is a number; write it in quotes",
        ),
        (
            r#"{"deviceName":["A"],"serialNumber":"1","version":"F"}"#,
            Some("deviceName"),
            "this is an array; write it in quotes",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1","version":null}"#,
            Some("version"),
            "the version is empty",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1"}"#,
            Some("version"),
            "the version is empty",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1","version":"F","x":{"y":1}}"#,
            Some("x"),
            "this is an object; a text, a number, true or false is wanted",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1","version":"F","attributes":{"y":1}}"#,
            Some("attributes"),
            "this is an object; a text, a number, true or false is wanted",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1","version":"F","serial_number":"2"}"#,
            Some("serialNumber"),
            "serialNumber is there twice in the entry; keep one",
        ),
        (
            r#"{"deviceName":"A","serialNumber":"1","version":"F","x":"","x":""}"#,
            Some("x"),
            "x is there twice in the entry; keep one",
        ),
        (
            "[1]",
            None,
            "the entry is an array; an object with deviceName, serialNumber and version is wanted",
        ),
        (
            "-1",
            None,
            "the entry is a number; an object with deviceName, serialNumber and version is wanted",
        ),
        (
            "null",
            None,
            "the entry is null; an object with deviceName, serialNumber and version is wanted",
        ),
    ] {
        let (line, faults) = rejected(devices(entry));
        assert_eq!(
            (line, faults),
            (2, vec![(column.map(str::to_owned), said.to_owned())]),
            "{entry}"
        );
    }
}

#[test]
fn what_is_cut_joined_or_broken_is_not_well_formed() {
    let good = r#"{"deviceName":"A","serialNumber":"1","version":"F"}"#;
    let whole = format!("{{\"devices\":[{good}]}}");
    for cut in 1..whole.len() {
        let fault = read(&whole[..cut]).unwrap_err().to_string();
        assert!(fault.contains("well-formed JSON"), "{}: {fault}", &whole[..cut]);
    }
    let malformed = |file: &str, line: u64, what: &str| {
        assert_eq!(
            refused(file),
            (line, format!("the file is not well-formed JSON: {what}")),
            "{file}"
        );
    };
    malformed(&format!("{whole}\n{whole}"), 2, "something follows the closing bracket");
    malformed(&format!("{{\"devices\":[{good}\n{good}]}}"), 2, "a comma is missing");
    malformed(&format!("{{\"devices\":[{good},]}}"), 1, "a value is missing");
    malformed("{\"a\" 1}", 1, "a colon is missing");
    malformed("{\"a\":1 \"b\":2}", 1, "a comma is missing");
    malformed("{a:1}", 1, "a name in quotes is missing");
    malformed("{\"devices\":[\n{\"a\":\n tru}]}", 3, "expected ident");
    malformed(
        "{\"devices\":[\n{\"a\":\"\\ud800\"}]}",
        2,
        "unexpected end of hex escape",
    );
    malformed("{\"devices\":[\n{\"a\":01}]}", 2, "invalid number");
    malformed(
        &format!("{{\"devices\":[{}", "[".repeat(33)),
        1,
        "brackets stand too deep in each other",
    );
    malformed(
        &format!("{{\"x\":{}", "{\"x\":".repeat(33)),
        1,
        "brackets stand too deep in each other",
    );
}

#[test]
fn half_a_surrogate_pair_is_wrong_only_where_its_text_is_wanted() {
    let passed_over = r#"{"by":["\uDDDD","\ud800x"],"devices":[{"deviceName":"A","serialNumber":"1","version":"F"}],"\u0065nd":1e999}"#;
    assert_eq!(serials(passed_over), ["1"]);
    let wanted = devices(r#"{"deviceName":"A","serialNumber":"1\ud800","version":"F"}"#);
    assert!(read(wanted).is_err());
}
