//! What a member of a map can be.

use super::{Fault, Fields, Value};
use crate::wire::Body;

/// A type that a member of a message can have.
pub trait Member: Sized {
    /// Reads the value of the member called `name`.
    fn of(value: Value, name: &'static str) -> Result<Self, Fault>;
}

impl<T: Body> Member for T {
    fn of(value: Value, name: &'static str) -> Result<Self, Fault> {
        T::from_fields(&mut Fields::of(value, name)?)
    }
}

impl Member for Value {
    fn of(value: Value, _: &'static str) -> Result<Self, Fault> {
        Ok(value)
    }
}

impl Member for bool {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let wanted = "true or false";
        if let Value::Bool(truth) = value {
            Ok(truth)
        } else {
            Err(Fault::Kind { member, wanted })
        }
    }
}

impl Member for u64 {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let wanted = "an unsigned number";
        if let Value::Unsigned(number) = value {
            Ok(number)
        } else {
            Err(Fault::Kind { member, wanted })
        }
    }
}

macro_rules! smaller {
    ($($number:ty),*) => {$(
        impl Member for $number {
            fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
                let what = "is a number that is too big";
                Self::try_from(u64::of(value, member)?).map_err(|_| Fault::Unfit { member, what })
            }
        }
    )*};
}

smaller!(u8, u16, u32);

impl Member for i64 {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let what = "is a number that is too big";
        match value {
            Value::Unsigned(_) | Value::Negative(_) => value.as_i64().ok_or(Fault::Unfit { member, what }),
            Value::Bytes(_) | Value::Text(_) | Value::Array(_) | Value::Map(_) | Value::Bool(_) | Value::Null => {
                let wanted = "a number";
                Err(Fault::Kind { member, wanted })
            }
        }
    }
}

impl Member for String {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let wanted = "a text";
        if let Value::Text(text) = value {
            Ok(text)
        } else {
            Err(Fault::Kind { member, wanted })
        }
    }
}

/// A byte string of any length.
impl Member for Vec<u8> {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let wanted = "a byte string";
        if let Value::Bytes(bytes) = value {
            Ok(bytes)
        } else {
            Err(Fault::Kind { member, wanted })
        }
    }
}

/// A byte string of one length.
impl<const N: usize> Member for [u8; N] {
    fn of(value: Value, member: &'static str) -> Result<Self, Fault> {
        let what = "has another length than it must have";
        Self::try_from(Vec::<u8>::of(value, member)?.as_slice()).map_err(|_| Fault::Unfit { member, what })
    }
}
