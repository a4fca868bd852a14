//! Running other programs: in the foreground, with their output kept as well as shown, or for their answer only.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::tree::Tree;

/// A program to run, with its arguments; nothing goes through a shell.
pub(crate) struct Program {
    command: Command,
}

/// How a program ended and what it wrote, both streams in the order in which lines came.
pub(crate) struct Ended {
    pub(crate) success: bool,
    pub(crate) output: String,
}

/// `cargo` with these arguments at the root of the repository.
pub(crate) fn cargo(tree: &Tree, arguments: &[&str]) -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    program(cargo, tree.root()).arguments(arguments)
}

/// A program in a folder. Its input is empty, so that nothing waits for an answer that cannot come.
pub(crate) fn program(name: impl AsRef<OsStr>, folder: &Path) -> Program {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null());
    Program { command }
}

impl Program {
    pub(crate) fn arguments<S: AsRef<OsStr>>(mut self, arguments: &[S]) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn with(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Runs it with our own output and refuses when it fails.
    pub(crate) fn run(mut self) -> Result<()> {
        let status = self
            .command
            .status()
            .with_context(|| format!("cannot start {}", self.name()))?;
        if !status.success() {
            bail!("{} failed ({status})", self.line());
        }
        Ok(())
    }

    /// Runs it silently and answers its standard output; what it wrote to standard error is in the refusal.
    pub(crate) fn answer(mut self) -> Result<String> {
        let output = self
            .command
            .output()
            .with_context(|| format!("cannot start {}", self.name()))?;
        if !output.status.success() {
            bail!(
                "{} failed ({}): {}",
                self.line(),
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        String::from_utf8(output.stdout).with_context(|| format!("{} did not write UTF-8", self.name()))
    }

    /// Runs it, shows every line as it comes and keeps it as well. A failure is an answer here, not an error.
    pub(crate) fn watch(mut self) -> Result<Ended> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .with_context(|| format!("cannot start {}", self.name()))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let errors = thread::spawn(move || stderr.map(|stream| relay(stream, true)).unwrap_or_default());
        let mut output = stdout.map(|stream| relay(stream, false)).unwrap_or_default();
        output.push_str(&errors.join().unwrap_or_default());
        let status = child
            .wait()
            .with_context(|| format!("cannot wait for {}", self.name()))?;
        Ok(Ended {
            success: status.success(),
            output,
        })
    }

    /// Takes this process's place, so that signals reach the program itself. Returns only when it cannot start.
    pub(crate) fn become_it(mut self) -> anyhow::Error {
        use std::os::unix::process::CommandExt as _;
        self.command.stdin(Stdio::inherit());
        let error = self.command.exec();
        anyhow::Error::new(error).context(format!("cannot start {}", self.name()))
    }

    fn name(&self) -> String {
        self.command.get_program().to_string_lossy().into_owned()
    }

    fn line(&self) -> String {
        let arguments = self.command.get_args().map(|part| part.to_string_lossy().into_owned());
        std::iter::once(self.name())
            .chain(arguments)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn relay(stream: impl Read, is_error: bool) -> String {
    let mut kept = String::new();
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        let text = String::from_utf8_lossy(&line);
        // A closed terminal must not end the tests; the text is kept in any case.
        let _shown = if is_error {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout().write_all(text.as_bytes())
        };
        kept.push_str(&text);
        line.clear();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_with_the_line_that_failed() {
        let error = program("false", Path::new("/"))
            .arguments(&["--now"])
            .run()
            .unwrap_err();
        assert!(error.to_string().contains("false --now"), "{error}");
    }

    #[test]
    fn watching_keeps_both_streams_and_the_failure() {
        let script = "echo out; echo err >&2; exit 3";
        let ended = program("sh", Path::new("/"))
            .arguments(&["-c", script])
            .watch()
            .unwrap();
        assert!(!ended.success);
        assert_eq!(ended.output, "out\nerr\n");
    }
}
