#![cfg(test)]
//! Every promise of the store, on SQLite and on PostgreSQL.

mod access;
mod approvals;
mod audit_log;
mod backups;
mod break_glass;
mod downloads;
mod entrances;
mod inventory;
mod misc;
mod otp;
mod outbox;
mod privileges;
mod reopening;
mod writing;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use claviger_store::{Actor, Error, Scope};
use uuid::Uuid;

pub(crate) fn tenant(number: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + seconds)
}

/// A scope of tenant 7 for the object `key`.
pub(crate) fn scope(key: u128) -> Scope {
    Scope {
        tenant: tenant(7),
        actor: Actor::System("test".to_owned()),
        source: Some("192.0.2.1".to_owned()),
        request_id: None,
        lane_key: key,
        now: at(0),
    }
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Results of jobs, without naming the error each time.
pub(crate) type Done<T = ()> = Result<T, Error>;
