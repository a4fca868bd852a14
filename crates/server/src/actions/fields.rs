//! Reading the fields of a request: every fault is gathered, so that a form shows them all at once.

use std::fmt::Display;

use claviger_api::FieldError;

use crate::Failure;

/// Faults gathered so far.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<FieldError>);

impl Fields {
    /// The value, or its fault noted at the pointer.
    pub(crate) fn read<T, E: Display>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
        value.map_err(|fault| self.fault(pointer, fault.to_string())).ok()
    }

    /// Notes a fault.
    pub(crate) fn fault(&mut self, pointer: &str, detail: impl Into<String>) {
        self.0.push(FieldError {
            pointer: pointer.to_owned(),
            detail: detail.into(),
        });
    }

    /// The values, if there was no fault.
    pub(crate) fn all<T>(self, values: Option<T>) -> Result<T, Failure> {
        match values {
            Some(values) if self.0.is_empty() => Ok(values),
            _ => Err(Failure::Validation(self.0)),
        }
    }
}

/// A language tag (RFC 5646) as far as it matters: letters, digits and dashes.
pub(crate) fn locale(given: &str) -> Result<String, &'static str> {
    let fits = (2..=35).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits {
        Ok(given.to_owned())
    } else {
        Err("a language such as `en` or `cs` is wanted")
    }
}
