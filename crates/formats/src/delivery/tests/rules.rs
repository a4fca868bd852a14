//! docs/import-rules.md says of every fault what the reader says.

use std::fmt::Write as _;

use super::{
    RowWrong,
    faults::{of_files, of_rows},
};

const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/import-rules.md");
const BEGIN: &str = "<!-- messages: written by a test of crates/formats, see CONTRIBUTING.md -->\n";
const END: &str = "<!-- end of messages -->";

fn messages() -> String {
    use claviger_domain::{delivery::Wrong, security_key::Status};
    let mut text = String::from("\nOf the whole file; nothing of it goes in:\n\n");
    for sample in of_files() {
        let _ = writeln!(text, "- {}", sample.said);
    }
    text.push_str("\nOf a row:\n\n| column | message |\n|---|---|\n");
    let mut row = |column: Option<&str>, said: &str| {
        let column = column.map_or_else(String::new, |column| format!("`{column}`"));
        let _ = writeln!(text, "| {column} | {said} |");
    };
    for (_, column, said) in of_rows() {
        row(column, said);
    }
    let serial = || "A-1".to_owned();
    let status = Status::Configured;
    let others = [
        (None, Wrong::TooManyAttributes { most: 16_384 }),
        (
            Some("serialNumber"),
            Wrong::Repeated {
                serial: serial(),
                line: 7,
            },
        ),
        (
            Some("serialNumber"),
            Wrong::Taken {
                serial: serial(),
                status,
            },
        ),
        (Some("serialNumber"), Wrong::InPassage { serial: serial() }),
        (
            Some("version"),
            Wrong::PolicyDoesNotFit {
                version: "FIDO_2_0".to_owned(),
            },
        ),
    ];
    for (column, wrong) in others {
        row(column, &wrong.to_string());
    }
    let of_entries = [
        RowWrong::NoObject { kind: "a number" },
        RowWrong::NoText { kind: "a number" },
        RowWrong::Nested { kind: "an object" },
        RowWrong::MemberTwice {
            member: "serialNumber".to_owned(),
        },
        RowWrong::TooManyMembers { most: 64 },
    ];
    for wrong in of_entries {
        row(Some("JSON"), &wrong.to_string());
    }
    text.push('\n');
    text
}

#[test]
fn the_committed_book_of_import_rules_has_every_message() {
    let book = std::fs::read_to_string(BOOK).unwrap();
    let (before, rest) = book.split_once(BEGIN).expect("the book has a place for messages");
    let (_, behind) = rest.split_once(END).expect("the place for messages has an end");
    let wanted = format!("{before}{BEGIN}{}{END}{behind}", messages());
    #[expect(clippy::disallowed_methods, reason = "a test that is asked to write")]
    if std::env::var_os("CLAVIGER_BLESS").is_some() {
        std::fs::write(BOOK, &wanted).unwrap();
        return;
    }
    assert_eq!(
        book, wanted,
        "docs/import-rules.md is behind; run this test with CLAVIGER_BLESS=1"
    );
}
