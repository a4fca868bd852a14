//! `/settings`.

use reqwest::Method;

use super::{Client, ClientError, call::Call};
use crate::{MailTest, MailTested, Settings, SettingsChange};

impl Client {
    /// The tenant's settings.
    pub fn settings(&self) -> Result<Settings, ClientError> {
        self.fetch(&Call::get("/settings"))
    }

    /// Changes the settings that are given, as they were read at that revision.
    pub fn change_settings(&self, change: &SettingsChange, revision: Option<i64>) -> Result<Settings, ClientError> {
        self.fetch(
            &self
                .change(Method::PATCH, "/settings")
                .revision(revision)
                .json(change)?,
        )
    }

    /// Sends a trial letter.
    pub fn test_mail(&self, to: &MailTest) -> Result<MailTested, ClientError> {
        self.fetch(&self.change(Method::POST, "/settings/mail/test").json(to)?)
    }
}
