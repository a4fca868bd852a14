//! A change laid over the settings that stand; every fault is named by its place.

use claviger_api as wire;
use claviger_domain::text::{DisplayName, Email};

use super::kept::{MailServer, Pins, Retention, Sessions, TenantSettings, Verification};
use crate::{
    App,
    actions::fields::{self, Fields},
    config::Network,
    mail::certificates,
};

/// Networks that a tenant may name.
const MOST_NETWORKS: usize = 100;

/// What becomes of the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Password {
    /// It stays as it is.
    Stays,
    /// It is forgotten.
    Forgotten,
    /// The one that was sent is kept.
    Kept,
}

/// The settings after a change. The faults gathered say what is wrong with it.
pub(super) fn merged(
    app: &App,
    before: &TenantSettings,
    change: &wire::SettingsChange,
    fields: &mut Fields,
) -> TenantSettings {
    let locale = change.locale.as_deref();
    let locale = locale.and_then(|given| fields.read("/locale", fields::locale(given)));
    let session = change.session.as_ref();
    let retention = change.retention.as_ref();
    let pins = change.pins.as_ref();
    TenantSettings {
        locale: locale.unwrap_or_else(|| before.locale.clone()),
        revoke_notifies: change.revoke_notifies.unwrap_or(before.revoke_notifies),
        mail: match &change.mail {
            None => before.mail.clone(),
            Some(None) => None,
            Some(Some(change)) => mail(before.mail.as_ref(), change, fields),
        },
        session: session.map_or_else(
            || before.session.clone(),
            |change| sessions(app, &before.session, change, fields),
        ),
        retention: retention.map_or_else(
            || before.retention.clone(),
            |change| kept_for(&before.retention, change, fields),
        ),
        pins: pins.map_or_else(|| before.pins.clone(), |change| shown(&before.pins, change, fields)),
        verification: change.verification.as_ref().map_or_else(
            || before.verification.clone(),
            |change| verified(&before.verification, change, fields),
        ),
    }
}

/// What a change does to the password that is kept.
pub(super) fn password(change: &wire::SettingsChange) -> Password {
    match &change.mail {
        None => Password::Stays,
        Some(None) => Password::Forgotten,
        Some(Some(change)) => match (&change.password, &change.user_name) {
            (Some(Some(_)), _) => Password::Kept,
            (Some(None), _) | (None, Some(None)) => Password::Forgotten,
            (None, _) => Password::Stays,
        },
    }
}

fn sessions(app: &App, before: &Sessions, change: &wire::SessionSettingsChange, fields: &mut Fields) -> Sessions {
    let most = |seconds: u64, unit: u64| u32::try_from(seconds / unit).unwrap_or(u32::MAX);
    let idle = most(app.config().session_idle.as_secs(), 60);
    let absolute = most(app.config().session_absolute.as_secs(), 3_600);
    Sessions {
        idle_minutes: bounded_or_none(
            "/session/idle_minutes",
            change.idle_minutes,
            before.idle_minutes,
            idle,
            fields,
        ),
        absolute_hours: bounded_or_none(
            "/session/absolute_hours",
            change.absolute_hours,
            before.absolute_hours,
            absolute,
            fields,
        ),
        step_up_minutes: bounded(
            "/session/step_up_minutes",
            change.step_up_minutes,
            before.step_up_minutes,
            60,
            fields,
        ),
    }
}

fn kept_for(before: &Retention, change: &wire::RetentionChange, fields: &mut Fields) -> Retention {
    let mut days = |at, given, stands| bounded(at, given, stands, 3_650, fields);
    Retention {
        job_days: days("/retention/job_days", change.job_days, before.job_days),
        import_reject_days: days(
            "/retention/import_reject_days",
            change.import_reject_days,
            before.import_reject_days,
        ),
        mail_days: days("/retention/mail_days", change.mail_days, before.mail_days),
    }
}

fn shown(before: &Pins, change: &wire::PinSettingsChange, fields: &mut Fields) -> Pins {
    let needs = change.admin_pin_needs_approval;
    Pins {
        shows_per_hour: bounded(
            "/pins/shows_per_hour",
            change.shows_per_hour,
            before.shows_per_hour,
            1_000,
            fields,
        ),
        admin_pin_needs_approval: needs.unwrap_or(before.admin_pin_needs_approval),
    }
}

fn verified(before: &Verification, change: &wire::VerificationChange, fields: &mut Fields) -> Verification {
    let given = change.compatible_networks.clone();
    let networks = given.unwrap_or_else(|| before.compatible_networks.clone());
    if networks.len() > MOST_NETWORKS {
        let wanted = format!("at most {MOST_NETWORKS} networks are wanted; name wider ones");
        fields.fault("/verification/compatible_networks", wanted);
    }
    for (place, network) in networks.iter().enumerate() {
        if network.parse::<Network>().is_err() {
            let at = format!("/verification/compatible_networks/{place}");
            fields.fault(
                &at,
                "an address or a network is wanted, such as 10.1.2.3 or 10.1.0.0/16",
            );
        }
    }
    let compatible = change.compatible.unwrap_or(before.compatible);
    if compatible && networks.is_empty() {
        let wanted = "name the networks that are answered; none is answered unless it is named";
        fields.fault("/verification/compatible_networks", wanted);
    }
    Verification {
        compatible,
        compatible_networks: networks,
    }
}

fn bounded(at: &str, given: Option<u32>, stands: u32, most: u32, fields: &mut Fields) -> u32 {
    let number = given.unwrap_or(stands);
    if given.is_some() && !(1..=most).contains(&number) {
        fields.fault(at, format!("a whole number from 1 to {most} is wanted"));
    }
    number
}

