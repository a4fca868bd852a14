//! Values to and from PostgreSQL's wire, by the type that the statement asks for.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::Row as Wire;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::Error;
use crate::value::Value;

type Encoded = Result<IsNull, Box<dyn StdError + Sync + Send>>;

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Encoded {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *wanted == Type::INT4 => i32::try_from(*number)?.to_sql(wanted, out),
            Self::Int(number) if *wanted == Type::INT8 => number.to_sql(wanted, out),
            Self::Text(text) if textual(wanted) => text.to_sql(wanted, out),
            Self::Bytes(bytes) if *wanted == Type::BYTEA => bytes.to_sql(wanted, out),
            Self::Uuid(id) if *wanted == Type::UUID => id.to_sql(wanted, out),
            Self::Bool(truth) if *wanted == Type::BOOL => truth.to_sql(wanted, out),
            Self::UuidArray(ids) if *wanted == Type::UUID_ARRAY => ids.as_ref().to_sql(wanted, out),
            Self::TextArray(texts) if *wanted == Type::TEXT_ARRAY => texts.as_ref().to_sql(wanted, out),
            Self::IntArray(numbers) if *wanted == Type::INT8_ARRAY => numbers.as_ref().to_sql(wanted, out),
            Self::Int(_)
            | Self::Text(_)
            | Self::Bytes(_)
            | Self::Uuid(_)
            | Self::Bool(_)
            | Self::UuidArray(_)
            | Self::TextArray(_)
            | Self::IntArray(_) => Err(format!("a value of another type was bound where {wanted} is wanted").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn textual(wanted: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME].contains(wanted)
}

/// Reads a column by its type.
pub(super) fn cell(row: &Wire, place: usize, kind: &Type) -> Result<Value, Error> {
    let value = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(place)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(place)?.map(Value::from),
        Type::INT2 => row
            .try_get::<_, Option<i16>>(place)?
            .map(|number| Value::Int(number.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(place)?.map(Value::Bool),
        Type::UUID => row.try_get::<_, Option<uuid::Uuid>>(place)?.map(Value::Uuid),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Value::Bytes),
        _ if textual(kind) => row.try_get::<_, Option<String>>(place)?.map(Value::Text),
        _ => {
            return Err(Error::inconsistent(format!(
                "column {place} is a {kind}; cast it to bigint or text"
            )));
        }
    };
    Ok(value.unwrap_or(Value::Null))
}
