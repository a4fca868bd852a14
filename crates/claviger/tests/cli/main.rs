//! The real program against a real server on the embedded database.
#![cfg(test)]

mod bombs;
mod crash;
mod hands;
mod keys;
mod kill;
mod machine;
mod policies;
mod remote;
mod rollback;
mod settings;
mod site;
mod users;