#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
fn bounded_or_none(
    at: &str,
    given: Option<Option<u32>>,
    stands: Option<u32>,
    most: u32,
    fields: &mut Fields,
) -> Option<u32> {
    match given {
        None => stands,
        Some(None) => None,
        Some(Some(number)) => Some(bounded(at, Some(number), number, most, fields)),
    }
}

fn mail(before: Option<&MailServer>, change: &wire::MailChange, fields: &mut Fields) -> Option<MailServer> {
    let encryption = change.encryption.or_else(|| before.map(|kept| kept.encryption));
    let encryption = encryption.unwrap_or(wire::MailEncryption::Starttls);
    let host = given_or(
        "/mail/host",
        change.host.as_deref(),
        before.map(|kept| &kept.host),
        host,
        fields,
    );
    let from = given_or(
        "/mail/from_address",
        change.from_address.as_deref(),
        before.map(|kept| &kept.from_address),
        address,
        fields,
    );
    let name = match (&change.from_name, before) {
        (Some(given), _) => fields
            .read("/mail/from_name", DisplayName::new(given))
            .map(|name| name.as_str().to_owned()),
        (None, Some(kept)) => Some(kept.from_name.clone()),
        (None, None) => Some("Claviger".to_owned()),
    };
    let user_name = optional(
        "/mail/user_name",
        change.user_name.as_ref(),
        before.and_then(|kept| kept.user_name.as_ref()),
        sign_in_name,
        fields,
    );
    let trusted = optional(
        "/mail/ca_certificates",
        change.ca_certificates.as_ref(),
        before.and_then(|kept| kept.ca_certificates.as_ref()),
        pem,
        fields,
    );
    let port = change
        .port
        .or_else(|| before.map(|kept| kept.port))
        .unwrap_or(usual(encryption));
    if port == 0 {
        fields.fault("/mail/port", "a port from 1 to 65535 is wanted");
    }
    let after = MailServer {
        host: host?,
        port,
        encryption,
        password_set_at: before
            .and_then(|kept| kept.password_set_at)
            .filter(|_| user_name.is_some()),
        user_name,
        from_address: from?,
        from_name: name?,
        ca_certificates: trusted,
    };
    guard_password(before, &after, change, fields);
    Some(after)
}

/// A password goes only where the one who sets it says: not to a host that somebody else names later, and not over
/// an open line.
fn guard_password(before: Option<&MailServer>, after: &MailServer, change: &wire::MailChange, fields: &mut Fields) {
    let sent = matches!(change.password, Some(Some(_)));
    if let Some(Some(password)) = &change.password {
        if after.user_name.is_none() {
            fields.fault("/mail/user_name", "a password needs a name to sign in by");
        }
        if password.is_empty() || password.len() > 1_024 || password.contains(['\0', '\r', '\n']) {
            fields.fault(
                "/mail/password",
                "a password of 1 to 1024 bytes without line breaks is wanted",
            );
        }
    }
    let moved = before.is_some_and(|kept| {
        (&kept.host, kept.port, kept.encryption, &kept.ca_certificates)
            != (&after.host, after.port, after.encryption, &after.ca_certificates)
    });
    let kept = after.password_set_at.is_some() && change.password != Some(None);
    if moved && kept && !sent {
        fields.fault(
            "/mail/password",
            "send the password again, or null: it is kept for the server that stood here",
        );
    }
    let local = matches!(after.host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if (kept || sent) && after.encryption == wire::MailEncryption::None && !local {
        fields.fault(
            "/mail/encryption",
            "a password is not sent over an open line; choose starttls or tls",
        );
    }
}

const fn usual(encryption: wire::MailEncryption) -> u16 {
    match encryption {
        wire::MailEncryption::None => 25,
        wire::MailEncryption::Starttls => 587,
        wire::MailEncryption::Tls => 465,
    }
}

type Read = fn(&str) -> Result<String, String>;

fn given_or(at: &str, given: Option<&str>, stands: Option<&String>, read: Read, fields: &mut Fields) -> Option<String> {
    match (given, stands) {
        (Some(given), _) => fields.read(at, read(given)),
        (None, Some(stands)) => Some(stands.clone()),
        (None, None) => {
            fields.fault(at, "this is wanted to set a mail server");
            None
        }
    }
}

fn optional(
    at: &str,
    given: Option<&Option<String>>,
    stands: Option<&String>,
    read: Read,
    fields: &mut Fields,
) -> Option<String> {
    match given {
        None => stands.cloned(),
        Some(None) => None,
        Some(Some(given)) => fields.read(at, read(given)),
    }
}

fn host(given: &str) -> Result<String, String> {
    let name = given.trim().to_ascii_lowercase();
    let fits = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    if fits && (1..=253).contains(&name.len()) {
        Ok(name)
    } else {
        Err("a host name or an address is wanted, such as mail.example.com".to_owned())
    }
}

fn address(given: &str) -> Result<String, String> {
    Email::new(given)
        .map(|email| email.as_str().to_owned())
        .map_err(|fault| fault.to_string())
}

fn sign_in_name(given: &str) -> Result<String, String> {
    if (1..=254).contains(&given.len()) && !given.contains(char::is_control) {
        Ok(given.to_owned())
    } else {
        Err("a name of 1 to 254 bytes without control characters is wanted".to_owned())
    }
}

fn pem(given: &str) -> Result<String, String> {
    certificates(given).map(|_| given.to_owned())
}
