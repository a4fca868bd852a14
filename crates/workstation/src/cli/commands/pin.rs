//! `claviger-key pin`.

use clap::Subcommand;
use claviger_workstation::Stage;
use serde_json::json;

use crate::{
    desk::Desk,
    failure::Failure,
    pins::{NewPinSource, PinSource},
};

const EXAMPLES: &str = "\
Examples:
  claviger-key pin set
  claviger-key pin change
  printf '%s\\n%s\\n' \"$OLD\" \"$NEW\" | claviger-key pin change --pin-stdin
  claviger-key pin set --new-pin-file pin.txt --serial 0123456789";

/// Orders about the PIN.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Pin {
    /// Set the first PIN of a key that has none
    #[command(after_help = EXAMPLES)]
    Set {
        #[command(flatten)]
        source: PinSource,
        #[command(flatten)]
        new: NewPinSource,
    },
    /// Change the PIN; the old one is needed
    #[command(after_help = EXAMPLES)]
    Change {
        #[command(flatten)]
        source: PinSource,
        #[command(flatten)]
        new: NewPinSource,
    },
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Pin) -> Result<(), Failure> {
    match order {
        Pin::Set { source, new } => set(desk, source, new),
        Pin::Change { source, new } => change(desk, source, new),
    }
}

fn set(desk: &mut Desk<'_>, source: &PinSource, new: &NewPinSource) -> Result<(), Failure> {
    let mut key = desk.hold()?;
    // Before anybody types a PIN for nothing.
    key.wants_first_pin()
        .map_err(|trouble| Stage::SettingPin.failed(trouble))?;
    let pin = new.pin(source, desk.person)?;
    key.set_pin(&pin)?;
    desk.done(&json!({"pin": "set", "serial_number": key.serial()}), "The PIN is set.")
}

fn change(desk: &mut Desk<'_>, source: &PinSource, new: &NewPinSource) -> Result<(), Failure> {
    let mut key = desk.hold()?;
    key.takes_pin().map_err(|trouble| Stage::ChangingPin.failed(trouble))?;
    let old = source.pin(desk.person)?;
    let pin = new.pin(source, desk.person)?;
    key.change_pin(&old, &pin)?;
    desk.done(
        &json!({"pin": "changed", "serial_number": key.serial()}),
        "The PIN is changed.",
    )
}
