//! Python programs from the Python package index, each in a virtual environment of its own under `target/venv`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::command;
use crate::tree::Tree;

/// The folder of the programs of an environment that holds exactly these requirements.
pub(crate) fn programs(tree: &Tree, name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = tree.path("target/venv").join(name);
    let programs = folder.join("bin");
    let stamp = folder.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(programs);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let path = folder.display().to_string();
    command::program("python3", tree.root())
        .arguments(&["-m", "venv", &path])
        .run()?;
    let wanted: Vec<&str> = requirements.split_whitespace().collect();
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let python = command::program(programs.join("python"), tree.root());
    python.arguments(&[&install[..], wanted.as_slice()].concat()).run()?;
    fs::write(&stamp, requirements).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(programs)
}
