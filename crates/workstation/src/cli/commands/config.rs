//! `claviger-key config`: authenticatorConfig (CTAP 2.1 §6.11), a command for each of its subcommands.

use clap::{Subcommand, ValueEnum};
use claviger_workstation::{Key, Setting, Stage};
use serde_json::json;

use crate::{desk::Desk, failure::Failure, pins::PinSource};

const EXAMPLES: &str = "\
Examples:
  claviger-key config min-pin-length 8
  claviger-key config min-pin-length 8 --rp-id login.example.org --force-change
  claviger-key config force-pin-change
  claviger-key config always-uv on
  claviger-key config enterprise-attestation
A minimum length only ever grows; a reset alone takes it back. A PIN that is too short afterwards has to be changed.";

/// Orders about settings.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Config {
    /// Raise the minimum length of PINs, and say which relying parties may read it
    MinPinLength {
        /// Characters
        #[arg(value_name = "LENGTH", value_parser = clap::value_parser!(u8).range(4..=63))]
        length: u8,
        /// A relying party that may read the minimum length; may be given several times, and replaces those before
        #[arg(long = "rp-id", value_name = "ID")]
        rp_ids: Vec<String>,
        /// Also demand that the PIN is changed
        #[arg(long)]
        force_change: bool,
        #[command(flatten)]
        source: PinSource,
    },
    /// Demand that the PIN is changed before the key does anything else with it
    ForcePinChange {
        #[command(flatten)]
        source: PinSource,
    },
    /// Always verify the user, also where a service does not ask for it
    AlwaysUv {
        /// Whether
        wanted: Switch,
        #[command(flatten)]
        source: PinSource,
    },
    /// Let the key tell its serial number to the services of its organisation; only a reset takes it back
    EnterpriseAttestation {
        #[command(flatten)]
        source: PinSource,
    },
    /// Send a setting of the key's vendor that takes no parameters (vendorPrototype)
    Vendor {
        /// The vendor's number of it
        #[arg(value_name = "NUMBER")]
        number: u64,
        #[command(flatten)]
        source: PinSource,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Switch it on
    On,
    /// Switch it off
    Off,
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Config) -> Result<(), Failure> {
    let (setting, source) = setting(order);
    let mut key = desk.hold()?;
    let words = words(&setting);
    if key.has(&setting) {
        return told(desk, &key, false, &format!("{words} It was so before."));
    }
    key.can(&setting)
        .map_err(|trouble| Stage::Configuring.failed(trouble))?;
    let pin = if key.wants_pin() {
        // Before anybody types a PIN for nothing.
        key.takes_pin().map_err(|trouble| Stage::Configuring.failed(trouble))?;
        Some(source.pin(desk.person)?)
    } else {
        None
    };
    key.configure(pin.as_deref().map(String::as_str), &setting)?;
    told(desk, &key, true, &format!("{words}{}", due(&key, &setting)))
}

fn setting(order: &Config) -> (Setting, &PinSource) {
    match order {
        Config::MinPinLength {
            length,
            rp_ids,
            force_change,
            source,
        } => {
            let setting = Setting::MinPinLength {
                length: Some(*length),
                rp_ids: rp_ids.clone(),
                force_change: *force_change,
            };
            (setting, source)
        }
        Config::ForcePinChange { source } => {
            let setting = Setting::MinPinLength {
                length: None,
                rp_ids: Vec::new(),
                force_change: true,
            };
            (setting, source)
        }
        Config::AlwaysUv { wanted, source } => (Setting::AlwaysUv(*wanted == Switch::On), source),
        Config::EnterpriseAttestation { source } => (Setting::EnterpriseAttestation, source),
        Config::Vendor { number, source } => (Setting::Vendor(*number), source),
    }
}

/// What a longer minimum brings that nobody asked for: a PIN below it is good for nothing but its change (CTAP 2.1 §6.11.4).
fn due(key: &Key, setting: &Setting) -> &'static str {
    let is_news = matches!(
        setting,
        Setting::MinPinLength {
            force_change: false,
            ..
        }
    );
    if is_news && key.info().force_pin_change == Some(true) {
        " The PIN is shorter and has to be changed before anything else."
    } else {
        ""
    }
}

fn words(setting: &Setting) -> String {
    match setting {
        Setting::MinPinLength {
            length,
            rp_ids,
            force_change,
        } => {
            let mut words = Vec::new();
            if let Some(length) = length {
                words.push(format!("PINs have at least {length} characters."));
            }
            if !rp_ids.is_empty() {
                words.push(format!("The minimum length can be read by {}.", rp_ids.join(", ")));
            }
            if *force_change {
                words.push("The PIN has to be changed before anything else.".to_owned());
            }
            words.join(" ")
        }
        Setting::AlwaysUv(true) => "The key always verifies its user.".to_owned(),
        Setting::AlwaysUv(false) => "The key verifies its user where a service asks for it.".to_owned(),
        Setting::EnterpriseAttestation => "Enterprise attestation is on.".to_owned(),
        Setting::Vendor(number) => format!("The vendor's setting {number} was taken."),
    }
}

fn told(desk: &mut Desk<'_>, key: &Key, changed: bool, words: &str) -> Result<(), Failure> {
    let info = key.info();
    let told = json!({
        "changed": changed,
        "serial_number": key.serial(),
        "min_pin_length": key.min_pin_length(),
        "force_pin_change": info.force_pin_change.unwrap_or_default(),
        "always_uv": info.option("alwaysUv"),
        "enterprise_attestation": info.option("ep"),
    });
    desk.done(&told, words)
}
