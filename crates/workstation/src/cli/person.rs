//! The person, or the script, at the terminal: results, notes, questions and secrets.

use std::io::{self, BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use console::Term;
use zeroize::Zeroizing;

use crate::{failure::Failure, output::plain};

/// Who asked for the command.
pub(crate) trait Person {
    /// Prints a result to standard output.
    fn result(&mut self, text: &str) -> Result<(), Failure>;

    /// Says something that is not the result, to standard error.
    fn say(&mut self, text: &str);

    /// Whether somebody can be asked.
    fn can_answer(&self) -> bool;

    /// Asks, and returns the line that was typed.
    fn ask(&mut self, question: &str) -> Result<String, Failure>;

    /// Asks for something that is not shown while it is typed.
    fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>, Failure>;

    /// The next line of standard input, without its end; `None` when there is none.
    fn next_line(&mut self) -> Result<Option<Zeroizing<String>>, Failure>;

    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<Zeroizing<String>>;
}

/// The terminal that the program was started from.
pub(crate) struct Terminal;

impl Person for Terminal {
    fn result(&mut self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|cause| Failure::written(&cause))
    }

    fn say(&mut self, text: &str) {
        say(&plain(text));
    }

    fn can_answer(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn ask(&mut self, question: &str) -> Result<String, Failure> {
        let mut stderr = anstream::stderr().lock();
        write!(stderr, "{} ", plain(question))
            .and_then(|()| stderr.flush())
            .map_err(|cause| Failure::written(&cause))?;
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|cause| input(&cause))?;
        Ok(answer.trim().to_owned())
    }

    fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>, Failure> {
        let terminal = Term::stderr();
        terminal
            .write_str(&format!("{} ", plain(question)))
            .and_then(|()| terminal.read_secure_line())
            .map(Zeroizing::new)
            .map_err(|cause| input(&cause))
    }

    fn next_line(&mut self) -> Result<Option<Zeroizing<String>>, Failure> {
        let mut line = Zeroizing::new(String::new());
        let read = io::stdin().lock().read_line(&mut line).map_err(|cause| input(&cause))?;
        Ok((read > 0).then(|| Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned())))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the environment's port; a PIN has no flag that clap could read"
    )]
    fn variable(&self, name: &str) -> Option<Zeroizing<String>> {
        std::env::var(name)
            .ok()
            .filter(|text| !text.is_empty())
            .map(Zeroizing::new)
    }
}

fn input(cause: &io::Error) -> Failure {
    Failure::file("standard input", cause)
}

/// A line to standard error.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Tells why a command failed.
pub(crate) fn tell(failure: &Failure) {
    if failure.silent {
        return;
    }
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    say(&format!("{red}error{red:#}: {}", plain(&failure.message)));
    for hint in &failure.hints {
        say(&format!("  {}", plain(hint)));
    }
}
