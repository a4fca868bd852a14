//! `claviger-key watch`.

use clap::Args;
use claviger_workstation::{Event, Hold, Key, Place, Sightings, Stage};
use serde::Serialize;

use crate::{
    desk::Desk,
    failure::Failure,
    output::{Format, json_line},
};

const EXAMPLES: &str = "\
Examples:
  claviger-key watch
  claviger-key watch --output json | while read -r event; do …; done
  claviger-key watch --identify --events 1";

/// The order to watch.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Watch {
    /// Also ask each key that comes for its serial number
    #[arg(long)]
    identify: bool,
    /// Stop after this many events; those that tell what is there at first count too
    #[arg(long, value_name = "N")]
    events: Option<usize>,
}

/// One line for a program.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    event: &'a Event,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
}

/// Carries it out; it ends with the program, or after the wanted number of events.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Watch) -> Result<(), Failure> {
    let mut sightings = Sightings::default();
    let mut told = 0;
    let mut events = sightings.first(desk.machine).map_err(Failure::from)?;
    loop {
        for event in events {
            if order.events.is_some_and(|wanted| told >= wanted) {
                return Ok(());
            }
            if is_wanted(desk, &event) {
                tell(desk, order, &event)?;
                told += 1;
            }
        }
        if order.events.is_some_and(|wanted| told >= wanted) {
            return Ok(());
        }
        events = sightings.next(desk.machine).map_err(Failure::from)?;
    }
}

const fn place(event: &Event) -> Option<&Place> {
    match event {
        Event::ReaderAdded(place) | Event::ReaderRemoved(place) | Event::Inserted(place) | Event::Removed(place) => {
            Some(place)
        }
        Event::ReadersLost | Event::ReadersBack => None,
    }
}

fn is_wanted(desk: &Desk<'_>, event: &Event) -> bool {
    place(event).is_none_or(|place| !desk.wanted.places(vec![place.clone()]).is_empty())
}

fn tell(desk: &mut Desk<'_>, order: &Watch, event: &Event) -> Result<(), Failure> {
    let serial_number = match event {
        Event::Inserted(place) if order.identify => identified(desk, place),
        Event::Inserted(place) | Event::Removed(place) => place.usb_serial.clone(),
        Event::ReaderAdded(_) | Event::ReaderRemoved(_) | Event::ReadersLost | Event::ReadersBack => None,
    };
    let text = match desk.output.format {
        Format::Json => json_line(&Line { event, serial_number })?,
        Format::Table => words(event, serial_number.as_deref()),
    };
    desk.person.result(&text)
}

/// The serial number of a key that has just come; one that cannot be asked is told without it.
fn identified(desk: &mut Desk<'_>, place: &Place) -> Option<String> {
    let key = Key::open(desk.machine, place, Hold::Shared, &desk.attention).ok()?;
    key.serial().map(str::to_owned)
}

fn words(event: &Event, serial: Option<&str>) -> String {
    let serial = serial
        .map(|serial| format!(", serial number {serial}"))
        .unwrap_or_default();
    let line = match event {
        Event::ReaderAdded(place) => format!("reader added    {}", place.shown()),
        Event::ReaderRemoved(place) => format!("reader removed  {}", place.shown()),
        Event::Inserted(place) => format!("inserted        {}{serial}", place.shown()),
        Event::Removed(place) => format!("removed         {}", place.shown()),
        Event::ReadersLost => {
            let failed = Stage::Reading.failed(claviger_workstation::Trouble::NoCardService);
            format!("readers lost    {} {}", failed.what(), failed.next())
        }
        Event::ReadersBack => "readers back".to_owned(),
    };
    crate::output::plain(&line) + "\n"
}
