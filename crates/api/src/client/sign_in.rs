//! `/settings/sign-in/oidc`.

use reqwest::Method;

use super::{Client, ClientError, call::Call};
use crate::{OidcDraft, OidcSettings, OidcTest, OidcTested};

const PATH: &str = "/settings/sign-in/oidc";

impl Client {
    /// The tenant's identity provider.
    pub fn sign_in_provider(&self) -> Result<OidcSettings, ClientError> {
        self.fetch(&Call::get(PATH))
    }

    /// Sets it up, or changes it as it was read at that revision; 0 when none was there.
    pub fn set_sign_in_provider(&self, draft: &OidcDraft, revision: Option<i64>) -> Result<OidcSettings, ClientError> {
        self.fetch(&self.change(Method::PUT, PATH).revision(revision).json(draft)?)
    }

    /// Takes it away.
    pub fn remove_sign_in_provider(&self, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, PATH).revision(revision))
    }

    /// Reads a provider's description and says what is wrong with it.
    pub fn test_sign_in_provider(&self, which: &OidcTest) -> Result<OidcTested, ClientError> {
        self.fetch(&self.change(Method::POST, format!("{PATH}/test")).json(which)?)
    }
}
