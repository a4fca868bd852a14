//! Security keys as cards in a reader, judged by programs that others wrote. All of it runs in a room of its own, which
//! the test kit makes; where none can be made, the reason is said and nothing is counted.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::super::{Counts, Skipped};
use crate::command::{self, Program};
use crate::tree::Tree;

/// A run that takes longer than this is stuck; the slowest takes a fraction of it.
const STUCK_SECONDS: &str = "300";

/// A security key as a program: it is a card in the reader for as long as it runs.
struct Card {
    name: &'static str,
    line: Vec<String>,
}

/// The device tests in the source package of python-fido2, against a key that others wrote, by which the harness is
/// known to be right.
pub(super) fn fido2(tree: &Tree) -> Result<Counts> {
    let kit = Kit::built(tree)?;
    let python = kit.packages("python", "tests/fido2/requirements.txt")?;
    let tests = only_folder(&kit.packages("sources", "tests/fido2/sources.txt")?)?;
    let cards = [fido_card(tree)?];
    cards.iter().map(|card| device_tests(&kit, card, &python, &tests)).sum()
}

fn device_tests(kit: &Kit, card: &Card, python: &Path, tests: &Path) -> Result<Counts> {
    let python = python.display().to_string();
    let run = ["timeout", STUCK_SECONDS, &python, "-m", "pytest", "--quiet"];
    let plugins = ["-p", "hands", "-p", "no:cacheprovider"];
    let judge = [&run[..], &plugins, &["tests/device"]].concat();
    let ours = kit.tree.path("tests/fido2");
    let list = ours.join(format!("skipped-{}.txt", card.name));
    let judge = kit.room(tests, &[], &judge).with("PYTHONPATH", &ours);
    let judge = judge
        .with("PYTHONDONTWRITEBYTECODE", "1")
        .with("CLAVIGER_SKIPPED", list);
    let ended = judge
        .with("CLAVIGER_CARD", serde_json::to_string(&card.line)?)
        .watch()?;
    Ok(Counts::of(&ended))
}

/// The key in `peers/fido-card`, built with its own lock file.
fn fido_card(tree: &Tree) -> Result<Card> {
    let target = tree.path("target/peers");
    let build = command::program("cargo", &tree.path("peers/fido-card")).arguments(&["build", "--locked", "--quiet"]);
    build.with("CARGO_TARGET_DIR", &target).run()?;
    let state = fresh_state(tree, "fido-card")?;
    Ok(Card {
        name: "fido-card",
        line: vec![text(&target.join("debug/fido-card")), text(&state)],
    })
}

/// Where a card keeps its state; what an earlier run left there is gone.
fn fresh_state(tree: &Tree, name: &str) -> Result<PathBuf> {
    let folder = tree.path("target/cards").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The test kit's program.
struct Kit<'a> {
    tree: &'a Tree,
    program: PathBuf,
}

impl<'a> Kit<'a> {
    /// Builds it. Refuses as skipped where it can make no room.
    fn built(tree: &'a Tree) -> Result<Self> {
        command::cargo(tree, &["build", "--quiet", "--package", "claviger-testkit"]).run()?;
        let kit = Self {
            tree,
            program: tree.path("target/debug/claviger-testkit"),
        };
        let lacking = kit.start(tree.root()).arguments(&["lacking-for-room"]).answer()?;
        match lacking.trim() {
            "" => Ok(kit),
            reason => Err(Skipped(reason.to_owned()).into()),
        }
    }

    /// A judge in a room, with the card in the reader when one is named.
    fn room(&self, folder: &Path, card: &[String], judge: &[&str]) -> Program {
        let room = self.start(folder).arguments(&["room"]).arguments(card);
        room.arguments(&["--"]).arguments(judge)
    }

    /// What a file of requirements names: an interpreter that has it (`python`), or a folder of sources (`sources`).
    fn packages(&self, kind: &str, requirements: &str) -> Result<PathBuf> {
        let file = text(&self.tree.path(requirements));
        let path = self
            .start(self.tree.root())
            .arguments(&[kind, "fido2", &file])
            .answer()?;
        Ok(PathBuf::from(path.trim()))
    }

    fn start(&self, folder: &Path) -> Program {
        command::program(&self.program, folder)
    }
}

fn only_folder(folder: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    folders
        .next()
        .with_context(|| format!("no folder in {}", folder.display()))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
