//! A provider's settings as they are stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Failure;

/// A provider's settings; its client secret stands among the sealed secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) groups_claim: String,
    /// Which group leads to which role, by name.
    pub(crate) group_roles: BTreeMap<String, String>,
    /// The role of those whom no group leads to one; they have no access without.
    pub(crate) default_role: Option<String>,
    pub(crate) create_administrators: bool,
    pub(crate) button_label: String,
    /// Whether the sign-in page shows the button to everybody.
    pub(crate) listed: bool,
}

impl Document {
    pub(crate) fn parse(stored: &str) -> Result<Self, Failure> {
        serde_json::from_str(stored).map_err(Failure::internal)
    }

    pub(crate) fn written(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(Failure::internal)
    }

    /// Every role that somebody may come by.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        self.group_roles.values().chain(&self.default_role).map(String::as_str)
    }

    /// The same with a role under its new name.
    pub(crate) fn renamed(&self, old: &str, new: &str) -> Self {
        let renamed = |role: &String| if role == old { new.to_owned() } else { role.clone() };
        Self {
            group_roles: self
                .group_roles
                .iter()
                .map(|(group, role)| (group.clone(), renamed(role)))
                .collect(),
            default_role: self.default_role.as_ref().map(renamed),
            ..self.clone()
        }
    }
}
