//! `/audit-events`.

use std::io::Write;

use reqwest::Method;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{Acknowledged, Acknowledgement, AuditCheckpoint, AuditEvent, AuditVerification, Page};

/// How an exported log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFormat {
    /// An event a line, as JSON.
    Jsonl,
    /// A table; cells that a spreadsheet would run are inert.
    Csv,
}

impl Client {
    /// One page of the audit log.
    pub fn audit_events(&self, query: &Query) -> Result<Page<AuditEvent>, ClientError> {
        self.fetch(&Call::get("/audit-events").query(query))
    }

    /// Lets the server check the whole chain of the tenant.
    pub fn verify_audit(&self) -> Result<AuditVerification, ClientError> {
        self.fetch(&self.change(Method::POST, "/audit/verification"))
    }

    /// The newest signed checkpoints, oldest first.
    pub fn audit_checkpoints(&self) -> Result<Page<AuditCheckpoint>, ClientError> {
        self.fetch(&Call::get("/audit/checkpoints"))
    }

    /// Takes note of events that the overview shows until then.
    pub fn acknowledge(&self, order: &Acknowledgement) -> Result<Acknowledged, ClientError> {
        self.fetch(&self.change(Method::POST, "/audit/acknowledgements").json(order)?)
    }

    /// Writes the audit log to a file; answers how many bytes it has.
    pub fn export_audit_events(
        &self,
        format: AuditFormat,
        query: &Query,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        let path = match format {
            AuditFormat::Jsonl => "/audit-events/export.jsonl",
            AuditFormat::Csv => "/audit-events/export.csv",
        };
        transfer::save(self.open(&Call::get_file(path).query(query))?, into, notice)
    }
}
