//! The life cycle, walked: every state × every command, the guards by name, and random lives.

mod fixtures;
mod guards;
mod random;
mod table;
