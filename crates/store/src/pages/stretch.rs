//! Lists whose rows stand in one table: stretches, each along one index, read as pages, counts and walks.

use std::fmt::Debug;

use super::{Asked, Cursor, Direction, Found, ListError, Page, Position, Tag, behind};
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::row::Row;
use crate::tx::Reader;
use crate::value::Value;
use uuid::Uuid;

/// What a list is made of besides its order: columns, and a filter with everything in it resolved.
pub(crate) trait List {
    /// A row as it is shown.
    type Item: for<'row> TryFrom<&'row Row, Error = Error>;
    /// A way in which a search finds rows.
    type Way: Copy + Debug;
    /// The columns of a row.
    const COLUMNS: &'static str;
    /// `FROM` and the table.
    const FROM: &'static str;
    /// The column of the id.
    const ID: &'static str;

    /// The engine that is asked.
    fn dialect(&self) -> Dialect;

    /// Adds `WHERE` with the tenant, and all conditions but the search.
    fn push_filter(&self, sql: &mut Composed);

    /// Adds the condition that the search finds a row in this way.
    fn push_way(&self, sql: &mut Composed, way: Self::Way);

    /// Adds `AND` and the condition that the search finds a row in any way; nothing when nothing is searched.
    fn push_any(&self, sql: &mut Composed);
}

/// The position of a row where the id alone is the order.
const BY_ID: &str = "CAST(NULL AS bigint)";

/// A stretch of a list.
#[derive(Clone, Debug)]
pub(crate) struct Stretch<Way> {
    /// Names the stretch in a cursor.
    tag: Tag,
    /// The way in which its rows are found; any when absent.
    found: Option<Way>,
    /// Ways of finding whose rows stand in an earlier stretch.
    without: Vec<Way>,
    /// The column that it is ordered by, before the id.
    key: &'static str,
    /// The index that SQLite walks along: without statistics it guesses.
    index: &'static str,
    direction: Direction,
}

impl<Way: Copy> Stretch<Way> {
    /// The whole list, ordered by a column.
    pub(crate) const fn whole(key: &'static str, index: &'static str, direction: Direction) -> Self {
        Self {
            tag: (0, Uuid::nil()),
            found: None,
            without: Vec::new(),
            key,
            index,
            direction,
        }
    }

    /// A stretch for each way of finding, best first, by its column and index; what was found in one way is not found
    /// again in a later one.
    pub(crate) fn ranked(ways: &[Way], order: impl Fn(Way) -> (&'static str, &'static str)) -> Vec<Self> {
        let stretch = |(rank, way): (usize, &Way)| {
            let (key, index) = order(*way);
            Self {
                tag: (u8::try_from(rank + 1).unwrap_or(u8::MAX), Uuid::nil()),
                found: Some(*way),
                without: ways.iter().take(rank).copied().collect(),
                key,
                index,
                direction: Direction::Ascending,
            }
        };
        ways.iter().enumerate().map(stretch).collect()
    }

    /// Asks for up to `limit` rows behind a position, in the stretch's order or, `turned`, against it.
    fn statement<L: List<Way = Way>>(&self, list: &L, after: Option<&Position>, turned: bool, limit: i64) -> Composed {
        let mut sql = Composed::new("SELECT");
        let position = if self.is_by_id::<L>() { BY_ID } else { self.key };
        sql.push(L::COLUMNS).push(",").push(position).push("AS position");
        self.push_condition(&mut sql, list);
        self.push_order::<L>(&mut sql, after, turned, limit);
        sql
    }

    /// Whether the id alone is its order: ids rise with the time at which rows came in.
    fn is_by_id<L: List<Way = Way>>(&self) -> bool {
        self.key == L::ID
    }

