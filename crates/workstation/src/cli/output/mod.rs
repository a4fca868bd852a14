//! What the program prints, as text: tables and cards for people, JSON for programs.

mod plain;
mod table;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::{exit::Exit, failure::Failure};

pub(crate) use plain::{one_line, plain};
pub(crate) use table::{card, list};

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs; lists are an array, and `watch` prints one object a line
    Json,
}

/// How results and questions are handled.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// How results are shown
    #[arg(id = "output", long, short, global = true, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Say nothing but results, errors and when to touch the key
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Answer every question with yes; `reset` then also wants --serial, or --reader for a key that tells no serial number
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
}

/// JSON with indentation and a line end.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    finished(serde_json::to_string_pretty(value))
}

/// JSON on one line.
pub(crate) fn json_line(value: &impl Serialize) -> Result<String, Failure> {
    finished(serde_json::to_string(value))
}

fn finished(text: serde_json::Result<String>) -> Result<String, Failure> {
    let mut text = text.map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))?;
    text.push('\n');
    Ok(text)
}
