//! Reading the fields of a request: every fault is gathered, so that a form shows them all at once.

use std::fmt::Display;

use claviger_api::FieldError;
use claviger_domain::text::{InvalidLocale, Locale};

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

/// A language tag as it is kept.
pub(crate) fn locale(given: &str) -> Result<String, InvalidLocale> {
    Locale::new(given).map(|tag| tag.as_str().to_owned())
}
