//! `/otp-tokens`.

use std::io::Write;

use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{
    FoundOtpTokens, Job, OtpBulk, OtpToken, OtpTokenCounts, OtpTokenDraft, OtpVerified, Page, Resync, SecurityKeyEvent,
    ShownOtp,
};

impl Client {
    /// One page of OTP tokens.
    pub fn otp_tokens(&self, query: &Query) -> Result<Page<OtpToken>, ClientError> {
        self.fetch(&Call::get("/otp-tokens").query(query))
    }

    /// How many tokens stand where.
    pub fn otp_token_counts(&self) -> Result<OtpTokenCounts, ClientError> {
        self.fetch(&Call::get("/otp-tokens/counts"))
    }

    /// How many tokens a selection holds, exactly.
    pub fn count_otp_bulk(&self, bulk: &OtpBulk) -> Result<u64, ClientError> {
        self.counted("/otp-tokens/bulk", bulk)
    }

    /// Begins a command on many tokens.
    pub fn otp_bulk(&self, bulk: &OtpBulk) -> Result<Job, ClientError> {
        self.fetch(&self.change(Method::POST, "/otp-tokens/bulk").json(bulk)?)
    }

    /// One token.
    pub fn otp_token(&self, id: Uuid) -> Result<OtpToken, ClientError> {
        self.fetch(&Call::get(format!("/otp-tokens/{id}")))
    }

    /// Adds a token by hand.
    pub fn add_otp_token(&self, draft: &OtpTokenDraft) -> Result<OtpToken, ClientError> {
        self.fetch(&self.change(Method::POST, "/otp-tokens").json(draft)?)
    }

    /// Gives a token an order: `verb` as in the address, `body` as that order takes it.
    pub fn command_otp_token(
        &self,
        id: Uuid,
        verb: &str,
        body: &impl Serialize,
        revision: Option<i64>,
    ) -> Result<OtpToken, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/otp-tokens/{id}/{verb}"))
                .revision(revision)
                .json(body)?,
        )
    }

    /// Finds a token's counter or clock again.
    ///
    /// # Errors
    /// A problem of kind [`crate::ProblemKind::ResyncFailed`] whatever is wrong with the codes.
    pub fn resync_otp_token(&self, id: Uuid, codes: &Resync) -> Result<(), ClientError> {
        self.carry_out(
            &self
                .change(Method::POST, format!("/otp-tokens/{id}/resync"))
                .json(codes)?,
        )
    }

    /// Tries a code of a token at hand, which is used up. Sent once: see [`Self::verify_otp`].
    pub fn test_otp_token(&self, id: Uuid, code: &ShownOtp) -> Result<OtpVerified, ClientError> {
        self.fetch(&Call::once(format!("/otp-tokens/{id}/test")).json(code)?)
    }

    /// The tokens that show this code near now; nothing is used up.
    pub fn find_otp_tokens(&self, code: &ShownOtp) -> Result<FoundOtpTokens, ClientError> {
        self.fetch(&self.change(Method::POST, "/otp-tokens/find").json(code)?)
    }

    /// One page of what happened to a token.
    pub fn otp_token_events(&self, id: Uuid, query: &Query) -> Result<Page<SecurityKeyEvent>, ClientError> {
        self.fetch(&Call::get(format!("/otp-tokens/{id}/events")).query(query))
    }

    /// Writes the list as CSV, without seeds; answers how many bytes it has.
    pub fn export_otp_tokens(
        &self,
        query: &Query,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        transfer::save(
            self.open(&Call::get_file("/otp-tokens/export.csv").query(query))?,
            into,
            notice,
        )
    }
}
