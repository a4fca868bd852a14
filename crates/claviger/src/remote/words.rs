//! Values that have a name on the wire, as words of the command line: `user_pin` is `user-pin` there.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads one of these words as the value that it names on the wire.
pub(crate) fn named<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| serde_json::from_value(Value::String(word.replace('-', "_"))))
}
