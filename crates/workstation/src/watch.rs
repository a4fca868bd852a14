//! Keys that come and go: two surveys compared.

use std::time::Duration;

use serde::Serialize;

use crate::{
    machine::Machine,
    place::{Content, Place},
    trouble::Trouble,
};

/// How often the machine is looked at.
const EVERY: Duration = Duration::from_millis(250);

/// Something that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A reader was plugged in.
    ReaderAdded(Place),
    /// A reader was unplugged.
    ReaderRemoved(Place),
    /// A key, or a card that may be one, was put in.
    Inserted(Place),
    /// It was taken out.
    Removed(Place),
    /// The service for smart cards stopped; what was in readers is not seen any more.
    ReadersLost,
    /// The service for smart cards runs again.
    ReadersBack,
}

/// What was seen last.
#[derive(Default)]
pub struct Sightings {
    seen: Vec<Place>,
    blind: bool,
}

impl Sightings {
    /// What is there now, all of which is news to somebody who has just come.
    pub fn first(&mut self, machine: &mut dyn Machine) -> Result<Vec<Event>, Trouble> {
        let places = machine.survey()?;
        self.blind = machine.missing().is_some();
        let mut events: Vec<Event> = self.compare(places);
        if self.blind {
            events.push(Event::ReadersLost);
        }
        Ok(events)
    }

    /// Waits a moment and returns what has changed since the last look.
    pub fn next(&mut self, machine: &mut dyn Machine) -> Result<Vec<Event>, Trouble> {
        machine.pause(EVERY);
        let places = machine.survey()?;
        let blind = machine.missing().is_some();
        let mut events = Vec::new();
        if blind != self.blind {
            events.push(if blind { Event::ReadersLost } else { Event::ReadersBack });
        }
        self.blind = blind;
        events.extend(self.compare(places));
        Ok(events)
    }

    fn compare(&mut self, now: Vec<Place>) -> Vec<Event> {
        let mut events = Vec::new();
        for before in &self.seen {
            match now.iter().find(|place| is_same(place, before)) {
                None => events.extend(left(before)),
                Some(place) => events.extend(changed(before, place)),
            }
        }
        for place in &now {
            if !self.seen.iter().any(|before| is_same(place, before)) {
                events.extend(came(place));
            }
        }
        self.seen = now;
        events
    }
}

fn is_same(one: &Place, other: &Place) -> bool {
    one.cable == other.cable && one.name == other.name
}

/// A reader that stays: what is in it may have changed, also twice since the last look.
fn changed(before: &Place, now: &Place) -> Vec<Event> {
    let moved = before.visit != now.visit || before.content != now.content || before.usb_serial != now.usb_serial;
    let mut events = Vec::new();
    if moved && before.is_occupied() {
        events.push(Event::Removed(before.clone()));
    }
    if moved && now.is_occupied() {
        events.push(Event::Inserted(now.clone()));
    }
    events
}

fn came(place: &Place) -> Vec<Event> {
    match place.content {
        Content::Key => vec![Event::Inserted(place.clone())],
        Content::Empty => vec![Event::ReaderAdded(place.clone())],
        Content::Card => vec![Event::ReaderAdded(place.clone()), Event::Inserted(place.clone())],
    }
}

fn left(place: &Place) -> Vec<Event> {
    match place.content {
        Content::Key => vec![Event::Removed(place.clone())],
        Content::Empty => vec![Event::ReaderRemoved(place.clone())],
        Content::Card => vec![Event::Removed(place.clone()), Event::ReaderRemoved(place.clone())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Cable;

    fn place(name: &str, content: Content, visit: u32) -> Place {
        Place {
            cable: if content == Content::Key {
                Cable::Usb
            } else {
                Cable::Pcsc
            },
            name: name.to_owned(),
            product: None,
            usb_serial: None,
            content,
            visit,
        }
    }

    fn names(events: &[Event]) -> Vec<String> {
        let name = |event: &Event| match event {
            Event::ReaderAdded(place) => format!("+reader {}", place.name),
            Event::ReaderRemoved(place) => format!("-reader {}", place.name),
            Event::Inserted(place) => format!("+key {}", place.name),
            Event::Removed(place) => format!("-key {}", place.name),
            Event::ReadersLost => "lost".to_owned(),
            Event::ReadersBack => "back".to_owned(),
        };
        events.iter().map(name).collect()
    }

    #[test]
    fn readers_and_keys_come_and_go() {
        let mut sightings = Sightings::default();
        let first = sightings.compare(vec![place("r", Content::Empty, 0), place("u", Content::Key, 0)]);
        assert_eq!(names(&first), ["+reader r", "+key u"]);
        assert!(
            sightings
                .compare(vec![place("r", Content::Empty, 0), place("u", Content::Key, 0)])
                .is_empty()
        );
        let put_in = sightings.compare(vec![place("r", Content::Card, 1)]);
        assert_eq!(names(&put_in), ["+key r", "-key u"]);
        assert_eq!(names(&sightings.compare(Vec::new())), ["-key r", "-reader r"]);
    }

    #[test]
    fn a_card_that_was_out_and_in_again_between_two_looks_is_noticed() {
        let mut sightings = Sightings::default();
        sightings.compare(vec![place("r", Content::Card, 1)]);
        assert_eq!(
            names(&sightings.compare(vec![place("r", Content::Card, 3)])),
            ["-key r", "+key r"]
        );
    }
}
