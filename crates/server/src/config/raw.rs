//! Raw settings: text from flags, environment and file, not yet judged.

use std::collections::BTreeMap;

use super::{ConfigError, SETTINGS};

/// Settings as text, each from the strongest source that names it: flags over environment over file.
#[derive(Debug, Clone, Default)]
pub struct Raw(BTreeMap<&'static str, String>);

impl Raw {
    /// Merges the three sources.
    ///
    /// # Errors
    /// When the file is not TOML, names an unknown setting, or holds something other than text, numbers and booleans.
    pub fn merge(
        flags: &BTreeMap<&'static str, String>,
        environment: impl Fn(&str) -> Option<String>,
        file: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let mut merged = file.map_or_else(|| Ok(BTreeMap::new()), from_toml)?;
        for setting in SETTINGS {
            if let Some(value) = flags
                .get(setting.name)
                .cloned()
                .or_else(|| environment(&setting.environment()))
            {
                merged.insert(setting.name, value);
            }
        }
        Ok(Self(merged))
    }

    /// The value given, or the table's default.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or_else(
            || {
                SETTINGS
                    .iter()
                    .find(|setting| setting.name == name)
                    .map_or("", |setting| setting.default)
            },
            String::as_str,
        )
    }

    /// The value where one was given and is not empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }
}

fn from_toml(text: &str) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error| ConfigError::NotToml(Box::new(error)))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.key() == key)
            .ok_or_else(|| ConfigError::Unknown(key.clone()))?;
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(on) => on.to_string(),
            toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => {
                return Err(ConfigError::invalid(
                    setting.name,
                    "text, a whole number or a boolean is wanted",
                ));
            }
        };
        values.insert(setting.name, text);
    }
    Ok(values)
}
