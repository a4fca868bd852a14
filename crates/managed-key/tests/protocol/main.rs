//! The protocol as its specification and its vectors say it, through what the crate offers to others.
#![cfg(test)]

mod book;
mod chance;
mod messages;
mod round_trips;
mod secrets;
mod typos;
mod vectors;
