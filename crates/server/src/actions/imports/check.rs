//! The check of a whole file, before anything is written: each row by itself, against the rows before it, against
//! what is here already.

use claviger_domain::TenantId;
use claviger_store::Store;
use tokio::runtime::Handle;

use super::{
    CHUNK,
    read::Limits,
    rejects::Rejects,
    report::{Fault, Report},
    rows::Rows,
    seen::Seen,
    upload::Upload,
    wares::{Judged, Reading, Row, Verdict, Wares},
};
use crate::Failure;

/// What a check needs to know.
#[derive(Clone)]
pub(crate) struct Question<W> {
    pub(crate) store: Store,
    pub(crate) tenant: TenantId,
    pub(crate) wares: W,
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

struct Check<'a, W> {
    question: &'a Question<W>,
    runtime: Handle,
    seen: Seen,
    found: Checked,
}

/// Checks a file; blocks. `go_on` hears how many rows are done, and ends the check by answering false.
pub(crate) fn check<W: Wares>(
    upload: &Upload,
    question: &Question<W>,
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
    let mut reading = match question.wares.open(file, &question.limits) {
        Ok(reading) => reading,
        Err(unreadable) => return Ok(check.unreadable(unreadable)),
    };
    reading.format().clone_into(&mut check.found.report.format);
    check.found.report.columns = reading.columns();
    let header = reading.header();
    let names = header.iter().map(String::as_str);
    check.found.rejects.add(names, "error").map_err(Failure::internal)?;
    loop {
        let (rows, ended) = reading.next_rows(CHUNK);
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

impl<W: Wares> Check<'_, W> {
    /// A file that cannot be read on: nothing of it can be trusted.
    fn unreadable(mut self, fault: Fault) -> Checked {
        self.found.report.unreadable = true;
        self.found.report.fault(fault);
        self.found
    }

    fn rows(&mut self, rows: Vec<Row<W::Given>>) -> Result<(), Unchecked> {
        let mut earlier = Vec::with_capacity(rows.len());
        for row in &rows {
            let given = row.given.as_ref().ok();
            earlier.push(given.and_then(|given| self.seen.before(W::serial(given).normalised(), row.line)));
        }
        for judged in self.question.wares.judge(self.question, &self.runtime, rows, earlier)? {
            self.note(judged)?;
        }
        Ok(())
    }

    fn note(&mut self, Judged { row, verdict }: Judged<W::Given>) -> Result<(), Unchecked> {
        let report = &mut self.found.report;
        let faults = match verdict {
            Verdict::Accepted => {
                report.counts.accepted += 1;
                self.found.rows.insert(row.number);
                if let Ok(given) = &row.given {
                    report.show(|| W::shown(given));
                }
                return Ok(());
            }
            Verdict::Unchanged => {
                report.counts.unchanged += 1;
                return Ok(());
            }
            Verdict::Rejected(faults) => faults,
        };
        report.counts.rejected += 1;
        self.found
            .rejects
            .repeat(row.line, &row.cells, &faults)
            .map_err(Failure::internal)?;
        for fault in faults {
            report.fault(fault);
        }
        Ok(())
    }
}
