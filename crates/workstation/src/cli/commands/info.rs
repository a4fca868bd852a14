//! `claviger-key info`.

use clap::Args;
use claviger_ctap::wire::get_info::Info as Facts;
use claviger_workstation::{Cable, Key, ManagedState, Mode, PinState, WayOut, WrittenPolicy};
use data_encoding::HEXLOWER;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::{desk::Desk, failure::Failure, output::card};

const EXAMPLES: &str = "\
Examples:
  claviger-key info
  claviger-key info --reader \"ACS ACR1252\" --output json
  claviger-key info --check-value 7GK2M";

/// The order to show a key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Info {
    /// The check value of the admin secret that the key should hold, as the console shows it: another one is foreign
    #[arg(long, value_name = "CODE")]
    check_value: Option<String>,
}

/// All that a key tells of itself.
#[derive(Serialize)]
struct Shown<'a> {
    transport: Cable,
    reader: &'a str,
    product: Option<&'a str>,
    serial_number: Option<&'a str>,
    aaguid: String,
    firmware: Option<u64>,
    versions: &'a [String],
    extensions: &'a [String],
    options: BTreeMap<&'a str, bool>,
    transports: &'a [String],
    algorithms: Vec<i64>,
    pin_uv_auth_protocols: &'a [u8],
    max_message_size: Option<u32>,
    remaining_credentials: Option<u32>,
    pin: Pin,
    mode: Mode,
    management: Option<&'a ManagedState>,
}

#[derive(Serialize)]
struct Pin {
    #[serde(flatten)]
    state: PinState,
    meaning: String,
    way_out: WayOut,
    min_length: u32,
    max_length: Option<u32>,
    change_due: bool,
    complexity_policy: bool,
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Info) -> Result<(), Failure> {
    let mut key = desk.look()?;
    if let Some(expected) = &order.check_value {
        key.expect_check_value(expected).map_err(Failure::from)?;
    }
    let state = key.pin_state().map_err(Failure::from)?;
    let shown = shown(&key, state);
    desk.result(&shown, || card(&lines(&shown)))
}

fn shown(key: &Key, state: PinState) -> Shown<'_> {
    let (place, info) = (key.place(), key.info());
    Shown {
        transport: place.cable,
        reader: &place.name,
        product: place.product.as_deref(),
        serial_number: key.serial(),
        aaguid: aaguid(&info.aaguid),
        firmware: info.firmware_version,
        versions: &info.versions,
        extensions: &info.extensions,
        options: info.options.iter().map(|(name, set)| (name.as_str(), *set)).collect(),
        transports: &info.transports,
        algorithms: info.algorithms.iter().map(|one| one.algorithm).collect(),
        pin_uv_auth_protocols: &info.pin_uv_auth_protocols,
        max_message_size: info.max_msg_size,
        remaining_credentials: info.remaining_discoverable_credentials,
        pin: pin(key, state),
        mode: key.mode(),
        management: key.management(),
    }
}

fn pin(key: &Key, state: PinState) -> Pin {
    let info: &Facts = key.info();
    Pin {
        state,
        meaning: state.meaning(key.way_out()),
        way_out: key.way_out(),
        min_length: key.min_pin_length(),
        max_length: info.max_pin_length,
        change_due: info.force_pin_change.unwrap_or_default(),
        complexity_policy: info.pin_complexity_policy.unwrap_or_default(),
    }
}

/// An AAGUID as it is written everywhere; one that is all zeros tells nothing.
pub(crate) fn aaguid(bytes: &[u8; 16]) -> String {
    let hex = HEXLOWER.encode(bytes);
    let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let groups: Vec<&str> = ends.iter().filter_map(|(from, to)| hex.get(*from..*to)).collect();
    groups.join("-")
}

fn lines<'a>(shown: &Shown<'a>) -> Vec<(&'a str, String)> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut lines = vec![
        ("Device", shown.product.unwrap_or(shown.reader).to_owned()),
        ("Via", format!("{}, {}", shown.transport.name(), shown.reader)),
        ("Serial number", shown.serial_number.unwrap_or_default().to_owned()),
        ("AAGUID", shown.aaguid.clone()),
        ("Firmware", number(shown.firmware)),
        ("Versions", shown.versions.join(", ")),
        ("PIN", shown.pin.meaning.clone()),
        ("PIN rules", rules(&shown.pin)),
        ("Mode", management(shown)),
        (
            "Room for credentials",
            number(shown.remaining_credentials.map(u64::from)),
        ),
        ("Options", options(&shown.options)),
        ("Extensions", shown.extensions.join(", ")),
        ("Transports", shown.transports.join(", ")),
    ];
    if let Some(state) = shown.management {
        lines.extend(managed_lines(state));
    }
    lines
}

fn rules(pin: &Pin) -> String {
    let longest = pin
        .max_length
        .map_or_else(|| "at most 63 bytes".to_owned(), |longest| format!("at most {longest}"));
    let more = if pin.complexity_policy {
        ", and a rule of the key's own"
    } else {
        ""
    };
    format!("at least {} characters, {longest}{more}", pin.min_length)
}

fn management(shown: &Shown<'_>) -> String {
    let blocked = shown.management.is_some_and(|state| state.state == "admin_blocked");
    match shown.mode {
        Mode::Managed if blocked => "managed, and its tries for unlocking are used up",
        Mode::Managed => "managed: an organisation holds an admin secret of this key",
        Mode::Unmanaged => "unmanaged: nobody holds an admin secret of this key",
        Mode::Unmanageable => "unmanaged: this model cannot be managed",
        Mode::Unknown => "unknown: the key did not tell whether an organisation manages it",
    }
    .to_owned()
}

fn managed_lines(state: &ManagedState) -> Vec<(&'static str, String)> {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let secret = match (&state.check_value, state.key_version) {
        (Some(value), Some(version)) => format!("version {version}, check value {value}"),
        _ => String::new(),
    };
    let id = ("Device ID", state.device_id.clone().unwrap_or_default());
    if !state.is_managed() {
        return vec![id];
    }
    vec![
        id,
        ("Admin secret", secret),
        ("Tries to unlock it", number(state.unlock_tries.map(u32::from))),
        ("Tries for admin PIN", number(state.admin_pin_tries.map(u32::from))),
        ("Unlocked so far", number(state.unlocks)),
        ("Policy", state.policy.as_ref().map(policy).unwrap_or_default()),
    ]
}

fn policy(policy: &WrittenPolicy) -> String {
    let mut words = vec![format!("PINs of at least {} characters", policy.min_pin_length)];
    let rules = [
        (policy.force_pin_change, "the PIN has to be changed"),
        (policy.always_uv, "always verifies its user"),
        (policy.enterprise_attestation, "enterprise attestation"),
        (!policy.reset_allowed, "no reset"),
    ];
    words.extend(
        rules
            .iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, word)| (*word).to_owned()),
    );
    if !policy.allowed_services.is_empty() {
        words.push(format!("only for {}", policy.allowed_services.join(", ")));
    }
    words.join("; ")
}

fn options(options: &BTreeMap<&str, bool>) -> String {
    let words = options
        .iter()
        .map(|(name, set)| format!("{name} {}", if *set { "yes" } else { "no" }));
    words.collect::<Vec<_>>().join(", ")
}
