//! `claviger settings`.

use clap::Subcommand;
use claviger_api::{MailTest, MailTested, Settings as Shown};

use super::{
    Context,
    settings_change::Change,
    shown::wire,
    sign_in::{self, SignIn},
    verification_settings::{self, Verification},
};
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger settings show
  claviger settings set --mail-host mail.example.org --mail-from keys@example.org --mail-user keys --mail-password-file secret.txt
  claviger settings set --session-idle-minutes 15 --revoke-notifies true
  claviger settings mail-test ada@example.org
  claviger settings sign-in show
  claviger settings verification set --compatible true --networks 10.1.0.0/16";

/// Settings of a tenant.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Settings {
    /// Show the settings; passwords are never shown
    Show,
    /// Change settings; what is left out stays
    Set {
        #[command(flatten)]
        change: Box<Change>,
        /// Only if the settings still have this revision
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
    /// Send a trial letter and say what the mail server said
    MailTest {
        /// Whom to send it to
        to: String,
    },
    /// Let administrators sign in through an identity provider (OpenID Connect)
    #[command(subcommand)]
    SignIn(SignIn),
    /// Let clients of privacyIDEA have codes verified here
    #[command(subcommand)]
    Verification(Verification),
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Settings) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Settings::Show => context.output.one(&client.settings()?),
        Settings::Set { change, if_match } => context.output.one(&client.change_settings(&change.body()?, if_match)?),
        Settings::MailTest { to } => context.output.one(&client.test_mail(&MailTest { to })?),
        Settings::SignIn(command) => sign_in::run(context, command),
        Settings::Verification(command) => verification_settings::run(context, command),
    }
}

fn mail(settings: &Shown, part: impl Fn(&claviger_api::MailSettings) -> String) -> String {
    settings.mail.as_ref().map(part).unwrap_or_default()
}

impl Record for Shown {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Revision", "revision", |one| one.revision.to_string()),
        Column::listed("Language", "locale", |one| one.locale.clone()),
        Column::listed("Revoke notifies", "revoke_notifies", |one| {
            one.revoke_notifies.to_string()
        }),
        Column::listed("Mail server", "mail_host", |one| {
            mail(one, |mail| format!("{}:{}", mail.host, mail.port))
        }),
        Column::listed("Encryption", "mail_encryption", |one| {
            mail(one, |mail| wire(&mail.encryption))
        }),
        Column::listed("Sender", "mail_from", |one| mail(one, |mail| mail.from_address.clone())),
        Column::further("Sender's name", "mail_from_name", |one| {
            mail(one, |mail| mail.from_name.clone())
        }),
        Column::further("Mail user", "mail_user", |one| {
            mail(one, |mail| mail.user_name.clone().unwrap_or_default())
        }),
        Column::further("Mail password set", "mail_password_set", |one| {
            mail(one, |mail| mail.password_set.to_string())
        }),
        Column::further("Mail certificates set", "mail_ca_certificates_set", |one| {
            mail(one, |mail| mail.ca_certificates.is_some().to_string())
        }),
        Column::further("Idle minutes", "session_idle_minutes", |one| {
            whole(one.session.idle_minutes)
        }),
        Column::further("Absolute hours", "session_absolute_hours", |one| {
            whole(one.session.absolute_hours)
        }),
        Column::further("Step-up minutes", "step_up_minutes", |one| {
            one.session.step_up_minutes.to_string()
        }),
        Column::further("Longest idle minutes", "longest_idle_minutes", |one| {
            one.session.longest_idle_minutes.to_string()
        }),
        Column::further("Longest absolute hours", "longest_absolute_hours", |one| {
            one.session.longest_absolute_hours.to_string()
        }),
        Column::further("Job days", "job_days", |one| one.retention.job_days.to_string()),
        Column::further("Import reject days", "import_reject_days", |one| {
            one.retention.import_reject_days.to_string()
        }),
        Column::further("Mail days", "mail_days", |one| one.retention.mail_days.to_string()),
        Column::further("PIN shows per hour", "pin_shows_per_hour", |one| {
            one.pins.shows_per_hour.to_string()
        }),
        Column::further("Admin PIN needs approval", "admin_pin_needs_approval", |one| {
            one.pins.admin_pin_needs_approval.to_string()
        }),
        Column::further("Answers clients of privacyIDEA", "compatible", |one| {
            one.verification.compatible.to_string()
        }),
        Column::further("Answers these networks", "compatible_networks", |one| {
            one.verification.compatible_networks.join(" ")
        }),
        Column::further("Answers at", "compatible_url", |one| {
            one.verification.compatible_url.clone()
        }),
    ];
}

fn whole(number: Option<u32>) -> String {
    number.map_or_else(|| "the server's".to_owned(), |number| number.to_string())
}

impl Record for MailTested {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Delivered", "delivered", |one| one.delivered.to_string()),
        Column::listed("Mail server said", "detail", |one| one.detail.clone()),
    ];
}
