//! Licence expressions (SPDX) against the list of allowed licences.

use super::super::metadata::Package;
use super::policy::Policy;

/// Why a package's licence is not allowed.
pub(super) fn objection(policy: &Policy, package: &Package) -> Option<String> {
    let Some(licence) = &package.license else {
        return Some("names no licence".to_owned());
    };
    let fits = satisfied(licence, &|name| policy.allows(&package.name, name));
    (!fits).then(|| format!("has the licence {licence}, which deny.toml does not allow"))
}

/// Whether an expression can be satisfied with allowed licences alone. `OR` binds weaker than `AND`; the old `/` is `OR`.
pub(super) fn satisfied(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser {
        words: &words,
        is_allowed,
    };
    parser.any() && parser.words.is_empty()
}

struct Parser<'a> {
    words: &'a [&'a str],
    is_allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> bool {
        let mut fits = self.all();
        while self.takes("OR") {
            fits |= self.all();
        }
        fits
    }

    fn all(&mut self) -> bool {
        let mut fits = self.one();
        while self.takes("AND") {
            fits &= self.one();
        }
        fits
    }

    fn one(&mut self) -> bool {
        if self.takes("(") {
            return self.any() & self.takes(")");
        }
        let Some(name) = self.next() else { return false };
        if self.takes("WITH") {
            let exception = self.next().unwrap_or_default();
            return (self.is_allowed)(&format!("{name} WITH {exception}"));
        }
        (self.is_allowed)(name)
    }

    fn takes(&mut self, word: &str) -> bool {
        let takes = self.words.first() == Some(&word);
        if takes {
            self.next();
        }
        takes
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(expression: &str) -> bool {
        satisfied(expression, &|name| {
            ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name)
        })
    }

    #[test]
    fn one_side_of_or_and_both_sides_of_and() {
        assert!(fits("MIT OR GPL-3.0") && fits("GPL-3.0/MIT") && fits("MIT AND ISC"));
        assert!(!fits("MIT AND GPL-3.0") && !fits("GPL-3.0"));
        assert!(fits("(GPL-3.0 OR MIT) AND ISC") && !fits("GPL-3.0 OR MIT AND GPL-2.0"));
    }

    #[test]
    fn an_exception_is_part_of_the_name() {
        assert!(fits("Apache-2.0 WITH LLVM-exception"));
        assert!(!fits("MIT WITH LLVM-exception"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        assert!(!fits("") && !fits("MIT )") && !fits("( MIT"));
    }
}
