//! From what is asked for to the stretches of the list, each along an index.

use claviger_domain::ids::TenantId;
use claviger_domain::user::UserStatus;

use super::filter::{Filter, Sort};
use super::index;
use super::matching::{Way, Words};
use super::page::{COLUMNS, Listed};
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::pages::{List, Stretch};
use crate::tx::Reader;

/// A filter with everything in it resolved.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    dialect: Dialect,
    tenant: TenantId,
    status: Option<UserStatus>,
    pub(super) words: Option<Words>,
    /// The rows of SQLite's that may hold the words, where they are few.
    rows: Option<Vec<i64>>,
}

/// The index by which the few rows are fetched.
const BY_ROW: &str = "INDEXED BY users_by_row_id";

impl Criteria {
    /// For a list that is read from one end to the other.
    pub(super) fn whole(reader: &Reader, tenant: TenantId, filter: &Filter) -> Self {
        Self {
            dialect: reader.dialect(),
            tenant,
            status: filter.status,
            words: filter.q.as_deref().and_then(Words::new),
            rows: None,
        }
    }

    /// For a part of a list.
    ///
    /// # Errors
    /// What the engine meets.
    pub(super) async fn resolve(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Self, Error> {
        let mut criteria = Self::whole(reader, tenant, filter);
        if let Some(trigrams) = criteria.words.as_ref().and_then(Words::trigrams) {
            criteria.rows = index::candidates(reader, trigrams).await?;
        }
        Ok(criteria)
    }

    /// Stretches of the list in their order: with words and no order chosen, ranked; else one.
    pub(super) fn stretches(&self, sort: Option<Sort>) -> Vec<Stretch<Way>> {
        if let (Some(words), None) = (&self.words, sort) {
            let index = |way| if way == Way::Anywhere { self.by_row() } else { None };
            return Stretch::ranked(words.ways(), |way| (way.column(), index(way).unwrap_or(way.index())));
        }
        let sort = sort.unwrap_or(Sort::BY_NAME);
        let index = self.by_row().unwrap_or(sort.column.index());
        vec![Stretch::whole(sort.column.sql(), index, sort.direction)]
    }

    fn by_row(&self) -> Option<&'static str> {
        self.rows.as_ref().map(|_| BY_ROW)
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
        let Some(words) = &self.words else { return };
        match (way, &self.rows) {
            (Way::Anywhere, Some(rows)) => {
                sql.push("(u.row_id = ANY(").bind(rows.clone()).push(") AND");
                words.push_way(sql, way);
                sql.push(")");
            }
            (_, _) => words.push_way(sql, way),
        }
    }

    fn push_any(&self, sql: &mut Composed) {
        let Some(words) = &self.words else { return };
        sql.push("AND");
        if self.rows.is_some() {
            // Whatever is found in another way has the words somewhere, too.
            self.push_way(sql, Way::Anywhere);
        } else {
            words.push_any(sql, words.ways());
        }
    }
}
