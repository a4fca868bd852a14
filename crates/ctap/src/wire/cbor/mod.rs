//! CBOR as CTAP2 writes it (§8): definite lengths, sorted maps, no tags. A value is read whole, with bounds on its length
//! and depth before anything is kept; what is written is canonical by construction.

mod entries;
mod fault;
mod fields;
mod members;
mod read;
mod write;

pub use entries::Entries;
pub use fault::Fault;
pub use fields::Fields;
pub use members::Member;
pub use read::{DEEPEST, DEEPEST_CANONICAL, LONGEST};

/// A value of CTAP2: no tags, no floating point, no indefinite lengths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An unsigned number.
    Unsigned(u64),
    /// The negative number −1 − n.
    Negative(u64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// A list.
    Array(Vec<Value>),
    /// A map. It is written sorted, whatever its order, and one that is read comes sorted.
    Map(Vec<(Value, Value)>),
    /// True or false.
    Bool(bool),
    /// Null.
    Null,
}

impl Value {
    /// A list of things that are values.
    pub fn array<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    /// The number, when it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => i64::try_from(*number).ok(),
            Self::Negative(number) => i64::try_from(*number).ok().map(|number| -1 - number),
            Self::Bytes(_) | Self::Text(_) | Self::Array(_) | Self::Map(_) | Self::Bool(_) | Self::Null => None,
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        u64::try_from(number).map_or_else(|_| Self::Negative((-1 - number).unsigned_abs()), Self::Unsigned)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::from(i64::from(number))
    }
}

macro_rules! unsigned {
    ($($number:ty),*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Unsigned(number.into())
            }
        }
    )*};
}

unsigned!(u8, u16, u32, u64);

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&Vec<u8>> for Value {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::Bytes(bytes.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

#[cfg(test)]
mod tests;
