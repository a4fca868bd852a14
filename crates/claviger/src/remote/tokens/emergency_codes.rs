//! `claviger tokens emergency-codes`: codes for a user without a token.

use clap::{Args, Subcommand};
use claviger_api::{EmergencyCode, NewEmergencyCodes};
use uuid::Uuid;

use crate::{
    failure::Failure,
    output::{Column, Record},
    remote::{Context, shown_once::Keep, users},
};

const EXAMPLES: &str = "\
Examples:
  claviger tokens emergency-codes make jnovak
  claviger tokens emergency-codes make jnovak --save-to codes.txt
  claviger tokens emergency-codes list jnovak
Five codes, each good once and all for 72 hours; they die when the user gets a token that works.";

/// Codes for a user without a token.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum EmergencyCodes {
    /// Make five new codes in the place of earlier ones; they are shown this once
    #[command(after_help = EXAMPLES)]
    Make {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        keep: Keep,
    },
    /// Say which codes a user has, without showing them
    List(Whose),
    /// Take all codes of a user back; asks first
    Remove(Whose),
}

/// A user.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// User, by user name or id
    #[arg(value_name = "USER")]
    user: String,
}

impl Whose {
    fn id(&self, context: &Context) -> Result<Uuid, Failure> {
        users::user(&context.client, &self.user)
    }
}

/// Carries out a command.
pub(super) fn run(context: &Context, command: EmergencyCodes) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        EmergencyCodes::Make { whose, keep } => {
            let user = whose.id(context)?;
            let made = keep.made_of(|| client.make_emergency_codes(user), taken)?;
            context
                .output
                .note("Give the codes to this user alone, and clear this screen: each lets him in once.");
            context.output.one(&made)
        }
        EmergencyCodes::List(whose) => context.output.many(&client.emergency_codes(whose.id(context)?)?.items),
        EmergencyCodes::Remove(whose) => {
            let user = whose.id(context)?;
            let question = format!("Take back all emergency codes of {}?", whose.user);
            context.output.confirm(&question)?;
            client.remove_emergency_codes(user)?;
            context.output.note("The emergency codes are taken back.");
            Ok(())
        }
    }
}

/// The codes, one a line, with a word in their place.
fn taken(made: &mut NewEmergencyCodes, said: String) -> String {
    std::mem::replace(&mut made.codes, vec![said]).join("\n")
}

impl Record for NewEmergencyCodes {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Codes", "codes", |made| made.codes.join(" ")),
        Column::listed("Expires", "expires_at", |made| made.expires_at.to_string()),
    ];
}

impl Record for EmergencyCode {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Number", "number", |code| code.number.to_string()),
        Column::listed("Good", "good", |code| code.good.to_string()),
        Column::listed("Used", "used_at", |code| {
            code.used_at.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::listed("Expires", "expires_at", |code| code.expires_at.to_string()),
        Column::further("Made", "created_at", |code| code.created_at.to_string()),
    ];
}
