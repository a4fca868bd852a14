//! A workstation for tests: readers with keys that are moved by a plan, a person who answers from a list, and a clock
//! that moves when somebody waits.

mod canned;
mod person;
mod virtual_key;

use std::{cell::RefCell, collections::VecDeque, rc::Rc, time::Duration};

use clap::Parser;
use claviger_ctap::{client::Notice, hid::Keepalive};
use claviger_workstation::{
    Attention, Cable, Content, Held, Hold, Link, Locks, Machine, Place, Randomness, Stop, Trouble, Waiting,
};
use tempfile::TempDir;

pub(crate) use canned::Canned;
pub(crate) use person::Script;
pub(crate) use virtual_key::{Carried, Virtual, as_device};

use crate::{cli::Cli, exit::Exit, failure::Failure};

/// A key as the bench moves it.
pub(crate) trait Device {
    /// One request and its answer.
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble>;

    /// Whether it waits for a touch before it answers.
    fn wants_touch(&self, _: &[u8]) -> bool {
        false
    }

    /// Its power comes or goes.
    fn power(&mut self, on: bool);
}

pub(crate) type Shared = Rc<RefCell<dyn Device>>;

/// What somebody does with a key while the program waits.
#[derive(Clone)]
pub(crate) enum Hand {
    TakeOut(usize),
    PutIn(usize, Shared),
    Unplug(usize),
}

struct Slot {
    place: Place,
    key: Option<Shared>,
    refuses: Option<Trouble>,
}

/// The workstation.
pub(crate) struct Bench {
    slots: Vec<Slot>,
    pub(crate) missing: Option<Trouble>,
    pub(crate) hands: VecDeque<Hand>,
    pub(crate) locks: Locks,
    now: Duration,
    /// Kept for as long as the locks in it are needed.
    _folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            slots: Vec::new(),
            missing: None,
            hands: VecDeque::new(),
            locks: Locks::within(folder.path().to_path_buf()),
            now: Duration::ZERO,
            _folder: folder,
        }
    }

    pub(crate) fn empty_reader(self, name: &str) -> Self {
        self.slot(Cable::Pcsc, name, Content::Empty, None, None)
    }

    pub(crate) fn in_reader(self, name: &str, key: Shared) -> Self {
        key.borrow_mut().power(true);
        self.slot(Cable::Pcsc, name, Content::Card, Some(key), None)
    }

    pub(crate) fn on_usb(mut self, path: &str, product: &str, serial: Option<&str>, key: Shared) -> Self {
        key.borrow_mut().power(true);
        self = self.slot(Cable::Usb, path, Content::Key, Some(key), None);
        let place = &mut self.slots.last_mut().unwrap().place;
        place.product = Some(product.to_owned());
        place.usb_serial = serial.map(str::to_owned);
        self
    }

    pub(crate) fn that_refuses(self, cable: Cable, name: &str, trouble: Trouble) -> Self {
        let content = if cable == Cable::Usb {
            Content::Key
        } else {
            Content::Card
        };
        self.slot(cable, name, content, None, Some(trouble))
    }

    fn slot(
        mut self,
        cable: Cable,
        name: &str,
        content: Content,
        key: Option<Shared>,
        refuses: Option<Trouble>,
    ) -> Self {
        let place = Place {
            cable,
            name: name.to_owned(),
            product: None,
            usb_serial: None,
            content,
            visit: 0,
        };
        self.slots.push(Slot { place, key, refuses });
        self
    }

    /// Moves a key.
    pub(crate) fn moves(&mut self, hand: Hand) {
        match hand {
            Hand::TakeOut(slot) => {
                let slot = &mut self.slots[slot];
                if let Some(key) = slot.key.take() {
                    key.borrow_mut().power(false);
                }
                slot.place.content = Content::Empty;
                slot.place.visit += 1;
            }
            Hand::PutIn(slot, key) => {
                key.borrow_mut().power(true);
                let slot = &mut self.slots[slot];
                slot.place.content = if slot.place.cable == Cable::Usb {
                    Content::Key
                } else {
                    Content::Card
                };
                slot.key = Some(key);
                slot.place.visit += 1;
            }
            Hand::Unplug(slot) => drop(self.slots.remove(slot)),
        }
    }

    /// Runs a command line and returns what came of it.
    pub(crate) fn run(&mut self, person: &mut Script, arguments: &[&str]) -> Told {
        let all = ["claviger-key"].iter().chain(arguments);
        let cli = Cli::try_parse_from(all).unwrap();
        let touches = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&touches);
        let attention: Attention = Rc::new(move |waiting, _: &Place| {
            if waiting == Waiting::Touch {
                *counted.borrow_mut() += 1;
            }
        });
        let result = cli.run(self, person, attention);
        Told {
            result,
            out: std::mem::take(&mut person.out),
            err: std::mem::take(&mut person.err),
            touches: touches.take(),
        }
    }
}

