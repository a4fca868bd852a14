#![cfg(test)]
//! Every statement of the store, on both engines.

mod binding;
mod engines;
mod running;
mod sources;
mod values;
