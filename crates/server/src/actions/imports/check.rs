//! The check of a whole file, before anything is written: each row by itself, against the rows before it, against the
//! keys that are here already, against the policy chosen.

use std::collections::HashMap;

use claviger_domain::{
    TenantId,
    delivery::{self, Incoming, Present, Verdict},
    policy::Policy,
};
use claviger_store::{
    Store,
    batches::{self, Existing},
};
use tokio::runtime::Handle;

use super::{
    CHUNK,
    read::{Delivery, Limits, Row, Unreadable},
    rejects::Rejects,
    report::{Fault, PreviewRow, Report},
    rows::Rows,
    seen::Seen,
    upload::Upload,
};
use crate::Failure;

/// What a check needs to know.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) policy: Option<Policy>,
    pub(crate) limits: Limits,
    /// A longer file is not checked to its end.
    pub(crate) at_most: Option<u32>,
}

/// A file that was checked to its end.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// Rows that go in.
    pub(crate) rows: Rows,
    pub(crate) rejects: Rejects,
}

/// Why a check has no result.
#[derive(Debug)]
pub(crate) enum Unchecked {
    /// The file has more rows than may be checked while somebody waits.
    Long,
    /// It was told to stop.
    Stopped,
    /// The server failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Unchecked {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

struct Check<'a> {
    question: &'a Question,
    runtime: Handle,
    seen: Seen,
    found: Checked,
}

/// Checks a file; blocks. `go_on` hears how many rows are done, and ends the check by answering false.
pub(crate) fn check(
    upload: &Upload,
    question: &Question,
    runtime: Handle,
    mut go_on: impl FnMut(u32) -> bool,
) -> Result<Checked, Unchecked> {
    let found = Checked {
        report: Report::default(),
        rows: Rows::default(),
        rejects: Rejects::default(),
    };
    let mut check = Check {
        question,
        runtime,
        seen: Seen::default(),
        found,
    };
    let file = upload.open().map_err(Failure::internal)?;
    let mut delivery = match Delivery::open(file, &question.limits) {
        Ok(delivery) => delivery,
        Err(unreadable) => return Ok(check.unreadable(unreadable)),
    };
    delivery.format().clone_into(&mut check.found.report.format);
    check.found.report.columns = delivery.columns();
    let header = delivery.header();
    let names = header.iter().map(String::as_str);
    check.found.rejects.add(names, "error").map_err(Failure::internal)?;
    loop {
        let (rows, ended) = match delivery.next_rows(CHUNK) {
            Ok(rows) => (rows, None),
            Err((rows, unreadable)) => (rows, Some(unreadable)),
        };
        let last = rows.len() < CHUNK;
        let done = rows.last().map_or(0, |row| row.number);
        check.rows(rows)?;
        if let Some(unreadable) = ended {
            return Ok(check.unreadable(unreadable));
        }
        if question.at_most.is_some_and(|most| done > most) {
            return Err(Unchecked::Long);
        }
        if last {
            return Ok(check.found);
        }
        if !go_on(done) {
            return Err(Unchecked::Stopped);
        }
    }
}

impl Check<'_> {
    /// A file that cannot be read on: nothing of it can be trusted.
    fn unreadable(mut self, fault: Unreadable) -> Checked {
        self.found.report.unreadable = true;
        self.found.report.fault(Fault {
            line: fault.line,
            column: fault.column,
            detail: fault.wrong.to_string(),
        });
        self.found
    }

    fn rows(&mut self, rows: Vec<Row>) -> Result<(), Unchecked> {
        let serials: Vec<String> = rows
            .iter()
            .filter_map(|row| Some(row.key.as_ref().ok()?.serial.normalised().to_owned()))
            .collect();
        let existing = self.existing(serials)?;
        for row in rows {
            let faults = self.judge(&row, &existing);
            self.note(&row, faults)?;
        }
        Ok(())
    }

    fn existing(&self, serials: Vec<String>) -> Result<HashMap<String, Existing>, Unchecked> {
        if serials.is_empty() {
            return Ok(HashMap::new());
        }
        let tenant = self.question.tenant;
        let read =
            async move |reader: &mut claviger_store::Reader| batches::existing(reader, tenant, serials.clone()).await;
        let found = self.runtime.block_on(self.question.store.read(read))?;
        Ok(found.into_iter().map(|key| (key.serial.clone(), key)).collect())
    }

    /// `None`: the key is here already, exactly so.
    fn judge(&mut self, row: &Row, existing: &HashMap<String, Existing>) -> Option<Vec<Fault>> {
        let key = match &row.key {
            Ok(key) => key,
            Err(faults) => return Some(faults.clone()),
        };
        let earlier = self.seen.before(key.serial.normalised(), row.line);
        let present = existing.get(key.serial.normalised()).map(|found| Present {
            device_name: &found.device_name,
            version: &found.version,
            status: found.shelf.status,
            in_passage: found.hidden,
        });
        let incoming = Incoming {
            device_name: &key.device_name,
            serial: &key.serial,
            version: &key.version,
        };
        match delivery::judge(incoming, earlier, present, self.question.policy.as_ref()) {
            Verdict::Accepted => Some(Vec::new()),
            Verdict::Unchanged => None,
            Verdict::Rejected(fault) => {
                let detail = fault.wrong.to_string();
                Some(vec![Fault {
                    line: row.line,
                    column: fault.column,
                    detail,
                }])
            }
        }
    }

    fn note(&mut self, row: &Row, faults: Option<Vec<Fault>>) -> Result<(), Unchecked> {
        let report = &mut self.found.report;
        let Some(faults) = faults else {
            report.counts.unchanged += 1;
            return Ok(());
        };
        if let (true, Ok(key)) = (faults.is_empty(), &row.key) {
            report.counts.accepted += 1;
            self.found.rows.insert(row.number);
            report.show(|| PreviewRow {
                device_name: key.device_name.as_str().to_owned(),
                serial_number: key.serial.given().to_owned(),
                version: key.version.as_str().to_owned(),
            });
            return Ok(());
        }
        report.counts.rejected += 1;
        let sentences: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
        self.found
            .rejects
            .add(row.cells.iter(), &sentences.join("; "))
            .map_err(Failure::internal)?;
        for fault in faults {
            report.fault(fault);
        }
        Ok(())
    }
}
