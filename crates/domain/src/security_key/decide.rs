//! State × command: every allowed pair, a line each. Adding a state or a command does not compile until each pair
//! is decided.

mod ended;
mod hands;
mod stock;

pub(super) use ended::revoked;
pub(super) use hands::{configured, enrolled, suspended};
pub(super) use stock::{in_stock, quarantined, ready};
