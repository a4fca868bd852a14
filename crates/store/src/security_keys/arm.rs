//! One walk along one index. A list is a few of them merged by the database.

use claviger_domain::ids::TenantId;
use uuid::Uuid;

use super::criteria::{Covered, Criteria};
use super::matching::{Way, behind};
use crate::batches::Span;
use crate::composed::Composed;
use crate::dialect::Dialect;

/// What an index is walked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Arm {
    /// A shelf, and within it a range of ids.
    Shelf(i64, Option<Span>),
    /// A shelf by a column: the index to walk along.
    Column(i64, &'static str),
    /// A policy's keys on a shelf, and within them a range of ids.
    Policy(Uuid, i64, Option<Span>),
    /// All serial numbers.
    Serials,
    /// A way of finding, other than by policy.
    Found(Way),
    User,
    Ids,
    Locked,
    UserDisabled,
    Mode,
    Provider,
    /// Keys whose removal elsewhere stands so.
    Removal(&'static str),
    MailFailed,
}

impl Arm {
    /// What need not be asked of each row.
    pub(super) fn covered(&self) -> Covered {
        let none = Covered::default();
        match self {
            Self::Shelf(_, span) => Covered {
                shelf: true,
                span: span.is_some(),
                ..none
            },
            Self::Column(_, _) => Covered { shelf: true, ..none },
            Self::Policy(_, _, span) => Covered {
                shelf: true,
                policy: true,
                span: span.is_some(),
                ..none
            },
            Self::Serials => none,
            Self::Found(_) => Covered { words: true, ..none },
            Self::User => Covered { user: true, ..none },
            Self::Ids => Covered { ids: true, ..none },
            Self::Locked => Covered { locked: true, ..none },
            Self::UserDisabled => Covered {
                user_disabled: true,
                ..none
            },
            Self::Mode => Covered { mode: true, ..none },
            Self::Provider => Covered { idp: true, ..none },
            Self::Removal(_) => Covered { removal: true, ..none },
            Self::MailFailed => Covered {
                mail_failed: true,
                ..none
            },
        }
    }

    /// Whether rows of the index must be looked at before they count.
    pub(super) fn is_loose(&self) -> bool {
        *self == Self::Found(Way::Anywhere)
    }

    /// Adds `FROM … WHERE …` for this walk. SQLite is told the index: without statistics it guesses.
    pub(super) fn push(&self, sql: &mut Composed, criteria: &Criteria) {
        if self.is_loose() && criteria.dialect == Dialect::Sqlite {
            return push_trigrams(sql, criteria);
        }
        sql.push("FROM security_keys k");
        if criteria.dialect == Dialect::Sqlite {
            sql.push(self.index());
        }
        push_tenant(sql, criteria.tenant);
        self.push_own(sql, criteria);
    }

    fn index(&self) -> &'static str {
        match self {
            Self::Shelf(_, _) => "INDEXED BY security_keys_by_shelf",
            Self::Column(_, index) => index,
            Self::Policy(_, _, _) => "INDEXED BY security_keys_by_policy",
            Self::Found(Way::ShortExact | Way::ShortPrefix) => "INDEXED BY security_keys_by_short_serial",
            Self::Found(Way::HolderExact | Way::HolderPrefix) => "INDEXED BY security_keys_by_holder",
            Self::User => "INDEXED BY security_keys_by_user",
            Self::Locked => "INDEXED BY security_keys_by_locked",
            Self::UserDisabled => "INDEXED BY security_keys_by_disabled_user",
            Self::Mode => "INDEXED BY security_keys_by_mode",
            Self::Provider => "INDEXED BY security_keys_by_idp",
            Self::Removal(_) => "INDEXED BY security_keys_by_removal",
            Self::MailFailed => "INDEXED BY security_keys_by_failed_mail",
            Self::Serials
            | Self::Ids
            | Self::Found(Way::SerialExact | Way::SerialPrefix | Way::Anywhere | Way::Policies(_)) => "",
        }
    }

    fn push_own(&self, sql: &mut Composed, criteria: &Criteria) {
        match self {
            Self::Shelf(code, span) => {
                sql.push("AND k.shelf =").bind(*code);
                push_span(sql, *span);
            }
            Self::Column(code, _) => drop(sql.push("AND k.shelf =").bind(*code)),
            Self::Policy(policy, code, span) => {
                sql.push("AND k.policy_id =")
                    .bind(*policy)
                    .push("AND k.shelf =")
                    .bind(*code);
                push_span(sql, *span);
            }
            Self::Serials => {}
            Self::Found(way) => push_found(sql, criteria, *way),
            Self::User => drop(sql.push("AND k.user_id =").bind(criteria.user)),
            Self::Ids => drop(
                sql.push("AND k.id = ANY(")
                    .bind(criteria.ids.clone().unwrap_or_default())
                    .push(")"),
            ),
            Self::Locked => drop(sql.push(criteria.dialect.choose("AND k.locked = 1", "AND k.locked"))),
            Self::UserDisabled => drop(
                sql.push(
                    criteria
                        .dialect
                        .choose("AND k.user_disabled = 1", "AND k.user_disabled"),
                ),
            ),
            Self::Mode => {
                // The literal condition lets the partial index be used.
                sql.push("AND k.mode <> 'unmanaged' AND k.mode =")
                    .bind(criteria.mode.unwrap_or_default());
            }
            Self::Provider => drop(sql.push("AND k.idp_name =").bind(criteria.idp.clone())),
            Self::Removal(word) => drop(sql.push("AND k.removal =").bind(*word)),
            Self::MailFailed => drop(sql.push(criteria.dialect.choose("AND k.mail_failed = 1", "AND k.mail_failed"))),
        }
    }
}

