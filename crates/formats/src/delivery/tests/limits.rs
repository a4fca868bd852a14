//! Limits hold to the last byte.

use super::*;

#[test]
fn a_line_may_be_exactly_as_long_as_the_limit() {
    let limits = Limits { line: 1_024, ..LIMITS };
    let row = |length: usize| {
        let row = format!("A,1,F,{}", "x".repeat(length - 6));
        assert_eq!(row.len(), length);
        format!("{},note\n{row}\nA,2,F,\n", HEADER.trim())
    };
    assert_eq!(read_within(row(1_024), limits).unwrap().len(), 2);
    assert_eq!(read_within(row(1_025), limits).unwrap_err().line, 2);
    let entry = |length: usize| {
        let entry = format!("{{\"x\":\"{}\"}}", "y".repeat(length - 8));
        assert_eq!(entry.len(), length);
        format!("{{\"devices\":[{entry}]}}")
    };
    assert_eq!(read_within(entry(1_024), limits).unwrap().len(), 1);
    assert_eq!(
        read_within(entry(1_025), limits).unwrap_err().wrong,
        Wrong::EntryTooLong { kibibytes: 1 }
    );
}

#[test]
fn the_last_row_and_the_last_column_are_taken() {
    let limits = Limits {
        rows: 2,
        columns: 4,
        ..LIMITS
    };
    let file = format!("{},d\nA,1,F,\nA,2,F,\n\n,,,\n", HEADER.trim());
    assert_eq!(read_within(&file, limits).unwrap().len(), 2);
    let fault = read_within(format!("{file}A,3,F,\n"), limits).unwrap_err();
    assert_eq!((fault.line, fault.wrong), (6, Wrong::TooManyRows { most: 2 }));
    let json = r#"{"devices":[{"deviceName":"A","serialNumber":"1","version":"F","d":1,"e":2}]}"#;
    let rows = read_within(json, limits).unwrap();
    let said = rows[0].key.as_ref().unwrap_err()[0].wrong.to_string();
    assert_eq!(said, "the entry has more than 4 members; take some out");
}

#[test]
fn behind_the_limit_a_line_is_too_long_whatever_else_is_wrong() {
    let limits = Limits { line: 1_024, ..LIMITS };
    let row = |before: usize| format!("{HEADER}A,1,{}\"\n", "F".repeat(before - 4));
    assert_eq!(read_within(row(1_024), limits).unwrap_err().wrong, Wrong::QuoteWithin);
    assert_eq!(
        read_within(row(1_025), limits).unwrap_err().wrong,
        Wrong::LineTooLong { kibibytes: 1 }
    );
}
