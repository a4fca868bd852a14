//! `/audit-events`.

use std::io::Write;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{AuditEvent, Page};

impl Client {
    /// One page of the audit log.
    pub fn audit_events(&self, query: &Query) -> Result<Page<AuditEvent>, ClientError> {
        self.fetch(&Call::get("/audit-events").query(query))
    }

    /// Writes the audit log as lines of JSON; answers how many bytes it has.
    pub fn export_audit_events(
        &self,
        query: &Query,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        transfer::save(
            self.open(&Call::get("/audit-events/export.jsonl").query(query))?,
            into,
            notice,
        )
    }
}
