//! The key as a program: a card in a reader of vsmartcard-vpcd, or a USB device of this Linux, ordered about through a socket beside its state file.

mod control;
mod machine;
mod slot;
mod touch_pad;
mod uhid;
mod vpcd;
mod worker;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::authenticator::{Authenticator, OpenError};
use crate::card::Card;
use crate::disk::{Folder, beside};
use crate::hid::Device;
use crate::store::StoreError;

pub use control::{Order, OrderError, send};
use machine::Computer;
pub use machine::TouchMode;
use slot::Slot;
use touch_pad::TouchPad;
use worker::Worker;

/// What a served key is joined to.
#[derive(Clone, Debug)]
pub enum Socket {
    /// The reader of a vpcd that listens here: `HOST:PORT`.
    Vpcd(String),
    /// A USB socket of this computer, by the kernel's `uhid`.
    Usb,
}

/// What `serve` is told.
pub struct Serve {
    /// What the key is joined to.
    pub socket: Socket,
    /// The state file.
    pub state: PathBuf,
    /// What a new key is called.
    pub serial: String,
    /// How it is touched.
    pub touch: TouchMode,
}

/// Why the key cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no key to serve.
    #[error(transparent)]
    Open(OpenError),
    /// The state cannot be had.
    #[error("{}: {error}", path.display())]
    State {
        /// The state file.
        path: PathBuf,
        /// What is wrong with it.
        error: StoreError,
    },
    /// The state file or the control socket cannot be had.
    #[error("{}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The kernel takes no device.
    #[error("{}: {error}; it needs Linux, root, and `modprobe uhid`", path.display())]
    Usb {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// vpcd does not answer.
    #[error("no vpcd at {address}: {error}; is pcscd running with the vpcd driver?")]
    Vpcd {
        /// Where it was looked for.
        address: String,
        /// What the system says.
        error: io::Error,
    },
}

impl Serve {
    /// Serves the key until vpcd goes away or the process is ended.
    ///
    /// # Errors
    /// When the state cannot be had, another process serves it, vpcd does not answer at the first time, or the kernel
    /// takes no device.
    pub fn run(&self) -> Result<(), ServeError> {
        let pad = Arc::new(TouchPad::new(self.touch));
        let disk = Folder::open(&self.state).map_err(|error| at(&self.state, error))?;
        let machine = Box::new(Computer::new(Arc::clone(&pad)));
        let opened = Authenticator::open(Box::new(disk), machine, &self.serial);
        let authenticator = opened.map_err(|error| self.unopened(error))?;
        let authenticator = Arc::new(Mutex::new(authenticator));
        let slot = Arc::new(Slot::default());

        let socket = control_socket(&self.state);
        let orders = control::Orders {
            authenticator: Arc::clone(&authenticator),
            slot: Arc::clone(&slot),
            pad: Arc::clone(&pad),
        };
        let listener = control::listen(&socket).map_err(|error| at(&socket, error))?;
        thread::spawn(move || orders.take_from(&listener));
        if self.touch == TouchMode::Ask {
            let pad = Arc::clone(&pad);
            thread::spawn(move || pad.listen_to_terminal());
        }

        let serial = locked(&authenticator).state().serial.clone();
        self.join(Worker::new(authenticator, pad), &serial, &slot)
    }

    fn unopened(&self, error: OpenError) -> ServeError {
        match error {
            OpenError::Store(error) => ServeError::State {
                path: self.state.clone(),
                error,
            },
            other @ (OpenError::Serial(_) | OpenError::Certificate(_)) => ServeError::Open(other),
        }
    }

    fn join(&self, worker: Worker, serial: &str, slot: &Slot) -> Result<(), ServeError> {
        match &self.socket {
            Socket::Vpcd(address) => {
                let told = || tell(&format!("The key {serial} is in the reader of the vpcd at {address}."));
                let served = vpcd::serve(address, &mut Card::new(worker), slot, told);
                served.map_err(|error| ServeError::Vpcd {
                    address: address.clone(),
                    error,
                })
            }
            Socket::Usb => {
                let path = Path::new(uhid::UHID);
                let told = || tell(&format!("The key {serial} is plugged in as a USB device."));
                let served = uhid::serve(path, serial, &mut Device::new(worker), slot, told);
                served.map_err(|error| ServeError::Usb {
                    path: path.to_owned(),
                    error,
                })
            }
        }
    }
}

/// Tells a person who watches; programs see it by PC/SC and USB.
fn tell(line: &str) {
    if io::stderr().is_terminal() {
        say(line);
    }
}

/// A line to the terminal. Nobody there is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The control socket that belongs to a state file.
fn control_socket(state: &Path) -> PathBuf {
    beside(state, "control")
}

fn at(path: &Path, error: io::Error) -> ServeError {
    ServeError::File {
        path: path.to_owned(),
        error,
    }
}

/// The value behind a lock. A thread that died while it held it leaves it as it was.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
