//! One key, opened and held: what it says of itself, and what it is asked to do.

mod cabled;
mod config;
mod credentials;
mod find;
mod management;
mod pin;

use std::rc::Rc;

use claviger_ctap::{client::Client, wire::get_info::Info};
use serde::Serialize;

use cabled::Cabled;
pub use config::Setting;
pub use credentials::Credential;
use management::Asked;
pub use management::{ManagedState, WrittenPolicy};

use crate::{
    lock::Held,
    machine::{Attention, Hold, Machine},
    pin_state::WayOut,
    place::Place,
    trouble::{Failed, Stage, Trouble},
};

/// Whether an organisation holds an admin secret of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One does.
    Managed,
    /// None does, though one could.
    Unmanaged,
    /// The model does not know the managed-key protocol.
    Unmanageable,
    /// The key did not tell, or not in a way that is understood here.
    Unknown,
}

impl Mode {
    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::Unmanaged | Self::Unmanageable => "unmanaged",
            Self::Unknown => "unknown",
        }
    }
}

/// One key, opened and held until it is dropped.
pub struct Key {
    place: Place,
    client: Client<Cabled>,
    management: Asked,
    /// Dropped last: the next program may come only when the connection is closed.
    _lock: Held,
}

/// The versions that people know keys by, the best one first.
const VERSIONS: [&str; 6] = ["FIDO_2_3", "FIDO_2_2", "FIDO_2_1", "FIDO_2_1_PRE", "FIDO_2_0", "U2F_V2"];

impl Key {
    /// Opens what is in a place and asks it what it is.
    pub fn open(machine: &mut dyn Machine, place: &Place, hold: Hold, attention: &Attention) -> Result<Self, Trouble> {
        let lock = machine.take(place)?;
        let cabled = Cabled::new(machine.open(place, hold)?, machine.stop());
        let notice = cabled.notice(&Rc::clone(attention), place);
        let opened = Client::open(cabled, machine.entropy(), notice);
        let mut client = opened.map_err(|error| Trouble::of_client(error, Stage::Reading))?;
        let management = management::ask(&mut client)?;
        Ok(Self {
            place: place.clone(),
            client,
            management,
            _lock: lock,
        })
    }

    /// Where it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What it says of itself (authenticatorGetInfo).
    #[must_use]
    pub const fn info(&self) -> &Info {
        self.client.info()
    }

    /// What it says of its management, if it knows the managed-key protocol.
    #[must_use]
    pub const fn management(&self) -> Option<&ManagedState> {
        self.management.state()
    }

    /// Whether an organisation holds an admin secret of it.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match &self.management {
            Asked::Told(state) if state.is_managed() => Mode::Managed,
            Asked::Told(_) => Mode::Unmanaged,
            Asked::NoProtocol => Mode::Unmanageable,
            Asked::Unclear(_) => Mode::Unknown,
        }
    }

    /// The serial number that it tells, through the managed-key protocol or the USB cable.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        let told = self.management().and_then(|state| state.serial_number.as_deref());
        told.or(self.place.usb_serial.as_deref())
    }

    /// The best version of CTAP that it speaks.
    #[must_use]
    pub fn version(&self) -> Option<&'static str> {
        VERSIONS.into_iter().find(|version| self.info().speaks(version))
    }

    /// What can be done when it is locked.
    #[must_use]
    pub fn way_out(&self) -> WayOut {
        self.management.way_out()
    }

    /// Whether it is the key that was seen before, as far as keys tell.
    pub(crate) fn is(&self, seen: &Seen) -> bool {
        *seen == self.seen()
    }

    /// What it can be known by after it was unplugged.
    pub(crate) fn seen(&self) -> Seen {
        Seen {
            aaguid: self.info().aaguid,
            serial: self.serial().map(str::to_owned),
        }
    }

    /// Switches the key off and on where its reader can do so.
    pub(crate) fn power_cycle(&mut self) -> Result<bool, Trouble> {
        self.client.transport().link.power_cycle()
    }

    /// Resets it. The caller has made sure that it was plugged in just now and that this is wanted.
    pub(crate) fn reset(&mut self) -> Result<(), Failed> {
        self.during(Stage::Resetting, Client::reset)?;
        // It is reset, whatever comes of asking again; what it told before is the best that is known then.
        if let Ok(told @ Asked::Told(_)) = management::ask(&mut self.client) {
            self.management = told;
        }
        Ok(())
    }

    /// Something that the client does at a stage, with its errors as troubles that know the way out.
    fn during<T>(
        &mut self,
        stage: Stage,
        order: impl FnOnce(&mut Client<Cabled>) -> Result<T, claviger_ctap::client::Error<Trouble>>,
    ) -> Result<T, Failed> {
        let way = self.way_out();
        order(&mut self.client).map_err(|error| stage.failed(Trouble::of_client(error, stage).with(way)))
    }
}

/// What a key can be known by.
#[derive(PartialEq, Eq)]
pub(crate) struct Seen {
    aaguid: [u8; 16],
    serial: Option<String>,
}
