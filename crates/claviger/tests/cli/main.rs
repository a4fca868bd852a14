//! The real program against a real server on the embedded database.
#![cfg(test)]

#[cfg(target_os = "linux")]
mod bombs;
mod keys;
mod kill;
mod machine;
mod policies;
mod remote;
mod rollback;
mod site;
