//! Which tokens: the API's own filters.

use clap::Args;
use claviger_api::client::{Client, Query};

use crate::{failure::Failure, remote::users};

/// Which tokens; every condition given must hold.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which tokens")]
pub(crate) struct Filter {
    /// Search in serial numbers and user names
    #[arg(long, short, value_name = "TEXT")]
    search: Option<String>,
    /// One or more of these, separated by commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = ["active", "disabled", "compromised", "expired"])]
    status: Vec<String>,
    /// Those that count presses, `hotp`, or have a clock, `totp`
    #[arg(long = "type", value_name = "TYPE", value_parser = ["hotp", "totp"])]
    kind: Option<String>,
    /// Assigned to this user, by user name or id
    #[arg(long = "of-user", value_name = "USER")]
    of_user: Option<String>,
    /// Brought by this import, by id
    #[arg(long, value_name = "ID")]
    batch: Option<String>,
    /// Whether too many wrong codes were tried
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    locked: Option<bool>,
}

impl Filter {
    /// As a query; names of users become ids.
    pub(super) fn query(&self, client: &Client) -> Result<Query, Failure> {
        let user = self.of_user.as_deref().map(|named| users::user(client, named));
        let status = (!self.status.is_empty()).then(|| self.status.join(","));
        let given = [
            ("q", self.search.clone()),
            ("status", status),
            ("type", self.kind.clone()),
            ("user", user.transpose()?.map(|id| id.to_string())),
            ("batch", self.batch.clone()),
            ("locked", self.locked.map(|locked| locked.to_string())),
        ];
        Ok(given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect())
    }
}
