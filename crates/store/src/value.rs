//! Values as they are bound to statements and read from rows, the same on both engines.

use claviger_domain::{Timestamp, ids};
use std::sync::Arc;
use uuid::Uuid;

/// One parameter or one column. JSON and enumerations travel as text, times as microseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// `uuid` on PostgreSQL, a blob of 16 bytes on SQLite.
    Uuid(Uuid),
    /// `boolean` on PostgreSQL, 0 or 1 on SQLite.
    Bool(bool),
    /// For `= ANY($n)`.
    UuidArray(Arc<[Uuid]>),
    /// For `= ANY($n)`.
    TextArray(Arc<[String]>),
    /// For `= ANY($n)`.
    IntArray(Arc<[i64]>),
}

macro_rules! from {
    ($($from:ty => |$value:ident| $to:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self { $to }
        })*
    };
}

from! {
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(value.into());
    u32 => |value| Self::Int(value.into());
    bool => |value| Self::Bool(value);
    String => |value| Self::Text(value);
    &str => |value| Self::Text(value.to_owned());
    &String => |value| Self::Text(value.clone());
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    [u8; 32] => |value| Self::Bytes(value.to_vec());
    &[u8; 32] => |value| Self::Bytes(value.to_vec());
    Uuid => |value| Self::Uuid(value);
    Timestamp => |value| Self::Int(value.as_micros());
    Vec<Uuid> => |value| Self::UuidArray(value.into());
    &[Uuid] => |value| Self::UuidArray(value.into());
    Vec<String> => |value| Self::TextArray(value.into());
    &[String] => |value| Self::TextArray(value.into());
    Vec<i64> => |value| Self::IntArray(value.into());
    &[i64] => |value| Self::IntArray(value.into());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Types that a column can be read as.
pub trait FromValue: Sized {
    /// The value, or `None` when the column holds something else.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($to:ty { $($pattern:pat => $result:expr),+ $(,)? })*) => {
        $(impl FromValue for $to {
            fn from_value(value: &Value) -> Option<Self> {
                $(if let $pattern = value { return $result; })+
                None
            }
        })*
    };
}

from_value! {
    i64 { Value::Int(value) => Some(*value) }
    u64 { Value::Int(value) => u64::try_from(*value).ok() }
    u32 { Value::Int(value) => u32::try_from(*value).ok() }
    String { Value::Text(value) => Some(value.clone()) }
    Vec<u8> { Value::Bytes(value) => Some(value.clone()), Value::Uuid(value) => Some(value.as_bytes().to_vec()) }
    [u8; 32] { Value::Bytes(value) => value.as_slice().try_into().ok() }
    Uuid { Value::Uuid(value) => Some(*value), Value::Bytes(value) => Uuid::from_slice(value).ok() }
    bool { Value::Bool(value) => Some(*value), Value::Int(0) => Some(false), Value::Int(1) => Some(true) }
    Timestamp { Value::Int(value) => Some(Timestamp::from_micros(*value)) }
}

macro_rules! ids {
    ($($id:ident)*) => {
        $(impl From<ids::$id> for Value {
            fn from(id: ids::$id) -> Self { Self::Uuid(id.as_uuid()) }
        }

        impl FromValue for ids::$id {
            fn from_value(value: &Value) -> Option<Self> {
                Uuid::from_value(value).map(Self::from_uuid)
            }
        })*
    };
}

ids! {
    TenantId SecurityKeyId PolicyId UserId BatchId JobId AdministratorId ApiTokenId ApprovalId SessionId PasskeyId
    AuditEventId RoleId DownloadId OtpTokenId UnlockRequestId CeremonyId
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null {
            Some(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}
