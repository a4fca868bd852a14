//! A FIDO2 key that others wrote (`fido-authenticator` on `trussed`), as a card in vsmartcard's virtual reader: the
//! independent second key of the tests.
//!
//! ```text
//! fido-card FOLDER [HOST:PORT]
//! ```
//!
//! Keeps its state in FOLDER. Touch is always given. Every power-off ends the platform and the authenticator, and the
//! next power-on builds both anew from the state, so that a power cycle is one. Ends when the reader does.

mod apdu;
#[cfg(test)]
mod judged;
mod key;

use std::path::PathBuf;
use std::process::ExitCode;

use apdu::Framing;
use key::Key;

/// Where vpcd waits for cards.
const READER: &str = "127.0.0.1:35963";

/// The card: a key under power, or the state of one without.
struct Card {
    state: PathBuf,
    powered: Option<(Key, Framing)>,
}

impl vpicc::VSmartCard for Card {
    fn power_on(&mut self) {
        self.powered = Some((Key::power_on(&self.state), Framing::default()));
    }

    fn power_off(&mut self) {
        self.powered = None;
    }

    /// A warm reset: the key stays under power, what was half said is forgotten.
    fn reset(&mut self) {
        if let Some((_, framing)) = &mut self.powered {
            *framing = Framing::default();
        }
    }

    fn execute(&mut self, command: &[u8]) -> Vec<u8> {
        match &mut self.powered {
            Some((key, framing)) => framing.answer(key, command),
            None => apdu::NOT_POWERED.to_vec(),
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(state) = arguments.next().map(PathBuf::from) else {
        eprintln!("fido-card FOLDER [HOST:PORT]");
        return ExitCode::from(2);
    };
    let reader = arguments.next().unwrap_or_else(|| READER.to_owned());
    if let Err(error) = std::fs::create_dir_all(&state) {
        eprintln!("{}: {error}", state.display());
        return ExitCode::FAILURE;
    }
    let ended = vpicc::connect_socket(reader).and_then(|reader| reader.run(&mut Card { state, powered: None }));
    match ended {
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            eprintln!("the reader: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
