//! Imports on the wire.

use claviger_api as wire;
use claviger_store::batches::{Goods, Mode, Status};
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::{
    actions::imports::{Column, Fault, PreviewRow, Previewed, View},
    rest::reply::Reply,
};

impl Reply for View {
    type Body = wire::Import;

    fn body(&self) -> Option<wire::Import> {
        let batch = &self.batch;
        let (preview, preview_tokens) = rows(kept(&batch.preview));
        Some(wire::Import {
            errors: kept::<Fault>(&batch.errors).into_iter().map(fault).collect(),
            columns: kept::<Column>(&batch.columns).into_iter().map(column).collect(),
            preview,
            preview_tokens,
            ..summary(self)
        })
    }
}

impl Reply for Previewed {
    type Body = wire::Import;

    fn body(&self) -> Option<wire::Import> {
        let report = self.report.clone();
        let (preview, preview_tokens) = rows(report.preview);
        Some(wire::Import {
            id: None,
            kind: kind(self.goods),
            status: wire::ImportStatus::Previewed,
            file_name: self.file_name.clone(),
            file_size: self.file_size,
            sha256: HEXLOWER.encode(&self.sha256),
            format: report.format,
            mode: mode(self.mode),
            policy: self.policy.as_ref().map(|policy| wire::PolicyRef {
                id: policy.id().as_uuid(),
                name: policy.name().as_str().to_owned(),
                version: policy.version().get(),
            }),
            created_at: wire::Time::from_micros(self.at.as_micros()),
            created_by: self.by.clone(),
            counts: counts(report.counts),
            errors: report.faults.into_iter().map(fault).collect(),
            errors_truncated: report.faults_truncated,
            columns: report.columns.into_iter().map(column).collect(),
            preview,
            preview_tokens,
            job_id: None,
            undoable: false,
        })
    }
}

/// An import without its faults, columns and preview, which lists leave out.
pub(super) fn summary(view: &View) -> wire::Import {
    let batch = &view.batch;
    wire::Import {
        id: Some(batch.id.as_uuid()),
        kind: kind(batch.goods),
        status: status(batch.status),
        file_name: batch.file_name.clone(),
        file_size: batch.file_size,
        sha256: HEXLOWER.encode(&batch.sha256),
        format: batch.format.clone(),
        mode: mode(batch.mode),
        policy: batch.policy.map(|(id, version)| wire::PolicyRef {
            id: id.as_uuid(),
            name: view.policy_name.clone().unwrap_or_default(),
            version: version.get(),
        }),
        created_at: wire::Time::from_micros(batch.created_at.as_micros()),
        created_by: batch.created_by.clone(),
        counts: counts(batch.counts),
        errors: Vec::new(),
        errors_truncated: batch.errors_truncated,
        columns: Vec::new(),
        preview: Vec::new(),
        preview_tokens: Vec::new(),
        job_id: batch.job.map(|id| id.as_uuid()),
        undoable: view.undoable,
    }
}

/// What was kept as JSON; a kind of thing that this build no longer knows is left out.
fn kept<T: DeserializeOwned>(json: &Json) -> Vec<T> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

fn fault(Fault { line, column, detail }: Fault) -> wire::ImportError {
    wire::ImportError { line, column, detail }
}

fn column(Column { name, meaning }: Column) -> wire::ImportColumn {
    wire::ImportColumn { name, meaning }
}

fn rows(shown: Vec<PreviewRow>) -> (Vec<wire::ImportRow>, Vec<wire::ImportTokenRow>) {
    let (mut keys, mut tokens) = (Vec::new(), Vec::new());
    for row in shown {
        match row {
            PreviewRow::Key {
                device_name,
                serial_number,
                version,
            } => keys.push(wire::ImportRow {
                device_name,
                serial_number,
                version,
            }),
            PreviewRow::Token {
                serial_number,
                kind,
                algorithm,
                digits,
                time_step,
                user_name,
            } => tokens.push(wire::ImportTokenRow {
                serial_number,
                kind,
                algorithm,
                digits,
                time_step,
                user_name,
            }),
        }
    }
    (keys, tokens)
}

const fn kind(goods: Goods) -> wire::ImportKind {
    match goods {
        Goods::SecurityKeys => wire::ImportKind::SecurityKeys,
        Goods::OtpTokens => wire::ImportKind::OtpTokens,
    }
}

const fn counts(counts: claviger_store::batches::Counts) -> wire::ImportCounts {
    wire::ImportCounts {
        accepted: counts.accepted,
        rejected: counts.rejected,
        unchanged: counts.unchanged,
    }
}

const fn mode(mode: Mode) -> wire::ImportMode {
    match mode {
        Mode::AllOrNothing => wire::ImportMode::AllOrNothing,
        Mode::GoodRows => wire::ImportMode::GoodRows,
    }
}

const fn status(status: Status) -> wire::ImportStatus {
    match status {
        Status::Checking => wire::ImportStatus::Checking,
        Status::Applying => wire::ImportStatus::Applying,
        Status::Applied => wire::ImportStatus::Applied,
        Status::Cancelled => wire::ImportStatus::Cancelled,
        Status::Failed => wire::ImportStatus::Failed,
        Status::Refused => wire::ImportStatus::Refused,
        Status::Undoing => wire::ImportStatus::Undoing,
        Status::Undone => wire::ImportStatus::Undone,
    }
}
