//! What a search compares with: serial numbers, policies and holders, exactly, by prefix, anywhere.

use claviger_domain::SerialNumber;
use claviger_domain::text::fold;
use uuid::Uuid;

use super::filter::Holders;
use crate::composed::Composed;
use crate::dialect::like_literal;
use crate::policies::Named;

/// Fewer characters than this find prefixes only: a trigram index knows nothing shorter.
const ANYWHERE: usize = 3;
/// So many trigrams of digits find few rows.
const ENOUGH: usize = 3;

/// The words of a search box, as they are compared.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// As a serial number: folded, without spaces and dashes. May be empty.
    pub(super) serial: String,
    /// As a name: folded.
    pub(super) name: String,
    /// Whether holders are found by it.
    holders: Holders,
    /// Policies whose name is it, begins so, contains it: each in one list, in the order of the names.
    pub(super) policies: [Vec<Uuid>; 3],
}

/// One way in which a key is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    SerialExact,
    ShortExact,
    HolderExact,
    SerialPrefix,
    ShortPrefix,
    HolderPrefix,
    Anywhere,
    /// By policies of this rank.
    Policies(usize),
}

impl Words {
    pub(super) fn new(q: &str, holders: Holders, named: &[Named]) -> Option<Self> {
        let name = fold(q.trim());
        if name.is_empty() {
            return None;
        }
        let mut words = Self {
            serial: SerialNumber::normalise(q),
            name,
            holders,
            policies: Default::default(),
        };
        let anywhere = [&words.serial, &words.name].into_iter().any(|text| is_long(text));
        for policy in named {
            let [exact, prefix, contains] = &mut words.policies;
            if policy.folded == words.name {
                exact.push(policy.id.as_uuid());
            } else if policy.folded.starts_with(&words.name) {
                prefix.push(policy.id.as_uuid());
            } else if anywhere && policy.folded.contains(&words.name) {
                contains.push(policy.id.as_uuid());
            }
        }
        Some(words)
    }

    /// The ways that can find something, best first.
    pub(super) fn ways(&self) -> Vec<Way> {
        let (serial, holder) = (!self.serial.is_empty(), self.holders == Holders::Searched);
        let policies = |rank: usize| self.policies.get(rank).is_some_and(|ids| !ids.is_empty());
        [
            (Way::SerialExact, serial),
            (Way::ShortExact, serial),
            (Way::Policies(0), policies(0)),
            (Way::HolderExact, holder),
            (Way::SerialPrefix, serial),
            (Way::ShortPrefix, serial),
            (Way::Policies(1), policies(1)),
            (Way::HolderPrefix, holder),
            (Way::Anywhere, !self.patterns().is_empty()),
            (Way::Policies(2), policies(2)),
        ]
        .into_iter()
        .filter_map(|(way, some)| some.then_some(way))
        .collect()
    }

    /// Texts that may stand anywhere in a key's `search`.
    fn patterns(&self) -> Vec<&str> {
        let mut patterns = match self.holders {
            Holders::Searched => vec![self.serial.as_str(), self.name.as_str()],
            Holders::Hidden => vec![self.serial.as_str()],
        };
        patterns.dedup();
        patterns.retain(|text| is_long(text));
        patterns
    }

    /// A query of SQLite's trigram index: rows that hold all trigrams of a pattern.
    pub(super) fn trigrams(&self) -> String {
        let all: Vec<String> = self.patterns().into_iter().map(trigrams).collect();
        all.join(" OR ")
    }

