//! The console's tools: packages from the committed lock file, scripts by name.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::command::{self, Program};
use crate::tree::Tree;

/// Whether there is a console to build.
pub(crate) fn present(tree: &Tree) -> bool {
    tree.has("web/package.json")
}

/// Whether the console's `package.json` names this script.
pub(crate) fn has_script(tree: &Tree, name: &str) -> bool {
    let manifest = tree.read("web/package.json").unwrap_or_default();
    serde_json::from_str::<Value>(&manifest)
        .is_ok_and(|manifest| manifest.pointer(&format!("/scripts/{name}")).is_some())
}

/// `npm run NAME` in the console's folder.
pub(crate) fn script(tree: &Tree, name: &str) -> Program {
    command::program("npm", &tree.path("web")).arguments(&["run", "--silent", name])
}

/// Installs the console's packages when the lock file changed since the last time.
pub(crate) fn install(tree: &Tree) -> Result<()> {
    install_in(tree, "web")
}

/// Installs the packages of a folder with a lock file; does nothing when that very lock file was installed already.
pub(crate) fn install_in(tree: &Tree, folder: &str) -> Result<()> {
    let lock = tree.read(&format!("{folder}/package-lock.json"))?;
    // The stamp lies inside node_modules: whoever removes the packages removes the claim that they are there.
    let stamp = tree.path(&format!("{folder}/node_modules/.installed-lock.json"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    command::program("npm", &tree.path(folder))
        .arguments(&["ci", "--no-audit", "--no-fund"])
        .run()?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Installs and builds the console into `web/dist`, from where the server embeds it.
pub(crate) fn build(tree: &Tree) -> Result<()> {
    install(tree)?;
    script(tree, "build").run()
}
