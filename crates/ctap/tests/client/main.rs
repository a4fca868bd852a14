//! The client against a small key of ours that keeps the rules of CTAP, and against keys that keep none.
#![cfg(test)]

mod config;
mod credentials;
mod fake;
mod hostile;
mod pins;
mod words;
