//! Pages of the log.

use claviger_domain::TenantId;
use claviger_store::{
    Reader, Tx,
    audit::{self, AuditEntry, AuditEvent, Filter, Page},
};

use crate::{
    Failure,
    auth::Caller,
    rest::guard::{AuditRead, Export},
};

/// A page of events, newest first.
#[derive(Debug)]
pub struct List {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// Whether there are older ones.
    pub older: bool,
    /// Whether there are newer ones.
    pub newer: bool,
}

/// A page of the tenant's log.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<AuditRead>, filter: Filter, page: Page, limit: u16) -> Result<List, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| page_of(reader, tenant, &filter, page, limit).await)
        .await
}

/// A page, read with one event more than asked, so that the end shows.
///
/// # Errors
/// What the store meets.
pub async fn page_of(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    page: Page,
    limit: u16,
) -> Result<List, Failure> {
    let mut events = audit::list(reader, tenant, filter, page, i64::from(limit) + 1).await?;
    let more = events.len() > usize::from(limit);
    let (older, newer) = match page {
        Page::First => (more, false),
        Page::After(_) => (more, true),
        Page::Before(_) => (true, more),
    };
    if more && matches!(page, Page::Before(_)) {
        events.remove(0);
    }
    events.truncate(limit.into());
    Ok(List { events, older, newer })
}

/// Notes that the log is exported, before the first line leaves.
///
/// # Errors
/// What the store meets.
pub async fn export_recorded(caller: &Caller<Export>, filter: serde_json::Value) -> Result<(), Failure> {
    let job = async move |tx: &mut Tx| {
        let after = Some(filter.clone());
        tx.record(AuditEntry {
            action: "audit.exported",
            object_kind: "audit",
            after,
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_unkept(caller.tenant().as_uuid(), job).await
}
