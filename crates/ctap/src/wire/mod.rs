//! Messages of CTAP2: requests and responses that encode to canonical CBOR and decode from bytes of anyone.
//!
//! A message is a command byte and CBOR one way, a status byte and CBOR the other (CTAP §6, §8).

pub mod auth_data;
mod authorised;
pub mod cbor;
pub mod client_pin;
mod command;
pub mod config;
pub mod cose;
pub mod credential_management;
pub mod entities;
pub mod extensions;
pub mod get_assertion;
pub mod get_info;
pub mod large_blobs;
pub mod make_credential;
mod status;

use cbor::{Fault, Fields, Value};

pub use authorised::Authorised;
pub use command::Command;
pub use status::Status;

/// The CBOR part of a message: one map, of which members that nobody here knows are passed over (CTAP §8).
pub trait Body: Sized {
    /// The map; members that are absent do not stand in it.
    fn to_value(&self) -> Value;

    /// Takes its members out of a map.
    fn from_fields(fields: &mut Fields) -> Result<Self, Fault>;

    /// The body in canonical CBOR.
    fn encode(&self) -> Vec<u8> {
        self.to_value().encode()
    }

    /// Reads what a platform sent: only canonical CBOR of at most four levels is taken (CTAP §8).
    fn decode_request(body: &[u8]) -> Result<Self, Fault> {
        Self::from_fields(&mut Fields::of(Value::read_canonical(body)?, "the request")?)
    }

    /// Reads what an authenticator answered. Maps out of order and numbers that could be shorter are forgiven, because
    /// keys in the field send them; no body stands for an empty map.
    fn decode_response(body: &[u8]) -> Result<Self, Fault> {
        if body.is_empty() {
            return Self::from_fields(&mut Fields::default());
        }
        Self::from_fields(&mut Fields::of(Value::read(body)?, "the response")?)
    }
}

/// A body that asks for something: its command and what is answered.
pub trait Request: Body {
    /// What the authenticator answers when it agrees.
    type Response: Body;
    /// The command byte before the body.
    const COMMAND: Command;

    /// The whole message: command and body.
    fn message(&self) -> Vec<u8> {
        let mut message = vec![Self::COMMAND.byte()];
        message.extend(self.encode());
        message
    }
}

/// The body of a response that carries nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nothing;

impl Body for Nothing {
    fn to_value(&self) -> Value {
        Value::Map(Vec::new())
    }

    fn from_fields(_: &mut Fields) -> Result<Self, Fault> {
        Ok(Self)
    }

    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// Parts a request into its command and its body. An empty one is [`Fault::Missing`].
pub fn part_request(message: &[u8]) -> Result<(Command, &[u8]), Fault> {
    let (command, body) = message.split_first().ok_or(Fault::Missing("the command"))?;
    Ok((Command::from(*command), body))
}

/// Parts a response into its status and its body. An empty one is [`Fault::Missing`].
pub fn part_response(message: &[u8]) -> Result<(Status, &[u8]), Fault> {
    let (status, body) = message.split_first().ok_or(Fault::Missing("the status"))?;
    Ok((Status::from(*status), body))
}

/// The whole response to a request that was agreed to.
#[must_use]
pub fn success(body: &impl Body) -> Vec<u8> {
    let mut message = vec![Status::Ok.byte()];
    message.extend(body.encode());
    message
}
