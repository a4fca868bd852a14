//! A stretch of a list that has one order: a few walks, merged by the database, of which a page is read.

use uuid::Uuid;

use super::arm::Arm;
use super::criteria::{Covered, Criteria};
use super::matching::Way;
use super::row::COLUMNS;
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::pages::{Direction, Position, Tag};
use crate::row::Row;
use crate::tx::Reader;

/// So many statements are sent at once.
const TOGETHER: usize = 16;

/// What a stretch is ordered by, before the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Nothing but the id.
    Id,
    /// A column.
    Column(&'static str),
    /// The row's number in SQLite's trigram index.
    Trigrams,
}

/// What keys of a stretch have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing.
    All,
    /// This policy.
    Policy(Uuid),
    /// That they have no policy.
    NoPolicy,
}

/// A stretch of a list.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Names the stretch in a cursor: its kind, and the policy it is about.
    pub(super) tag: Tag,
    pub(super) arms: Vec<Arm>,
    pub(super) key: Key,
    pub(super) direction: Direction,
    /// Ways of finding whose rows stand in an earlier stretch.
    pub(super) without: Vec<Way>,
    /// The policy that the stretch is about.
    pub(super) about: About,
}

impl Segment {
    /// Up to `limit` rows from the beginning, in the segment's order.
    pub(super) async fn read(&self, reader: &mut Reader, criteria: &Criteria, limit: i64) -> Result<Vec<Row>, Error> {
        match self.statement(criteria, None, false, limit) {
            Some(sql) => reader.select(&sql).await,
            None => Ok(Vec::new()),
        }
    }

    /// Asks for up to `limit` rows behind a position, in the segment's order or, `turned`, against it; nothing where
    /// there is nothing to walk along.
    pub(super) fn statement(
        &self,
        criteria: &Criteria,
        after: Option<&Position>,
        turned: bool,
        limit: i64,
    ) -> Option<Composed> {
        let direction = if turned {
            self.direction.turned()
        } else {
            self.direction
        };
        match self.arms.as_slice() {
            [] => None,
            [arm] => Some(self.alone(criteria, arm, COLUMNS, (after, direction), limit)),
            arms => Some(self.merged(criteria, arms, (after, direction), limit)),
        }
    }

