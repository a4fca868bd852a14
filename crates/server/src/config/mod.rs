//! Settings: one table, three sources, two types — raw text and what was judged fit to run on.

mod checked;
mod docs;
mod network;
mod raw;
mod settings;

pub use checked::{Config, ImportLimits, TlsFiles};
pub use docs::page;
pub use network::Network;
pub use raw::Raw;
pub use settings::{SETTINGS, Setting};

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not TOML.
    #[error("the configuration file is not TOML: {0}")]
    NotToml(Box<toml::de::Error>),
    /// The file names a setting that does not exist.
    #[error("unknown setting `{0}`; `claviger serve --help` lists them all")]
    Unknown(String),
    /// A value does not fit.
    #[error("setting `{0}`: {1}")]
    Invalid(&'static str, String),
}

impl ConfigError {
    /// A value of that setting does not fit; says what is wanted.
    pub(crate) fn invalid(name: &'static str, wanted: &str) -> Self {
        Self::Invalid(name, wanted.to_owned())
    }
}

#[cfg(test)]
mod tests;
