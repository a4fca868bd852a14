//! Settings of an identity provider, as flags.

use std::path::PathBuf;

use clap::Args;
use claviger_api::{OidcDraft, OidcSettings};

use crate::{failure::Failure, output};

/// What to set.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
    /// The provider's issuer identifier, to the letter as its description says it
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The name by which the provider knows this server
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// File that holds the client secret; `-` asks for it, or reads standard input. Never a flag, since a process list shows flags
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// What the provider is asked for besides `openid`, separated by commas [first time: email,profile]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    scopes: Vec<String>,
    /// Claim that lists a person's groups [first time: groups]
    #[arg(long, value_name = "CLAIM")]
    groups_claim: Option<String>,
    /// Give a group of the provider a role; may be repeated, other groups keep theirs
    #[arg(long, value_name = "GROUP=ROLE", value_parser = pair)]
    group_role: Vec<(String, String)>,
    /// Let a group lead to no role any more; may be repeated
    #[arg(long, value_name = "GROUP")]
    no_group: Vec<String>,
    /// Role of those whom no group leads to one
    #[arg(long, value_name = "ROLE", conflicts_with = "no_default_role")]
    default_role: Option<String>,
    /// Whom no group leads to a role has no access [first time: so]
    #[arg(long)]
    no_default_role: bool,
    /// Whether people become administrators with their first sign-in [first time: true]
    #[arg(long, value_name = "BOOL")]
    create_administrators: Option<bool>,
    /// What stands on the button of the sign-in page
    #[arg(long, value_name = "TEXT")]
    button_label: Option<String>,
    /// Whether the sign-in page shows the button to everybody; else people need the address that ends in `/start` [first time: true]
    #[arg(long, value_name = "BOOL")]
    listed: Option<bool>,
}

impl Change {
    /// The settings as they are to be.
    pub(super) fn draft(self, before: Option<OidcSettings>) -> Result<OidcDraft, Failure> {
        let mut draft = match before {
            Some(before) => kept(before),
            None => self.first()?,
        };
        for group in &self.no_group {
            if draft.group_roles.remove(group).is_none() {
                return Err(Failure::usage(format!("the group {group:?} leads to no role")));
            }
        }
        draft.group_roles.extend(self.group_role);
        draft.issuer = self.issuer.unwrap_or(draft.issuer);
        draft.client_id = self.client_id.unwrap_or(draft.client_id);
        draft.button_label = self.button_label.unwrap_or(draft.button_label);
        draft.groups_claim = self.groups_claim.unwrap_or(draft.groups_claim);
        draft.create_administrators = self.create_administrators.unwrap_or(draft.create_administrators);
        draft.listed = self.listed.unwrap_or(draft.listed);
        if !self.scopes.is_empty() {
            draft.scopes = self.scopes;
        }
        if self.no_default_role {
            draft.default_role = None;
        }
        draft.default_role = self.default_role.or(draft.default_role);
        // Asked for last: nobody types a secret for a command that is wrong anyway.
        draft.client_secret = match &self.client_secret_file {
            Some(file) => Some(output::secret("client secret", file)?),
            None => None,
        };
        Ok(draft)
    }

    /// What a provider begins with.
    fn first(&self) -> Result<OidcDraft, Failure> {
        let (Some(issuer), Some(client_id), Some(button_label)) = (&self.issuer, &self.client_id, &self.button_label)
        else {
            return Err(Failure::usage("no identity provider is set up yet")
                .hint("the first time --issuer, --client-id and --button-label are wanted"));
        };
        Ok(OidcDraft {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret: None,
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            groups_claim: "groups".to_owned(),
            group_roles: std::collections::BTreeMap::new(),
            default_role: None,
            create_administrators: true,
            button_label: button_label.clone(),
            listed: true,
        })
    }
}

fn kept(before: OidcSettings) -> OidcDraft {
    OidcDraft {
        issuer: before.issuer,
        client_id: before.client_id,
        client_secret: None,
        scopes: before.scopes,
        groups_claim: before.groups_claim,
        group_roles: before.group_roles,
        default_role: before.default_role,
        create_administrators: before.create_administrators,
        button_label: before.button_label,
        listed: before.listed,
    }
}

/// Names of groups may hold `=` themselves, as those of directories do; names of roles do not.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (group, role) = text.rsplit_once('=').ok_or("GROUP=ROLE is wanted")?;
    if group.is_empty() || role.is_empty() {
        return Err("GROUP=ROLE is wanted");
    }
    Ok((group.to_owned(), role.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn a_group_may_be_the_name_of_a_directory_entry() {
        let given = pair("CN=Admins,OU=Keys=Night shift").unwrap();
        assert_eq!(given, ("CN=Admins,OU=Keys".to_owned(), "Night shift".to_owned()));
        assert!(pair("admins").is_err() && pair("=x").is_err() && pair("x=").is_err());
    }
}
