//! Maps taken apart.

use super::{Fault, Member, Value};

/// A map of which members are taken one by one; what is left was not known.
#[derive(Debug, Default)]
pub struct Fields(Vec<(Value, Value)>);

impl Fields {
    /// The members of a value that has to be a map; `name` says which.
    pub fn of(value: Value, name: &'static str) -> Result<Self, Fault> {
        let wanted = "a map";
        if let Value::Map(entries) = value {
            Ok(Self(entries))
        } else {
            Err(Fault::Kind { member: name, wanted })
        }
    }

    /// Whether a member is there.
    #[must_use]
    pub fn has(&self, key: impl Into<Value>) -> bool {
        let key = key.into();
        self.0.iter().any(|(own, _)| *own == key)
    }

    /// Takes a member that may be absent; `name` is what the specification calls it.
    pub fn take<T: Member>(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Option<T>, Fault> {
        let key = key.into();
        let Some(place) = self.0.iter().position(|(own, _)| *own == key) else {
            return Ok(None);
        };
        let (_, value) = self.0.remove(place);
        T::of(value, name).map(Some)
    }

    /// Takes a member that has to be there.
    pub fn need<T: Member>(&mut self, key: impl Into<Value>, name: &'static str) -> Result<T, Fault> {
        self.take(key, name)?.ok_or(Fault::Missing(name))
    }

    /// Takes a list that may be absent, which is as if it were empty.
    pub fn list<T: Member>(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Vec<T>, Fault> {
        Ok(self.take_list(key, name)?.unwrap_or_default())
    }

    /// Takes a list that has to be there.
    pub fn need_list<T: Member>(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Vec<T>, Fault> {
        self.take_list(key, name)?.ok_or(Fault::Missing(name))
    }

    fn take_list<T: Member>(&mut self, key: impl Into<Value>, member: &'static str) -> Result<Option<Vec<T>>, Fault> {
        let wanted = "a list";
        match self.take(key, member)? {
            None => Ok(None),
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| T::of(item, member))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(Fault::Kind { member, wanted }),
        }
    }

    /// What nobody took.
    #[must_use]
    pub fn rest(&mut self) -> Vec<(Value, Value)> {
        std::mem::take(&mut self.0)
    }
}

impl From<Vec<(Value, Value)>> for Fields {
    fn from(entries: Vec<(Value, Value)>) -> Self {
        Self(entries)
    }
}
