//! Files stay one room, functions one thought: how long both are.

use super::source::{is_test_path, production};
use super::{Finding, House};

/// No file is longer than this without its tests.
const LONGEST_FILE: usize = 400;
/// Nine of ten functions are no longer than this.
const LONG_FUNCTION: usize = 40;

/// Finds files over the limit and prints how long files are.
pub(super) fn files(house: &House) -> Vec<Finding> {
    let lengths: Vec<(&str, usize)> = house
        .sources(&[".rs", ".ts", ".svelte"])
        .filter(|(path, _)| !is_test_path(path) && !path.ends_with(".d.ts"))
        .map(|(path, text)| (path, production(text).lines().count()))
        .collect();
    let figures = Figures::of(lengths.iter().map(|(_, length)| *length).collect());
    println!(
        "files: {} with a median of {} lines, p90 {}, longest {}",
        figures.count, figures.median, figures.p90, figures.longest
    );
    let over = lengths.into_iter().filter(|(_, length)| *length > LONGEST_FILE);
    over.map(|(path, length)| {
        Finding::at(
            path,
            format!("{length} lines without tests; the limit is {LONGEST_FILE}"),
        )
    })
    .collect()
}

/// Prints how long Rust functions are; the rule is on the p90, because a long table in one function is no sin.
pub(super) fn functions(house: &House) -> Vec<Finding> {
    let sources = house.sources(&[".rs"]).filter(|(path, _)| !is_test_path(path));
    let figures = Figures::of(
        sources
            .flat_map(|(_, text)| function_lengths(production(text)))
            .collect(),
    );
    println!(
        "functions: {} with a median of {} lines, p90 {}, longest {}",
        figures.count, figures.median, figures.p90, figures.longest
    );
    if figures.p90 <= LONG_FUNCTION {
        return Vec::new();
    }
    vec![Finding::at(
        "*.rs",
        format!(
            "functions have a p90 of {} lines; the limit is {LONG_FUNCTION}",
            figures.p90
        ),
    )]
}

/// The lengths of functions in formatted text: a function ends at the first `}` that stands as deep as its `fn`.
fn function_lengths(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| is_function(line));
    starts
        .filter_map(|(start, line)| {
            let indent = line.len() - line.trim_start().len();
            let body = lines.get(start..)?;
            if body.first()?.ends_with('}') {
                return Some(1);
            }
            let end = body
                .iter()
                .position(|line| line.len() > indent && line.get(indent..) == Some("}") && line.trim_start() == "}")?;
            Some(end + 1)
        })
        .collect()
}

fn is_function(line: &str) -> bool {
    let words = line.split_whitespace().take_while(|word| *word != "fn");
    let mut before = words.clone();
    line.split_whitespace().any(|word| word == "fn")
        && before.all(|word| word.starts_with("pub") || ["async", "const", "in", "default"].contains(&word))
        && !line.trim_end().ends_with(';')
}

struct Figures {
    count: usize,
    median: usize,
    p90: usize,
    longest: usize,
}

impl Figures {
    fn of(mut lengths: Vec<usize>) -> Self {
        lengths.sort_unstable();
        let at = |tenths: usize| {
            lengths
                .get((lengths.len() * tenths / 10).min(lengths.len().saturating_sub(1)))
                .copied()
                .unwrap_or(0)
        };
        Self {
            count: lengths.len(),
            median: at(5),
            p90: at(9),
            longest: at(10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    #[test]
    fn a_file_over_the_limit_is_found_and_its_tests_do_not_count() {
        let long = "//! A.\n".repeat(LONGEST_FILE + 1);
        let tested = format!(
            "//! A.\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            "// a\n".repeat(LONGEST_FILE)
        );
        let found = files(&house(&[
            ("crates/a/src/long.rs", &long),
            ("crates/a/src/tested.rs", &tested),
        ]));
        assert_eq!(found.len(), 1);
        assert!(found[0].place.contains("long.rs"));
    }

    #[test]
    fn long_functions_are_found_when_they_are_the_rule() {
        let long = format!(
            "impl A {{\n    pub async fn a(\n        b: u8,\n    ) {{\n{}    }}\n}}\n",
            "        c();\n".repeat(60)
        );
        assert_eq!(function_lengths(&long), [64]);
        assert_eq!(functions(&house(&[("crates/a/src/lib.rs", &long)])).len(), 1);
        assert!(functions(&house(&[("crates/a/src/lib.rs", "fn a() {}\n")])).is_empty());
    }
}
