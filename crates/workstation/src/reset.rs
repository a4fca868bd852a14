//! The ceremony of a reset: the key is taken out, put back, and touched within ten seconds (CTAP 2.1 §6.6).

use std::time::Duration;

use crate::{
    key::{Key, Seen},
    machine::{Attention, Hold, Machine},
    place::Place,
    trouble::{Failed, Stage, Trouble},
};

/// How long a person may take to unplug the key or to plug it in.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often it is looked whether he did.
const EVERY: Duration = Duration::from_millis(100);
/// How long after it was plugged in a key takes a reset.
const WINDOW: u64 = 10;

/// Where the ceremony is; each is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The key is to be taken out.
    TakeOut(Place),
    /// The key is to be put in again.
    PutIn(Place),
    /// The key is to be touched within so many seconds.
    Touch(u64),
    /// It is reset.
    Done,
}

/// How the key loses its power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerCycle {
    /// A person takes it out and puts it back.
    ByHand,
    /// The reader switches it off and on.
    ByReader,
}

/// The ceremony of a reset.
pub struct Ceremony<'a> {
    /// The machine.
    pub machine: &'a mut dyn Machine,
    /// Is told when the key waits for a touch.
    pub attention: Attention,
    /// Is told each step.
    pub tell: &'a mut dyn FnMut(Step),
}

impl Ceremony<'_> {
    /// Resets the key and returns it as it is afterwards. That the person wants this was asked before.
    pub fn reset(&mut self, key: Key, how: PowerCycle) -> Result<Key, Failed> {
        let mut key = match how {
            PowerCycle::ByHand => self.by_hand(key),
            PowerCycle::ByReader => Self::by_reader(key),
        }
        .map_err(|trouble| Stage::Reading.failed(trouble))?;
        (self.tell)(Step::Touch(WINDOW));
        key.reset()?;
        (self.tell)(Step::Done);
        Ok(key)
    }

    fn by_reader(mut key: Key) -> Result<Key, Trouble> {
        if key.power_cycle()? {
            return Ok(key);
        }
        Err(Trouble::Unsupported {
            what: "being switched off and on without being unplugged".to_owned(),
        })
    }

    fn by_hand(&mut self, key: Key) -> Result<Key, Trouble> {
        let (place, seen) = (key.place().clone(), key.seen());
        // A connection that is held would keep the reader from noticing.
        drop(key);
        (self.tell)(Step::TakeOut(place.clone()));
        let others = self.wait_until_out(&place)?;
        (self.tell)(Step::PutIn(place));
        let place = self.wait_until_in(&others)?;
        self.reopened(&place, &seen)
    }

    /// Waits until the key is out; returns what is still there then.
    fn wait_until_out(&mut self, place: &Place) -> Result<Vec<Place>, Trouble> {
        let begun = self.machine.elapsed();
        while self.machine.elapsed().saturating_sub(begun) < PATIENCE {
            let now = self.machine.survey()?;
            let still = now
                .iter()
                .find(|other| other.cable == place.cable && other.name == place.name);
            match still {
                // Out and in again between two looks: it counts as out.
                Some(other) if other.is_occupied() && other.visit == place.visit => self.machine.pause(EVERY),
                Some(other) => {
                    let name = other.name.clone();
                    return Ok(now
                        .into_iter()
                        .filter(|one| one.is_occupied() && one.name != name)
                        .collect());
                }
                None => return Ok(now.into_iter().filter(Place::is_occupied).collect()),
            }
        }
        Err(Trouble::NotReplugged)
    }

    /// Waits until something is in that was not there before.
    fn wait_until_in(&mut self, others: &[Place]) -> Result<Place, Trouble> {
        let begun = self.machine.elapsed();
        while self.machine.elapsed().saturating_sub(begun) < PATIENCE {
            let now = self.machine.survey()?;
            let known = |place: &Place| {
                others
                    .iter()
                    .any(|other| other.name == place.name && other.visit == place.visit)
            };
            if let Some(place) = now.into_iter().find(|place| place.is_occupied() && !known(place)) {
                return Ok(place);
            }
            self.machine.pause(EVERY);
        }
        Err(Trouble::NotReplugged)
    }

    /// Opens what was put in, which may take a moment to answer, and makes sure that it is the same key.
    fn reopened(&mut self, place: &Place, seen: &Seen) -> Result<Key, Trouble> {
        let mut last = Trouble::NoKey;
        for _ in 0..20 {
            match Key::open(self.machine, place, Hold::Alone, &self.attention) {
                Ok(key) if key.is(seen) => return Ok(key),
                Ok(_) => return Err(Trouble::AnotherKey),
                Err(trouble) => last = trouble,
            }
            self.machine.pause(EVERY);
        }
        Err(last)
    }
}
