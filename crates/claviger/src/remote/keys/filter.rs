//! Which keys: the API's own filters.

use clap::Args;
use claviger_api::client::{Client, Query};

use super::find;
use crate::{failure::Failure, remote::users};

/// Which keys; every condition given must hold.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which keys")]
pub(crate) struct Filter {
    /// `stocks`, or `inventory` for configured and assigned ones; both when left out
    #[arg(long, value_name = "TAB", value_parser = ["stocks", "inventory"])]
    tab: Option<String>,
    /// Search in serial numbers, policy names and user names
    #[arg(long, short, value_name = "TEXT")]
    search: Option<String>,
    /// One or more of these, separated by commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',',
        value_parser = ["in_stock", "ready", "configured", "enrolled", "revoked", "quarantined", "suspended", "disposed"])]
    status: Vec<String>,
    /// Linked to one of these policies, by name or id; `none` for keys without one
    #[arg(long = "with-policy", value_name = "POLICY")]
    with_policy: Vec<String>,
    /// Assigned to this user, by user name or id
    #[arg(long = "of-user", value_name = "USER")]
    of_user: Option<String>,
    /// Assigned to users of this status: `active` or `disabled`
    #[arg(long, value_name = "STATUS", value_parser = ["active", "disabled"])]
    user_status: Option<String>,
    /// One or more of these, separated by commas
    #[arg(long, value_name = "MODE", value_delimiter = ',', value_parser = ["managed", "unmanaged", "foreign"])]
    mode: Vec<String>,
    /// Registered at this identity provider
    #[arg(long, value_name = "NAME")]
    identity_provider: Option<String>,
    /// Brought by this import, by id
    #[arg(long, value_name = "ID")]
    batch: Option<String>,
    /// Whether their PIN was last seen blocked
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    locked: Option<bool>,
    /// Whether a newer version of their policy waits to be applied
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    drift: Option<bool>,
    /// Revoked here and still accepted elsewhere: the removal is `pending`, or has `failed`
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = ["pending", "failed"])]
    removal: Vec<String>,
    /// Whose mail about the revocation has `failed`
    #[arg(long, value_name = "STATE", value_parser = ["failed"])]
    mail: Option<String>,
}

impl Filter {
    /// As a query; names of policies become ids.
    pub(crate) fn query(&self, client: &Client) -> Result<Query, Failure> {
        let policies: Result<Vec<String>, Failure> = self
            .with_policy
            .iter()
            .map(|name| {
                if name == "none" {
                    Ok(name.clone())
                } else {
                    Ok(find::policy(client, name)?.to_string())
                }
            })
            .collect();
        let user = self
            .of_user
            .as_deref()
            .map(|named| users::user(client, named))
            .transpose()?;
        let given = [
            ("tab", self.tab.clone()),
            ("q", self.search.clone()),
            ("status", joined(&self.status)),
            ("policy", joined(&policies?)),
            ("user", user.map(|id| id.to_string())),
            ("user_status", self.user_status.clone()),
            ("mode", joined(&self.mode)),
            ("identity_provider", self.identity_provider.clone()),
            ("batch", self.batch.clone()),
            ("locked", self.locked.map(|locked| locked.to_string())),
            ("drift", self.drift.map(|drift| drift.to_string())),
            ("removal", joined(&self.removal)),
            ("mail", self.mail.clone()),
        ];
        Ok(given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect())
    }
}

fn joined(values: &[String]) -> Option<String> {
    if values.is_empty() {
        None
    } else {
        Some(values.join(","))
    }
}
