//! What is said of a person, as the domain wants it: every fault is told at once.

use claviger_api::UserDraft;
use claviger_domain::{
    text::{DisplayName, Email, Locale, UserName},
    user::UserDetails,
};

use crate::{Failure, actions::fields::Fields, rest::security_keys::sentence};

/// The person that a draft describes; empty texts count as left out.
pub(super) fn details(draft: &UserDraft) -> Result<UserDetails, Failure> {
    let mut fields = Fields::default();
    let user_name = fields.read("/user_name", UserName::new(&draft.user_name).map_err(spoken));
    let display_name = fields.read("/display_name", DisplayName::new(&draft.display_name).map_err(spoken));
    let email = given(draft.email.as_deref()).map(|text| fields.read("/email", Email::new(text).map_err(spoken)));
    let locale = given(draft.locale.as_deref()).map(|text| fields.read("/locale", Locale::new(text).map_err(spoken)));
    let details = user_name
        .zip(display_name)
        .map(|(user_name, display_name)| UserDetails {
            user_name,
            display_name,
            email: email.flatten(),
            locale: locale.flatten(),
        });
    fields.all(details)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn spoken(fault: impl std::fmt::Display) -> String {
    sentence(&fault.to_string())
}
