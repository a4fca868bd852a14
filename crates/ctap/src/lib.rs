//! CTAP 2.1 without a cable: what the client and the virtual key both say. No I/O, clock or randomness stands here;
//! entropy is an argument. Modules are named as the specification's commands ("CTAP" below is the FIDO Alliance's
//! Client to Authenticator Protocol, version 2.1 of 2021-06-15).

pub mod apdu;
pub mod client;
pub mod hid;
pub mod pin;
pub mod wire;
