//! `/imports`.

use std::{io::Write, path::Path};

use reqwest::{Method, StatusCode};
use uuid::Uuid;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{Import, ImportMode, Page};

/// How a file is to be imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Whether the file is only looked at.
    pub dry_run: bool,
    /// What is done when some rows are faulty.
    pub mode: ImportMode,
    /// The policy to link with it.
    pub policy: Option<Uuid>,
}

/// How a seed file is to be imported, and what opens it.
#[derive(Clone, Default)]
pub struct SeedImportOptions {
    /// Whether the file is only looked at.
    pub dry_run: bool,
    /// What is done when some rows are faulty.
    pub mode: ImportMode,
    /// Fields of the form: `format`, `encoding`, `pre_shared_key`, `password`. Not printed.
    pub fields: Vec<(&'static str, String)>,
}

/// What the server made of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportOutcome {
    /// It is carried out, or was looked at.
    Settled(Box<Import>),
    /// A job carries it out.
    Begun(Box<Import>),
    /// It is faulty, and nothing of it was kept.
    Refused(Box<Import>),
}

impl Client {
    /// Sends a delivery file. `name` is what the file is called in the list of imports.
    pub fn import(
        &self,
        path: &Path,
        name: &str,
        options: ImportOptions,
        progress: ProgressNotice,
    ) -> Result<ImportOutcome, ClientError> {
        let call = self
            .change(Method::POST, "/imports")
            .query(&query(options))
            .file(path, name, progress);
        self.imported(&call)
    }

    /// Sends a seed file of OTP tokens, as [`Self::import`] sends a delivery.
    pub fn import_seeds(
        &self,
        path: &Path,
        name: &str,
        options: SeedImportOptions,
        progress: ProgressNotice,
    ) -> Result<ImportOutcome, ClientError> {
        let SeedImportOptions { dry_run, mode, fields } = options;
        let asked = ImportOptions {
            dry_run,
            mode,
            policy: None,
        };
        let call = self
            .change(Method::POST, "/otp-tokens/import")
            .query(&query(asked))
            .file(path, name, progress)
            .said(fields);
        self.imported(&call)
    }

    fn imported(&self, call: &Call) -> Result<ImportOutcome, ClientError> {
        let answer = self.answer(call)?;
        match answer.status {
            StatusCode::ACCEPTED => Ok(ImportOutcome::Begun(Box::new(answer.parsed()?))),
            StatusCode::UNPROCESSABLE_ENTITY if !answer.is_problem() => {
                Ok(ImportOutcome::Refused(Box::new(answer.parsed()?)))
            }
            status if status.is_success() => Ok(ImportOutcome::Settled(Box::new(answer.parsed()?))),
            _ => Err(answer.into_error()),
        }
    }

    /// One page of imports.
    pub fn imports(&self, query: &Query) -> Result<Page<Import>, ClientError> {
        self.fetch(&Call::get("/imports").query(query))
    }

    /// One import.
    pub fn import_by_id(&self, id: Uuid) -> Result<Import, ClientError> {
        self.fetch(&Call::get(format!("/imports/{id}")))
    }

    /// Takes an import's keys out again, while none of them was touched.
    pub fn undo_import(&self, id: Uuid) -> Result<Import, ClientError> {
        self.fetch(&self.change(Method::POST, format!("/imports/{id}/undo")))
    }

    /// Writes an import's rejected rows as CSV; answers how many bytes it has.
    pub fn rejected_rows(&self, id: Uuid, into: &mut dyn Write, notice: ProgressNotice) -> Result<u64, ClientError> {
        transfer::save(
            self.open(&Call::get_file(format!("/imports/{id}/rejected.csv")))?,
            into,
            notice,
        )
    }
}

fn query(options: ImportOptions) -> Query {
    let mode = match options.mode {
        ImportMode::AllOrNothing => "all_or_nothing",
        ImportMode::GoodRows => "good_rows",
    };
    let mut query = vec![("mode".to_owned(), mode.to_owned())];
    if options.dry_run {
        query.push(("dry_run".to_owned(), "true".to_owned()));
    }
    query.extend(options.policy.map(|id| ("policy_id".to_owned(), id.to_string())));
    query
}
