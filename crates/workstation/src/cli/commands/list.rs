//! `claviger-key list`.

use clap::Args;
use claviger_workstation::{Cable, Failed, Hold, Key, Mode, PinState, Place, Stage, Trouble};
use serde::Serialize;

use super::info::aaguid;
use crate::{desk::Desk, failure::Failure, output::list};

const EXAMPLES: &str = "\
Examples:
  claviger-key list
  claviger-key list --all
  claviger-key list --output json";

/// The order to list.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// Also readers that are empty or hold something else
    #[arg(long)]
    all: bool,
}

/// One line of the list.
#[derive(Serialize)]
struct Listed {
    transport: Cable,
    reader: String,
    product: Option<String>,
    serial_number: Option<String>,
    aaguid: Option<String>,
    version: Option<String>,
    mode: Option<Mode>,
    pin: Option<PinState>,
    problem: Option<String>,
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &List) -> Result<(), Failure> {
    let places = desk.machine.survey().map_err(Failure::from)?;
    let missing = desk.machine.missing();
    let mut rows = Vec::new();
    for place in desk.wanted.places(places) {
        if let Some(row) = looked_at(desk, &place, order.all) {
            rows.push(row);
        }
    }
    rows.retain(|row| desk.wanted.has_serial(row.serial_number.as_deref()));
    desk.result(&rows, || shown(&rows))?;
    if let Some(trouble) = missing {
        let failed = Stage::Reading.failed(trouble);
        desk.note(&format!("Readers are not shown: {} {}", failed.what(), failed.next()));
    }
    Ok(())
}

fn looked_at(desk: &mut Desk<'_>, place: &Place, all: bool) -> Option<Listed> {
    if !place.is_occupied() {
        let name = place.name.clone();
        return all.then(|| problem(place, Trouble::EmptyReader { name }));
    }
    let key = Key::open(desk.machine, place, Hold::Shared, &desk.attention);
    match key {
        Ok(mut key) => Some(row(place, &mut key)),
        Err(Trouble::NotAKey { .. }) if !all => None,
        Err(trouble) => Some(problem(place, trouble)),
    }
}

fn row(place: &Place, key: &mut Key) -> Listed {
    let (pin, problem) = match key.pin_state() {
        Ok(pin) => (Some(pin), None),
        Err(trouble) => (None, Some(said(trouble))),
    };
    Listed {
        serial_number: key.serial().map(str::to_owned),
        aaguid: Some(aaguid(&key.info().aaguid)),
        version: key.version().map(str::to_owned),
        mode: Some(key.mode()),
        pin,
        problem,
        ..empty(place)
    }
}

fn problem(place: &Place, trouble: Trouble) -> Listed {
    Listed {
        serial_number: place.usb_serial.clone(),
        problem: Some(said(trouble)),
        ..empty(place)
    }
}

fn said(trouble: Trouble) -> String {
    let failed: Failed = Stage::Reading.failed(trouble);
    format!("{} {}", failed.what(), failed.next())
}

fn empty(place: &Place) -> Listed {
    Listed {
        transport: place.cable,
        reader: place.name.clone(),
        product: place.product.clone(),
        serial_number: None,
        aaguid: None,
        version: None,
        mode: None,
        pin: None,
        problem: None,
    }
}

fn shown(rows: &[Listed]) -> String {
    if rows.is_empty() {
        return "No security key is connected.\n".to_owned();
    }
    let lines: Vec<[String; 6]> = rows
        .iter()
        .map(|row| {
            let state = row.problem.clone().or_else(|| row.pin.map(PinState::word));
            [
                row.product
                    .as_ref()
                    .map_or_else(|| row.reader.clone(), |product| format!("{product} ({})", row.reader)),
                row.transport.name().to_owned(),
                row.serial_number.clone().unwrap_or_default(),
                row.version.clone().unwrap_or_default(),
                row.mode.map(|mode| mode.name().to_owned()).unwrap_or_default(),
                state.unwrap_or_default(),
            ]
        })
        .collect();
    list(["Device", "Via", "Serial number", "Version", "Mode", "PIN"], &lines)
}
