//! Things whose names are not unique: two of the same name are told apart by their ids.

use crate::{exit::Exit, failure::Failure};

/// What people call a thing.
pub(super) struct Called<'a> {
    /// The kind, and the commands for it.
    pub(super) what: &'static str,
    pub(super) group: &'static str,
    /// As it was typed.
    pub(super) named: &'a str,
}

impl Called<'_> {
    /// The only one of these; `told` tells one from the others.
    pub(super) fn only<T>(&self, mut found: Vec<T>, told: impl Fn(&T) -> String) -> Result<T, Failure> {
        let Self { what, group, named } = self;
        let each: Vec<String> = found.iter().map(told).collect();
        match (found.pop(), each.len()) {
            (Some(one), 1) => Ok(one),
            (None, _) => Err(Failure::new(
                Exit::NotFound,
                format!("there is no {what} with the name or id {named:?}"),
            )
            .hint(format!("`claviger {group} list` shows them all"))),
            (Some(_), count) => {
                let failure = Failure::usage(format!("{count} have the name {named:?}: give the id of one"));
                Err(each.into_iter().fold(failure, Failure::hint))
            }
        }
    }
}
