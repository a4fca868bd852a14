//! From what is asked for to the stretches of the list, each along an index.

use claviger_domain::ids::TenantId;
use claviger_domain::user::UserStatus;

use super::filter::{Filter, Sort};
use super::matching::{Way, Words};
use super::page::{COLUMNS, Listed};
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::pages::{List, Stretch};
use crate::tx::Reader;

/// A filter with everything in it resolved.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    dialect: Dialect,
    tenant: TenantId,
    status: Option<UserStatus>,
    pub(super) words: Option<Words>,
}

impl Criteria {
    pub(super) fn resolve(reader: &Reader, tenant: TenantId, filter: &Filter) -> Self {
        Self {
            dialect: reader.dialect(),
            tenant,
            status: filter.status,
            words: filter.q.as_deref().and_then(Words::new),
        }
    }

    /// Stretches of the list in their order: with words and no order chosen, ranked; else one.
    pub(super) fn stretches(&self, sort: Option<Sort>) -> Vec<Stretch<Way>> {
        if let (Some(words), None) = (&self.words, sort) {
            return Stretch::ranked(words.ways(), |way| (way.column(), way.index()));
        }
        let sort = sort.unwrap_or(Sort::BY_NAME);
        vec![Stretch::whole(sort.column.sql(), sort.column.index(), sort.direction)]
    }
}

impl List for Criteria {
    type Item = Listed;
    type Way = Way;
    const COLUMNS: &'static str = COLUMNS;
    const FROM: &'static str = "FROM users u";
    const ID: &'static str = "u.id";

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn push_filter(&self, sql: &mut Composed) {
        sql.push("WHERE u.tenant_id =").bind(self.tenant.as_uuid());
        if let Some(status) = self.status {
            sql.push("AND u.status =").bind(status.as_str());
        }
    }

    fn push_way(&self, sql: &mut Composed, way: Way) {
        if let Some(words) = &self.words {
            words.push_way(sql, way);
        }
    }

    fn push_any(&self, sql: &mut Composed) {
        if let Some(words) = &self.words {
            sql.push("AND");
            words.push_any(sql, words.ways());
        }
    }
}
