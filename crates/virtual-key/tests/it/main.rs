//! The virtual key as its platforms see it: every command, its rules and its refusals, in one process and without a
//! clock that moves by itself.
#![cfg(test)]

mod attestation;
mod card;
mod client;
mod client_pin;
mod credentials;
mod disk;
mod extensions;
mod key;
mod links;
mod managed;
mod organisation;
mod power_loss;
mod robust;
mod serve;
mod services;
mod settings;
mod world;
