//! Changes of settings, as flags.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use claviger_api::{
    MailChange, MailEncryption, PinSettingsChange, RetentionChange, SessionSettingsChange, SettingsChange,
};
use uuid::Uuid;

use super::words;
use crate::{failure::Failure, output};

/// What to change.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
    /// Language of new administrators and of mail, for example `cs`
    #[arg(long, value_name = "LANGUAGE")]
    locale: Option<String>,
    /// Whether users are told of a revocation unless the order says otherwise
    #[arg(long, value_name = "BOOL")]
    revoke_notifies: Option<bool>,
    /// Forget the mail server and its password
    #[arg(long, conflicts_with_all = ["mail_host", "mail_port", "mail_encryption", "mail_user", "mail_password_file", "mail_from", "mail_from_name", "mail_ca_file"])]
    no_mail: bool,
    /// Mail server
    #[arg(long, value_name = "HOST")]
    mail_host: Option<String>,
    /// Its port [by the encryption: 25, 587 or 465]
    #[arg(long, value_name = "PORT")]
    mail_port: Option<u16>,
    /// How the connection is protected [first time: starttls]
    #[arg(long, value_enum, value_name = "KIND")]
    mail_encryption: Option<Encryption>,
    /// Name to sign in by; an empty text ends that and forgets the password
    #[arg(long, value_name = "NAME")]
    mail_user: Option<String>,
    /// File that holds the password; `-` asks for it, or reads standard input. Never a flag, since a process list shows flags
    #[arg(long, value_name = "FILE")]
    mail_password_file: Option<PathBuf>,
    /// Sender's address
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Sender's name
    #[arg(long, value_name = "NAME")]
    mail_from_name: Option<String>,
    /// File of certificates, PEM, that are trusted besides the server's own; an empty text forgets them
    #[arg(long, value_name = "FILE")]
    mail_ca_file: Option<PathBuf>,
    /// Minutes after which an unused session ends; 0 for the server's own
    #[arg(long, value_name = "N")]
    session_idle_minutes: Option<u32>,
    /// Hours after which any session ends; 0 for the server's own
    #[arg(long, value_name = "N")]
    session_absolute_hours: Option<u32>,
    /// Minutes that a proof of who one is lasts
    #[arg(long, value_name = "N")]
    step_up_minutes: Option<u32>,
    /// Days that row-by-row results of jobs are kept
    #[arg(long, value_name = "DAYS")]
    job_days: Option<u32>,
    /// Days that rejected rows of imports are kept
    #[arg(long, value_name = "DAYS")]
    import_reject_days: Option<u32>,
    /// Days that mail is remembered once it was sent or given up
    #[arg(long, value_name = "DAYS")]
    mail_days: Option<u32>,
    /// How many initial PINs an operator may have shown within an hour
    #[arg(long, value_name = "N")]
    pin_shows_per_hour: Option<u32>,
    /// Whether a second person approves before an admin PIN is shown
    #[arg(long, value_name = "BOOL")]
    admin_pin_needs_approval: Option<bool>,
    /// Id of the approved request without which that is not switched off: `approvals request --for admin-pin-alone`
    #[arg(long, value_name = "APPROVAL", value_parser = words::id)]
    approval: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Encryption {
    /// Not at all
    None,
    /// Turns to TLS before anything else is said
    Starttls,
    /// TLS from the first byte
    Tls,
}

impl Change {
    /// The request.
    pub(crate) fn body(&self) -> Result<SettingsChange, Failure> {
        Ok(SettingsChange {
            locale: self.locale.clone(),
            revoke_notifies: self.revoke_notifies,
            mail: if self.no_mail {
                Some(None)
            } else {
                self.mail()?.map(Some)
            },
            session: some(SessionSettingsChange {
                idle_minutes: self.session_idle_minutes.map(unless_zero),
                absolute_hours: self.session_absolute_hours.map(unless_zero),
                step_up_minutes: self.step_up_minutes,
            }),
            retention: some(RetentionChange {
                job_days: self.job_days,
                import_reject_days: self.import_reject_days,
                mail_days: self.mail_days,
            }),
            pins: some(PinSettingsChange {
                shows_per_hour: self.pin_shows_per_hour,
                admin_pin_needs_approval: self.admin_pin_needs_approval,
            }),
            approval_id: self.approval,
            ..SettingsChange::default()
        })
    }

    fn mail(&self) -> Result<Option<MailChange>, Failure> {
        let password = self.mail_password_file.as_deref();
        let password = password
            .map(|file| output::secret("mail server's password", file))
            .transpose()?;
        let certificates = self.mail_ca_file.as_deref().map(|file| {
            if file.as_os_str().is_empty() {
                Ok(None)
            } else {
                read(file).map(Some)
            }
        });
        Ok(some(MailChange {
            host: self.mail_host.clone(),
            port: self.mail_port,
            encryption: self.mail_encryption.map(Encryption::wire),
            user_name: self.mail_user.clone().map(unless_empty),
            password: password.map(Some),
            from_address: self.mail_from.clone(),
            from_name: self.mail_from_name.clone(),
            ca_certificates: certificates.transpose()?,
        }))
    }
}

impl Encryption {
    const fn wire(self) -> MailEncryption {
        match self {
            Self::None => MailEncryption::None,
            Self::Starttls => MailEncryption::Starttls,
            Self::Tls => MailEncryption::Tls,
        }
    }
}

/// A part of the request, unless nothing in it is given.
fn some<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}

fn unless_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn unless_zero(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|cause| Failure::file(path.display(), &cause))
}
