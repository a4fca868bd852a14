//! Questions before something that cannot be taken back.

use std::io::{self, BufRead, IsTerminal, Write};

use super::plain;
use crate::{exit::Exit, failure::Failure};

/// Asks on the terminal; where there is none, the answer is no.
pub(super) fn ask(question: &str) -> Result<(), Failure> {
    let refused = |message: &str| Err(Failure::new(Exit::NotConfirmed, message));
    let question = plain(question);
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(
            Failure::new(Exit::NotConfirmed, format!("{question} Nobody can be asked here."))
                .hint("add --yes to answer with yes"),
        );
    }
    let mut stderr = anstream::stderr().lock();
    let asked = write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush());
    let mut answer = String::new();
    if asked.and_then(|()| io::stdin().lock().read_line(&mut answer)).is_err() {
        return refused("the question could not be asked");
    }
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => refused("nothing was done"),
    }
}
