//! `claviger administrators`.

use clap::{Args, Subcommand};
use claviger_api::{Administrator, AdministratorChange, AdministratorDraft, Invitation, client::Query};

use super::{
    Context, administrator_sessions,
    administrator_sessions::Sessions,
    listing::{self, Amount},
    shown_once::Keep,
    users,
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger administrators list
  claviger administrators invite eve@example.org \"Eve Adams\" --role help_desk --save-to link.txt
  claviger administrators update eve@example.org --role \"Night shift\"
  claviger administrators update eve@example.org --user eadams
  claviger administrators disable eve@example.org
  claviger administrators link eve@example.org
  claviger administrators sessions end eve@example.org --all
An invitation link works once, for 24 hours, and lets in whoever has it: hand it over like a password.";

/// Who works with this tenant in the console.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Administrators {
    /// List the tenant's administrators
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one administrator
    Show(Named),
    /// Invite an administrator; the link that lets him in is shown this once, and nobody is sent a mail
    #[command(after_help = EXAMPLES)]
    Invite {
        /// The address by which he will sign in
        email: String,
        /// His name
        display_name: String,
        /// His role in this tenant; `claviger roles list` shows them
        #[arg(long, value_name = "ROLE")]
        role: String,
        #[command(flatten)]
        keep: Keep,
    },
    /// Change an administrator's role, or say which user he is; what is not named stays
    #[command(visible_alias = "edit", after_help = EXAMPLES)]
    Update {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        change: Change,
        /// Only if he still has this revision, as `administrators show` tells it
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
    /// Bar an administrator from this tenant; his sessions in it end at once
    Disable(Named),
    /// Let a barred administrator in again
    Enable(Named),
    /// Make a new invitation link, for one who lost his or can no longer sign in; links from before die
    Link {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        keep: Keep,
    },
    /// See where an administrator is signed in, and end that
    #[command(subcommand)]
    Sessions(Sessions),
}

/// An administrator.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Administrator, by e-mail address or id
    #[arg(value_name = "ADMINISTRATOR")]
    administrator: String,
}

/// What to change.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
    /// The new role in this tenant
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The user who is the same person, by user name or id; rules that compare persons, such as a second person's, look at it
    #[arg(long, value_name = "USER", conflicts_with = "no_user")]
    user: Option<String>,
    /// He is no longer tied to a user
    #[arg(long)]
    no_user: bool,
}

impl Named {
    /// The administrator as the server knows him now.
    pub(super) fn read(&self, context: &Context) -> Result<Administrator, Failure> {
        let named = self.administrator.trim();
        if let Ok(id) = named.parse() {
            return Ok(context.client.administrator(id)?);
        }
        let (all, _) = listing::collect(Amount::ALL, &Query::new(), |query| context.client.administrators(query))?;
        let same = |one: &Administrator| one.email.to_lowercase() == named.to_lowercase();
        all.into_iter().find(same).ok_or_else(|| {
            Failure::new(
                Exit::NotFound,
                format!("there is no administrator with the address {named:?}"),
            )
            .hint("`claviger administrators list` shows them all")
        })
    }
}

impl Change {
    fn body(self, context: &Context) -> Result<AdministratorChange, Failure> {
        let user = self.user.as_deref().map(|named| users::user(&context.client, named));
        let user = user.transpose()?;
        Ok(AdministratorChange {
            role: self.role,
            disabled: None,
            user_id: if self.no_user { Some(None) } else { user.map(Some) },
        })
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Administrators) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Administrators::List { amount } => {
            listing::show(context, amount, &Query::new(), |query| client.administrators(query))
        }
        Administrators::Show(named) => context.output.one(&named.read(context)?),
        Administrators::Invite {
            email,
            display_name,
            role,
            keep,
        } => {
            let draft = AdministratorDraft {
                email,
                display_name,
                role,
            };
            let invited = keep.made(|| client.invite_administrator(&draft), |made| &mut made.link)?;
            told(context, &invited)
        }
        Administrators::Update {
            named,
            change,
            if_match,
        } => {
            let who = named.read(context)?;
            let change = change.body(context)?;
            let changed = client.change_administrator(who.id, &change, if_match.or(Some(who.revision)))?;
            context.output.one(&changed)
        }
        Administrators::Disable(named) => bar(context, &named, true),
        Administrators::Enable(named) => bar(context, &named, false),
        Administrators::Link { named, keep } => {
            let who = named.read(context)?;
            let invited = keep.made(|| client.invite_administrator_again(who.id), |made| &mut made.link)?;
            told(context, &invited)
        }
        Administrators::Sessions(command) => administrator_sessions::run(context, command),
    }
}

fn told(context: &Context, invited: &Invitation) -> Result<(), Failure> {
    context
        .output
        .note("Give the link to this person alone: it works once, and lets in whoever has it.");
    context.output.one(invited)
}

fn bar(context: &Context, named: &Named, disabled: bool) -> Result<(), Failure> {
    let who = named.read(context)?;
    let change = AdministratorChange {
        role: None,
        disabled: Some(disabled),
        user_id: None,
    };
    let changed = context
        .client
        .change_administrator(who.id, &change, Some(who.revision))?;
    context.output.one(&changed)
}

impl Record for Administrator {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("E-mail", "email", |one| one.email.clone()),
        Column::listed("Name", "display_name", |one| one.display_name.clone()),
        Column::listed("Role", "role", |one| one.role.clone()),
        Column::listed("Active", "active", |one| one.active.to_string()),
        Column::listed("Disabled", "disabled", |one| one.disabled.to_string()),
        Column::listed("Last sign-in", "last_sign_in_at", |one| {
            one.last_sign_in_at.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::further("User", "user", |one| {
            one.user.as_ref().map(|user| user.user_name.clone()).unwrap_or_default()
        }),
        Column::further("Known at the identity provider", "linked", |one| one.linked.to_string()),
        Column::further("Invited", "created_at", |one| one.created_at.to_string()),
        Column::further("Id", "id", |one| one.id.to_string()),
        Column::further("Revision", "revision", |one| one.revision.to_string()),
    ];
}

impl Record for Invitation {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Link", "link", |invited| invited.link.clone()),
        Column::listed("E-mail", "email", |invited| invited.administrator.email.clone()),
        Column::listed("Role", "role", |invited| invited.administrator.role.clone()),
        Column::listed("Expires", "expires_at", |invited| invited.expires_at.to_string()),
        Column::listed("Id", "id", |invited| invited.administrator.id.to_string()),
    ];
}