    /// Stretches that are read together: on PostgreSQL the short ones of a ranked list, whose answers come on one
    /// journey. The others one by one, since each may fill the page.
    pub(super) fn journeys<'a>(criteria: &Criteria, segments: &'a [&'a Self]) -> Vec<&'a [&'a Self]> {
        if criteria.dialect == Dialect::Sqlite {
            return segments.chunks(1).collect();
        }
        segments
            .chunk_by(|one, next| one.is_short() && next.is_short())
            .flat_map(|together| together.chunks(TOGETHER))
            .collect()
    }

    fn is_short(&self) -> bool {
        self.tag.0 >= super::plan::RANKED && !self.arms.iter().any(Arm::is_loose)
    }

    /// Up to `limit` ids behind a position, in the segment's order: of a million keys no row is read, only an index.
    pub(super) async fn ids(
        &self,
        reader: &mut Reader,
        criteria: &Criteria,
        after: Option<&Position>,
        limit: i64,
    ) -> Result<Vec<Uuid>, Error> {
        let sql = match self.arms.as_slice() {
            [] => return Ok(Vec::new()),
            [arm] => self.alone(criteria, arm, "k.id", (after, self.direction), limit),
            arms => {
                let mut sql = Composed::new("SELECT p.id FROM (");
                self.push_arms(&mut sql, criteria, arms, (after, self.direction), limit);
                sql.push(") p ORDER BY");
                self.push_order(&mut sql, "p.position", "p.id", self.direction);
                sql.push("LIMIT").bind(limit);
                sql
            }
        };
        let rows = reader.select(&sql).await?;
        rows.iter().map(|row| row.get("id")).collect()
    }

    /// One walk: its rows as they come.
    fn alone(
        &self,
        criteria: &Criteria,
        arm: &Arm,
        columns: &'static str,
        (after, direction): (Option<&Position>, Direction),
        limit: i64,
    ) -> Composed {
        let mut sql = Composed::new("SELECT");
        sql.push(columns).push(",").push(self.key.sql()).push("AS position");
        self.push_condition(&mut sql, criteria, arm);
        self.push_after(&mut sql, after, direction);
        sql.push("ORDER BY");
        self.push_order(&mut sql, self.key.sql(), "k.id", direction);
        sql.push("LIMIT").bind(limit);
        sql
    }

    /// Several walks: their ids are merged, and the rows of those that are left are fetched.
    fn merged(
        &self,
        criteria: &Criteria,
        arms: &[Arm],
        (after, direction): (Option<&Position>, Direction),
        limit: i64,
    ) -> Composed {
        let mut sql = Composed::new("SELECT");
        sql.push(COLUMNS).push(", p.position FROM (");
        self.push_arms(&mut sql, criteria, arms, (after, direction), limit);
        sql.push(") p CROSS JOIN security_keys k WHERE k.tenant_id =")
            .bind(criteria.tenant.as_uuid());
        sql.push("AND k.id = p.id ORDER BY");
        self.push_order(&mut sql, "p.position", "p.id", direction);
        sql.push("LIMIT").bind(limit);
        sql
    }

    /// Each walk's ids with what they are ordered by.
    fn push_arms(
        &self,
        sql: &mut Composed,
        criteria: &Criteria,
        arms: &[Arm],
        (after, direction): (Option<&Position>, Direction),
        limit: i64,
    ) {
        for (place, arm) in arms.iter().enumerate() {
            sql.push(if place == 0 {
                "SELECT * FROM (SELECT k.id,"
            } else {
                "UNION ALL SELECT * FROM (SELECT k.id,"
            });
            sql.push(self.key.sql()).push("AS position");
            self.push_condition(sql, criteria, arm);
            self.push_after(sql, after, direction);
            sql.push("ORDER BY");
            self.push_order(sql, self.key.sql(), "k.id", direction);
            sql.push("LIMIT").bind(limit).push(") a");
        }
    }

    /// Counts, looking at no more than `budget` rows of each walk: how many were looked at, how many count.
    pub(super) async fn count(
        &self,
        reader: &mut Reader,
        criteria: &Criteria,
        budget: Option<i64>,
    ) -> Result<Vec<(i64, i64)>, Error> {
        let answers = reader.select_each(&self.counting(criteria, budget)).await?;
        let row = |row: &Row| Ok((row.get("seen")?, row.get("found")?));
        answers.iter().flatten().map(row).collect()
    }

    /// One statement for each walk, whose row says how many were looked at and how many count.
    pub(super) fn counting(&self, criteria: &Criteria, budget: Option<i64>) -> Vec<Composed> {
        let counting = |arm| {
            let mut sql = Composed::new("SELECT COUNT(*) AS seen, COUNT(CASE WHEN 1 = 1");
            self.push_loose(&mut sql, criteria, arm);
            sql.push("THEN 1 END) AS found FROM (SELECT k.*");
            arm.push(&mut sql, criteria);
            if let Some(budget) = budget {
                sql.push("LIMIT").bind(budget);
            }
            sql.push(") k");
            sql
        };
        self.arms.iter().map(counting).collect()
    }

    /// Whether rows of a walk must be looked at before they count.
    pub(super) fn is_loose(&self, criteria: &Criteria, arm: &Arm) -> bool {
        self.push_loose(&mut Composed::default(), criteria, arm)
    }

    fn push_condition(&self, sql: &mut Composed, criteria: &Criteria, arm: &Arm) {
        arm.push(sql, criteria);
        self.push_loose(sql, criteria, arm);
    }

    fn push_loose(&self, sql: &mut Composed, criteria: &Criteria, arm: &Arm) -> bool {
        let by_policy = matches!(self.about, About::Policy(_));
        let covered = arm.covered();
        // A stretch of a ranked list is found by its policy; that is its share of the search.
        let words = covered.words || (by_policy && self.tag.0 != super::plan::BY_POLICY_NAME);
        let mut loose = criteria.push(sql, Covered { words, ..covered });
        loose |= self.push_policy(sql, covered);
        if let Some(words) = &criteria.words {
            for way in &self.without {
                sql.push("AND NOT");
                words.push_way(sql, *way);
                loose = true;
            }
        }
        loose
    }

    fn push_policy(&self, sql: &mut Composed, covered: Covered) -> bool {
        match self.about {
            About::Policy(policy) if !covered.policy => {
                sql.push("AND k.policy_id =").bind(policy);
                true
            }
            About::NoPolicy => {
                sql.push("AND k.policy_id IS NULL");
                true
            }
            About::Policy(_) | About::All => false,
        }
    }

    fn push_after(&self, sql: &mut Composed, after: Option<&Position>, direction: Direction) {
        let Some(after) = after else { return };
        let beyond = if direction.is_descending() { "<" } else { ">" };
        match self.key {
            Key::Id => drop(sql.push("AND k.id").push(beyond).bind(after.id)),
            Key::Trigrams => drop(
                sql.push("AND security_keys_search.rowid")
                    .push(beyond)
                    .bind(after.key.clone()),
            ),
            Key::Column(column) => {
                sql.push("AND (").push(column).push(", k.id)").push(beyond).push("(");
                sql.bind(after.key.clone()).push(",").bind(after.id).push(")");
            }
        }
    }

    fn push_order(&self, sql: &mut Composed, key: &'static str, id: &'static str, direction: Direction) {
        let way = if direction.is_descending() { "DESC" } else { "ASC" };
        match self.key {
            Key::Id => drop(sql.push(id).push(way)),
            Key::Trigrams => drop(sql.push(key).push(way)),
            Key::Column(_) => drop(sql.push(key).push(way).push(",").push(id).push(way)),
        }
    }
}

impl Key {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "0",
            Self::Column(column) => column,
            Self::Trigrams => "security_keys_search.rowid",
        }
    }
}
