//! OATH hardware tokens: what a token is set to, its seed, the codes that it shows (RFC 4226, RFC 6238), who has it, and
//! which codes it is believed. A code is accepted once, and what it moved never moves back.

mod apply;
mod code;
mod command;
mod emergency;
mod facts;
mod intake;
mod parameters;
mod refusal;
mod resync;
mod seed;
mod state;
#[cfg(test)]
mod tests;
mod throttle;
mod token;
mod typed;
mod verify;

pub use code::{Code, code};
pub use command::{Command, Verb};
pub use emergency::{EMERGENCY_CODES, EmergencyCode, emergency_end};
pub use facts::{Contradiction, OtpTokenFacts};
pub use intake::{Fault, Incoming, Judgement, Present, Wrong, judge, readable};
pub use parameters::{Algorithm, Digits, Kind, Parameters, TimeStep, UnknownParameter};
pub use refusal::{Obstacle, Refusal};
pub use resync::Resynchronisation;
pub use seed::{Seed, SeedLength};
pub use state::{Progress, Resyncs, State, Status};
pub use token::OtpToken;
pub use verify::{Breadth, Presented, Tried, Verdict, decoy, try_all};
