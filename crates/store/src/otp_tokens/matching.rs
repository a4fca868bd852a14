//! What a search compares with: serial numbers and holders, exactly, by prefix, anywhere.

use claviger_domain::SerialNumber;
use claviger_domain::text::fold;

use crate::composed::Composed;
use crate::dialect::{Dialect, like_literal};
use crate::security_keys::{Holders, behind, trigrams};

/// Fewer characters than this find prefixes only: a trigram index knows nothing shorter.
const ANYWHERE: usize = 3;

/// The words of a search box, as they are compared.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// As a serial number: folded, without spaces and dashes. May be empty.
    serial: String,
    /// As a name: folded. Empty where holders are not searched.
    name: String,
}

/// One way in which a token is found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    SerialExact,
    ShortExact,
    HolderExact,
    SerialPrefix,
    ShortPrefix,
    HolderPrefix,
    Anywhere,
}

impl Way {
    const ALL: [Self; 7] = [
        Self::SerialExact,
        Self::ShortExact,
        Self::HolderExact,
        Self::SerialPrefix,
        Self::ShortPrefix,
        Self::HolderPrefix,
        Self::Anywhere,
    ];

    /// The column that tokens found so are ordered by.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::SerialExact | Self::SerialPrefix | Self::Anywhere => "t.serial_norm",
            Self::ShortExact | Self::ShortPrefix => "t.serial_short",
            Self::HolderExact | Self::HolderPrefix => "t.holder",
        }
    }

    /// The index that SQLite is told to walk along.
    pub(super) const fn index(self) -> &'static str {
        match self {
            Self::SerialExact | Self::SerialPrefix | Self::Anywhere => "",
            Self::ShortExact | Self::ShortPrefix => "INDEXED BY otp_tokens_by_short_serial",
            Self::HolderExact | Self::HolderPrefix => "INDEXED BY otp_tokens_by_holder",
        }
    }
}

impl Words {
    pub(super) fn new(q: &str, holders: Holders) -> Option<Self> {
        let name = fold(q.trim());
        if name.is_empty() {
            return None;
        }
        let name = match holders {
            Holders::Searched => name,
            Holders::Hidden => String::new(),
        };
        let serial = SerialNumber::normalise(q);
        Some(Self { serial, name })
    }

    /// The ways that can find something, best first.
    pub(super) fn ways(&self) -> Vec<Way> {
        let possible = |way: &Way| match way {
            Way::SerialExact | Way::ShortExact | Way::SerialPrefix | Way::ShortPrefix => !self.serial.is_empty(),
            Way::HolderExact | Way::HolderPrefix => !self.name.is_empty(),
            Way::Anywhere => !self.patterns().is_empty(),
        };
        Way::ALL.into_iter().filter(possible).collect()
    }

    /// Texts that may stand anywhere, each with its column.
    fn patterns(&self) -> Vec<(&'static str, &str)> {
        let mut patterns = vec![
            ("t.serial_norm LIKE", self.serial.as_str()),
            ("t.holder LIKE", &self.name),
        ];
        patterns.retain(|(_, text)| text.chars().count() >= ANYWHERE);
        patterns
    }

    /// Adds the condition that a token is found in this way; null where a column is.
    pub(super) fn push_way(&self, sql: &mut Composed, way: Way, dialect: Dialect) {
        let text = match way {
            Way::HolderExact | Way::HolderPrefix => self.name.as_str(),
            Way::SerialExact | Way::ShortExact | Way::SerialPrefix | Way::ShortPrefix | Way::Anywhere => &self.serial,
        };
        match way {
            Way::SerialExact | Way::ShortExact | Way::HolderExact => {
                sql.push(way.column()).push("=").bind(text);
            }
            Way::SerialPrefix | Way::ShortPrefix | Way::HolderPrefix => {
                sql.push("(").push(way.column()).push(">=").bind(text);
                sql.push("AND")
                    .push(way.column())
                    .push("<")
                    .bind(behind(text))
                    .push(")");
            }
            Way::Anywhere => self.push_anywhere(sql, dialect),
        }
    }

    /// The trigram index finds candidates in `search`; each is looked at again in its own column.
    fn push_anywhere(&self, sql: &mut Composed, dialect: Dialect) {
        let patterns = self.patterns();
        let like = |text: &str| format!("%{}%", like_literal(text));
        sql.push("(");
        if dialect == Dialect::Sqlite {
            let query: Vec<String> = patterns.iter().map(|(_, text)| trigrams(text)).collect();
            sql.push("t.row_id IN (SELECT rowid FROM otp_tokens_search WHERE otp_tokens_search MATCH");
            sql.bind(query.join(" OR ")).push(")");
        } else {
            let mut joint = "(t.search LIKE";
            for (_, text) in &patterns {
                sql.push(joint).bind(like(text)).push("ESCAPE '\\'");
                joint = "OR t.search LIKE";
            }
            sql.push(")");
        }
        let mut joint = "AND (";
        for (column, text) in &patterns {
            sql.push(joint).push(column).bind(like(text)).push("ESCAPE '\\'");
            joint = "OR";
        }
        sql.push("))");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_two_characters_find_prefixes_only_and_names_only_those_who_may_see_them() {
        let words = |q| Words::new(q, Holders::Searched).unwrap().ways();
        assert!(!words("a1").contains(&Way::Anywhere));
        assert_eq!(
            words(" A-1").last(),
            Some(&Way::Anywhere),
            "as a name it has three characters"
        );
        let hidden = Words::new("anna", Holders::Hidden).unwrap().ways();
        assert!(!hidden.contains(&Way::HolderExact) && !hidden.contains(&Way::HolderPrefix));
        assert!(Words::new("  ", Holders::Searched).is_none());
    }
}
