//! How a token is shown as a row.

use claviger_api::OtpToken;

use crate::{
    output::{Column, Record},
    remote::shown::{text, time, wire},
};

impl Record for OtpToken {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Serial number", "serial_number", |token| token.serial_number.clone()),
        Column::listed("Type", "type", |token| wire(&token.kind)),
        Column::listed("Status", "status", |token| wire(&token.status)),
        Column::listed("User", "user", |token| {
            text(token.user.as_ref().map(|user| &user.user_name))
        }),
        Column::listed("Locked", "locked", |token| token.locked.to_string()),
        Column::listed("Last used", "last_used_at", |token| time(token.last_used_at)),
        Column::listed("Imported", "imported_at", |token| token.imported_at.to_string()),
        Column::further("Reason", "reason", |token| text(token.reason.as_ref())),
        Column::further("Failed attempts", "failed_attempts", |token| {
            token.failed_attempts.to_string()
        }),
        Column::further("Algorithm", "algorithm", |token| wire(&token.algorithm)),
        Column::further("Digits", "digits", |token| token.digits.to_string()),
        Column::further("Time step", "time_step", |token| text(token.time_step.as_ref())),
        Column::further("Manufacturer", "manufacturer", |token| {
            text(token.manufacturer.as_ref())
        }),
        Column::further("Model", "model", |token| text(token.model.as_ref())),
        Column::further("Batch", "batch", |token| {
            text(token.batch.as_ref().and_then(|batch| batch.file_name.as_ref()))
        }),
        Column::further("Expires", "expires_at", |token| time(token.expires_at)),
        Column::further("Updated", "updated_at", |token| token.updated_at.to_string()),
        Column::further("Id", "id", |token| token.id.to_string()),
        Column::further("Revision", "revision", |token| token.revision.to_string()),
        Column::further("Allowed actions", "allowed_actions", |token| {
            token.allowed_actions.join(" ")
        }),
    ];
}
