//! This machine: USB through hidapi, readers through PC/SC.

use std::{
    thread,
    time::{Duration, Instant},
};

use hidapi::HidApi;
use pcsc::Context;
use rand::{TryRngCore, rngs::OsRng};

use super::{Hold, Machine, Randomness};
use crate::{
    hid::{HidLink, RawReports, survey as usb_keys},
    link::Link,
    lock::{Held, Locks},
    place::{Cable, Place},
    smart_card::{CardLink, ReaderCard, service, survey as readers},
    stop::Stop,
    trouble::Trouble,
};

/// This machine.
pub struct ThisMachine {
    usb: Option<HidApi>,
    cards: Option<Context>,
    locks: Locks,
    stop: Stop,
    begun: Instant,
    missing: Option<Trouble>,
}

impl ThisMachine {
    /// This machine with its locks; `stop` reaches keys that wait for a touch.
    #[must_use]
    pub fn new(locks: Locks, stop: Stop) -> Self {
        Self {
            usb: None,
            cards: None,
            locks,
            stop,
            begun: Instant::now(),
            missing: None,
        }
    }

    fn usb(&mut self) -> Result<&mut HidApi, Trouble> {
        if self.usb.is_none() {
            self.usb = Some(HidApi::new().map_err(|error| Trouble::Machine {
                what: format!("USB devices cannot be listed: {error}"),
            })?);
        }
        self.usb.as_mut().ok_or(Trouble::NoKey)
    }

    /// The connection to the service; a dead one is made anew, since the service may have been started again.
    fn cards(&mut self) -> Result<&Context, Trouble> {
        if self.cards.as_ref().is_none_or(|context| context.is_valid().is_err()) {
            self.cards = Some(service()?);
        }
        self.cards.as_ref().ok_or(Trouble::NoCardService)
    }

    fn in_readers(&mut self) -> Result<Vec<Place>, Trouble> {
        let seen = self.cards().and_then(readers);
        if seen.is_err() {
            self.cards = None;
        }
        seen
    }
}

impl Machine for ThisMachine {
    fn survey(&mut self) -> Result<Vec<Place>, Trouble> {
        let mut places = usb_keys(self.usb()?)?;
        places.sort_by(|one, other| one.name.cmp(&other.name));
        match self.in_readers() {
            Ok(readers) => {
                places.extend(readers);
                self.missing = None;
            }
            Err(trouble) => self.missing = Some(trouble),
        }
        Ok(places)
    }

    fn missing(&self) -> Option<Trouble> {
        self.missing.clone()
    }

    fn take(&mut self, place: &Place) -> Result<Held, Trouble> {
        self.locks.take(&place.name)
    }

    fn open(&mut self, place: &Place, hold: Hold) -> Result<Box<dyn Link>, Trouble> {
        match place.cable {
            Cable::Usb => {
                let mut nonce = [0; 8];
                fill(&mut nonce);
                let reports = RawReports::open(self.usb()?, &place.name)?;
                Ok(Box::new(HidLink::open(reports, place, nonce)?))
            }
            Cable::Pcsc => {
                let card = ReaderCard::connect(self.cards()?, &place.name, hold)?;
                Ok(Box::new(CardLink::open(card, place)?))
            }
        }
    }

    fn stop(&self) -> Stop {
        self.stop.clone()
    }

    fn pause(&mut self, time: Duration) {
        thread::sleep(time);
    }

    fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    fn entropy(&self) -> Randomness {
        Box::new(fill)
    }
}

/// Without randomness of the system no secret may be made, and nothing may be made up in its place.
#[expect(
    clippy::expect_used,
    reason = "the system's source does not fail once it has begun to give"
)]
fn fill(bytes: &mut [u8]) {
    OsRng.try_fill_bytes(bytes).expect("the system gives randomness");
}
