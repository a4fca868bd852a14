//! A filter with everything in it resolved: what a statement's `WHERE` is made of.

use claviger_domain::ids::{PolicyId, SecurityKeyId, TenantId};
use claviger_domain::security_key::{Mode, Removal, Status};
use claviger_domain::user::UserStatus;
use uuid::Uuid;

use super::filter::Filter;
use super::matching::Words;
use super::shelf::Shelf;
use crate::batches::{self, Span};
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::policies::{self, Named};
use crate::tx::Reader;

/// Conditions that are resolved to columns of the keys' table.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    pub(super) dialect: Dialect,
    pub(super) tenant: TenantId,
    /// Codes of the shelves, rising; nothing on other shelves is meant.
    pub(super) shelves: Vec<i64>,
    /// Whether `shelves` are all there are.
    pub(super) every_shelf: bool,
    /// Ranges of ids that may be shown, rising; `None`: all.
    pub(super) spans: Option<Vec<Span>>,
    /// Policies, and whether keys without one are meant too.
    pub(super) policies: Option<(Vec<Uuid>, bool)>,
    pub(super) user: Option<Uuid>,
    /// Whether the holder is disabled.
    pub(super) user_disabled: Option<bool>,
    pub(super) mode: Option<&'static str>,
    pub(super) idp: Option<String>,
    pub(super) locked: Option<bool>,
    pub(super) drift: Option<bool>,
    /// Removals that are owed, each once; `None`: whatever.
    pub(super) removals: Option<Vec<&'static str>>,
    pub(super) mail_failed: Option<bool>,
    pub(super) ids: Option<Vec<Uuid>>,
    /// What the search box says.
    pub(super) words: Option<Words>,
    /// The size of the batch that is asked for.
    pub(super) batch_size: Option<u64>,
    /// All policies in the order of their names.
    pub(super) named: Vec<Named>,
}

/// A condition that an index answers already, so that it is not asked of each row again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of conditions, each named once")]
pub(super) struct Covered {
    pub(super) shelf: bool,
    pub(super) span: bool,
    pub(super) policy: bool,
    pub(super) user: bool,
    pub(super) user_disabled: bool,
    pub(super) mode: bool,
    pub(super) idp: bool,
    pub(super) locked: bool,
    pub(super) removal: bool,
    pub(super) mail_failed: bool,
    pub(super) ids: bool,
    pub(super) words: bool,
}

