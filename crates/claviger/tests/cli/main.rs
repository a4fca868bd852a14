//! The real program against a real server on the embedded database.
#![cfg(test)]

mod access;
mod bombs;
mod crash;
mod downloads;
mod hands;
mod keys;
mod kill;
mod machine;
mod otp;
mod policies;
mod remote;
mod rollback;
mod rotation;
mod secrecy;
mod settings;
mod sign_in;
mod site;
mod tokens;
mod tokens_bulk;
mod told;
mod users;
mod verification;
