//! The policy in `deny.toml`; every exception in it has a reason, and one that is no longer needed is a finding.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::super::Finding;
use super::super::metadata::Package;
use super::advisories::Advisories;

/// What the tree allows its packages to be.
#[derive(Deserialize)]
pub(super) struct Policy {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
    advisories: Ignored,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<LicenceException>,
}

#[derive(Deserialize)]
struct LicenceException {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    package: String,
    reason: String,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    registries: Vec<String>,
}

#[derive(Deserialize)]
struct Ignored {
    ignore: Vec<Ignore>,
}

#[derive(Deserialize)]
struct Ignore {
    id: String,
    reason: String,
}

impl Policy {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let policy: Self = toml::from_str(text).context("deny.toml")?;
        let reasons = policy.bans.deny.iter().map(|ban| (&ban.package, &ban.reason));
        let reasons = reasons.chain(
            policy
                .advisories
                .ignore
                .iter()
                .map(|ignore| (&ignore.id, &ignore.reason)),
        );
        if let Some((what, _)) = reasons.into_iter().find(|(_, reason)| reason.trim().len() < 10) {
            bail!("deny.toml: the line on {what} gives no reason");
        }
        Ok(policy)
    }

    /// Whether a package may have this licence.
    pub(super) fn allows(&self, package: &str, licence: &str) -> bool {
        let exceptions = self
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.package == package);
        let mut allowed = self
            .licenses
            .allow
            .iter()
            .chain(exceptions.flat_map(|exception| &exception.allow));
        allowed.any(|own| own == licence)
    }

    /// Why a package is banned.
    pub(super) fn ban(&self, package: &str) -> Option<&str> {
        self.bans
            .deny
            .iter()
            .find(|ban| ban.package == package)
            .map(|ban| ban.reason.as_str())
    }

    pub(super) fn is_source(&self, source: &str) -> bool {
        source
            .strip_prefix("registry+")
            .is_some_and(|url| self.sources.registries.iter().any(|own| own == url))
    }

    pub(super) fn ignores(&self, advisory: &str) -> bool {
        self.advisories.ignore.iter().any(|ignore| ignore.id == advisory)
    }

    /// Exceptions that cover nothing any more. Whether an advisory still bites is known only with the advisories.
    pub(super) fn idle(&self, packages: &[&Package], advisories: Option<&Advisories>) -> Vec<Finding> {
        let is_locked = |name: &str| packages.iter().any(|package| package.name == name);
        let licences = self
            .licenses
            .exceptions
            .iter()
            .map(|exception| exception.package.as_str())
            .filter(|name| !is_locked(name));
        let ignored = self.advisories.ignore.iter().map(|ignore| ignore.id.as_str());
        let ignored = ignored.filter(|id| advisories.is_some_and(|known| !known.bites(id, packages)));
        let idle = licences.chain(ignored);
        idle.map(|what| Finding::at("deny.toml", format!("the exception for {what} covers nothing any more")))
            .collect()
    }
}

/// A small policy for the tests of this module's neighbours.
#[cfg(test)]
pub(super) const SAMPLE: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"]
exceptions = [{ crate = "webauthn-rs", allow = ["MPL-2.0"] }]
[bans]
deny = [{ crate = "openssl", reason = "rustls is used instead" }]
[sources]
allow-registry = ["https://example.org/index"]
[advisories]
ignore = [{ id = "RUSTSEC-2023-0071", reason = "public-key verification only" }]
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        assert!(Policy::parse(&SAMPLE.replace("rustls is used instead", "")).is_err());
        assert!(Policy::parse(&SAMPLE.replace("public-key verification only", " ")).is_err());
    }

    #[test]
    fn an_exception_for_a_package_that_is_gone_is_found() {
        assert_eq!(Policy::parse(SAMPLE).unwrap().idle(&[], None).len(), 1);
    }
}
