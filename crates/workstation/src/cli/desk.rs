//! What every command has at hand: the machine, the person, and what was said on the command line about both.

use std::rc::Rc;

use claviger_workstation::{Attention, Hold, Key, Machine, Place, Stage, Wanted};
use serde::Serialize;

use crate::{
    exit::Exit,
    failure::Failure,
    output::{Format, Output, json},
    person::Person,
};

/// What every command has at hand.
pub(crate) struct Desk<'a> {
    pub(crate) machine: &'a mut dyn Machine,
    pub(crate) person: &'a mut dyn Person,
    pub(crate) attention: Attention,
    pub(crate) output: Output,
    pub(crate) wanted: Wanted,
    pub(crate) shared: bool,
}

impl Desk<'_> {
    /// Opens the one key that is meant, to read from it.
    pub(crate) fn look(&mut self) -> Result<Key, Failure> {
        self.open(Hold::Shared)
    }

    /// Opens the one key that is meant and keeps others away from it.
    pub(crate) fn hold(&mut self) -> Result<Key, Failure> {
        let hold = if self.shared { Hold::Shared } else { Hold::Alone };
        self.open(hold)
    }

    fn open(&mut self, hold: Hold) -> Result<Key, Failure> {
        let found = Key::find(self.machine, &self.wanted, hold, &self.attention);
        found.map_err(|trouble| Stage::Reading.failed(trouble).into())
    }

    /// Says something to a person who watches.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.output.quiet {
            self.person.say(text);
        }
    }

    /// Says something that has to be known, also to those who want it quiet.
    pub(crate) fn say(&mut self, text: &str) {
        self.person.say(text);
    }

    /// Prints a result: JSON for programs, `shown` for people.
    pub(crate) fn result(&mut self, value: &impl Serialize, shown: impl FnOnce() -> String) -> Result<(), Failure> {
        let text = match self.output.format {
            Format::Json => json(value)?,
            Format::Table => shown(),
        };
        self.person.result(&text)
    }

    /// Prints what was done: a note for people, JSON for programs.
    pub(crate) fn done(&mut self, value: &impl Serialize, words: &str) -> Result<(), Failure> {
        if self.output.format == Format::Json {
            return self.person.result(&json(value)?);
        }
        self.note(words);
        Ok(())
    }

    /// Asks before something that cannot be taken back.
    pub(crate) fn confirm(&mut self, question: &str) -> Result<(), Failure> {
        if self.output.yes {
            return Ok(());
        }
        if !self.person.can_answer() {
            let message = format!("{question} Nobody can be asked here.");
            return Err(Failure::unchanged(
                Exit::NotConfirmed,
                message,
                "Add --yes to answer with yes.",
            ));
        }
        let answer = self.person.ask(&format!("{question} [y/N]"))?;
        match answer.to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::declined()),
        }
    }
}

/// Tells people when to touch a key.
pub(crate) fn attention() -> Attention {
    Rc::new(|waiting, place: &Place| {
        if waiting == claviger_workstation::Waiting::Touch {
            crate::person::say(&format!(
                "Touch the key at {} now.",
                crate::output::plain(&place.shown())
            ));
        }
    })
}
