//! OTP tokens of any number, the same in each run, and what it takes to verify their codes through HTTP.

pub(crate) mod load;
pub(crate) mod tokens;
