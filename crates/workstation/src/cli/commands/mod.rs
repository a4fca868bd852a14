//! The commands, one module each.

pub(crate) mod config;
pub(crate) mod credentials;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod pin;
pub(crate) mod reset;
pub(crate) mod watch;

#[cfg(test)]
mod tests;
