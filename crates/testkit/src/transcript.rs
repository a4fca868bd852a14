//! A session at a terminal, written down and played again: what each command prints and how it ends must be the same.
//!
//! A transcript is a text. A line that begins with `$ ` is a command, run by `sh`; what follows is what it printed, both
//! streams in the order of writing, and its exit code in brackets when that is not 0. Lines that begin with `# ` are
//! prose. What differs from run to run is written in its place: `<id>` for more than twelve hexadecimal digits.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Plays a transcript and answers how many commands went as written, and the differences in words. With `CLAVIGER_BLESS`
/// set, the text is written anew instead.
///
/// # Errors
/// When the text cannot be read or written, or `sh` does not start.
pub fn play(path: &Path) -> Result<(usize, Vec<String>), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let scenes = scenes(&text);
    let mut played = Vec::new();
    for scene in &scenes {
        played.push(Scene {
            printed: scene
                .command
                .map(run)
                .transpose()?
                .unwrap_or_else(|| scene.printed.clone()),
            command: scene.command,
        });
    }
    if is_blessing() {
        let text: String = played.iter().map(Scene::text).collect();
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok((played.len(), Vec::new()));
    }
    let differences: Vec<String> = std::iter::zip(&scenes, &played)
        .filter(|(written, now)| written.printed != now.printed)
        .map(|(written, now)| format!("written:\n{}now:\n{}", written.text(), now.text()))
        .collect();
    let commands = scenes.iter().filter(|scene| scene.command.is_some()).count();
    Ok((commands - differences.len(), differences))
}

/// A command with what it printed, or prose.
struct Scene<'a> {
    command: Option<&'a str>,
    printed: String,
}

impl Scene<'_> {
    fn text(&self) -> String {
        let command = self.command.map(|command| format!("$ {command}\n")).unwrap_or_default();
        command + &self.printed
    }
}

fn scenes(text: &str) -> Vec<Scene<'_>> {
    let mut scenes: Vec<Scene<'_>> = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_prose = line.starts_with("# ") || line.trim().is_empty();
        let command = line.strip_prefix("$ ").map(str::trim_end);
        match scenes.last_mut() {
            _ if command.is_some() => scenes.push(Scene {
                command,
                printed: String::new(),
            }),
            Some(scene) if scene.command.is_none() || !is_prose => scene.printed.push_str(line),
            _ => scenes.push(Scene {
                command: None,
                printed: line.to_owned(),
            }),
        }
    }
    scenes
}

/// Runs a command and answers what a transcript says of it. Empty lines are left out: in a transcript they are prose.
fn run(command: &str) -> Result<String, String> {
    let shell = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("sh: {error}"))?;
    let output = String::from_utf8_lossy(&shell.stdout);
    let mut printed: String = output
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| without_ids(line.trim_end()) + "\n")
        .collect();
    if !shell.status.success() {
        let code = shell
            .status
            .code()
            .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        printed.extend(["[", &code, "]\n"]);
    }
    Ok(printed)
}

/// The line with `<id>` in place of long hexadecimal numbers.
fn without_ids(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(is_hexadecimal) {
        let (before, from) = rest.split_at(start);
        let (number, after) = from.split_at(from.find(|letter| !is_hexadecimal(letter)).unwrap_or(from.len()));
        kept.push_str(before);
        kept.push_str(if number.len() > 12 { "<id>" } else { number });
        rest = after;
    }
    kept + rest
}

fn is_hexadecimal(letter: char) -> bool {
    letter.is_ascii_digit() || ('a'..='f').contains(&letter)
}

#[expect(clippy::disallowed_methods, reason = "tests are told so, not configured")]
fn is_blessing() -> bool {
    std::env::var_os("CLAVIGER_BLESS").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(text: &str) -> (usize, Vec<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        play(file.path()).unwrap()
    }

    #[test]
    fn what_is_printed_and_how_it_ends_are_compared() {
        let good = "# A word before.\n\n$ echo out; echo err >&2; exit 3\nout\nerr\n[3]\n\n# Another.\n$ true\n";
        assert_eq!(played(good), (2, Vec::new()));
        for (from, to) in [
            ("\nout", "\nin"),
            ("[3]", "[4]"),
            ("\nerr\n", "\n"),
            ("true\n", "true\nmore\n"),
        ] {
            let (passed, differences) = played(&good.replace(from, to));
            assert_eq!((passed, differences.len()), (1, 1), "{from} became {to}");
        }
    }

    #[test]
    fn long_numbers_are_left_out_and_short_ones_are_not() {
        assert_eq!(without_ids("id 0123456789abcdef, 5 tries"), "id <id>, 5 tries");
        assert_eq!(without_ids("c1a51c1a-51c1"), "c1a51c1a-51c1");
    }
}