/// What came of a command.
pub(crate) struct Told {
    pub(crate) result: Result<(), Failure>,
    pub(crate) out: String,
    pub(crate) err: String,
    /// How often the person was told that the key waits for a touch.
    pub(crate) touches: u32,
}

impl Told {
    pub(crate) fn exit(&self) -> Option<Exit> {
        self.result.as_ref().err().map(|failure| failure.exit)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert!(self.result.is_ok(), "{:?}", self.result);
        serde_json::from_str(&self.out).unwrap()
    }

    /// All that a person would see, in order of importance.
    pub(crate) fn page(&self) -> String {
        let mut page = format!("{}{}", anstream::adapter::strip_str(&self.out), self.err);
        if let Err(failure) = &self.result {
            page.extend([format!("exit {}: {}\n", failure.exit.code(), failure.message)]);
            page.extend(failure.hints.iter().map(|hint| format!("  {hint}\n")));
        }
        page
    }
}

impl Machine for Bench {
    fn survey(&mut self) -> Result<Vec<Place>, Trouble> {
        let seen = |slot: &&Slot| slot.place.cable == Cable::Pcsc || slot.place.content != Content::Empty;
        Ok(self.slots.iter().filter(seen).map(|slot| slot.place.clone()).collect())
    }

    fn missing(&self) -> Option<Trouble> {
        self.missing.clone()
    }

    fn take(&mut self, place: &Place) -> Result<Held, Trouble> {
        self.locks.take(&place.name)
    }

    fn open(&mut self, place: &Place, _: Hold) -> Result<Box<dyn Link>, Trouble> {
        let slot = self.slots.iter().find(|slot| slot.place == *place).unwrap();
        match (&slot.refuses, &slot.key) {
            (Some(trouble), _) => Err(trouble.clone()),
            (None, Some(key)) => Ok(Box::new(Wire {
                key: Rc::clone(key),
                cable: place.cable,
            })),
            (None, None) => Err(Trouble::Gone { place: place.shown() }),
        }
    }

    fn pause(&mut self, time: Duration) {
        self.now += time;
        if let Some(hand) = self.hands.pop_front() {
            self.moves(hand);
        }
    }

    fn elapsed(&self) -> Duration {
        self.now
    }

    fn stop(&self) -> Stop {
        Stop::default()
    }

    fn entropy(&self) -> Randomness {
        let mut seed: u8 = 0;
        Box::new(move |bytes| {
            for byte in bytes {
                seed = seed.wrapping_mul(73).wrapping_add(41);
                *byte = seed;
            }
        })
    }
}

struct Wire {
    key: Shared,
    cable: Cable,
}

impl Link for Wire {
    fn exchange(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        if self.key.borrow().wants_touch(request) && notice(Keepalive::UserPresenceNeeded).is_break() {
            return Err(Trouble::Stopped);
        }
        self.key.borrow_mut().exchange(request)
    }

    fn renew(&mut self) -> Result<(), Trouble> {
        Ok(())
    }

    fn power_cycle(&mut self) -> Result<bool, Trouble> {
        if self.cable == Cable::Usb {
            return Ok(false);
        }
        let mut key = self.key.borrow_mut();
        key.power(false);
        key.power(true);
        Ok(true)
    }
}
