//! A stretch of a list of users that has one order.

use super::matching::Way;
use super::page::KEYS;
use super::plan::Criteria;
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::pages::{Direction, Position, Tag};
use crate::row::Row;
use crate::tx::Reader;

/// A stretch of a list.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Names the stretch in a cursor.
    pub(super) tag: Tag,
    /// The way in which its users are found; any when absent.
    pub(super) found: Option<Way>,
    /// Ways of finding whose users stand in an earlier stretch.
    pub(super) without: Vec<Way>,
    /// The column that it is ordered by, before the id.
    pub(super) key: &'static str,
    /// The index that SQLite walks along.
    pub(super) index: &'static str,
    pub(super) direction: Direction,
}

impl Segment {
    /// Up to `limit` rows behind a position, in the segment's order or, `turned`, against it.
    pub(super) async fn read(
        &self,
        reader: &mut Reader,
        criteria: &Criteria,
        after: Option<&Position>,
        turned: bool,
        limit: i64,
    ) -> Result<Vec<Row>, Error> {
        let direction = if turned {
            self.direction.turned()
        } else {
            self.direction
        };
        let mut sql = Composed::new("SELECT u.*,");
        sql.push(KEYS).push(",").push(self.key).push("AS position");
        self.push_condition(&mut sql, criteria);
        let (way, beyond) = if direction.is_descending() {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        if let Some(after) = after {
            sql.push("AND (").push(self.key).push(", u.id)").push(beyond).push("(");
            sql.bind(after.key.clone()).push(",").bind(after.id).push(")");
        }
        sql.push("ORDER BY").push(self.key).push(way).push(", u.id").push(way);
        sql.push("LIMIT").bind(limit);
        reader.select(&sql).await
    }

    /// Counts up to `limit` of its users.
    pub(super) async fn count(&self, reader: &mut Reader, criteria: &Criteria, limit: i64) -> Result<i64, Error> {
        let mut sql = Composed::new("SELECT COUNT(*) AS count FROM (SELECT u.id");
        self.push_condition(&mut sql, criteria);
        sql.push("LIMIT").bind(limit).push(") found");
        let rows = reader.select(&sql).await?;
        rows.first().map_or(Ok(0), |row| row.get("count"))
    }

    fn push_condition(&self, sql: &mut Composed, criteria: &Criteria) {
        sql.push("FROM users u");
        if criteria.dialect == Dialect::Sqlite {
            sql.push(self.index);
        }
        sql.push("WHERE u.tenant_id =").bind(criteria.tenant.as_uuid());
        if let Some(status) = criteria.status {
            sql.push("AND u.status =").bind(status.as_str());
        }
        let Some(words) = &criteria.words else { return };
        sql.push("AND");
        match self.found {
            Some(way) => words.push_way(sql, way),
            None => words.push_any(sql, words.ways()),
        }
        for way in &self.without {
            // Null, where there is no address, is no finding.
            sql.push("AND NOT COALESCE(");
            words.push_way(sql, *way);
            sql.push(", FALSE)");
        }
    }
}
