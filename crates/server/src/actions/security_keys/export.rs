//! The list of keys as a file.

use std::ops::ControlFlow;

use claviger_api::Time;
use claviger_domain::{BatchId, Timestamp, security_key::Drift};
use claviger_formats::{csv_out::CsvOut, inventory::COLUMNS};
use claviger_store::{
    Reader,
    security_keys::{Filter, Holders, Listed, Sort, Walk},
};
use serde_json::json;

use super::permitted;
use crate::{
    Failure,
    actions::export::{self, CHUNK, Export, Leaving, Lines},
    auth::Caller,
    rest::guard,
};

/// Sends the list as CSV. `asked` is the filter as the audit log keeps it.
///
/// # Errors
/// [`Failure::Lacks`] when the filter names a holder and the caller may see none.
pub fn export(
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    asked: String,
) -> Result<Export, Failure> {
    let filter = permitted(caller, filter)?;
    let tenant = caller.tenant();
    let keys = Keys {
        holders: filter.holders,
        ..Keys::default()
    };
    let leaving = Leaving {
        action: "security_keys.exported",
        file: "security-keys.csv",
        asked,
    };
    Ok(export::send(caller, leaving, keys, |chunks| {
        async move |reader: &mut Reader| -> Result<bool, Failure> {
            let mut walk = Walk::begin(reader, tenant, &filter, sort).await?;
            loop {
                let keys = walk.next(reader, CHUNK).await?;
                if let ControlFlow::Break(whole) = chunks.pass(keys).await {
                    return Ok(whole);
                }
            }
        }
    }))
}

/// Keys as lines.
#[derive(Default)]
struct Keys {
    holders: Holders,
    batch: Repeated<BatchId>,
    imported: Repeated<Timestamp>,
    updated: Repeated<Timestamp>,
}

/// The text of a cell that is mostly the same as in the row before.
struct Repeated<T> {
    value: Option<T>,
    text: String,
}

impl<T> Default for Repeated<T> {
    fn default() -> Self {
        Self {
            value: None,
            text: String::new(),
        }
    }
}

impl<T: PartialEq> Repeated<T> {
    fn text(&mut self, value: T, render: impl FnOnce(&T) -> String) -> &str {
        if self.value.as_ref() != Some(&value) {
            self.text = render(&value);
            self.value = Some(value);
        }
        &self.text
    }
}

impl Lines for Keys {
    type Row = Listed;
    const COLUMNS: &'static [&'static str] = &COLUMNS;

    fn line(&mut self, out: &mut CsvOut, listed: &Listed) {
        let key = &listed.key;
        let seen = key.observation();
        let time = |at: &Timestamp| Time::from_micros(at.as_micros()).to_string();
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let holder = match self.holders {
            Holders::Searched => listed.user_name.as_deref().unwrap_or_default(),
            Holders::Hidden => "",
        };
        let attributes = if key.attributes().is_empty() {
            String::new()
        } else {
            json!(key.attributes()).to_string()
        };
        out.cell(key.device_name().as_str())
            .cell(key.serial_number().given())
            .cell(key.version().as_str())
            .cell(key.status().as_str())
            .cell(key.mode().as_str())
            .cell(listed.policy_name.as_deref().unwrap_or_default())
            .cell(
                &key.policy()
                    .map_or_else(String::new, |policy| policy.version.to_string()),
            )
            .cell(holder)
            .cell(&seen.aaguid.map_or_else(String::new, |aaguid| aaguid.to_string()))
            .cell(key.identity_provider().provider().map_or("", |name| name.as_str()))
            .cell(seen.firmware.as_ref().map_or("", |firmware| firmware.as_str()))
            .cell(&key.generation().get().to_string())
            .cell(yes(key.is_locked()))
            .cell(yes(listed.drift() != Drift::None))
            .cell(
                key.batch()
                    .map_or("", |batch| self.batch.text(batch, ToString::to_string)),
            )
            .cell(self.imported.text(key.imported_at(), time))
            .cell(self.updated.text(key.updated_at(), time))
            .cell(&seen.last_seen_at.as_ref().map(time).unwrap_or_default())
            .cell(&attributes)
            .end();
    }
}
