//! Maps put together.

use super::Value;

/// A map in the making.
#[derive(Debug, Default)]
pub struct Entries(Vec<(Value, Value)>);

impl Entries {
    /// Adds a member.
    #[must_use]
    pub fn put(mut self, key: impl Into<Value>, value: impl Into<Value>) -> Self {
        self.0.push((key.into(), value.into()));
        self
    }

    /// Adds a member that may be absent.
    #[must_use]
    pub fn put_some(self, key: impl Into<Value>, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// Adds a list unless it is empty: CTAP has no empty lists where a list may be absent.
    #[must_use]
    pub fn put_list<T: Into<Value>>(self, key: impl Into<Value>, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<Value> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            self
        } else {
            self.put(key, Value::Array(items))
        }
    }

    /// Adds members as they were read.
    #[must_use]
    pub fn put_all(mut self, entries: &[(Value, Value)]) -> Self {
        self.0.extend_from_slice(entries);
        self
    }

    /// The map.
    #[must_use]
    pub fn value(self) -> Value {
        Value::Map(self.0)
    }

    /// The map, or nothing when it is empty.
    #[must_use]
    pub fn value_unless_empty(self) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.value())
    }
}
