//! Times of the domain on the wire.

use claviger_api::Time;
use claviger_domain::Timestamp;

pub(super) const fn time(at: Timestamp) -> Time {
    Time::from_micros(at.as_micros())
}
