//! The statements, read from the sources, so that none can be forgotten.

use std::path::Path;

/// Statements that stand in string literals of the sources.
pub(crate) fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn collect(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            // Tests of a module are behind its code, and their statements are examples.
            let code = source.split("#[cfg(test)]").next().unwrap();
            // Only constants: pieces that are put together are tested where they are used.
            for part in code.split("const ").skip(1) {
                let Some((name, rest)) = part.split_once(": &str = ") else {
                    continue;
                };
                let Some(text) = rest.trim_start().strip_prefix('"') else {
                    continue;
                };
                let text = literal(text);
                let verb = text.split_whitespace().next().unwrap_or_default();
                let whole =
                    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) && !text.trim_end().ends_with('=');
                let own = name.starts_with("SQLITE_") || name.starts_with("POSTGRES_");
                if whole
                    && !own
                    && name
                        .chars()
                        .all(|letter| letter.is_ascii_uppercase() || letter == '_' || letter.is_ascii_digit())
                {
                    found.push((format!("{}::{name}", path.file_stem().unwrap().to_string_lossy()), text));
                }
            }
        }
    }
}

/// Up to the closing quote, escapes undone.
fn literal(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some('\n') => {
                    let rest = letters.as_str().trim_start();
                    letters = rest.chars();
                }
                Some(other) => out.push(other),
                None => break,
            },
            other => out.push(other),
        }
    }
    out
}
