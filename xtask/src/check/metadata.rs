//! What cargo says of the packages: ours with their dependencies, and every locked one with its licence and source.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::command;
use crate::tree::Tree;

/// The packages that one lock file names.
#[derive(Default, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
}

/// One package.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    /// Where it comes from; nothing for packages of this tree.
    pub(super) source: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
}

/// What a package asks for.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// Nothing for an ordinary one, else `dev` or `build`.
    pub(super) kind: Option<String>,
}

impl Metadata {
    /// Asks cargo, which must find the lock file in order.
    pub(super) fn of(tree: &Tree, manifest: &str) -> Result<Self> {
        let arguments = [
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--manifest-path",
            manifest,
        ];
        let text = command::cargo(tree, &arguments).answer()?;
        serde_json::from_str(&text).with_context(|| format!("cargo metadata of {manifest}"))
    }

    /// The packages of this tree.
    pub(super) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }
}
