//! What holds of tokens.

mod emergency;
mod fixtures;
mod intake;
mod once;
mod resync;
mod table;
mod vectors;
mod verify;
