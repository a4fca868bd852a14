//! Reads the log: pages newest first, the history of objects, and walks in the order of the chain.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use super::AuditEvent;
use crate::dialect::like_literal;
use crate::{Composed, Error, Reader, Value};

const COLUMNS: &str = "SELECT tenant_id, id, lane, sequence, at, actor_kind, actor_id, actor_label, source,
    request_id, action, object_kind, object_id, object_label, before, after, reason, ticket, previous, hash
    FROM audit_events WHERE tenant_id =";

const WALK: &str = "SELECT tenant_id, id, lane, sequence, at, actor_kind, actor_id, actor_label, source,
    request_id, action, object_kind, object_id, object_label, before, after, reason, ticket, previous, hash
    FROM audit_events WHERE tenant_id = $1 AND lane = $2 AND sequence > $3
    ORDER BY sequence LIMIT $4";

/// What to look for; fields left empty do not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// By any of these, as ids.
    pub actors: Vec<Uuid>,
    /// Any of these: exact (`security_key.revoked`), or a whole object with a dot at the end (`security_key.`).
    pub actions: Vec<String>,
    /// To any of these objects: a key with its import and its bulk jobs, for example.
    pub objects: Vec<Uuid>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Text in action, names, reason, ticket or address, whatever the case.
    pub q: Option<String>,
}

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The newest.
    First,
    /// Older than this event.
    After(Uuid),
    /// Newer than this event, next to it.
    Before(Uuid),
}

/// A page of events, newest first; at most `limit`.
///
/// # Errors
/// What the database meets.
pub async fn list(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    page: Page,
    limit: i64,
) -> Result<Vec<AuditEvent>, Error> {
    let mut sql = Composed::new(COLUMNS);
    sql.bind(tenant);
    narrow(&mut sql, filter);
    match page {
        Page::First => sql.push("ORDER BY id DESC LIMIT"),
        Page::After(id) => sql.push("AND id <").bind(id).push("ORDER BY id DESC LIMIT"),
        Page::Before(id) => sql.push("AND id >").bind(id).push("ORDER BY id LIMIT"),
    };
    sql.bind(limit);
    let rows = reader.select(&sql).await?;
    let mut events = rows.iter().map(AuditEvent::from_row).collect::<Result<Vec<_>, _>>()?;
    if matches!(page, Page::Before(_)) {
        events.reverse();
    }
    Ok(events)
}

/// The history of an object and of what befell it with others: an import, a bulk job.
///
/// # Errors
/// What the database meets.
pub async fn for_object(
    reader: &mut Reader,
    tenant: TenantId,
    objects: &[Uuid],
    page: Page,
    limit: i64,
) -> Result<Vec<AuditEvent>, Error> {
    let filter = Filter {
        objects: objects.to_vec(),
        ..Filter::default()
    };
    list(reader, tenant, &filter, page, limit).await
}

/// Events of one lane in the order of the chain, after `sequence`; at most `limit`.
///
/// # Errors
/// What the database meets.
pub async fn walk(
    reader: &mut Reader,
    tenant: TenantId,
    lane: i64,
    sequence: i64,
    limit: i64,
) -> Result<Vec<AuditEvent>, Error> {
    let values: [Value; 4] = [tenant.into(), lane.into(), sequence.into(), limit.into()];
    reader
        .query(WALK, &values)
        .await?
        .iter()
        .map(AuditEvent::from_row)
        .collect()
}

fn narrow(sql: &mut Composed, filter: &Filter) {
    any_of(sql, "AND actor_id", &filter.actors);
    any_of(sql, "AND object_id", &filter.objects);
    actions(sql, &filter.actions);
    // Ids begin with the time, so the primary key serves the period.
    if let Some(from) = filter.from {
        sql.push("AND id >=").bind(first_id(from));
    }
    if let Some(to) = filter.to {
        sql.push("AND id <").bind(first_id(to));
    }
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let pattern = format!("%{}%", like_literal(&q.to_lowercase()));
        sql.push("AND search LIKE").bind(pattern).push("ESCAPE '\\'");
    }
}

fn any_of(sql: &mut Composed, column: &'static str, ids: &[Uuid]) {
    match ids {
        [] => {}
        [one] => {
            sql.push(column).push("=").bind(*one);
        }
        several => {
            sql.push(column).push("= ANY(").bind(several).push(")");
        }
    }
}

fn actions(sql: &mut Composed, wanted: &[String]) {
    for (place, action) in wanted.iter().enumerate() {
        sql.push(if place == 0 { "AND (" } else { "OR" });
        if action.ends_with('.') {
            // '/' follows '.': the range holds all actions of the object.
            let end = format!("{}/", action.trim_end_matches('.'));
            sql.push("(action >=").bind(action.as_str());
            sql.push("AND action <").bind(end).push(")");
        } else {
            sql.push("action =").bind(action.as_str());
        }
    }
    if !wanted.is_empty() {
        sql.push(")");
    }
}

fn first_id(at: Timestamp) -> Uuid {
    super::chain::id(at, 0, 0)
}
