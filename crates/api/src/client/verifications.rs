//! `/verifications`, and the emergency codes that are typed in place of a token's.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, call::Call};
use crate::{EmergencyCodes, NewEmergencyCodes, NoArguments, OtpVerification, OtpVerified};

impl Client {
    /// Tries a one-time password, which is used up. It is sent once: a right one whose answer was lost would be wrong when
    /// it is sent again.
    pub fn verify_otp(&self, asked: &OtpVerification) -> Result<OtpVerified, ClientError> {
        self.fetch(&Call::once("/verifications/otp").json(asked)?)
    }

    /// The emergency codes of a user, without themselves.
    pub fn emergency_codes(&self, user: Uuid) -> Result<EmergencyCodes, ClientError> {
        self.fetch(&Call::get(format!("/users/{user}/emergency-codes")))
    }

    /// Makes new emergency codes in the place of earlier ones; they are in this answer and nowhere else.
    pub fn make_emergency_codes(&self, user: Uuid) -> Result<NewEmergencyCodes, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/users/{user}/emergency-codes"))
                .json(&NoArguments {})?,
        )
    }

    /// Takes all emergency codes of a user back.
    pub fn remove_emergency_codes(&self, user: Uuid) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, format!("/users/{user}/emergency-codes")))
    }
}
