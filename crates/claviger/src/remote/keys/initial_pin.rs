//! `claviger keys initial-pin`: what may be shown of it, and the showing.

use clap::Args;
use claviger_api::{InitialPin, PinField, ShowInitialPin};
use uuid::Uuid;

use super::{Context, find};
use crate::{
    failure::Failure,
    output::{Column, Format, Output, Record},
    remote::{
        shown::wire,
        words::{self, named},
    },
};

const EXAMPLES: &str = "\
Examples:
  claviger keys initial-pin 0012345678
  claviger keys initial-pin 0012345678 --show user-pin
  claviger keys initial-pin 0012345678 --show admin-pin --approval 0198c5a0-0000-7000-8000-000000000000
Without --show no PIN leaves the server. Each showing stands in the audit log with your name, and counts against your quota.
With --show the PIN alone is on standard output, so that it can be piped; with --output json it is the field `value`.";

/// Which PIN of which key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Look {
    /// Serial number or id
    key: String,
    /// Show this PIN; recorded in the audit log
    #[arg(long, value_name = "WHICH", value_parser = named::<PinField>(&["user-pin", "admin-pin"]))]
    show: Option<PinField>,
    /// Id of a second person's agreement, from `approvals request`, where the tenant asks for one
    #[arg(long, value_name = "ID", requires = "show", value_parser = words::id)]
    approval: Option<Uuid>,
}

/// Says what can be shown, or shows one PIN.
pub(crate) fn run(context: &Context, look: &Look) -> Result<(), Failure> {
    let id = find::key(&context.client, &look.key)?;
    let Some(field) = look.show else {
        return context.output.one(&context.client.initial_pin(id)?);
    };
    let which = ShowInitialPin {
        field,
        approval_id: look.approval,
    };
    let shown = context.client.show_initial_pin(id, &which)?;
    context
        .output
        .note("Give the PIN to the user of the key alone, and clear this screen. The audit log says that you saw it.");
    if context.output.format == Format::Json {
        return Output::program(&shown);
    }
    Output::text(&format!("{}\n", shown.value))
}

fn field(pin: &InitialPin, field: PinField) -> String {
    let found = pin.details.iter().find(|detail| detail.field == field);
    found.map(|detail| wire(&detail.state)).unwrap_or_default()
}

impl Record for InitialPin {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("State", "state", |pin| wire(&pin.state)),
        Column::listed("You may see", "fields", |pin| {
            pin.fields.iter().map(wire).collect::<Vec<_>>().join(" ")
        }),
        Column::listed("User PIN", "user_pin_state", |pin| field(pin, PinField::UserPin)),
        Column::listed("Admin PIN", "admin_pin_state", |pin| field(pin, PinField::AdminPin)),
        Column::listed("Key", "device_type", |pin| {
            pin.device_type.as_ref().map(wire).unwrap_or_default()
        }),
        Column::listed("Hides", "hidden_on", |pin| {
            pin.hidden_on.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::further("Superseded", "superseded_on", |pin| {
            pin.superseded_on.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::further("Assigned", "assigned_on", |pin| {
            pin.assigned_on.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::further("Needs approval", "requires_approval", |pin| {
            pin.requires_approval.to_string()
        }),
        Column::further("Needs step-up", "requires_step_up", |pin| {
            pin.requires_step_up.to_string()
        }),
        Column::further("Left this hour", "remaining", |pin| pin.remaining.to_string()),
    ];
}
