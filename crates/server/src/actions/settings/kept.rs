//! A tenant's settings as they are kept: one JSON document, whose absent fields have their defaults.

use claviger_api as wire;
use claviger_domain::{TenantId, Timestamp};
use claviger_store::{Reader, settings};
use serde::{Deserialize, Serialize};

use crate::{App, Failure, mail::LANGUAGES};

/// The document's name.
pub(super) const NAME: &str = "tenant";

/// A tenant's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TenantSettings {
    pub(crate) locale: String,
    pub(crate) revoke_notifies: bool,
    pub(crate) mail: Option<MailServer>,
    pub(crate) session: Sessions,
    pub(crate) retention: Retention,
    pub(crate) pins: Pins,
    pub(crate) verification: Verification,
}

/// Where a tenant's mail goes. The password is sealed elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MailServer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: wire::MailEncryption,
    pub(crate) user_name: Option<String>,
    /// When the password was kept, in microseconds; none without one.
    pub(crate) password_set_at: Option<i64>,
    pub(crate) from_address: String,
    pub(crate) from_name: String,
    pub(crate) ca_certificates: Option<String>,
}

/// How long sessions last; the server's own bounds hold besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Sessions {
    pub(crate) idle_minutes: Option<u32>,
    pub(crate) absolute_hours: Option<u32>,
    pub(crate) step_up_minutes: u32,
}

/// How many days what is over is kept.
#[expect(
    clippy::struct_field_names,
    reason = "their unit stands in their names, as on the wire"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Retention {
    pub(crate) job_days: u32,
    pub(crate) import_reject_days: u32,
    pub(crate) mail_days: u32,
}

/// The showing of initial PINs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Pins {
    pub(crate) shows_per_hour: u32,
    pub(crate) admin_pin_needs_approval: bool,
}

/// Where codes are verified for programs that speak to another product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Verification {
    pub(crate) compatible: bool,
    pub(crate) compatible_networks: Vec<String>,
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            revoke_notifies: false,
            mail: None,
            session: Sessions::default(),
            retention: Retention::default(),
            pins: Pins::default(),
            verification: Verification::default(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_minutes: None,
            absolute_hours: None,
            step_up_minutes: 5,
        }
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            job_days: 365,
            import_reject_days: 365,
            mail_days: 365,
        }
    }
}

impl Default for Pins {
    fn default() -> Self {
        Self {
            shows_per_hour: 20,
            admin_pin_needs_approval: false,
        }
    }
}

impl Sessions {
    /// Whether a session has lasted its time in this tenant: since it was last used, and since it began.
    pub(crate) fn is_over(&self, last_seen_at: Timestamp, created_at: Timestamp, now: Timestamp) -> bool {
        let minutes = |at: Timestamp| now.micros_since(at) / (60 * 1_000_000);
        let idle = self
            .idle_minutes
            .is_some_and(|most| minutes(last_seen_at) >= i64::from(most));
        let old = self
            .absolute_hours
            .is_some_and(|most| minutes(created_at) >= i64::from(most) * 60);
        idle || old
    }
}

/// The settings of a tenant, or their defaults; and their revision, 0 when they were never changed.
pub(crate) async fn load(reader: &mut Reader, tenant: TenantId) -> Result<(TenantSettings, i64), Failure> {
    match settings::get(reader, tenant, NAME).await? {
        Some(kept) => Ok((
            serde_json::from_str(&kept.value).map_err(Failure::internal)?,
            kept.revision,
        )),
        None => Ok((TenantSettings::default(), 0)),
    }
}

/// The settings of a tenant.
pub(crate) async fn of(reader: &mut Reader, tenant: TenantId) -> Result<TenantSettings, Failure> {
    Ok(load(reader, tenant).await?.0)
}

/// As they are answered.
pub(super) fn view(app: &App, tenant: TenantId, kept: TenantSettings, revision: i64) -> wire::Settings {
    let whole = |seconds: u64, unit: u64| u32::try_from(seconds / unit).unwrap_or(u32::MAX);
    wire::Settings {
        revision,
        locale: kept.locale,
        languages: LANGUAGES.map(str::to_owned).into(),
        revoke_notifies: kept.revoke_notifies,
        mail: kept.mail.map(mail_view),
        session: wire::SessionSettings {
            idle_minutes: kept.session.idle_minutes,
            absolute_hours: kept.session.absolute_hours,
            step_up_minutes: kept.session.step_up_minutes,
            longest_idle_minutes: whole(app.config().session_idle.as_secs(), 60),
            longest_absolute_hours: whole(app.config().session_absolute.as_secs(), 3_600),
        },
        retention: wire::RetentionSettings {
            job_days: kept.retention.job_days,
            import_reject_days: kept.retention.import_reject_days,
            mail_days: kept.retention.mail_days,
        },
        pins: wire::PinSettings {
            shows_per_hour: kept.pins.shows_per_hour,
            admin_pin_needs_approval: kept.pins.admin_pin_needs_approval,
        },
        verification: wire::VerificationSettings {
            compatible: kept.verification.compatible,
            compatible_networks: kept.verification.compatible_networks,
            compatible_url: app
                .origin()
                .join(&format!("/pi/{tenant}"))
                .map_or_else(|_| String::new(), String::from),
        },
    }
}

fn mail_view(kept: MailServer) -> wire::MailSettings {
    wire::MailSettings {
        host: kept.host,
        port: kept.port,
        encryption: kept.encryption,
        user_name: kept.user_name,
        password_set: kept.password_set_at.is_some(),
        from_address: kept.from_address,
        from_name: kept.from_name,
        ca_certificates: kept.ca_certificates,
    }
}
