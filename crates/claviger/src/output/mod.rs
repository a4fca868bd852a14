//! All that the program prints: results to standard output, everything else to standard error.
//! Nothing else in this crate prints, so that a result can be piped and a token cannot slip out.

mod confirm;
mod csv;
mod plain;
mod progress;
mod record;
mod secret;
mod table;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::failure::Failure;

pub(crate) use plain::plain;
pub(crate) use progress::{bar, bytes};
pub(crate) use record::{Column, Record};
pub(crate) use secret::{secret, secrets};

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people
    Table,
    /// JSON as the API answers it; lists are an array
    Json,
    /// Comma-separated values with a header (RFC 4180)
    Csv,
}

/// How results and questions are handled.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// How results are shown
    #[arg(
        id = "output",
        long,
        short,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "table"
    )]
    pub(crate) format: Format,
    /// Say nothing but results and errors: no progress bars, no notes
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Answer every question with yes; needed for irreversible commands where nobody can be asked
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
}

impl Output {
    /// Prints text as it is.
    pub(crate) fn text(text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|cause| Failure::written(&cause))
    }

    /// Prints one thing with all that is known of it.
    pub(crate) fn one<T: Record>(&self, item: &T) -> Result<(), Failure> {
        match self.format {
            Format::Table => Self::text(&table::card(item)),
            Format::Json => Self::text(&json(item)?),
            Format::Csv => Self::text(&csv::list(std::slice::from_ref(item), true)?),
        }
    }

    /// Prints one thing for a program, as JSON whatever form is asked for.
    pub(crate) fn program(item: &impl Serialize) -> Result<(), Failure> {
        Self::text(&json(item)?)
    }

    /// Prints a whole list.
    pub(crate) fn many<T: Record>(&self, items: &[T]) -> Result<(), Failure> {
        match self.format {
            Format::Table => Self::text(&table::list(items)),
            Format::Json => Self::text(&json(&items)?),
            Format::Csv => Self::text(&csv::list(items, true)?),
        }
    }

    /// Says what was done, to a person who watches.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            say(&plain(text));
        }
    }

    /// Asks before something that cannot be taken back.
    pub(crate) fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.yes { Ok(()) } else { confirm::ask(question) }
    }
}

/// JSON with indentation and a line end.
fn json(value: &impl Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(crate::exit::Exit::Unexpected, error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// A line to standard error.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Tells why a command failed.
pub(crate) fn failure(failure: &Failure) {
    if failure.silent {
        return;
    }
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    say(&format!("{red}error{red:#}: {}", plain(&failure.message)));
    for hint in &failure.hints {
        say(&format!("  {}", plain(hint)));
    }
}

/// Standard output for a download.
pub(crate) fn to_stdout() -> impl Write {
    io::stdout().lock()
}