impl Criteria {
    pub(super) async fn resolve(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Self, Error> {
        let named = policies::named(reader, tenant).await?;
        let hidden = batches::hidden(reader, tenant).await?;
        let batch = match filter.batch {
            Some(id) => Some(batches::get(reader, tenant, id).await?),
            None => None,
        };
        let whole = Span {
            first: Uuid::nil(),
            last: Uuid::max(),
        };
        let spans = match &batch {
            Some(batch) => Some(without(batch.iter().map(|batch| batch.keys.span()).collect(), &hidden)),
            None if hidden.is_empty() => None,
            None => Some(without(vec![whole], &hidden)),
        };
        let shelves = filter.shelves();
        Ok(Self {
            dialect: reader.dialect(),
            tenant,
            every_shelf: shelves.len() == Shelf::COUNT,
            shelves: shelves.into_iter().map(Shelf::code).collect(),
            spans,
            policies: filter
                .policies
                .as_ref()
                .map(|chosen| (chosen.ids.iter().map(PolicyId::as_uuid).collect(), chosen.none)),
            user: filter.user.map(|id| id.as_uuid()),
            user_disabled: filter.user_status.map(|status| status == UserStatus::Disabled),
            mode: filter.mode.map(Mode::as_str),
            idp: filter.identity_provider.clone(),
            locked: filter.locked,
            drift: filter.drift,
            removals: removals(&filter.removals),
            mail_failed: filter.mail_failed,
            ids: filter
                .ids
                .as_ref()
                .map(|ids| ids.iter().map(SecurityKeyId::as_uuid).collect()),
            words: filter.q.as_deref().and_then(|q| Words::new(q, filter.holders, &named)),
            batch_size: batch.map(|batch| batch.map_or(0, |batch| batch.counts.accepted)),
            named,
        })
    }

    /// Whether tab and status are all that is asked for, so that counters know the total.
    pub(super) fn is_shelves_only(&self) -> bool {
        self.batch_size.is_none()
            && self.policies.is_none()
            && self.user.is_none()
            && self.user_disabled.is_none()
            && self.mode.is_none()
            && self.idp.is_none()
            && self.locked.is_none()
            && self.drift.is_none()
            && self.removals.is_none()
            && self.mail_failed.is_none()
            && self.ids.is_none()
            && self.words.is_none()
    }

    /// Whether the filter leaves keys with this policy.
    pub(super) fn may_have(&self, policy: Uuid) -> bool {
        self.policies.as_ref().is_none_or(|(ids, _)| ids.contains(&policy))
    }

    /// Adds the conditions that are not covered; answers whether there were any.
    pub(super) fn push(&self, sql: &mut Composed, covered: Covered) -> bool {
        let before = sql.values().len();
        if !covered.shelf && !self.every_shelf {
            sql.push("AND k.shelf = ANY(").bind(self.shelves.clone()).push(")");
        }
        if !covered.span {
            self.push_spans(sql);
        }
        if !covered.policy {
            self.push_policies(sql);
        }
        if let (false, Some(user)) = (covered.user, self.user) {
            sql.push("AND k.user_id =").bind(user);
        }
        if let (false, Some(disabled)) = (covered.user_disabled, self.user_disabled) {
            sql.push("AND k.user_id IS NOT NULL AND k.user_disabled =")
                .bind(disabled);
        }
        if let (false, Some(mode)) = (covered.mode, self.mode) {
            sql.push("AND k.mode =").bind(mode);
        }
        if let (false, Some(idp)) = (covered.idp, &self.idp) {
            sql.push("AND k.idp_name =").bind(idp);
        }
        if let (false, Some(locked)) = (covered.locked, self.locked) {
            sql.push("AND k.locked =").bind(locked);
        }
        if let (false, Some(removals)) = (covered.removal, &self.removals) {
            let words: Vec<String> = removals.iter().map(|word| (*word).to_owned()).collect();
            sql.push("AND k.removal = ANY(").bind(words).push(")");
        }
        if let (false, Some(failed)) = (covered.mail_failed, self.mail_failed) {
            sql.push("AND k.mail_failed =").bind(failed);
        }
        if let (false, Some(ids)) = (covered.ids, &self.ids) {
            sql.push("AND k.id = ANY(").bind(ids.clone()).push(")");
        }
        self.push_drift(sql);
        if let (false, Some(words)) = (covered.words, &self.words) {
            words.push_match(sql);
        }
        sql.values().len() > before
    }

    fn push_spans(&self, sql: &mut Composed) {
        let Some(spans) = &self.spans else { return };
        sql.push("AND (FALSE");
        for span in spans {
            sql.push("OR k.id BETWEEN").bind(span.first).push("AND").bind(span.last);
        }
        sql.push(")");
    }

    fn push_policies(&self, sql: &mut Composed) {
        match &self.policies {
            None => {}
            Some((ids, false)) => {
                sql.push("AND k.policy_id = ANY(").bind(ids.clone()).push(")");
            }
            Some((ids, true)) => {
                sql.push("AND (k.policy_id IS NULL OR k.policy_id = ANY(")
                    .bind(ids.clone())
                    .push("))");
            }
        }
    }

    /// As the domain's `SecurityKey::drift`: seen with another version than pinned, or pinned to an old one.
    fn push_drift(&self, sql: &mut Composed) {
        let Some(drift) = self.drift else { return };
        let codes = |some: fn(Status) -> bool| -> Vec<i64> {
            Shelf::all()
                .filter(|shelf| some(shelf.status))
                .map(Shelf::code)
                .collect()
        };
        let written = |status| matches!(status, Status::Configured | Status::Enrolled | Status::Suspended);
        let linked = |status| {
            matches!(
                status,
                Status::Ready | Status::Configured | Status::Enrolled | Status::Suspended
            )
        };
        sql.push(if drift { "AND (" } else { "AND NOT (" });
        sql.push("(k.shelf = ANY(").bind(codes(written));
        sql.push(") AND COALESCE(k.observed_policy_version <> k.policy_version, FALSE))");
        sql.push("OR (k.shelf = ANY(").bind(codes(linked));
        sql.push(
            ") AND EXISTS (SELECT 1 FROM policies p WHERE p.tenant_id = k.tenant_id AND p.id = k.policy_id
            AND p.version > k.policy_version)))",
        );
    }
}

fn removals(chosen: &[Removal]) -> Option<Vec<&'static str>> {
    let words = Removal::ALL.iter().filter(|removal| chosen.contains(removal));
    (!chosen.is_empty()).then(|| words.map(|removal| removal.as_str()).collect())
}

/// `ranges` less what is hidden; both rise and do not overlap within themselves.
fn without(ranges: Vec<Span>, hidden: &[Span]) -> Vec<Span> {
    hidden.iter().fold(ranges, |ranges, hole| {
        ranges.into_iter().flat_map(|span| cut(span, *hole)).collect()
    })
}

fn cut(span: Span, hole: Span) -> Vec<Span> {
    if hole.last < span.first || span.last < hole.first {
        return vec![span];
    }
    let left = Span {
        first: span.first,
        last: Uuid::from_u128(hole.first.as_u128().saturating_sub(1)),
    };
    let right = Span {
        first: Uuid::from_u128(hole.last.as_u128().saturating_add(1)),
        last: span.last,
    };
    [(span.first < hole.first, left), (hole.last < span.last, right)]
        .into_iter()
        .filter_map(|(some, part)| some.then_some(part))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: u128, last: u128) -> Span {
        Span {
            first: Uuid::from_u128(first),
            last: Uuid::from_u128(last),
        }
    }

    #[test]
    fn what_is_hidden_is_cut_out() {
        let whole = vec![span(0, 100)];
        assert_eq!(without(whole.clone(), &[]), whole);
        assert_eq!(
            without(whole.clone(), &[span(10, 20), span(30, 100)]),
            [span(0, 9), span(21, 29)]
        );
        assert_eq!(without(whole.clone(), &[span(0, 100)]), []);
        assert_eq!(without(vec![span(5, 9)], &[span(10, 20)]), [span(5, 9)]);
    }
}
