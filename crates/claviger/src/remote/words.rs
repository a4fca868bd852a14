//! Words of the command line: values that have a name on the wire (`user_pin` is `user-pin` here), ids, and numbers.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Reads one of these words as the value that it names on the wire.
pub(crate) fn named<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| serde_json::from_value(Value::String(word.replace('-', "_"))))
}

/// Reads an id, and tells what one looks like.
pub(crate) fn id(text: &str) -> Result<Uuid, &'static str> {
    let wanted = "an id is wanted, such as 0198c5a0-0000-7000-8000-000000000000; lists show them";
    text.trim().parse().map_err(|_| wanted)
}

/// So many of them: `1 key`, `2 keys`.
pub(crate) fn counted(count: u64, what: [&str; 2]) -> String {
    let [one, many] = what;
    format!("{count} {}", if count == 1 { one } else { many })
}
