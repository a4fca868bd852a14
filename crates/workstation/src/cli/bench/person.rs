//! A person who answers from a list, or a script whom nobody can ask.

use std::collections::{BTreeMap, VecDeque};

use zeroize::Zeroizing;

use crate::{failure::Failure, person::Person};

/// Who runs the commands of a test.
#[derive(Default)]
pub(crate) struct Script {
    /// What is typed, in order; a question without an answer fails the test.
    pub(crate) answers: VecDeque<String>,
    /// What stands in a pipe.
    pub(crate) piped: VecDeque<String>,
    pub(crate) variables: BTreeMap<String, String>,
    is_person: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Script {
    /// A script: nobody can be asked.
    pub(crate) fn alone() -> Self {
        Self::default()
    }

    /// A person who types these answers.
    pub(crate) fn typing(answers: &[&str]) -> Self {
        Self {
            answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
            is_person: true,
            ..Self::default()
        }
    }

    /// A script with these lines in its pipe.
    pub(crate) fn piping(lines: &[&str]) -> Self {
        Self {
            piped: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl Person for Script {
    fn result(&mut self, text: &str) -> Result<(), Failure> {
        self.out.push_str(text);
        Ok(())
    }

    fn say(&mut self, text: &str) {
        self.err.push_str(text);
        self.err.push('\n');
    }

    fn can_answer(&self) -> bool {
        self.is_person
    }

    fn ask(&mut self, question: &str) -> Result<String, Failure> {
        self.say(&format!("{question} …"));
        Ok(self.answers.pop_front().expect("no answer is planned"))
    }

    fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>, Failure> {
        self.ask(question).map(Zeroizing::new)
    }

    fn next_line(&mut self) -> Result<Option<Zeroizing<String>>, Failure> {
        Ok(self.piped.pop_front().map(Zeroizing::new))
    }

    fn variable(&self, name: &str) -> Option<Zeroizing<String>> {
        self.variables.get(name).cloned().map(Zeroizing::new)
    }
}
