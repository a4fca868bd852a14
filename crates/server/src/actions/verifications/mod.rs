//! Whether somebody is who he says: codes that are tried for the login systems of the house.

mod decide;
mod otp;

pub use otp::{Reason, verify};
