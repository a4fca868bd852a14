//! What a search compares with: user names, display names and addresses, exactly, by prefix, anywhere.

use claviger_domain::text::fold;

use crate::composed::Composed;
use crate::dialect::like_literal;
use crate::security_keys::trigrams;

/// Fewer characters than this find prefixes only, as in the list of keys.
const ANYWHERE: usize = 3;

/// The words of a search box, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words(String);

/// One way in which a user is found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    NameExact,
    EmailExact,
    DisplayExact,
    NamePrefix,
    DisplayPrefix,
    EmailPrefix,
    Anywhere,
}

impl Way {
    const ALL: [Self; 7] = [
        Self::NameExact,
        Self::EmailExact,
        Self::DisplayExact,
        Self::NamePrefix,
        Self::DisplayPrefix,
        Self::EmailPrefix,
        Self::Anywhere,
    ];

    /// The column that users found so are ordered by.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::NameExact | Self::NamePrefix | Self::Anywhere => "u.user_name_folded",
            Self::DisplayExact | Self::DisplayPrefix => "u.display_name_folded",
            Self::EmailExact | Self::EmailPrefix => "u.email_folded",
        }
    }

    /// The index that SQLite is told to walk along.
    pub(super) const fn index(self) -> &'static str {
        match self {
            Self::NameExact | Self::NamePrefix | Self::Anywhere => "",
            Self::DisplayExact | Self::DisplayPrefix => "INDEXED BY users_by_display_name",
            Self::EmailExact | Self::EmailPrefix => "INDEXED BY users_by_email",
        }
    }
}

impl Words {
    pub(super) fn new(q: &str) -> Option<Self> {
        let folded = fold(q.trim());
        (!folded.is_empty()).then_some(Self(folded))
    }

    /// The ways that can find somebody, best first.
    pub(super) fn ways(&self) -> &'static [Way] {
        let (anywhere, others) = match Way::ALL.split_last() {
            Some((_, others)) => (&Way::ALL[..], others),
            None => (&Way::ALL[..], &Way::ALL[..]),
        };
        if self.0.chars().count() < ANYWHERE {
            others
        } else {
            anywhere
        }
    }

    /// A query of SQLite's trigram index: rows that hold all trigrams of the words. None where they are too short.
    pub(super) fn trigrams(&self) -> Option<String> {
        (self.0.chars().count() >= ANYWHERE).then(|| trigrams(&self.0))
    }

    /// Adds the condition that a user is found in this way, in the form that its index answers. It is null where
    /// there is no address.
    pub(super) fn push_way(&self, sql: &mut Composed, way: Way) {
        match way {
            Way::NameExact | Way::DisplayExact | Way::EmailExact => {
                sql.push(way.column()).push("=").bind(self.0.as_str());
            }
            Way::NamePrefix | Way::DisplayPrefix | Way::EmailPrefix => {
                sql.push("(").push(way.column()).push(">=").bind(self.0.as_str());
                sql.push("AND").push(way.column()).push("<");
                sql.bind(format!("{}\u{10ffff}", self.0)).push(")");
            }
            Way::Anywhere => {
                sql.push("u.search LIKE").bind(format!("%{}%", like_literal(&self.0)));
                sql.push("ESCAPE '\\'");
            }
        }
    }

    /// Adds the condition that a user is found in any of these ways.
    pub(super) fn push_any(&self, sql: &mut Composed, ways: &[Way]) {
        let mut joint = "(";
        for way in ways {
            sql.push(joint);
            self.push_way(sql, *way);
            joint = "OR";
        }
        sql.push(")");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_two_characters_find_prefixes_only() {
        let ways = |q| Words::new(q).unwrap().ways();
        assert!(!ways(" Ab ").contains(&Way::Anywhere));
        assert_eq!(ways("Abc").last(), Some(&Way::Anywhere));
        assert_eq!(ways("Abc").first(), Some(&Way::NameExact));
        assert_eq!(Words::new("  "), None);
    }
}
