//! Every example of docs/seed-files.md is read, and says what its text says.

use super::super::otpauth::parse;
use super::*;

/// The examples: the word behind their fence, and their text.
fn examples() -> Vec<(String, String)> {
    let book = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/seed-files.md")).unwrap();
    let mut examples = Vec::new();
    for (index, part) in book.split("```").enumerate() {
        if index % 2 == 1 {
            let (word, text) = part.split_once('\n').unwrap();
            examples.push((word.to_owned(), text.to_owned()));
        }
    }
    examples
}

#[test]
fn every_example_of_the_book_is_read() {
    let mut formats = Vec::new();
    let mut said = Vec::new();
    for (word, text) in examples() {
        // What is typed at a shell is no file.
        if word == "console" {
            continue;
        }
        if word == "text" {
            assert!(parse(&text).is_ok(), "{text}");
            continue;
        }
        let rows = read(text.as_bytes(), Said::default()).unwrap();
        assert!(
            rows.iter().all(|row| row.token.is_ok()),
            "{text}: {:?}",
            rows.iter().map(words).collect::<Vec<_>>()
        );
        said.extend(rows.iter().map(words));
        formats.push(
            SeedReader::open(text.as_bytes(), Said::default(), LIMITS)
                .unwrap()
                .format()
                .as_str(),
        );
    }
    assert_eq!(
        formats,
        [
            "pskc",
            "oath_csv",
            "oath_csv",
            "entra_csv",
            "yubico_csv",
            "yubico_csv",
            "json",
            "privacyidea",
            "privacyidea"
        ]
    );
    assert_eq!(said.len(), 13);
    assert_eq!(
        said[0],
        format!("987654321 totp sha256 6 60s {SEED} | jsmith | Manufacturer until 2030-01-01T00:00:00Z")
    );
}
