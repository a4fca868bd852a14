//! Where figures go: a line for people, a record for the next run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::measure::Samples;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) engine: &'static str,
    pub(crate) rows: u64,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) spread: (f64, f64),
    pub(crate) ratio: Option<f64>,
    pub(crate) reference: Option<&'static str>,
    pub(crate) target: &'static str,
}

/// Prints figures and keeps them in a file.
#[derive(Debug)]
pub(crate) struct Report {
    file: PathBuf,
    engine: &'static str,
    figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn new(file: &Path, engine: &'static str) -> Result<Self> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        Ok(Self {
            file: file.to_owned(),
            engine,
            figures: Vec::new(),
        })
    }

    /// A figure from samples: its median and spread.
    pub(crate) fn samples(&self, name: &str, rows: u64, samples: &Samples, unit: &'static str) -> Figure {
        self.value(name, rows, samples.median(), unit, samples.spread())
    }

    /// A figure that is one value.
    pub(crate) fn value(&self, name: &str, rows: u64, value: f64, unit: &'static str, spread: (f64, f64)) -> Figure {
        let engine = self.engine;
        Figure {
            name: name.to_owned(),
            engine,
            rows,
            value,
            unit,
            spread,
            ratio: None,
            reference: None,
            target: "",
        }
    }

    /// Prints a figure and adds it to the file.
    pub(crate) fn add(&mut self, figure: Figure) -> Result<()> {
        print(&figure);
        self.figures.push(figure);
        let mut all = self.earlier();
        all.extend(
            self.figures
                .iter()
                .map(|figure| serde_json::to_value(figure).unwrap_or_default()),
        );
        std::fs::write(&self.file, serde_json::to_vec_pretty(&all)?)
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }

    pub(crate) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// What the file holds of other engines, and of this engine's figures that this run has not taken.
    fn earlier(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read(&self.file).unwrap_or_default();
        let all: Vec<serde_json::Value> = serde_json::from_slice(&text).unwrap_or_default();
        let field = |old: &serde_json::Value, name: &str| old.get(name).cloned().unwrap_or_default();
        let taken = |old: &serde_json::Value| {
            self.figures.iter().any(|new| {
                field(old, "name") == new.name.as_str()
                    && field(old, "engine") == new.engine
                    && field(old, "rows") == new.rows
            })
        };
        all.into_iter().filter(|old| !taken(old)).collect()
    }
}

impl Figure {
    /// Sets the figure beside its reference: the ratio is figure ÷ reference.
    pub(crate) fn beside(mut self, reference: &'static str, value: f64) -> Self {
        self.ratio = Some(self.value / value);
        self.reference = Some(reference);
        self
    }

    pub(crate) fn target(mut self, target: &'static str) -> Self {
        self.target = target;
        self
    }
}

#[expect(clippy::print_stdout, reason = "figures are this program's output")]
fn print(figure: &Figure) {
    let ratio = match (figure.ratio, figure.reference) {
        (Some(ratio), Some(reference)) => format!(" ({ratio:.2} to {reference})"),
        _ => String::new(),
    };
    let target = if figure.target.is_empty() {
        String::new()
    } else {
        format!(" · target {}", figure.target)
    };
    println!(
        "{} {} {}{ratio} · {} rows · {} · {}–{}{target}",
        figure.name,
        rounded(figure.value),
        figure.unit,
        figure.rows,
        figure.engine,
        rounded(figure.spread.0),
        rounded(figure.spread.1),
    );
}

/// A remark between figures, for the person who waits.
#[expect(clippy::print_stderr, reason = "progress of a long run")]
pub(crate) fn remark(text: &str) {
    eprintln!("· {text}");
}

pub(crate) fn rounded(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
