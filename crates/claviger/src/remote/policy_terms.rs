//! What a policy asks for, as flags.

use clap::{Args, ValueEnum};
use claviger_api::{NewPolicy, PinKind, PolicyDraft, PolicyType};

/// What a policy asks for.
#[derive(Debug, PartialEq, Default, Args)]
#[command(next_help_heading = "What it asks for")]
pub(crate) struct Terms {
    /// Least length of the PIN, 4 to 63 [new policies: 6]
    #[arg(long, value_name = "N")]
    min_pin_length: Option<u8>,
    /// Whether the user must change the PIN before first use [new policies: true]
    #[arg(long, value_name = "BOOL")]
    force_pin_change: Option<bool>,
    /// Whether the key always verifies its user [new policies: false]
    #[arg(long, value_name = "BOOL")]
    always_uv: Option<bool>,
    /// RP ids that may read the minimum PIN length; an empty text for none [new policies: none]
    #[arg(long, value_name = "RP_ID", value_delimiter = ',')]
    min_pin_length_rp_id: Option<Vec<String>>,
    /// RP ids that the key registers with and signs for, `enterprise` only; an empty text allows all [new policies: all]
    #[arg(long, value_name = "RP_ID", value_delimiter = ',')]
    allowed_service: Option<Vec<String>>,
    /// Whether enterprise attestation is switched on, `enterprise` only [new policies: false]
    #[arg(long, value_name = "BOOL")]
    enterprise_attestation: Option<bool>,
    /// Which characters an initial PIN is made of [new policies: digits]
    #[arg(long, value_enum, value_name = "KIND")]
    pin_kind: Option<Pin>,
    /// Whether the key's user may reset it [new policies: true]
    #[arg(long, value_name = "BOOL")]
    reset_allowed: Option<bool>,
    /// For how many days after assignment an initial PIN can be shown [new policies: 30]
    #[arg(long, value_name = "DAYS")]
    initial_pin_days: Option<u16>,
}

/// Which keys a policy fits.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// Any CTAP2 key
    Standard,
    /// Keys with admin mode only
    Enterprise,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Pin {
    /// Digits only
    Digits,
    /// Letters and digits
    Characters,
}

impl From<Pin> for PinKind {
    fn from(kind: Pin) -> Self {
        match kind {
            Pin::Digits => Self::Digits,
            Pin::Characters => Self::Characters,
        }
    }
}

impl Terms {
    /// A new policy; what is not named is left to the server.
    pub(crate) fn draft(self, name: String, kind: Kind) -> NewPolicy {
        NewPolicy {
            name,
            kind: match kind {
                Kind::Standard => PolicyType::Standard,
                Kind::Enterprise => PolicyType::Enterprise,
            },
            min_pin_length: self.min_pin_length,
            force_pin_change: self.force_pin_change,
            always_uv: self.always_uv,
            min_pin_length_rp_ids: self.min_pin_length_rp_id.map(named),
            allowed_services: self.allowed_service.map(named),
            enterprise_attestation: self.enterprise_attestation,
            pin_kind: self.pin_kind.map(PinKind::from),
            reset_allowed: self.reset_allowed,
            initial_pin_days: self.initial_pin_days,
        }
    }

    /// Changes what is named.
    pub(crate) fn change(self, draft: &mut PolicyDraft) {
        set(&mut draft.min_pin_length, self.min_pin_length);
        set(&mut draft.force_pin_change, self.force_pin_change);
        set(&mut draft.always_uv, self.always_uv);
        set(&mut draft.min_pin_length_rp_ids, self.min_pin_length_rp_id.map(named));
        set(&mut draft.allowed_services, self.allowed_service.map(named));
        set(&mut draft.enterprise_attestation, self.enterprise_attestation);
        set(&mut draft.reset_allowed, self.reset_allowed);
        set(&mut draft.initial_pin_days, self.initial_pin_days);
        set(&mut draft.pin_kind, self.pin_kind.map(PinKind::from));
    }
}

fn set<T>(field: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *field = value;
    }
}

fn named(rp_ids: Vec<String>) -> Vec<String> {
    rp_ids.into_iter().filter(|rp_id| !rp_id.is_empty()).collect()
}
