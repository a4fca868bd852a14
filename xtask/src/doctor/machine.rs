//! Looking at a machine: which needs are met, and by which version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::needs::{Need, Probe};

/// Ends well where Python's headers are.
const HAS_HEADERS: &str = "import os, sysconfig; folder = sysconfig.get_path('include'); \
    os.stat(os.path.join(folder, 'Python.h')); print(folder)";

/// A machine to look at; tests look at one that is bare.
pub(crate) struct Machine {
    /// The folders of the search path, in order.
    path: Vec<PathBuf>,
    /// Stands before every absolute path that is looked at.
    root: PathBuf,
}

/// What was found of one need.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It is there; with the words in which it told its version.
    Found(String),
    /// It is there and too old; with its version.
    TooOld(String),
    Missing,
}

impl Machine {
    /// The machine that this program runs on.
    pub(crate) fn this() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self {
            path: std::env::split_paths(&path).collect(),
            root: PathBuf::from("/"),
        }
    }

    /// A machine that holds only what lies under one folder, programs in its `bin`.
    #[cfg(test)]
    pub(super) fn under(root: &Path) -> Self {
        Self {
            path: vec![root.join("bin")],
            root: root.to_path_buf(),
        }
    }

    pub(crate) fn look(&self, need: &Need) -> Finding {
        match &need.probe {
            Probe::Program { names, major } => self.look_for_program(names, *major),
            Probe::File { patterns } => self.look_for_file(patterns),
            Probe::Library(name) => self.answer("pkg-config", &["--modversion", name]),
            Probe::PythonVenv => match self.answer("python3", &["-c", "import venv, ensurepip; print('venv and pip')"])
            {
                // A Python may have pip of its own where Debian's lacks ensurepip; both make what we need.
                Finding::Found(words) => Finding::Found(words),
                Finding::TooOld(_) | Finding::Missing => Finding::Missing,
            },
            Probe::PythonHeaders => self.answer("python3", &["-c", HAS_HEADERS]),
            Probe::Cargo("--version") => self.answer("cargo", &["--version"]),
            Probe::Cargo(component) => self.answer("cargo", &[component, "--version"]),
        }
    }

    /// The full path of a program on this machine's search path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        self.path
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    }

    fn look_for_program(&self, names: &[&str], major: u64) -> Finding {
        let Some(name) = names.iter().find(|name| self.program(name).is_some()) else {
            return Finding::Missing;
        };
        let found = self.answer(name, &["--version"]);
        if let Finding::Found(words) = &found
            && first_number(words).is_none_or(|found| found < major)
        {
            return Finding::TooOld(words.clone());
        }
        found
    }

    fn look_for_file(&self, patterns: &[&str]) -> Finding {
        let found = patterns
            .iter()
            .flat_map(|pattern| files_like(&self.root, pattern))
            .max();
        found.map_or(Finding::Missing, |file| Finding::Found(file.display().to_string()))
    }

    fn answer(&self, name: &str, arguments: &[&str]) -> Finding {
        let Some(program) = self.program(name) else {
            return Finding::Missing;
        };
        let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
        let Some(output) = output.ok().filter(|output| output.status.success()) else {
            return Finding::Missing;
        };
        let words = String::from_utf8_lossy(&output.stdout);
        Finding::Found(words.lines().next().unwrap_or_default().trim().to_owned())
    }
}

/// Files that match an absolute pattern in which a `*` stands for a part of one folder name.
fn files_like(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![root.to_path_buf()];
    for part in pattern.trim_start_matches('/').split('/') {
        found = found.iter().flat_map(|folder| children_like(folder, part)).collect();
    }
    found
}

fn children_like(folder: &Path, part: &str) -> Vec<PathBuf> {
    let Some((start, end)) = part.split_once('*') else {
        return Some(folder.join(part))
            .filter(|child| child.exists())
            .into_iter()
            .collect();
    };
    let children = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    children
        .filter(|child| {
            child
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
        })
        .map(|child| child.path())
        .collect()
}

/// The first number in a text: the major version in what programs answer to `--version`.
pub(super) fn first_number(words: &str) -> Option<u64> {
    let digits = words
        .find(|letter: char| letter.is_ascii_digit())
        .and_then(|at| words.get(at..))?;
    digits
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::needs::NEEDS;
    use super::*;

    fn need(name: &str) -> &'static Need {
        NEEDS.iter().find(|need| need.name == name).unwrap()
    }

    /// Another program puts the file there: while this process has it open for writing, a test beside this one may
    /// fork, and a file that anybody has open for writing cannot be run.
    fn place(root: &Path, name: &str, says: &str) {
        let text = root.join("text");
        fs::write(&text, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
        let install = Command::new("install")
            .args(["-D", "-m", "755"])
            .arg(text)
            .arg(root.join("bin").join(name))
            .status();
        assert!(install.unwrap().success());
    }

    #[test]
    fn a_bare_machine_lacks_everything() {
        let bare = tempfile::tempdir().unwrap();
        let machine = Machine::under(bare.path());
        for need in NEEDS {
            assert_eq!(
                machine.look(need),
                Finding::Missing,
                "{} was found on a bare machine",
                need.name
            );
        }
    }

    #[test]
    fn an_old_node_is_too_old_and_a_new_one_is_found() {
        let folder = tempfile::tempdir().unwrap();
        place(folder.path(), "node", "v18.20.4");
        let machine = Machine::under(folder.path());
        assert_eq!(machine.look(need("Node.js")), Finding::TooOld("v18.20.4".to_owned()));
        place(folder.path(), "node", "v22.1.0");
        assert_eq!(machine.look(need("Node.js")), Finding::Found("v22.1.0".to_owned()));
    }

    #[test]
    fn postgresql_is_found_where_debian_puts_it() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::under(folder.path());
        assert_eq!(machine.look(need("PostgreSQL")), Finding::Missing);
        let programs = folder.path().join("usr/lib/postgresql/15/bin");
        fs::create_dir_all(&programs).unwrap();
        fs::write(programs.join("initdb"), "").unwrap();
        assert!(matches!(machine.look(need("PostgreSQL")), Finding::Found(_)));
    }
}