    /// Adds the condition that a row is found in this way. It is never null.
    pub(super) fn push_way(&self, sql: &mut Composed, way: Way) {
        match way {
            Way::SerialExact => drop(sql.push("k.serial_norm =").bind(self.serial.as_str())),
            Way::ShortExact => drop(sql.push("COALESCE(k.serial_short, '') =").bind(self.serial.as_str())),
            Way::HolderExact => drop(sql.push("COALESCE(k.holder, '') =").bind(self.name.as_str())),
            Way::SerialPrefix => prefix(sql, "(k.serial_norm >=", "AND k.serial_norm <", &self.serial),
            Way::ShortPrefix => {
                prefix(
                    sql,
                    "(COALESCE(k.serial_short, '') >=",
                    "AND COALESCE(k.serial_short, '') <",
                    &self.serial,
                );
            }
            Way::HolderPrefix => prefix(
                sql,
                "(COALESCE(k.holder, '') >=",
                "AND COALESCE(k.holder, '') <",
                &self.name,
            ),
            Way::Anywhere => self.push_anywhere(sql),
            Way::Policies(rank) => {
                let ids = self.policies.get(rank).cloned().unwrap_or_default();
                sql.push("(k.policy_id IS NOT NULL AND k.policy_id = ANY(")
                    .bind(ids)
                    .push("))");
            }
        }
    }

    fn push_anywhere(&self, sql: &mut Composed) {
        let mut joint = "(k.search LIKE";
        for pattern in self.patterns() {
            sql.push(joint)
                .bind(format!("%{}%", like_literal(pattern)))
                .push("ESCAPE '\\'");
            joint = "OR k.search LIKE";
        }
        if self.holders == Holders::Hidden {
            // The index is over both; what it found must stand in the serial number.
            sql.push("AND k.serial_norm LIKE")
                .bind(format!("%{}%", like_literal(&self.serial)))
                .push("ESCAPE '\\'");
        }
        sql.push(")");
    }

    /// Adds the condition that a row is found in any way.
    pub(super) fn push_match(&self, sql: &mut Composed) {
        let mut joint = "AND (";
        for way in self.ways() {
            sql.push(joint);
            self.push_way(sql, way);
            joint = "OR";
        }
        sql.push(")");
    }
}

fn is_long(text: &str) -> bool {
    text.chars().count() >= ANYWHERE
}

/// Behind every text that begins so.
pub(crate) fn behind(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

fn prefix(sql: &mut Composed, from: &'static str, to: &'static str, text: &str) {
    sql.push(from).bind(text).push(to).bind(behind(text)).push(")");
}

/// Trigrams enough to find few rows; each is looked at again, so that leaving some out loses nothing.
///
/// Serial numbers of a tenant begin alike and differ in their last digits: the list of a trigram that all
/// have is long to read and rules nothing out (118 ms against 0.6 ms at a million keys).
pub(crate) fn trigrams(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut all: Vec<&[char]> = letters.windows(ANYWHERE).collect();
    let is_digits = |three: &&[char]| three.iter().all(char::is_ascii_digit);
    if all.iter().filter(|three| is_digits(three)).count() > 1 {
        all.retain(|three| is_digits(three));
        all.drain(..all.len().saturating_sub(ENOUGH));
    }
    all.sort_unstable();
    all.dedup();
    let quoted = |three: &[char]| format!("\"{}\"", three.iter().collect::<String>().replace('"', "\"\""));
    format!("({})", all.into_iter().map(quoted).collect::<Vec<_>>().join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trigrams_are_distinct_and_quoted() {
        assert_eq!(trigrams("aaaa"), "(\"aaa\")");
        assert_eq!(trigrams("a\"bc"), "(\"\"\"bc\" AND \"a\"\"b\")");
    }

    #[test]
    fn the_last_digits_are_asked_for() {
        assert_eq!(trigrams("ab0104567"), "(\"045\" AND \"456\" AND \"567\")");
        assert_eq!(trigrams("1234fips"), "(\"123\" AND \"234\")");
        assert_eq!(trigrams("k912"), "(\"912\" AND \"k91\")");
    }

    #[test]
    fn one_or_two_characters_find_prefixes_only() {
        let words = Words::new(" A-1 ", Holders::Searched, &[]).unwrap();
        assert_eq!((words.serial.as_str(), words.name.as_str()), ("a1", "a-1"));
        assert!(words.ways().contains(&Way::Anywhere), "the name has three characters");
        assert!(
            !Words::new("a1", Holders::Searched, &[])
                .unwrap()
                .ways()
                .contains(&Way::Anywhere)
        );
        assert!(Words::new("  ", Holders::Searched, &[]).is_none());
    }
}
