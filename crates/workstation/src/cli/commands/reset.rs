//! `claviger-key reset`: says what will be lost, asks, and leads through the ceremony.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use clap::Args;
use claviger_workstation::{Ceremony, Credential, Key, Mode, PinState, PowerCycle, Stage, Step, Trouble};
use serde_json::json;

use super::credentials::table;
use crate::{desk::Desk, exit::Exit, failure::Failure, person, pins::PinSource};

const EXAMPLES: &str = "\
Examples:
  claviger-key reset
  claviger-key reset --serial 0123456789 --yes
  claviger-key reset --reader \"ACS ACR1252\" --by-reader
With the PIN (--pin-file, --pin-stdin, CLAVIGER_PIN) it also names every credential that will be lost.";

/// The order to reset a key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reset {
    /// Let the reader switch the key off and on, instead of taking it out; not for USB
    #[arg(long)]
    by_reader: bool,
    #[command(flatten)]
    source: PinSource,
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Reset) -> Result<(), Failure> {
    let mut key = desk.hold()?;
    if key
        .management()
        .and_then(|state| state.policy.as_ref())
        .is_some_and(|policy| !policy.reset_allowed)
    {
        return Err(Stage::Resetting.failed(Trouble::PolicyForbids).into());
    }
    let losses = losses(desk, order, &mut key)?;
    desk.say(&losses);
    agreed(desk, &key)?;
    let serial = key.serial().map(str::to_owned);
    let key = carried_out(desk, order, key)?;
    let told = json!({"reset": true, "serial_number": serial, "mode": key.mode()});
    let words = match key.mode() {
        Mode::Managed => "The key is reset: no PIN and no credentials are on it. Its organisation still manages it.",
        Mode::Unmanaged | Mode::Unmanageable | Mode::Unknown => {
            "The key is reset: no PIN and no credentials are on it."
        }
    };
    desk.done(&told, words)
}

/// What will be lost, in words. The credentials are named when the PIN is at hand.
fn losses(desk: &mut Desk<'_>, order: &Reset, key: &mut Key) -> Result<String, Failure> {
    let state = key.pin_state().map_err(Failure::from)?;
    let mut words = vec![format!("A reset of {} cannot be taken back.", named(key))];
    match credentials(desk, order, key, state)? {
        Some(credentials) if credentials.is_empty() => {
            words.push("No credentials that it lists are on the key.".to_owned());
        }
        Some(credentials) => {
            words.push("These credentials will be lost, and nobody can sign in with them any more:".to_owned());
            words.push(table(&credentials).trim_end().to_owned());
        }
        None => words.push(
            "Every credential on it will be lost: whoever signs in with this key cannot do so any more.".to_owned(),
        ),
    }
    words.push("Credentials that services keep for the key stop working, too, and are in no list.".to_owned());
    if state != PinState::NotSet && state != PinState::Unsupported {
        words.push("Its PIN will be gone.".to_owned());
    }
    match key.mode() {
        Mode::Managed => words.push("Its organisation goes on managing it, with the same policy.".to_owned()),
        Mode::Unknown => words.push(
            "It did not tell whether an organisation manages it; one that does could unlock it with nothing lost."
                .to_owned(),
        ),
        Mode::Unmanaged | Mode::Unmanageable => {}
    }
    Ok(words.join("\n"))
}

fn credentials(
    desk: &mut Desk<'_>,
    order: &Reset,
    key: &mut Key,
    state: PinState,
) -> Result<Option<Vec<Credential>>, Failure> {
    if !matches!(state, PinState::Ready { .. }) || !key.lists_credentials() {
        return Ok(None);
    }
    let Some(pin) = order.source.given(desk.person)? else {
        return Ok(None);
    };
    match key.credentials(&pin) {
        Ok(credentials) => Ok(Some(credentials)),
        // A PIN that does not open the list is no reason against a reset, which is the way out of a lost one.
        Err(failed) if !failed.trouble.leaves_doubt() => {
            desk.note(&format!(
                "The credentials are not named. {} {}",
                failed.what(),
                failed.state()
            ));
            Ok(None)
        }
        Err(failed) => Err(failed.into()),
    }
}

fn named(key: &Key) -> String {
    match key.serial() {
        Some(serial) => format!("the key {serial} at {}", key.place().shown()),
        None => format!("the key at {}", key.place().shown()),
    }
}

/// The person types the serial number, or the word where the key tells none; a script names the key and says yes.
fn agreed(desk: &mut Desk<'_>, key: &Key) -> Result<(), Failure> {
    let (flag, named) = match key.serial() {
        Some(_) => ("--serial", desk.wanted.serial.is_some()),
        None => ("--reader", desk.wanted.reader.is_some()),
    };
    if desk.output.yes {
        if named {
            return Ok(());
        }
        return Err(Failure::unchanged(
            Exit::NotConfirmed,
            "A reset with --yes wants the key to be named.",
            format!("Add {flag} with what `claviger-key list` shows."),
        ));
    }
    if !desk.person.can_answer() {
        return Err(Failure::unchanged(
            Exit::NotConfirmed,
            "A reset has to be confirmed, and nobody can be asked here.",
            format!("Name the key with {flag} and add --yes."),
        ));
    }
    let wanted = key.serial().unwrap_or("reset").to_owned();
    let what = key.serial().map_or("the word “reset”", |_| "its serial number");
    let answer = desk.person.ask(&format!("Type {what} to reset the key:"))?;
    if answer.eq_ignore_ascii_case(&wanted) {
        return Ok(());
    }
    Err(Failure::declined())
}

fn carried_out(desk: &mut Desk<'_>, order: &Reset, key: Key) -> Result<Key, Failure> {
    let how = if order.by_reader {
        PowerCycle::ByReader
    } else {
        PowerCycle::ByHand
    };
    let counts = desk.person.can_answer() && !desk.output.quiet;
    let mut countdown = None;
    let person = &mut *desk.person;
    let mut tell = |step: Step| match step {
        Step::TakeOut(place) => person.say(&format!("1. Take the key out of {}.", place.shown())),
        Step::PutIn(_) => person.say("2. Put it in again."),
        Step::Touch(seconds) => {
            let number = if how == PowerCycle::ByHand { "3. " } else { "" };
            person.say(&format!(
                "{number}Touch it within {seconds} seconds, as often as it blinks."
            ));
            countdown = counts.then(|| Countdown::from(seconds));
        }
        Step::Done => countdown = None,
    };
    let mut ceremony = Ceremony {
        machine: desk.machine,
        attention: desk.attention.clone(),
        tell: &mut tell,
    };
    Ok(ceremony.reset(key, how)?)
}

/// Counts the seconds down for a person who watches, until it is dropped.
struct Countdown {
    /// The counting ends when this end of the channel is gone.
    _ends: Sender<()>,
}

impl Countdown {
    fn from(seconds: u64) -> Self {
        let (ends, ended) = mpsc::channel();
        thread::spawn(move || {
            for left in (1..seconds).rev() {
                match ended.recv_timeout(Duration::from_secs(1)) {
                    Err(RecvTimeoutError::Timeout) => person::say(&format!("   {left} s")),
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Self { _ends: ends }
    }
}
