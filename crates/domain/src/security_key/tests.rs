//! The life cycle, walked: every state × every command, the guards by name, and random lives.

mod fixtures;
mod guards;
mod initial_pin;
mod random;
mod table;
