//! Finding the one key that is meant.

use super::Key;
use crate::{
    machine::{Attention, Hold, Machine},
    place::{Place, Wanted},
    trouble::Trouble,
};

impl Key {
    /// Opens the one key that is meant. Where several are connected and none is named, nobody guesses.
    pub fn find(
        machine: &mut dyn Machine,
        wanted: &Wanted,
        hold: Hold,
        attention: &Attention,
    ) -> Result<Self, Trouble> {
        let places = candidates(machine, wanted)?;
        if let [place] = places.as_slice() {
            let key = Self::open(machine, place, hold, attention)?;
            return if wanted.has_serial(key.serial()) {
                Ok(key)
            } else {
                Err(none(machine, wanted))
            };
        }
        // Each is looked at without disturbing other programs; only the one that is meant is then held.
        let mut fitting = Vec::new();
        let mut first_trouble = None;
        for place in &places {
            match Self::open(machine, place, Hold::Shared, attention) {
                Ok(key) if wanted.has_serial(key.serial()) => fitting.push(place.clone()),
                Ok(_) | Err(Trouble::NotAKey { .. }) => {}
                Err(trouble) => {
                    // It could be the one that is meant, unless a serial number tells it apart.
                    if wanted.serial.is_none() {
                        fitting.push(place.clone());
                    }
                    first_trouble = first_trouble.or(Some(trouble));
                }
            }
        }
        match fitting.as_slice() {
            [place] => Self::open(machine, place, hold, attention),
            [] => Err(first_trouble.unwrap_or_else(|| none(machine, wanted))),
            several => Err(Trouble::Several {
                places: several.iter().map(Place::shown).collect(),
            }),
        }
    }
}

/// The places that hold something and that the name allows.
fn candidates(machine: &mut dyn Machine, wanted: &Wanted) -> Result<Vec<Place>, Trouble> {
    let named = wanted.places(machine.survey()?);
    let occupied: Vec<Place> = named.iter().filter(|place| place.is_occupied()).cloned().collect();
    if !occupied.is_empty() {
        return Ok(occupied);
    }
    match (&wanted.reader, named.first()) {
        (Some(_), Some(reader)) => Err(Trouble::EmptyReader {
            name: reader.name.clone(),
        }),
        (Some(name), None) => Err(machine
            .missing()
            .unwrap_or_else(|| Trouble::NoReader { name: name.clone() })),
        (None, _) => Err(none(machine, wanted)),
    }
}

/// Why there is no such key: what hides readers weighs more than that nothing was found without them.
fn none(machine: &dyn Machine, wanted: &Wanted) -> Trouble {
    machine.missing().unwrap_or_else(|| match &wanted.serial {
        Some(serial) => Trouble::NoSerial { serial: serial.clone() },
        None => Trouble::NoKey,
    })
}