    fn push_order<L: List<Way = Way>>(&self, sql: &mut Composed, after: Option<&Position>, turned: bool, limit: i64) {
        let direction = if turned {
            self.direction.turned()
        } else {
            self.direction
        };
        let (way, beyond) = if direction.is_descending() {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        let alone = self.is_by_id::<L>();
        if let (Some(after), true) = (after, alone) {
            sql.push("AND").push(L::ID).push(beyond).bind(after.id);
        } else if let Some(after) = after {
            sql.push("AND (").push(self.key).push(",").push(L::ID).push(")");
            sql.push(beyond)
                .push("(")
                .bind(after.key.clone())
                .push(",")
                .bind(after.id)
                .push(")");
        }
        sql.push("ORDER BY");
        if !alone {
            sql.push(self.key).push(way).push(",");
        }
        sql.push(L::ID).push(way).push("LIMIT").bind(limit);
    }

    /// Up to `limit` ids of its rows behind an id; for a stretch whose order is the id's.
    pub(crate) async fn ids<L: List<Way = Way>>(
        &self,
        reader: &mut Reader,
        list: &L,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Uuid>, Error> {
        let after = after.map(|id| Position { key: Value::Null, id });
        let mut sql = Composed::new("SELECT");
        sql.push(L::ID);
        self.push_condition(&mut sql, list);
        self.push_order::<L>(&mut sql, after.as_ref(), false, limit);
        reader.select(&sql).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Counts up to `limit` of its rows.
    pub(crate) async fn count<L: List<Way = Way>>(
        &self,
        reader: &mut Reader,
        list: &L,
        limit: i64,
    ) -> Result<i64, Error> {
        let mut sql = Composed::new("SELECT COUNT(*) AS count FROM (SELECT");
        sql.push(L::ID);
        self.push_condition(&mut sql, list);
        sql.push("LIMIT").bind(limit).push(") found");
        let rows = reader.select(&sql).await?;
        rows.first().map_or(Ok(0), |row| row.get("count"))
    }

    fn push_condition<L: List<Way = Way>>(&self, sql: &mut Composed, list: &L) {
        sql.push(L::FROM);
        if list.dialect() == Dialect::Sqlite {
            sql.push(self.index);
        }
        list.push_filter(sql);
        match self.found {
            Some(way) => {
                sql.push("AND");
                list.push_way(sql, way);
            }
            None => list.push_any(sql),
        }
        for way in &self.without {
            // Null, where there is nothing to compare with, is no finding.
            sql.push("AND NOT COALESCE(");
            list.push_way(sql, *way);
            sql.push(", FALSE)");
        }
    }
}

/// A page of a list.
pub(crate) async fn page<L: List>(
    reader: &mut Reader,
    list: &L,
    stretches: &[Stretch<L::Way>],
    asked: &Asked,
) -> Result<Page<L::Item>, ListError> {
    let page = asked.page(read(reader, list, stretches, asked.from(), asked.rows()).await?);
    let items = page.items.iter().map(L::Item::try_from).collect::<Result<_, _>>()?;
    Ok(page.with(items))
}

/// Up to `limit` rows behind a cursor, across stretches.
async fn read<L: List>(
    reader: &mut Reader,
    list: &L,
    stretches: &[Stretch<L::Way>],
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Found>, ListError> {
    let backward = from.is_some_and(|cursor| cursor.backward);
    let mut found = Vec::new();
    for stretch in behind(stretches, |stretch| stretch.tag, from)? {
        let after = from
            .filter(|cursor| cursor.tag == stretch.tag)
            .map(|cursor| &cursor.position);
        let wanted = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        for row in reader.select(&stretch.statement(list, after, backward, wanted)).await? {
            found.push(Found::of(stretch.tag, row)?);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// Steps along a whole list, with the memory of one step.
#[derive(Debug)]
pub(crate) struct Steps<L: List> {
    list: L,
    stretches: Vec<Stretch<L::Way>>,
    after: Option<Cursor>,
    ended: bool,
}

impl<L: List> Steps<L> {
    /// Before the first row.
    pub(crate) const fn new(list: L, stretches: Vec<Stretch<L::Way>>) -> Self {
        Self {
            list,
            stretches,
            after: None,
            ended: false,
        }
    }

    /// The next rows, at most `limit`; none at the end.
    pub(crate) async fn next(&mut self, reader: &mut Reader, limit: usize) -> Result<Vec<L::Item>, ListError> {
        if self.ended {
            return Ok(Vec::new());
        }
        let found = read(reader, &self.list, &self.stretches, self.after.as_ref(), limit).await?;
        self.ended = found.len() < limit;
        if let Some(last) = found.last() {
            self.after = Some(last.cursor(false));
        }
        let items = found.iter().map(|found| L::Item::try_from(&found.row));
        Ok(items.collect::<Result<_, _>>()?)
    }
}
