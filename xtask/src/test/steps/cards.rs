//! Security keys as cards in a reader, judged by programs that others wrote. All of it runs in a room of its own, which
//! the test kit makes; where none can be made, the reason is said and nothing is counted.

use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result};

use super::super::{Counts, Skipped};
use crate::command::{self, Ended, Program};
use crate::tree::Tree;

/// A run that takes longer than this is stuck; the slowest takes a fraction of it.
const STUCK_SECONDS: &str = "300";

/// A security key as a program: it is a card in the reader for as long as it runs.
struct Card {
    name: &'static str,
    line: Vec<String>,
}

/// The device tests in the source package of python-fido2, against our key, and against one that others wrote, by which
/// the harness is known to be right.
pub(super) fn fido2(tree: &Tree) -> Result<Counts> {
    let kit = Kit::built(tree)?;
    let python = kit.packages("python", "tests/fido2/requirements.txt")?;
    let tests = only_folder(&kit.packages("sources", "tests/fido2/sources.txt")?)?;
    let judged = with_each_card(tree, |card| Ok(Counts::of(&device_tests(&kit, card, &python, &tests)?)))?;
    let control = unlisted_is_found(&kit, &fido_card(tree)?, &python, &tests)?;
    Ok([judged, control].into_iter().sum())
}

/// What `claviger-key` has no command for, asked of the key in `peers/fido-card`: without a reader, so for everybody.
pub(super) fn client(tree: &Tree) -> Result<Counts> {
    let tests = command::program("cargo", &tree.path("peers/fido-card")).arguments(&["test", "--locked", "--quiet"]);
    let tests = tests.with("CARGO_TARGET_DIR", tree.path("target/peers"));
    Ok(Counts::of(&tests.watch()?))
}

/// A client that others wrote, and `pcsc_scan`, which knows nothing of FIDO.
pub(super) fn readers(tree: &Tree) -> Result<Counts> {
    let kit = Kit::built(tree)?;
    let client = peer(tree, "second-client")?;
    let seen = with_each_card(tree, |card| seen(&kit, card))?;
    let used = with_each_card(tree, |card| {
        let line: Vec<&str> = std::iter::once(client.as_str())
            .chain(card.line.iter().map(String::as_str))
            .collect();
        let judge = [&["timeout", STUCK_SECONDS], line.as_slice()].concat();
        Ok(Counts::of(&kit.room(tree.root(), &[], &judge).watch()?))
    })?;
    Ok([seen, used].into_iter().sum())
}

