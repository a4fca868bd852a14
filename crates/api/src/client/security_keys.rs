//! `/security-keys`.

use std::io::Write;

use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{Bulk, Job, Overview, Page, SecurityKey, SecurityKeyEvent};

impl Client {
    /// How many keys stand where, and what needs attention.
    pub fn overview(&self) -> Result<Overview, ClientError> {
        self.fetch(&Call::get("/overview"))
    }

    /// One page of keys.
    pub fn security_keys(&self, query: &Query) -> Result<Page<SecurityKey>, ClientError> {
        self.fetch(&Call::get("/security-keys").query(query))
    }

    /// One key.
    pub fn security_key(&self, id: Uuid) -> Result<SecurityKey, ClientError> {
        self.fetch(&Call::get(format!("/security-keys/{id}")))
    }

    /// Gives a key a command: `verb` as in the address, `body` as that command takes it.
    pub fn command_security_key(
        &self,
        id: Uuid,
        verb: &str,
        body: &impl Serialize,
        revision: Option<i64>,
    ) -> Result<SecurityKey, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/security-keys/{id}/{verb}"))
                .revision(revision)
                .json(body)?,
        )
    }

    /// Deletes a key from stock.
    pub fn delete_security_key(&self, id: Uuid, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(
            &self
                .change(Method::DELETE, format!("/security-keys/{id}"))
                .revision(revision),
        )
    }

    /// One page of what happened to a key.
    pub fn security_key_events(&self, id: Uuid, query: &Query) -> Result<Page<SecurityKeyEvent>, ClientError> {
        self.fetch(&Call::get(format!("/security-keys/{id}/events")).query(query))
    }

    /// Writes the list as CSV; answers how many bytes it has.
    pub fn export_security_keys(
        &self,
        query: &Query,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        transfer::save(
            self.open(&Call::get_file("/security-keys/export.csv").query(query))?,
            into,
            notice,
        )
    }

    /// How many keys a selection holds, exactly.
    pub fn count_bulk(&self, bulk: &Bulk) -> Result<u64, ClientError> {
        self.counted("/security-keys/bulk", bulk)
    }

    /// Begins a command on many keys.
    pub fn bulk(&self, bulk: &Bulk) -> Result<Job, ClientError> {
        self.fetch(&self.change(Method::POST, "/security-keys/bulk").json(bulk)?)
    }
}
