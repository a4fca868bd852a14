//! How each thing of the API is shown as a row.

use claviger_api::{
    ApiToken, ApiTokenStopped, AuditEvent, Import, ImportError, Job, JobResult, Policy, PolicyVersion, SecurityKey,
    SecurityKeyEvent, Time, User, UserImport,
};
use serde::Serialize;

use crate::output::{Column, Record};

/// A value's name on the wire.
pub(crate) fn wire(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

pub(crate) fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn time(at: Option<Time>) -> String {
    at.map(minute).unwrap_or_default()
}

fn minute(at: Time) -> String {
    at.to_string()
}

fn rows(job: &Job) -> String {
    format!("{}/{}", job.progress.done, job.progress.total)
}

impl Record for SecurityKey {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Device name", "device_name", |key| key.device_name.clone()),
        Column::listed("Serial number", "serial_number", |key| key.serial_number.clone()),
        Column::listed("Version", "version", |key| key.version.clone()),
        Column::listed("Status", "status", |key| wire(&key.status)),
        Column::listed("Policy", "policy", |key| {
            text(key.policy.as_ref().map(|policy| &policy.name))
        }),
        Column::listed("User", "user", |key| {
            text(key.user.as_ref().map(|user| &user.user_name))
        }),
        Column::listed("Imported", "imported_at", |key| minute(key.imported_at)),
        Column::further("Reason", "status_reason", |key| text(key.status_reason.as_ref())),
        Column::further("Mode", "mode", |key| wire(&key.mode)),
        Column::further("Locked", "locked", |key| key.locked.to_string()),
        Column::further("Policy version", "policy_version", |key| {
            text(key.policy.as_ref().map(|policy| &policy.version))
        }),
        Column::further("Drift", "drift", |key| key.drift.to_string()),
        Column::further("AAGUID", "aaguid", |key| text(key.aaguid.as_ref())),
        Column::further("Identity provider", "identity_provider", |key| {
            text(key.identity_provider.as_ref())
        }),
        Column::further("Identity provider state", "identity_provider_state", |key| {
            wire(&key.identity_provider_state)
        }),
        Column::further("Mail", "mail", |key| {
            key.mail.as_ref().map(|mail| wire(&mail.state)).unwrap_or_default()
        }),
        Column::further("Firmware", "firmware", |key| text(key.firmware.as_ref())),
        Column::further("Generation", "generation", |key| key.generation.to_string()),
        Column::further("Batch", "batch", |key| {
            text(key.batch.as_ref().and_then(|batch| batch.file_name.as_ref()))
        }),
        Column::further("Updated", "updated_at", |key| minute(key.updated_at)),
        Column::further("Last seen", "last_seen_at", |key| time(key.last_seen_at)),
        Column::further("Id", "id", |key| key.id.to_string()),
        Column::further("Revision", "revision", |key| key.revision.to_string()),
        Column::further("Allowed actions", "allowed_actions", |key| {
            key.allowed_actions.join(" ")
        }),
    ];
}

impl Record for User {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("User name", "user_name", |user| user.user_name.clone()),
        Column::listed("Display name", "display_name", |user| user.display_name.clone()),
        Column::listed("E-mail", "email", |user| text(user.email.as_ref())),
        Column::listed("Status", "status", |user| wire(&user.status)),
        Column::listed("Disabled", "disabled_at", |user| time(user.disabled_at)),
        Column::listed("Keys", "keys", |user| user.keys.to_string()),
        Column::further("Language", "locale", |user| text(user.locale.as_ref())),
        Column::further("Created", "created_at", |user| minute(user.created_at)),
        Column::further("Updated", "updated_at", |user| minute(user.updated_at)),
        Column::further("Id", "id", |user| user.id.to_string()),
        Column::further("Revision", "revision", |user| user.revision.to_string()),
        Column::further("Allowed actions", "allowed_actions", |user| {
            user.allowed_actions.join(" ")
        }),
    ];
}

