//! Secrets that the program is told: from a file, a pipe or the terminal, and never from the command line, which other
//! users of the machine can read.

use std::{
    fs,
    io::{self, IsTerminal, Read},
    path::Path,
};

use console::Term;

use crate::failure::Failure;

/// Reads a secret from a file. With `-` it is asked for on the terminal, where it is not shown, or read from standard
/// input where that is none. The line's end does not belong to it.
pub(crate) fn secret(what: &str, from: &Path) -> Result<String, Failure> {
    let text = if from.as_os_str() == "-" {
        told(what).map_err(|cause| Failure::file("standard input", &cause))?
    } else {
        fs::read_to_string(from).map_err(|cause| Failure::file(from.display(), &cause))?
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Failure::usage(format!("the {what} is empty")));
    }
    Ok(text.to_owned())
}

/// Reads several secrets, one a line; each is asked for where [`secret`] would ask for one.
pub(crate) fn secrets<const N: usize>(what: [&str; N], from: &Path) -> Result<[String; N], Failure> {
    if from.as_os_str() == "-" && io::stdin().is_terminal() {
        let mut told = [const { String::new() }; N];
        for (place, what) in told.iter_mut().zip(what) {
            *place = secret(what, from)?;
        }
        return Ok(told);
    }
    let text = secret(what.first().unwrap_or(&"secret"), from)?;
    let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    lines
        .try_into()
        .map_err(|_| Failure::usage(format!("{N} lines are wanted: the {}", what.join(", then the "))))
}

fn told(what: &str) -> io::Result<String> {
    if io::stdin().is_terminal() {
        let terminal = Term::stderr();
        terminal.write_str(&format!("The {what} (it is not shown): "))?;
        return terminal.read_secure_line();
    }
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}
