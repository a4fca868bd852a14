//! `claviger users`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use claviger_api::{
    User, UserDraft,
    client::{Client, Query},
};
use uuid::Uuid;

use super::{
    Context,
    listing::{self, Amount},
    save::save,
    sending::sending,
    words::counted,
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Format},
};

const EXAMPLES: &str = "\
Examples:
  claviger users list --search novak --status active
  claviger users create jnovak \"Jana Nováková\" --email jana.novakova@example.com --locale cs
  claviger users import people.csv --dry-run
  claviger users disable jnovak
  claviger keys list --user-status disabled
  claviger users export --file people.csv
A file with faults ends with exit code 13, and nothing of it goes in.";

/// The people to whom keys and tokens are assigned.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Users {
    /// List users
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one user
    Show(Named),
    /// Make a user
    Create {
        /// The name by which a directory knows the user, unique in the tenant
        user_name: String,
        /// How the person is called on screens
        display_name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Change a user; what is not named stays, an empty text takes it away
    #[command(visible_alias = "edit")]
    Update {
        #[command(flatten)]
        named: Named,
        /// Only if the user still has this revision, as `users show` tells it
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
        /// The new user name
        #[arg(long, value_name = "NAME")]
        user_name: Option<String>,
        /// The new display name
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Assign nothing to a user any more; the keys and tokens that the user has stay
    Disable(Named),
    /// Let a disabled user be assigned keys and tokens again
    Enable(Named),
    /// Import a list: CSV with `user_name`, `display_name` and, if wanted, email, locale; whole or not at all
    Import {
        /// The list
        file: PathBuf,
        /// Only look at the file and say what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the list as CSV, as `users import` reads it; names and addresses of people
    Export {
        #[command(flatten)]
        filter: Filter,
        /// File to write; standard output when left out or `-`
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Show what happened to one user
    Events {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        amount: Amount,
    },
}

/// A user.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// User, by user name or id
    #[arg(value_name = "USER")]
    user: String,
}

/// Which users.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Look for this in user names, display names and e-mail addresses
    #[arg(long, short, value_name = "TEXT")]
    search: Option<String>,
    /// Only users of this status
    #[arg(long, value_enum)]
    status: Option<Status>,
    /// Order: `user_name`, `display_name`, `updated_at` or `created_at`, `-` before it for descending
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Status {
    /// May be assigned keys
    Active,
    /// Has left or is barred
    Disabled,
}

/// What is said of a person besides the names.
#[derive(Debug, PartialEq, Default, Args)]
pub(crate) struct Details {
    /// Where mail goes
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Language of mail, such as cs
    #[arg(long, value_name = "LANGUAGE")]
    locale: Option<String>,
}

impl Filter {
    fn query(&self) -> Query {
        let status = self.status.map(|status| match status {
            Status::Active => "active".to_owned(),
            Status::Disabled => "disabled".to_owned(),
        });
        [
            ("q", self.search.clone()),
            ("status", status),
            ("sort", self.sort.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

impl Named {
    fn read(&self, context: &Context) -> Result<User, Failure> {
        Ok(context.client.user(user(&context.client, &self.user)?)?)
    }
}

/// The id of a user who is named by his user name or his id.
pub(crate) fn user(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    // An exact hit is the first of a search.
    let query = vec![("q".to_owned(), named.to_owned()), ("limit".to_owned(), "1".to_owned())];
    let page = client.users(&query)?;
    let same = |user: &&User| user.user_name.to_lowercase() == named.trim().to_lowercase();
    page.items.iter().find(same).map(|user| user.id).ok_or_else(|| {
        Failure::new(Exit::NotFound, format!("there is no user with the user name {named:?}"))
            .hint("`claviger users list --search TEXT` finds similar ones")
    })
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Users) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Users::List { filter, amount } => listing::show(context, amount, &filter.query(), |query| client.users(query)),
        Users::Show(named) => context.output.one(&named.read(context)?),
        Users::Create {
            user_name,
            display_name,
            details: Details { email, locale },
        } => context.output.one(&client.create_user(&UserDraft {
            user_name,
            display_name,
            email,
            locale,
        })?),
        Users::Update {
            named,
            if_match,
            user_name,
            display_name,
            details,
        } => {
            if user_name.is_none() && display_name.is_none() && details == Details::default() {
                return Err(Failure::nothing_to_change());
            }
            let user = named.read(context)?;
            let draft = UserDraft {
                user_name: user_name.unwrap_or(user.user_name),
                display_name: display_name.unwrap_or(user.display_name),
                email: details.email.or(user.email),
                locale: details.locale.or(user.locale),
            };
            context
                .output
                .one(&client.update_user(user.id, &draft, if_match.unwrap_or(user.revision))?)
        }
        Users::Disable(named) => command_one(context, &named, "disable"),
        Users::Enable(named) => command_one(context, &named, "enable"),
        Users::Import { file, dry_run } => import(context, &file, dry_run),
        Users::Export { filter, file } => {
            context
                .output
                .note("The file holds names and addresses of people: store and share it with care.");
            save(context, file.as_deref(), "Exporting", |into, notice| {
                client.export_users(&filter.query(), into, notice)
            })
        }
        Users::Events { named, amount } => {
            let id = user(client, &named.user)?;
            listing::show(context, amount, &Query::new(), |query| client.user_events(id, query))
        }
    }
}

fn command_one(context: &Context, named: &Named, verb: &str) -> Result<(), Failure> {
    let user = named.read(context)?;
    let after = context.client.command_user(user.id, verb, Some(user.revision))?;
    context.output.one(&after)?;
    if verb == "disable" && after.keys > 0 {
        let keys = counted(after.keys, ["key stays", "keys stay"]);
        context.output.note(&format!(
            "{keys} with {}; `claviger keys list --of-user {}` shows what",
            after.user_name, after.user_name
        ));
    }
    Ok(())
}

fn import(context: &Context, file: &Path, dry_run: bool) -> Result<(), Failure> {
    let import = sending(context, file, |name, progress| {
        context.client.import_users(file, name, dry_run, progress)
    })?;
    context.output.one(&import)?;
    if import.errors.is_empty() {
        if !dry_run {
            context.output.note("Import Successful!");
        }
        return Ok(());
    }
    if context.output.format == Format::Table {
        output::Output::text("\n")?;
        context.output.many(&import.errors)?;
    }
    let faults = counted(
        u64::try_from(import.errors.len()).unwrap_or(u64::MAX),
        ["fault", "faults"],
    );
    let more = if import.errors_truncated { " and more" } else { "" };
    let went = if dry_run { "would go" } else { "is" };
    Err(Failure::new(
        Exit::RowsRejected,
        format!("the file is faulty ({faults}{more}); nothing {went} in"),
    ))
}
