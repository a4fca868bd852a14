//! The virtual key as its platforms see it: every command, its rules and its refusals, in one process and without a
//! clock that moves by itself.
#![cfg(test)]

mod attestation;
mod card;
mod disk;
mod world;
