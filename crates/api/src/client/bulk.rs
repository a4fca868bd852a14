//! What commands on many things have alike.

use reqwest::Method;
use serde::Serialize;

use super::{Client, ClientError, call::Call};
use crate::BulkCount;

impl Client {
    /// How many things a selection holds, exactly; nothing is done to them.
    pub(super) fn counted(&self, path: &str, bulk: &impl Serialize) -> Result<u64, ClientError> {
        let dry_run = [("dry_run".to_owned(), "true".to_owned())];
        let call = Call {
            method: Method::POST,
            ..Call::get(path)
        };
        Ok(self.fetch::<BulkCount>(&call.query(&dry_run).json(bulk)?)?.count)
    }
}