impl Record for UserImport {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Created", "created", |import| import.counts.created.to_string()),
        Column::listed("Updated", "updated", |import| import.counts.updated.to_string()),
        Column::listed("Unchanged", "unchanged", |import| import.counts.unchanged.to_string()),
        Column::listed("Rejected", "rejected", |import| import.counts.rejected.to_string()),
        Column::further("SHA-256", "sha256", |import| import.sha256.clone()),
    ];
}

impl Record for SecurityKeyEvent {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("At", "at", |event| minute(event.at)),
        Column::listed("Action", "action", |event| event.action.clone()),
        Column::listed("By", "actor", |event| event.actor.label.clone()),
        Column::listed("Reason", "reason", |event| text(event.reason.as_ref())),
        Column::further("Object", "object", |event| event.object.label.clone()),
        Column::further("Ticket", "ticket", |event| text(event.ticket.as_ref())),
        Column::further("Id", "id", |event| event.id.to_string()),
    ];
}

impl Record for Import {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Id", "id", |import| text(import.id.as_ref())),
        Column::listed("File", "file_name", |import| import.file_name.clone()),
        Column::listed("Brings", "kind", |import| wire(&import.kind)),
        Column::listed("Status", "status", |import| wire(&import.status)),
        Column::listed("Accepted", "accepted", |import| import.counts.accepted.to_string()),
        Column::listed("Rejected", "rejected", |import| import.counts.rejected.to_string()),
        Column::listed("Unchanged", "unchanged", |import| import.counts.unchanged.to_string()),
        Column::listed("By", "created_by", |import| import.created_by.clone()),
        Column::listed("At", "created_at", |import| minute(import.created_at)),
        Column::further("Policy", "policy", |import| {
            text(import.policy.as_ref().map(|policy| &policy.name))
        }),
        Column::further("Mode", "mode", |import| wire(&import.mode)),
        Column::further("Format", "format", |import| import.format.clone()),
        Column::further("Size", "file_size", |import| import.file_size.to_string()),
        Column::further("SHA-256", "sha256", |import| import.sha256.clone()),
        Column::further("Job", "job_id", |import| text(import.job_id.as_ref())),
        Column::further("Undoable", "undoable", |import| import.undoable.to_string()),
    ];
}

impl Record for ImportError {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Line", "line", |error| error.line.to_string()),
        Column::listed("Column", "column", |error| text(error.column.as_ref())),
        Column::listed("What is wrong", "detail", |error| error.detail.clone()),
    ];
}

impl Record for Policy {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Name", "name", |policy| policy.terms.name.clone()),
        Column::listed("Type", "type", |policy| wire(&policy.terms.kind)),
        Column::listed("Version", "version", |policy| policy.version.to_string()),
        Column::listed("In use", "in_use", |policy| policy.in_use.to_string()),
        Column::listed("Archived", "archived", |policy| policy.archived.to_string()),
        Column::listed("Id", "id", |policy| policy.id.to_string()),
        Column::further("Minimum PIN length", "min_pin_length", |policy| {
            policy.terms.min_pin_length.to_string()
        }),
        Column::further("Forced PIN change", "force_pin_change", |policy| {
            policy.terms.force_pin_change.to_string()
        }),
        Column::further("Always verify the user", "always_uv", |policy| {
            policy.terms.always_uv.to_string()
        }),
        Column::further("PIN length readers", "min_pin_length_rp_ids", |policy| {
            policy.terms.min_pin_length_rp_ids.join(" ")
        }),
        Column::further("Allowed services", "allowed_services", |policy| {
            policy.terms.allowed_services.join(" ")
        }),
        Column::further("Enterprise attestation", "enterprise_attestation", |policy| {
            policy.terms.enterprise_attestation.to_string()
        }),
        Column::further("PIN kind", "pin_kind", |policy| wire(&policy.terms.pin_kind)),
        Column::further("Reset allowed", "reset_allowed", |policy| {
            policy.terms.reset_allowed.to_string()
        }),
        Column::further("Initial PIN days", "initial_pin_days", |policy| {
            policy.terms.initial_pin_days.to_string()
        }),
        Column::further("Created", "created_at", |policy| minute(policy.created_at)),
        Column::further("Updated", "updated_at", |policy| minute(policy.updated_at)),
        Column::further("Revision", "revision", |policy| policy.revision.to_string()),
    ];
}