fn push_tenant(sql: &mut Composed, tenant: TenantId) {
    sql.push("WHERE k.tenant_id =").bind(tenant.as_uuid());
}

fn push_span(sql: &mut Composed, span: Option<Span>) {
    if let Some(span) = span {
        sql.push("AND k.id >=")
            .bind(span.first)
            .push("AND k.id <=")
            .bind(span.last);
    }
}

/// As [`super::matching::Words::push_way`], in the form that the index answers.
fn push_found(sql: &mut Composed, criteria: &Criteria, way: Way) {
    let Some(words) = &criteria.words else { return };
    let (serial, name) = (words.serial.as_str(), words.name.as_str());
    match way {
        Way::SerialExact => drop(sql.push("AND k.serial_norm =").bind(serial)),
        Way::ShortExact => drop(sql.push("AND k.serial_short =").bind(serial)),
        Way::HolderExact => drop(sql.push("AND k.holder =").bind(name)),
        Way::SerialPrefix => drop(
            sql.push("AND k.serial_norm >=")
                .bind(serial)
                .push("AND k.serial_norm <")
                .bind(behind(serial)),
        ),
        Way::ShortPrefix => drop(
            sql.push("AND k.serial_short >=")
                .bind(serial)
                .push("AND k.serial_short <")
                .bind(behind(serial)),
        ),
        Way::HolderPrefix => drop(
            sql.push("AND k.holder >=")
                .bind(name)
                .push("AND k.holder <")
                .bind(behind(name)),
        ),
        Way::Anywhere | Way::Policies(_) => {
            sql.push("AND");
            words.push_way(sql, way);
        }
    }
}

fn push_trigrams(sql: &mut Composed, criteria: &Criteria) {
    let Some(words) = &criteria.words else { return };
    sql.push("FROM security_keys_search CROSS JOIN security_keys k");
    push_tenant(sql, criteria.tenant);
    sql.push("AND security_keys_search MATCH").bind(words.trigrams());
    sql.push("AND k.row_id = security_keys_search.rowid AND");
    words.push_way(sql, Way::Anywhere);
}
