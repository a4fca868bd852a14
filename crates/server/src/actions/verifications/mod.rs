//! Whether somebody is who he says: codes that are tried for the login systems of the house.

mod decide;
mod otp;

pub(crate) use otp::{Asker, verify_for};
pub use otp::{Reason, verify};
