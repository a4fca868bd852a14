//! Exceptions from the rules, each with its reason, in `xtask/allow.toml`. One that is no longer needed is a finding.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::Finding;
use crate::tree::Tree;

/// All exceptions.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    #[serde(default)]
    allow: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    rule: String,
    /// The beginning of the places that it covers.
    place: String,
    /// A part of the message, for example the name in question.
    about: String,
    reason: String,
}

impl Allowed {
    pub(super) fn read(tree: &Tree) -> Result<Self> {
        if tree.has("xtask/allow.toml") {
            Self::parse(&tree.read("xtask/allow.toml")?)
        } else {
            Ok(Self::default())
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let allowed: Self = toml::from_str(text).context("xtask/allow.toml")?;
        if let Some(silent) = allowed
            .allow
            .iter()
            .find(|exception| exception.reason.trim().len() < 10)
        {
            bail!(
                "xtask/allow.toml: the exception for {} in {} gives no reason",
                silent.about,
                silent.place
            );
        }
        Ok(allowed)
    }

    /// The findings that no exception covers, and the exceptions of this rule that cover nothing.
    pub(super) fn sift(&self, rule: &str, findings: Vec<Finding>) -> Vec<Finding> {
        let ours: Vec<&Exception> = self.allow.iter().filter(|exception| exception.rule == rule).collect();
        let idle = ours
            .iter()
            .filter(|exception| !findings.iter().any(|finding| exception.covers(finding)));
        let idle = idle.map(|exception| {
            let message = format!(
                "the exception for {} in {} covers nothing any more",
                exception.about, exception.place
            );
            Finding::at("xtask/allow.toml", message)
        });
        let idle: Vec<Finding> = idle.collect();
        let left = findings
            .into_iter()
            .filter(|finding| !ours.iter().any(|exception| exception.covers(finding)));
        left.chain(idle).collect()
    }
}

impl Exception {
    fn covers(&self, finding: &Finding) -> bool {
        finding.place.starts_with(&self.place) && finding.message.contains(&self.about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(reason: &str) -> String {
        format!("[[allow]]\nrule = \"words\"\nplace = \"crates/a/\"\nabout = \"`scope`\"\nreason = \"{reason}\"\n")
    }

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        assert!(Allowed::parse(&one("")).is_err());
    }

    #[test]
    fn an_exception_covers_its_place_alone() {
        let allowed = Allowed::parse(&one("a name of the protocol")).unwrap();
        let here = Finding::at("crates/a/src/lib.rs:1", "`scope`: no".to_owned());
        let there = Finding::at("crates/b/src/lib.rs:1", "`scope`: no".to_owned());
        assert_eq!(allowed.sift("words", vec![here, there.clone()]), [there]);
    }

    #[test]
    fn an_exception_that_covers_nothing_is_found() {
        let allowed = Allowed::parse(&one("a name of the protocol")).unwrap();
        assert_eq!(allowed.sift("words", Vec::new()).len(), 1);
        assert!(allowed.sift("texts", Vec::new()).is_empty());
    }
}
