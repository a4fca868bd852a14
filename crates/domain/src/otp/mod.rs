//! OATH hardware tokens: what a token is set to, its seed, and the codes that it shows (RFC 4226, RFC 6238).

mod code;
mod parameters;
mod seed;
#[cfg(test)]
mod tests;

pub use code::{Code, code};
pub use parameters::{Algorithm, Digits, Kind, Parameters, TimeStep, UnknownParameter};
pub use seed::{Seed, SeedLength};
