//! `claviger roles`.

use clap::{Args, Subcommand};
use claviger_api::{Role, RoleDraft, client::Query};

use super::{
    Context,
    listing::{self, Amount},
    privileges,
};
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger roles list
  claviger roles privileges
  claviger roles privileges help_desk
  claviger roles create \"Night shift\" --like help_desk --privilege key.suspend
  claviger roles create Scanner --privilege inventory.read,stock.import
  claviger roles update \"Night shift\" --add key.revoke --remove unlock
  claviger roles delete \"Night shift\"
You cannot give, change or take away a role that may do what you may not. A changed role holds at once for all who hold it.";

/// What administrators and API tokens may do.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Roles {
    /// List the built-in roles and the tenant's own
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one role
    Show(Named),
    /// Make a role of the tenant's own
    #[command(after_help = EXAMPLES)]
    Create {
        /// Its name, unique in the tenant; names of built-in roles are reserved
        name: String,
        #[command(flatten)]
        start: Start,
    },
    /// Change a role of the tenant's own; what is not named stays
    #[command(visible_alias = "edit", after_help = EXAMPLES)]
    Update {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        change: Change,
        /// Only if the role still has this revision
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
    /// Delete a role that no administrator, API token or group holds; asks first
    Delete(Named),
    /// List all privileges, what each allows and which roles hold it
    Privileges {
        /// Only those that this role holds
        role: Option<String>,
    },
}

/// A role.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Name of the role
    role: String,
}

/// What a new role may do.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Start {
    /// What its holders may do; several separated by commas, `claviger roles privileges` lists them
    #[arg(long, value_name = "PRIVILEGE", value_delimiter = ',')]
    privilege: Vec<String>,
    /// Also all that this role may do
    #[arg(long, value_name = "ROLE")]
    like: Option<String>,
}

/// What to change.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
    /// Its new name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// All that its holders may do from now on; several separated by commas
    #[arg(long, value_name = "PRIVILEGE", value_delimiter = ',', conflicts_with_all = ["add", "remove"])]
    privilege: Vec<String>,
    /// What its holders may do besides
    #[arg(long, value_name = "PRIVILEGE", value_delimiter = ',')]
    add: Vec<String>,
    /// What its holders may do no longer
    #[arg(long, value_name = "PRIVILEGE", value_delimiter = ',')]
    remove: Vec<String>,
}

impl Start {
    fn privileges(self, context: &Context) -> Result<Vec<String>, Failure> {
        let mut all = match &self.like {
            Some(role) => context.client.role(role)?.privileges,
            None => Vec::new(),
        };
        join(&mut all, self.privilege);
        Ok(all)
    }
}

impl Change {
    fn draft(self, role: &Role) -> Result<RoleDraft, Failure> {
        let mut privileges = if self.privilege.is_empty() {
            role.privileges.clone()
        } else {
            self.privilege
        };
        for gone in &self.remove {
            let held = privileges.iter().position(|one| one == gone);
            let held = held.ok_or_else(|| Failure::usage(format!("{} does not hold {gone:?}", role.name)))?;
            privileges.remove(held);
        }
        join(&mut privileges, self.add);
        Ok(RoleDraft {
            name: self.name.unwrap_or_else(|| role.name.clone()),
            privileges,
        })
    }
}

fn join(all: &mut Vec<String>, more: Vec<String>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Roles) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Roles::List { amount } => listing::show(context, amount, &Query::new(), |query| client.roles(query)),
        Roles::Show(named) => context.output.one(&client.role(&named.role)?),
        Roles::Create { name, start } => {
            let privileges = start.privileges(context)?;
            context
                .output
                .one(&client.create_role(&RoleDraft { name, privileges })?)
        }
        Roles::Update {
            named,
            change,
            if_match,
        } => {
            let role = client.role(&named.role)?;
            let draft = change.draft(&role)?;
            let changed = client.update_role(&role.name, &draft, if_match.or(role.revision))?;
            context.output.one(&changed)
        }
        Roles::Delete(named) => {
            let role = client.role(&named.role)?;
            context
                .output
                .confirm(&format!("Delete the role {} for good?", role.name))?;
            client.delete_role(&role.name, role.revision)?;
            context.output.note("The role is deleted.");
            Ok(())
        }
        Roles::Privileges { role } => privileges::show(context, role.as_deref()),
    }
}

impl Record for Role {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Name", "name", |role| role.name.clone()),
        Column::listed("Built in", "built_in", |role| role.built_in.to_string()),
        Column::listed("For programs", "for_programs", |role| role.for_programs.to_string()),
        Column::listed("Holders", "holders", |role| role.holders.to_string()),
        Column::further("Privileges", "privileges", |role| role.privileges.join(" ")),
        Column::further("Id", "id", |role| role.id.map(|id| id.to_string()).unwrap_or_default()),
        Column::further("Revision", "revision", |role| {
            role.revision.map(|revision| revision.to_string()).unwrap_or_default()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use claviger_api::Role;

    use super::Change;

    fn role() -> Role {
        Role {
            id: None,
            revision: Some(1),
            name: "Desk".to_owned(),
            built_in: false,
            for_programs: false,
            privileges: vec!["inventory.read".to_owned(), "unlock".to_owned()],
            holders: 0,
        }
    }

    fn change(privilege: &[&str], add: &[&str], remove: &[&str]) -> Change {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Change {
            name: None,
            privilege: owned(privilege),
            add: owned(add),
            remove: owned(remove),
        }
    }

    #[test]
    fn privileges_are_added_taken_away_or_given_anew_and_what_is_not_held_cannot_be_taken_away() {
        let told = |change: Change| change.draft(&role()).map(|draft| draft.privileges.join(" "));
        assert_eq!(
            told(change(&[], &["unlock", "export"], &[])).unwrap(),
            "inventory.read unlock export"
        );
        assert_eq!(told(change(&[], &[], &["unlock"])).unwrap(), "inventory.read");
        assert_eq!(told(change(&["export"], &[], &[])).unwrap(), "export");
        assert!(told(change(&[], &[], &["export"])).is_err());
    }
}
