//! How many tests passed and failed, read from what test programs print.

use std::iter::Sum;

use crate::command::Ended;

/// Tests by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Counts {
    /// A check that has no tests of its own and passed.
    pub(crate) const fn success() -> Self {
        Self {
            passed: 1,
            failed: 0,
            ignored: 0,
        }
    }

    /// A check that has no tests of its own and failed.
    pub(crate) const fn failure() -> Self {
        Self {
            passed: 0,
            failed: 1,
            ignored: 0,
        }
    }

    /// A program that ended as it did: its own counts where it printed some. A failure is never lost, even when
    /// the program failed without naming a test.
    pub(crate) fn of(ended: &Ended) -> Self {
        let mut counts = Self::printed(&ended.output);
        if !ended.success && counts.failed == 0 {
            counts.failed = 1;
        }
        if ended.success && counts.passed == 0 {
            counts.passed = 1;
        }
        counts
    }

    /// The counts that a program printed, and nothing else.
    pub(crate) fn printed(output: &str) -> Self {
        output.lines().filter_map(|line| in_line(&plain(line))).sum()
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            passed: sum.passed + one.passed,
            failed: sum.failed + one.failed,
            ignored: sum.ignored + one.ignored,
        })
    }
}

/// The counts in one line of cargo (`test result: ok. 3 passed; …`), vitest (`Tests  3 passed (3)`), node's test
/// runner (`# pass 3`) or a program that ends with our own plain line (`3 passed, 0 failed`).
fn in_line(line: &str) -> Option<Counts> {
    let line = line.trim();
    if let Some(count) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
        let (word, number) = count.split_once(' ')?;
        let number = number.trim().parse().ok()?;
        return match word {
            "pass" => Some(Counts {
                passed: number,
                ..Counts::default()
            }),
            "fail" => Some(Counts {
                failed: number,
                ..Counts::default()
            }),
            "skipped" => Some(Counts {
                ignored: number,
                ..Counts::default()
            }),
            _ => None,
        };
    }
    let is_ours = line.split_whitespace().count() == 4 && line.ends_with(" failed") && line.contains(" passed, ");
    if line.starts_with("test result: ") || line.starts_with("Tests ") || is_ours {
        return Some(Counts {
            passed: before(line, "passed"),
            failed: before(line, "failed"),
            ignored: before(line, "ignored") + before(line, "skipped"),
        });
    }
    None
}

/// The number that stands before a word; 0 without it.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line
        .split([' ', ';', ',', '|'])
        .filter(|part| !part.is_empty())
        .collect();
    let at = words
        .iter()
        .position(|part| *part == word)
        .and_then(|at| at.checked_sub(1));
    at.and_then(|at| words.get(at))
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// The line without terminal colours.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(success: bool, output: &str) -> Counts {
        Counts::of(&Ended {
            success,
            output: output.to_owned(),
        })
    }

    #[test]
    fn cargo_vitest_node_and_our_own_line_are_read() {
        let cargo = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(
            of(true, &cargo.repeat(2)),
            Counts {
                passed: 24,
                failed: 0,
                ignored: 6
            }
        );
        let vitest = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m1 failed\u{1b}[22m | \u{1b}[32m7 passed\u{1b}[39m (8)\n";
        assert_eq!(
            of(false, vitest),
            Counts {
                passed: 7,
                failed: 1,
                ignored: 0
            }
        );
        assert_eq!(
            of(false, "# pass 4\n# fail 2\n# skipped 1\n"),
            Counts {
                passed: 4,
                failed: 2,
                ignored: 1
            }
        );
        assert_eq!(
            of(true, "40 passed, 0 failed\n"),
            Counts {
                passed: 40,
                failed: 0,
                ignored: 0
            }
        );
    }

    #[test]
    fn a_failure_without_a_test_is_a_failure() {
        assert_eq!(of(false, "error: could not compile").failed, 1);
        assert_eq!(of(false, "test result: ok. 3 passed; 0 failed; 0 ignored").failed, 1);
    }
}