impl Record for PolicyVersion {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Version", "version", |version| version.version.to_string()),
        Column::listed("Name", "name", |version| version.terms.name.clone()),
        Column::listed("Minimum PIN length", "min_pin_length", |version| {
            version.terms.min_pin_length.to_string()
        }),
        Column::listed("Forced PIN change", "force_pin_change", |version| {
            version.terms.force_pin_change.to_string()
        }),
        Column::listed("Allowed services", "allowed_services", |version| {
            version.terms.allowed_services.join(" ")
        }),
        Column::listed("Created", "created_at", |version| minute(version.created_at)),
    ];
}

impl Record for Job {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Id", "id", |job| job.id.to_string()),
        Column::listed("Kind", "kind", |job| job.kind.clone()),
        Column::listed("Status", "status", |job| wire(&job.status)),
        Column::listed("Rows", "progress", rows),
        Column::listed("Created", "created_at", |job| minute(job.created_at)),
        Column::listed("Finished", "finished_at", |job| time(job.finished_at)),
        Column::further("Error", "error", |job| text(job.error.as_ref())),
    ];
}

impl Record for JobResult {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("What", "label", |result| result.label.clone()),
        Column::listed("Outcome", "outcome", |result| result.outcome.clone()),
        Column::listed("Why", "detail", |result| text(result.detail.as_ref())),
        Column::further("Id", "object_id", |result| text(result.object_id.as_ref())),
    ];
}

impl Record for ApiToken {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Name", "name", |token| token.name.clone()),
        Column::listed("Role", "role", |token| token.role.clone()),
        Column::listed("Created", "created_at", |token| minute(token.created_at)),
        Column::listed("Last used", "last_used_at", |token| time(token.last_used_at)),
        Column::listed("Expires", "expires_at", |token| time(token.expires_at)),
        Column::listed("Stopped", "stopped", |token| {
            token.stopped.map_or("", stopped).to_owned()
        }),
        Column::listed("Id", "id", |token| token.id.to_string()),
    ];
}

const fn stopped(why: ApiTokenStopped) -> &'static str {
    match why {
        ApiTokenStopped::Expired => "expired",
        ApiTokenStopped::MakerBarred => "maker_barred",
        ApiTokenStopped::MakerMayLess => "maker_may_less",
    }
}

impl Record for AuditEvent {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("At", "at", |event| minute(event.at)),
        Column::listed("Action", "action", |event| event.action.clone()),
        Column::listed("By", "actor", |event| event.actor.label.clone()),
        Column::listed("Object", "object", |event| event.object.label.clone()),
        Column::listed("From", "source", |event| text(event.source.as_ref())),
        Column::listed("Reason", "reason", |event| text(event.reason.as_ref())),
        Column::further("Ticket", "ticket", |event| text(event.ticket.as_ref())),
        Column::further("Request", "request_id", |event| text(event.request_id.as_ref())),
        Column::further("Object kind", "object_kind", |event| event.object.kind.clone()),
        Column::further("Object id", "object_id", |event| text(event.object.id.as_ref())),
        Column::further("Lane", "lane", |event| event.lane.to_string()),
        Column::further("Sequence", "sequence", |event| event.sequence.to_string()),
        Column::further("Hash", "hash", |event| event.hash.clone()),
        Column::further("Id", "id", |event| event.id.to_string()),
    ];
}
