//! Reading source text: what of it is production code, and which names it uses.

/// The production part of a Rust file: everything before its unit tests, which stand last by convention.
pub(super) fn production(text: &str) -> &str {
    let tests = text
        .find("#[cfg(test)]\nmod ")
        .or_else(|| text.starts_with("#![cfg(test)]").then_some(0));
    tests.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Whether a path holds tests, benchmarks or fuzz targets rather than production code.
pub(super) fn is_test_path(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let folders = parts.split_last().map_or(&[][..], |(_, folders)| folders);
    folders.iter().any(|folder| {
        [
            "tests",
            "test",
            "e2e",
            "fuzz",
            "benches",
            "fixtures",
            "snapshots",
            "mock",
        ]
        .contains(folder)
    }) && !path.starts_with("xtask/")
        || path.ends_with("/tests.rs")
        || [".test.ts", ".spec.ts"].iter().any(|end| path.ends_with(end))
}

/// The program text of a Svelte component: what stands in its script elements.
pub(super) fn scripts(text: &str) -> String {
    let blocks = text.split("<script").skip(1);
    let bodies = blocks.filter_map(|block| block.split_once('>').and_then(|(_, body)| body.split_once("</script>")));
    bodies.map(|(body, _)| body).collect::<Vec<_>>().join("\n")
}

/// The text without comments and without the contents of literals. Lines keep their numbers.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest));
        let taken = skipped.unwrap_or_else(|| word_or(rest, first));
        let (part, next) = rest.split_at(taken.min(rest.len()));
        if skipped.is_some() {
            code.push(' ');
            code.extend(part.chars().filter(|letter| *letter == '\n'));
        } else {
            code.push_str(part);
        }
        rest = next;
    }
    code
}

/// The length of a whole word, so that the `r` that ends a name does not look like a raw literal's beginning.
fn word_or(rest: &str, first: char) -> usize {
    let word = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    word.max(first.len_utf8())
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*")
        .then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

fn literal(rest: &str) -> Option<usize> {
    let raw = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'));
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let opened = raw.get(hashes..).is_some_and(|body| body.starts_with('"'));
        if opened {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = rest.len() - raw.len() + hashes + 1;
            let end = rest.get(body..).and_then(|body| body.find(&close));
            return Some(end.map_or(rest.len(), |end| body + end + close.len()));
        }
    }
    match rest.chars().next()? {
        quote @ ('"' | '`') => Some(closed(rest, quote)),
        '\'' => {
            // A lifetime is a quote and a name without a second quote; a letter is closed at once.
            let letter = rest.chars().nth(1)?;
            let is_letter = letter == '\\' || rest.chars().nth(2) == Some('\'');
            let line = rest.lines().next().unwrap_or_default();
            let is_text =
                letter.is_alphanumeric() && !is_letter && closed(line, '\'') <= line.len() && is_string_like(line);
            (is_letter || is_text).then(|| closed(rest, '\''))
        }
        _ => None,
    }
}

/// TypeScript writes whole texts in single quotes; Rust's lifetimes are followed by punctuation that no text starts with.
fn is_string_like(line: &str) -> bool {
    let name_end = line
        .char_indices()
        .skip(1)
        .find(|(_, letter)| !letter.is_alphanumeric() && *letter != '_');
    name_end.is_some_and(|(_, letter)| matches!(letter, '\'' | '-' | '/' | '.' | '@'))
}

fn closed(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if !escaped && letter == quote {
            return at + letter.len_utf8();
        }
        escaped = !escaped && letter == '\\';
    }
    rest.len()
}

/// Identifiers that stand for themselves: not those behind `.` or `::`, which are declared, and judged, elsewhere.
pub(super) fn own_identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        let starts = line.char_indices().filter(|(at, letter)| {
            let before = line.get(..*at).and_then(|text| text.chars().next_back());
            let is_inside = before.is_some_and(|before| before.is_alphanumeric() || "_.:".contains(before));
            (letter.is_alphabetic() || *letter == '_') && !is_inside
        });
        starts.filter_map(move |(at, _)| {
            let rest = line.get(at..)?;
            let end = rest
                .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .unwrap_or(rest.len());
            Some((index + 1, rest.get(..end)?))
        })
    })
}

/// Every identifier in the text with its line number, in order.
pub(super) fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words
            .filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
            .map(move |word| (index + 1, word))
    })
}

/// The words of a name in lower case: `PolicyVersion`, `policy_version` and `policyVersion` are `policy`, `version`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let starts = letter.is_uppercase() && !before.is_uppercase() || before == '_';
        if letter != '_' {
            match words.last_mut() {
                Some(word) if !starts => word.extend(letter.to_lowercase()),
                _ => words.push(letter.to_lowercase().collect()),
            }
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = "let a = \"dongle \\\" realm\"; // dongle\nlet b = r#\"dongle\"#; /* dongle */ let c = 'd';\nfn f<'a>(x: &'a str) {}";
        let code = code(text);
        assert!(!code.contains("dongle"), "{code}");
        assert!(code.contains("let c") && code.contains("x: &'a str"), "{code}");
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("PolicyVersion"), ["policy", "version"]);
        assert_eq!(words("MAX_ROWS"), ["max", "rows"]);
        assert_eq!(words("deviceToken"), ["device", "token"]);
    }

    #[test]
    fn unit_tests_are_not_production() {
        assert_eq!(production("fn a() {}\n#[cfg(test)]\nmod tests {}\n"), "fn a() {}\n");
    }
}
