//! `/users`.

use std::{io::Write, path::Path};

use reqwest::{Method, StatusCode};
use uuid::Uuid;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{NoArguments, Page, SecurityKeyEvent, User, UserDraft, UserImport};

impl Client {
    /// One page of users.
    pub fn users(&self, query: &Query) -> Result<Page<User>, ClientError> {
        self.fetch(&Call::get("/users").query(query))
    }

    /// One user.
    pub fn user(&self, id: Uuid) -> Result<User, ClientError> {
        self.fetch(&Call::get(format!("/users/{id}")))
    }

    /// Makes a user.
    pub fn create_user(&self, draft: &UserDraft) -> Result<User, ClientError> {
        self.fetch(&self.change(Method::POST, "/users").json(draft)?)
    }

    /// Changes a user as he was read at that revision.
    pub fn update_user(&self, id: Uuid, draft: &UserDraft, revision: i64) -> Result<User, ClientError> {
        self.fetch(
            &self
                .change(Method::PUT, format!("/users/{id}"))
                .revision(Some(revision))
                .json(draft)?,
        )
    }

    /// Disables or enables a user: `verb` is `disable` or `enable`.
    pub fn command_user(&self, id: Uuid, verb: &str, revision: Option<i64>) -> Result<User, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/users/{id}/{verb}"))
                .revision(revision)
                .json(&NoArguments {})?,
        )
    }

    /// One page of what happened to a user.
    pub fn user_events(&self, id: Uuid, query: &Query) -> Result<Page<SecurityKeyEvent>, ClientError> {
        self.fetch(&Call::get(format!("/users/{id}/events")).query(query))
    }

    /// Sends a list of users; it goes in whole or, when the answer tells faults, not at all.
    pub fn import_users(
        &self,
        path: &Path,
        name: &str,
        dry_run: bool,
        progress: ProgressNotice,
    ) -> Result<UserImport, ClientError> {
        let query: Query = dry_run
            .then(|| ("dry_run".to_owned(), "true".to_owned()))
            .into_iter()
            .collect();
        let call = self
            .change(Method::POST, "/users/import")
            .query(&query)
            .file(path, name, progress);
        let answer = self.answer(&call)?;
        let told =
            answer.status.is_success() || (answer.status == StatusCode::UNPROCESSABLE_ENTITY && !answer.is_problem());
        if told {
            answer.parsed()
        } else {
            Err(answer.into_error())
        }
    }

    /// Writes the list as CSV; answers how many bytes it has.
    pub fn export_users(
        &self,
        query: &Query,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        transfer::save(
            self.open(&Call::get_file("/users/export.csv").query(query))?,
            into,
            notice,
        )
    }
}
