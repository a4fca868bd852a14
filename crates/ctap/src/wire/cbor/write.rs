//! Values into canonical bytes: shortest heads, definite lengths, sorted keys (CTAP §8).

use std::convert::Infallible;

use minicbor::data::Int;
use minicbor::encode::{Encoder, Error};

use super::Value;

impl Value {
    /// The value in canonical CBOR.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        let written = write(&mut encoder, self);
        debug_assert!(written.is_ok(), "a vector takes everything");
        encoder.into_writer()
    }
}

fn write(to: &mut Encoder<Vec<u8>>, value: &Value) -> Result<(), Error<Infallible>> {
    match value {
        Value::Unsigned(number) => to.u64(*number)?.ok(),
        Value::Negative(number) => {
            let number = -1 - i128::from(*number);
            to.int(Int::try_from(number).map_err(Error::message)?)?.ok()
        }
        Value::Bytes(bytes) => to.bytes(bytes)?.ok(),
        Value::Text(text) => to.str(text)?.ok(),
        Value::Bool(truth) => to.bool(*truth)?.ok(),
        Value::Null => to.null()?.ok(),
        Value::Array(items) => {
            to.array(items.iter().map(|_| 1).sum())?;
            items.iter().try_for_each(|item| write(to, item))
        }
        Value::Map(entries) => {
            let mut entries: Vec<(Vec<u8>, &Value)> =
                entries.iter().map(|(key, value)| (key.encode(), value)).collect();
            // "Major type, then length, then bytes" of CTAP §8 is the order of the encoded keys: the first byte holds
            // the type above what grows with the length.
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            to.map(entries.iter().map(|_| 1).sum())?;
            entries.into_iter().try_for_each(|(key, value)| {
                to.writer_mut().extend(key);
                write(to, value)
            })
        }
    }
}
