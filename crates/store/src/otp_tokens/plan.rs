//! From what is asked for to the stretches of the list, each along an index.

use claviger_domain::ids::{OtpTokenId, TenantId};
use claviger_domain::otp::Status;
use uuid::Uuid;

use super::filter::{Filter, Sort};
use super::list::Listed;
use super::matching::{Way, Words};
use crate::batches::{self, Span};
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
    filter: Filter,
    words: Option<Words>,
    hidden: Vec<Span>,
    place: Place,
}

/// Where the tokens stand that are meant: the ids of an import are neighbours.
#[derive(Clone, Debug)]
enum Place {
    Anywhere,
    Within(Span),
    /// There was no such import.
    Nowhere,
}

impl Criteria {
    pub(super) async fn resolve(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Self, Error> {
        let place = match filter.batch {
            Some(id) => batches::get(reader, tenant, id)
                .await?
                .map_or(Place::Nowhere, |batch| Place::Within(batch.keys.span())),
            None => Place::Anywhere,
        };
        Ok(Self {
            place,
            dialect: reader.dialect(),
            tenant,
            words: filter.q.as_deref().and_then(|q| Words::new(q, filter.holders)),
            hidden: batches::hidden(reader, tenant).await?,
            filter: filter.clone(),
        })
    }

    /// Stretches of the list in their order: with words and no order chosen, ranked; else one.
    pub(super) fn stretches(&self, sort: Option<Sort>) -> Vec<Stretch<Way>> {
        let narrow = self.filter.index();
        if let (Some(words), None) = (&self.words, sort) {
            return Stretch::ranked(&words.ways(), |way| (way.column(), narrow.unwrap_or(way.index())));
        }
        let Sort { column, direction } = sort.unwrap_or(Sort::NEWEST);
        // Words find few rows by other indexes than the order's.
        let own = if self.words.is_some() { "" } else { column.index() };
        vec![Stretch::whole(column.sql(), narrow.unwrap_or(own), direction)]
    }

    /// Whether counters know how many there are.
    pub(super) fn is_counted(&self) -> bool {
        let Filter {
            kind,
            user,
            locked,
            batch,
            ids,
            q: _,
            statuses: _,
            holders: _,
        } = &self.filter;
        let narrow = kind.is_some() || user.is_some() || locked.is_some() || batch.is_some() || ids.is_some();
        self.words.is_none() && !narrow
    }
}

impl List for Criteria {
    type Item = Listed;
    type Way = Way;
    const COLUMNS: &'static str = super::list::COLUMNS;
    const FROM: &'static str = "FROM otp_tokens t";
    const ID: &'static str = "t.id";

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn push_filter(&self, sql: &mut Composed) {
        sql.push("WHERE t.tenant_id =").bind(self.tenant.as_uuid());
        push_filter(sql, &self.filter);
        match &self.place {
            Place::Anywhere => {}
            Place::Nowhere => drop(sql.push("AND FALSE")),
            Place::Within(Span { first, last }) => {
                sql.push("AND t.id >=").bind(*first);
                sql.push("AND t.id <=").bind(*last);
            }
        }
        for Span { first, last } in &self.hidden {
            sql.push("AND NOT (t.id >=").bind(*first);
            sql.push("AND t.id <=").bind(*last).push(")");
        }
    }

    fn push_way(&self, sql: &mut Composed, way: Way) {
        if let Some(words) = &self.words {
            words.push_way(sql, way, self.dialect);
        }
    }

    fn push_any(&self, sql: &mut Composed) {
        let Some(words) = &self.words else { return };
        let mut joint = "AND (";
        for way in words.ways() {
            sql.push(joint);
            words.push_way(sql, way, self.dialect);
            joint = "OR";
        }
        // Words that can be found in no way find nothing.
        sql.push(if joint == "OR" { ")" } else { "AND FALSE" });
    }
}

fn push_filter(sql: &mut Composed, filter: &Filter) {
    let words = |statuses: &[Status]| -> Vec<String> {
        let words = statuses.iter().map(|status| status.as_str().to_owned());
        words.collect()
    };
    match filter.statuses.as_slice() {
        [] => {}
        [one] => drop(sql.push("AND t.status =").bind(one.as_str())),
        several => drop(sql.push("AND t.status = ANY(").bind(words(several)).push(")")),
    }
    if let Some(kind) = filter.kind {
        sql.push("AND t.kind =").bind(kind.as_str());
    }
    if let Some(user) = filter.user {
        sql.push("AND t.user_id =").bind(user.as_uuid());
    }
    match filter.locked {
        Some(true) => drop(sql.push("AND t.locked_at IS NOT NULL")),
        Some(false) => drop(sql.push("AND t.locked_at IS NULL")),
        None => {}
    }
    if let Some(ids) = &filter.ids {
        let ids: Vec<Uuid> = ids.iter().map(OtpTokenId::as_uuid).collect();
        sql.push("AND t.id = ANY(").bind(ids).push(")");
    }
}
