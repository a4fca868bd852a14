//! Bytes into values, with bounds before anything is kept.

use std::collections::BTreeMap;

use minicbor::data::{Int, Type};
use minicbor::decode::{Decoder, Error};

use super::{Fault, Value};

/// No message is longer: CTAPHID counts its bytes in 16 bits (CTAP §11.2.4).
pub const LONGEST: usize = 65_535;
/// Levels of lists and maps in a request (CTAP §8: at most four).
pub const DEEPEST_CANONICAL: usize = 4;
/// Levels that are read in a response: some more, for members that nobody here knows yet.
pub const DEEPEST: usize = 8;

impl Value {
    /// Reads one value that is all of the bytes, with at most [`DEEPEST`] levels. Maps may be out of order.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        Self::whole(bytes, DEEPEST)
    }

    /// Reads one value that is all of the bytes and exactly as this crate would write it, with at most
    /// [`DEEPEST_CANONICAL`] levels (CTAP §8).
    pub fn read_canonical(bytes: &[u8]) -> Result<Self, Fault> {
        let value = Self::whole(bytes, DEEPEST_CANONICAL)?;
        if value.encode() == bytes {
            Ok(value)
        } else {
            Err(Fault::NotCanonical)
        }
    }

    /// Reads the value that the bytes begin with, and says how many bytes it is long.
    pub fn read_first(bytes: &[u8]) -> Result<(Self, usize), Fault> {
        if bytes.len() > LONGEST {
            return Err(Fault::TooLong(bytes.len()));
        }
        let mut decoder = Decoder::new(bytes);
        let value = value(&mut decoder, DEEPEST, DEEPEST)?;
        Ok((value, decoder.position()))
    }

    fn whole(bytes: &[u8], deepest: usize) -> Result<Self, Fault> {
        if bytes.len() > LONGEST {
            return Err(Fault::TooLong(bytes.len()));
        }
        let mut decoder = Decoder::new(bytes);
        let value = value(&mut decoder, deepest, deepest)?;
        if decoder.position() == bytes.len() {
            Ok(value)
        } else {
            Err(syntax(&decoder, "bytes after the end"))
        }
    }
}

fn syntax(decoder: &Decoder<'_>, what: &'static str) -> Fault {
    Fault::Syntax {
        at: decoder.position(),
        what,
    }
}

/// One value; `levels` are left of `deepest`.
fn value(decoder: &mut Decoder<'_>, levels: usize, deepest: usize) -> Result<Value, Fault> {
    let at = decoder.position();
    let broken = |error: Error| Fault::Syntax {
        at,
        what: if error.is_end_of_input() {
            "cut short"
        } else {
            "not well-formed"
        },
    };
    match decoder.datatype().map_err(broken)? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => decoder.u64().map(Value::Unsigned).map_err(broken),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => decoder.int().map(negative).map_err(broken),
        Type::Bytes => decoder.bytes().map(Value::from).map_err(broken),
        Type::String => decoder.str().map(Value::from).map_err(broken),
        Type::Bool => decoder.bool().map(Value::Bool).map_err(broken),
        Type::Null => decoder.null().map(|()| Value::Null).map_err(broken),
        Type::Array => {
            let count = decoder.array().map_err(broken)?;
            array(decoder, count, inner(levels, deepest)?, deepest)
        }
        Type::Map => {
            let count = decoder.map().map_err(broken)?;
            map(decoder, count, inner(levels, deepest)?, deepest)
        }
        Type::BytesIndef | Type::StringIndef | Type::ArrayIndef | Type::MapIndef | Type::Break => {
            Err(syntax(decoder, "an indefinite length"))
        }
        Type::Tag => Err(syntax(decoder, "a tag")),
        Type::Undefined | Type::F16 | Type::F32 | Type::F64 | Type::Simple | Type::Unknown(_) => {
            Err(syntax(decoder, "a kind of value that CTAP2 does not have"))
        }
    }
}

fn inner(levels: usize, deepest: usize) -> Result<usize, Fault> {
    levels.checked_sub(1).ok_or(Fault::TooDeep(deepest))
}

/// A decoder calls a number `Int` when it is below −2⁶³.
fn negative(number: Int) -> Value {
    let number = i128::from(number);
    u64::try_from(-1 - number).map_or(Value::Null, Value::Negative)
}

/// How many entries follow; never more than bytes are left, so that a lie costs no memory.
fn count(decoder: &Decoder<'_>, count: Option<u64>) -> Result<usize, Fault> {
    let left = decoder.input().len().saturating_sub(decoder.position());
    let count = count.and_then(|count| usize::try_from(count).ok());
    count.filter(|count| *count <= left).ok_or(syntax(decoder, "cut short"))
}

fn array(decoder: &mut Decoder<'_>, length: Option<u64>, levels: usize, deepest: usize) -> Result<Value, Fault> {
    let length = count(decoder, length)?;
    let items = (0..length).map(|_| value(decoder, levels, deepest));
    items.collect::<Result<_, _>>().map(Value::Array)
}

fn map(decoder: &mut Decoder<'_>, length: Option<u64>, levels: usize, deepest: usize) -> Result<Value, Fault> {
    let length = count(decoder, length)?;
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let at = decoder.position();
        let key = value(decoder, levels, deepest)?;
        let entry = (key.encode(), (key, value(decoder, levels, deepest)?));
        if entries.insert(entry.0, entry.1).is_some() {
            let what = "the same key twice";
            return Err(Fault::Syntax { at, what });
        }
    }
    Ok(Value::Map(entries.into_values().collect()))
}
