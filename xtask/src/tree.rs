//! The repository as the checks see it: its root and the text of every file that git would track.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The repository's root and, on demand, its files.
#[derive(Clone)]
pub(crate) struct Tree {
    root: PathBuf,
}

/// Every text file by its path relative to the root, with `/` between the parts.
pub(crate) type Files = BTreeMap<String, String>;

impl Tree {
    /// The repository that this program was built from.
    pub(crate) fn of_this_repository() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = manifest
            .map_or_else(std::env::current_dir, Ok)
            .context("no current directory")?;
        let root = start
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .with_context(|| {
                format!(
                    "no Cargo.lock above {}; run this inside the repository",
                    start.display()
                )
            })?;
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    /// A repository somewhere else: a sample made by a test.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn has(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    /// The text of a file, with its name in the error.
    pub(crate) fn read(&self, relative: &str) -> Result<String> {
        std::fs::read_to_string(self.path(relative)).with_context(|| format!("cannot read {relative}"))
    }

    /// Text files that are tracked, or new and not ignored: what a commit could hold. Binary files are left out.
    pub(crate) fn files(&self) -> Result<Files> {
        let output = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(&self.root)
            .output()
            .context("git is needed to list the files")?;
        if !output.status.success() {
            bail!(
                "git ls-files failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
        // A file that was deleted but not yet committed is listed and cannot be read: it is gone.
        Ok(names
            .split('\0')
            .filter(|name| !name.is_empty())
            .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(self.path(name)).ok()?)))
            .collect())
    }
}
