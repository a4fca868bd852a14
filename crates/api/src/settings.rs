//! Settings of a tenant.

use serde::{Deserialize, Deserializer, Serialize};

/// Settings of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// Their revision, for `If-Match`.
    pub revision: i64,
    /// Language of new administrators, and of mail to users who have none of their own, a BCP 47 tag.
    pub locale: String,
    /// Languages that mail is written in; others get the tenant's, or English.
    pub languages: Vec<String>,
    /// Whether *Send email notification* is on when the revoke window opens.
    pub revoke_notifies: bool,
    /// The mail server; none until it is set.
    pub mail: Option<MailSettings>,
    /// How long sessions last.
    pub session: SessionSettings,
    /// How long what is over is kept.
    pub retention: RetentionSettings,
    /// The showing of initial PINs.
    pub pins: PinSettings,
    /// Where codes are verified for others.
    pub verification: VerificationSettings,
}

/// A tenant's mail server. Its password is never answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailSettings {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: MailEncryption,
    /// The name to sign in by; without one nobody signs in.
    pub user_name: Option<String>,
    /// Whether a password is kept.
    pub password_set: bool,
    /// The sender's address.
    pub from_address: String,
    /// The sender's name.
    pub from_name: String,
    /// Certificates that are trusted besides the machine's own, PEM.
    pub ca_certificates: Option<String>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    /// Not at all.
    None,
    /// It must turn to TLS before anything else is said (RFC 3207).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// How long sessions last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionSettings {
    /// Minutes without a request after which a session in this tenant ends; the server's own when absent.
    pub idle_minutes: Option<u32>,
    /// Hours after which a session in this tenant ends whatever happens; the server's own when absent.
    pub absolute_hours: Option<u32>,
    /// Minutes that a proof of who one is lasts, where it is asked for again.
    pub step_up_minutes: u32,
    /// The server's own bound, which a tenant may only tighten.
    pub longest_idle_minutes: u32,
    /// The server's own bound, which a tenant may only tighten.
    pub longest_absolute_hours: u32,
}

/// How many days what is over is kept. Audit events are kept for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionSettings {
    /// Results of jobs that have ended, row by row.
    pub job_days: u32,
    /// Rejected rows of imports.
    pub import_reject_days: u32,
    /// Mail that was sent or given up.
    pub mail_days: u32,
}

/// The showing of initial PINs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinSettings {
    /// How many an operator may have shown within an hour.
    pub shows_per_hour: u32,
    /// Whether a second person has to approve before an admin PIN is shown.
    pub admin_pin_needs_approval: bool,
}

/// Where codes are verified for programs that speak to another product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerificationSettings {
    /// Whether clients of privacyIDEA are answered.
    pub compatible: bool,
    /// Networks that they ask from; others are not answered.
    pub compatible_networks: Vec<String>,
    /// The address that they are given in place of privacyIDEA's.
    pub compatible_url: String,
}

/// Changes where codes are verified; absent fields stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VerificationChange {
    /// See [`VerificationSettings::compatible`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatible: Option<bool>,
    /// See [`VerificationSettings::compatible_networks`]: at most 100, such as `10.1.0.0/16`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatible_networks: Option<Vec<String>>,
}

/// Changes settings; absent fields stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// See [`Settings::locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// See [`Settings::revoke_notifies`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_notifies: Option<bool>,
    /// See [`Settings::mail`]; `null` forgets the mail server and its password.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<MailChange>))]
    pub mail: Option<Option<MailChange>>,
    /// See [`Settings::session`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionSettingsChange>,
    /// See [`Settings::retention`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<RetentionChange>,
    /// See [`Settings::pins`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pins: Option<PinSettingsChange>,
    /// A second person's agreement, of kind `admin_pin_alone`: wanted to switch
    /// [`PinSettings::admin_pin_needs_approval`] off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_id: Option<uuid::Uuid>,
    /// See [`Settings::verification`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<VerificationChange>,
}

/// Changes the mail server; absent fields stay. The first time `host` and `from_address` are wanted.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MailChange {
    /// See [`MailSettings::host`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// See [`MailSettings::port`]; 25, 587 or 465 by the encryption when never given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// See [`MailSettings::encryption`]; `starttls` when never given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<MailEncryption>,
    /// See [`MailSettings::user_name`]; `null` ends signing in and forgets the password.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub user_name: Option<Option<String>>,
    /// The password, kept sealed and never answered; `null` forgets it. Whoever points the server elsewhere has to
    /// send it again.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Password))]
    pub password: Option<Option<String>>,
    /// See [`MailSettings::from_address`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_address: Option<String>,
    /// See [`MailSettings::from_name`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_name: Option<String>,
    /// See [`MailSettings::ca_certificates`]; `null` forgets them.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub ca_certificates: Option<Option<String>>,
}

impl std::fmt::Debug for MailChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailChange")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// Asks for a trial letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MailTest {
    /// Whom to send it to.
    pub to: String,
}

/// A trial letter was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailTested {
    /// Whether the mail server took it; what it says otherwise is a problem.
    pub delivered: bool,
    /// What the mail server said.
    pub detail: String,
}

/// Changes how long sessions last; absent fields stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionSettingsChange {
    /// See [`SessionSettings::idle_minutes`]; `null` for the server's own.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub idle_minutes: Option<Option<u32>>,
    /// See [`SessionSettings::absolute_hours`]; `null` for the server's own.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub absolute_hours: Option<Option<u32>>,
    /// See [`SessionSettings::step_up_minutes`], 1 to 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up_minutes: Option<u32>,
}

/// Changes how long what is over is kept, 1 to 3650 days each; absent fields stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetentionChange {
    /// See [`RetentionSettings::job_days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_days: Option<u32>,
    /// See [`RetentionSettings::import_reject_days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_reject_days: Option<u32>,
    /// See [`RetentionSettings::mail_days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_days: Option<u32>,
}

/// Changes the showing of initial PINs; absent fields stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PinSettingsChange {
    /// See [`PinSettings::shows_per_hour`], 1 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows_per_hour: Option<u32>,
    /// See [`PinSettings::admin_pin_needs_approval`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_pin_needs_approval: Option<bool>,
}

#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
/// A field that was sent, `null` or not; absent ones do not come here.
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(source).map(Some)
}
