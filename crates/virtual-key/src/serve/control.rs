//! Orders to a key that is served, through a socket beside its state file: one line there, one line back.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::slot::Slot;
use super::touch_pad::TouchPad;
use super::{control_socket, locked};
use crate::Touch;
use crate::authenticator::Authenticator;

/// How long the key stays out at a power cycle, so that readers that look twice a second see it gone.
const OUT: Duration = Duration::from_millis(1_500);

/// An order to a key that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Pull the key out of the reader.
    Remove,
    /// Put it back.
    Insert,
    /// Pull it out and put it back.
    PowerCycle,
    /// Use up the tries of its PIN.
    BlockPin,
    /// Touch it.
    Touch,
}

const WORDS: [(Order, &str); 5] = [
    (Order::Remove, "remove"),
    (Order::Insert, "insert"),
    (Order::PowerCycle, "power-cycle"),
    (Order::BlockPin, "block-pin"),
    (Order::Touch, "touch"),
];
const DONE: &str = "done";

/// Why an order was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// No process serves the key.
    #[error("no key is served from {}: {error}; start it with `claviger-virtual-key serve`", state.display())]
    NotServed {
        /// The key's state file.
        state: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The process that served the key ended meanwhile.
    #[error("the key went away before it answered")]
    Gone,
    /// The key cannot do as told.
    #[error("the key refuses: {0}")]
    Refused(String),
}

/// Gives an order to the key that is served from a state file; returns when it is carried out.
///
/// # Errors
/// When no process serves the file, or the key cannot do as told.
pub fn send(order: Order, state: &Path) -> Result<(), OrderError> {
    let stream = UnixStream::connect(control_socket(state)).map_err(|error| OrderError::NotServed {
        state: state.to_owned(),
        error,
    })?;
    let answer = asked(&stream, order).map_err(|_| OrderError::Gone)?;
    match answer.trim_end() {
        DONE => Ok(()),
        "" => Err(OrderError::Gone),
        refusal => Err(OrderError::Refused(refusal.to_owned())),
    }
}

fn asked(mut stream: &UnixStream, order: Order) -> io::Result<String> {
    let word = WORDS.iter().find(|(own, _)| *own == order).map_or("", |(_, word)| word);
    writeln!(stream, "{word}")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer)
}

/// The socket for orders, which only its owner can open.
pub(super) fn listen(socket: &Path) -> io::Result<UnixListener> {
    // The lock on the state file says that no other process serves here: what lies there was left behind.
    match fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// What orders act upon.
pub(super) struct Orders {
    pub(super) authenticator: Arc<Mutex<Authenticator>>,
    pub(super) slot: Arc<Slot>,
    pub(super) pad: Arc<TouchPad>,
}

impl Orders {
    /// Carries orders out, one after the other, as long as the process lives.
    pub(super) fn take_from(&self, listener: &UnixListener) {
        for stream in listener.incoming().map_while(Result::ok) {
            // Whoever ordered may be gone before the answer; the next one is not.
            let _ = self.take_one(&stream);
        }
    }

    fn take_one(&self, mut stream: &UnixStream) -> io::Result<()> {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        let order = WORDS.iter().find(|(_, word)| *word == line.trim_end());
        let answer = match order {
            Some((order, _)) => self.carry_out(*order).err(),
            None => Some("no such order".to_owned()),
        };
        writeln!(stream, "{}", answer.as_deref().unwrap_or(DONE))
    }

    fn carry_out(&self, order: Order) -> Result<(), String> {
        match order {
            Order::Remove => self.remove(),
            Order::Insert => self.slot.insert(),
            Order::PowerCycle => {
                self.remove();
                thread::sleep(OUT);
                self.slot.insert();
            }
            Order::BlockPin => return self.block_pin(),
            Order::Touch => {
                let is_taken = self.pad.answer(Touch::Given);
                return is_taken
                    .then_some(())
                    .ok_or_else(|| "nothing waits for a touch".to_owned());
            }
        }
        Ok(())
    }

    fn block_pin(&self) -> Result<(), String> {
        let mut authenticator = locked(&self.authenticator);
        if authenticator.state().pin.is_none() {
            return Err("it has no PIN yet".to_owned());
        }
        authenticator.block_pin().map_err(|error| error.to_string())
    }

    fn remove(&self) {
        self.slot.remove();
        self.pad.cancel();
        locked(&self.authenticator).power_off();
    }
}