/// `claviger-key` with each key, as it was written down in `tests/cards`.
pub(super) fn transcripts(tree: &Tree) -> Result<Counts> {
    let kit = Kit::built(tree)?;
    command::cargo(tree, &["build", "--quiet", "--package", "claviger-workstation"]).run()?;
    let _client = peer(tree, "second-client")?;
    let programs = [tree.path("target/debug"), tree.path("target/peers/debug")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(programs.into_iter().chain(std::env::split_paths(&path)))?;
    with_each_card(tree, |card| {
        let transcript = text(&tree.path("tests/cards").join(card.name).with_extension("txt"));
        let play = ["timeout", STUCK_SECONDS, &text(&kit.program), "transcript", &transcript];
        let ended = kit.room(tree.root(), &card.line, &play).with("PATH", &path).watch()?;
        Ok(Counts::of(&ended))
    })
}

fn device_tests(kit: &Kit, card: &Card, python: &Path, tests: &Path) -> Result<Ended> {
    let list = kit.tree.path(&format!("tests/fido2/skipped-{}.txt", card.name));
    let judge = ["timeout", STUCK_SECONDS, &text(python), "-m", "pytest", "tests/device"];
    with_list(kit, card, tests, &judge, &list)?.watch()
}

/// The control: with nothing listed, a test that does not apply is a failure.
fn unlisted_is_found(kit: &Kit, card: &Card, python: &Path, tests: &Path) -> Result<Counts> {
    let refused = "\"$@\" || echo refused";
    let pytest = [&text(python), "-m", "pytest", "tests/device/test_hid.py"];
    let judge = [&["sh", "-c", refused, "sh", "timeout", STUCK_SECONDS], &pytest[..]].concat();
    let output = with_list(kit, card, tests, &judge, Path::new("/dev/null"))?.answer()?;
    let is_found = output.contains("test_ping is skipped and not listed") && output.contains("\nrefused");
    println!("python-fido2: control_found={is_found}");
    Ok(if is_found { Counts::success() } else { Counts::failure() })
}

/// pytest with our plugin, in a room, with a list of what is skipped.
fn with_list(kit: &Kit, card: &Card, tests: &Path, pytest: &[&str], list: &Path) -> Result<Program> {
    let judge = [pytest, &["--quiet", "-p", "hands", "-p", "no:cacheprovider"]].concat();
    let judge = kit
        .room(tests, &[], &judge)
        .with("PYTHONPATH", kit.tree.path("tests/fido2"));
    let judge = judge
        .with("PYTHONDONTWRITEBYTECODE", "1")
        .with("CLAVIGER_SKIPPED", list);
    Ok(judge.with("CLAVIGER_CARD", serde_json::to_string(&card.line)?))
}

/// `pcsc_scan` names the reader and the key's ATR; without a card in the reader it names none.
fn seen(kit: &Kit, card: &Card) -> Result<Counts> {
    // It watches until it is stopped.
    let scan = ["sh", "-c", "timeout 2 pcsc_scan -n; true"];
    let with = kit.room(kit.tree.root(), &card.line, &scan).answer()?;
    let without = kit.room(kit.tree.root(), &[], &scan).answer()?;
    let judged = [shows_card(&with), !shows_card(&without)];
    println!(
        "pcsc_scan: card={} seen={} control_seen={}",
        card.name, judged[0], !judged[1]
    );
    Ok(judged
        .iter()
        .map(|is_right| {
            if *is_right {
                Counts::success()
            } else {
                Counts::failure()
            }
        })
        .sum())
}

fn shows_card(output: &str) -> bool {
    output.contains("Virtual PCD") && output.contains("Card inserted") && output.contains("ATR: 3B")
}

/// Judges both keys at the same time, each in a room of its own and from a fresh state.
fn with_each_card(tree: &Tree, judge: impl Fn(&Card) -> Result<Counts> + Sync) -> Result<Counts> {
    let cards = [virtual_key(tree)?, fido_card(tree)?];
    let judged: Vec<Result<Counts>> = thread::scope(|threads| {
        let started: Vec<_> = cards.iter().map(|card| threads.spawn(|| judge(card))).collect();
        started.into_iter().filter_map(|run| run.join().ok()).collect()
    });
    judged.into_iter().sum()
}

/// Our own key.
fn virtual_key(tree: &Tree) -> Result<Card> {
    command::cargo(tree, &["build", "--quiet", "--package", "claviger-virtual-key"]).run()?;
    let program = text(&tree.path("target/debug/claviger-virtual-key"));
    let state = text(&fresh_state(tree, "virtual-key")?.join("state"));
    Ok(Card {
        name: "virtual-key",
        line: [program.as_str(), "serve", "--state", &state]
            .map(str::to_owned)
            .to_vec(),
    })
}

/// The key in `peers/fido-card`.
fn fido_card(tree: &Tree) -> Result<Card> {
    Ok(Card {
        name: "fido-card",
        line: vec![peer(tree, "fido-card")?, text(&fresh_state(tree, "fido-card")?)],
    })
}

/// A program in `peers/`, built with its own lock file.
fn peer(tree: &Tree, name: &str) -> Result<String> {
    let build = command::program("cargo", &tree.path("peers").join(name)).arguments(&["build", "--locked", "--quiet"]);
    let target = tree.path("target/peers");
    build.with("CARGO_TARGET_DIR", &target).run()?;
    Ok(text(&target.join("debug").join(name)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_seen_only_with_its_atr() {
        let card = " Reader 0: Virtual PCD 00 00\n  Card state: Card inserted, \n  ATR: 3B 95 13 81\n";
        assert!(shows_card(card));
        assert!(!shows_card(
            " Reader 0: Virtual PCD 00 00\n  Card state: Card removed, \n"
        ));
        assert!(!shows_card(""));
    }
}
