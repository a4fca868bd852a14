//! What is said beside a seed file: its format, how its seeds are written, and what opens it.

use std::fmt;

use claviger_formats::seeds::{Encoding, Keys, PreSharedKey, Said, SeedFormat};
use zeroize::Zeroizing;

use crate::Failure;

/// What is said beside a seed file. Wiped when the file was read; neither printed nor kept.
#[derive(Default)]
pub struct Beside {
    format: Option<SeedFormat>,
    encoding: Option<Encoding>,
    pre_shared_key: Option<Zeroizing<String>>,
    password: Option<Zeroizing<String>>,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl Beside {
    /// Names of the fields of a form.
    pub const FIELDS: [&str; 4] = ["format", "encoding", "pre_shared_key", "password"];

    /// Takes a field of a form; an empty one says nothing.
    ///
    /// # Errors
    /// [`Failure::Validation`] for a word that is not known and a text that is no key.
    pub fn take(&mut self, field: &str, text: Zeroizing<String>) -> Result<(), Failure> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(());
        }
        match field {
            "format" => self.format = Some(word(field, trimmed, SeedFormat::parse)?),
            "encoding" => self.encoding = Some(word(field, trimmed, Encoding::parse)?),
            "pre_shared_key" => {
                PreSharedKey::parse(trimmed).map_err(|fault| Failure::invalid("/pre_shared_key", fault.to_string()))?;
                self.pre_shared_key = Some(text);
            }
            "password" => self.password = Some(text),
            _ => return Err(Failure::invalid(format!("/{field}"), "there is no such field")),
        }
        Ok(())
    }

    /// What tells two requests with the same file apart, without anything of the key and the password.
    #[must_use]
    pub fn told(&self) -> String {
        let format = self.format.map_or("", SeedFormat::as_str);
        let encoding = self.encoding.map_or("", Encoding::as_str);
        let (key, password) = (self.pre_shared_key.is_some(), self.password.is_some());
        format!("{format}\n{encoding}\n{key}\n{password}")
    }

    /// For a reader.
    pub(super) fn said(&self) -> Said {
        // It was looked at when it came.
        let key = self
            .pre_shared_key
            .as_ref()
            .and_then(|text| PreSharedKey::parse(text).ok());
        Said {
            format: self.format,
            encoding: self.encoding,
            keys: Keys::new(key, self.password.clone()),
        }
    }
}

fn word<T>(field: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    parse(text).ok_or_else(|| {
        let wanted = if field == "format" {
            "pskc, oath_csv, entra_csv, yubico_csv, json or privacyidea is wanted"
        } else {
            "base32 or hex is wanted"
        };
        Failure::invalid(format!("/{field}"), wanted)
    })
}
