//! One command on each of several things: one request each, in the order given.

use uuid::Uuid;

use super::Context;
use crate::{
    failure::Failure,
    output::{self, Record},
};

/// What a command is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Several<'a> {
    /// As people named them.
    pub(super) named: &'a [String],
    /// Only if it still has this revision; for a single one.
    pub(super) if_match: Option<i64>,
}

impl Several<'_> {
    /// Asks before something that cannot be taken back.
    pub(super) fn confirm(&self, context: &Context, verb: &str, how: &str) -> Result<(), Failure> {
        let named = self.named.join(", ");
        context.output.confirm(&format!("{verb} {named} {how}?"))
    }

    /// Gives each the command, and shows what became of them; the first failure is told, those behind it are still tried.
    pub(super) fn each<T: Record>(
        &self,
        context: &Context,
        find: impl Fn(&str) -> Result<Uuid, Failure>,
        command: impl Fn(Uuid) -> Result<T, Failure>,
    ) -> Result<(), Failure> {
        let mut changed = Vec::new();
        let outcome = self.tried(find, |id| {
            changed.push(command(id)?);
            Ok(())
        });
        match changed.as_slice() {
            [] => {}
            [one] if self.named.len() == 1 => context.output.one(one)?,
            all => context.output.many(all)?,
        }
        outcome
    }

    /// Tries each; failures are told one by one, and the last decides the exit code.
    pub(super) fn tried(
        &self,
        find: impl Fn(&str) -> Result<Uuid, Failure>,
        mut act: impl FnMut(Uuid) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.if_match.is_some() && self.named.len() > 1 {
            return Err(Failure::usage("--if-match is for a single one"));
        }
        let mut outcome = Ok(());
        for named in self.named {
            if let Err(failure) = find(named).and_then(&mut act) {
                let failure = Failure {
                    message: format!("{named}: {}", failure.message),
                    ..failure
                };
                output::failure(&failure);
                outcome = Err(Failure {
                    silent: true,
                    ..failure
                });
            }
        }
        outcome
    }
}
