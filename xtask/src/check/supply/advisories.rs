//! Known holes: every locked version against the advisories of the Rust security database.

use anyhow::{Context as _, Result};
use semver::{Comparator, Op, Version, VersionReq};
use serde::Deserialize;

use super::super::Finding;
use super::super::metadata::Package;
use super::policy::Policy;

/// A snapshot of the advisory database.
#[derive(Deserialize)]
pub(super) struct Advisories {
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    package: String,
    /// Nothing for a vulnerability, else `unmaintained`, `unsound` or `notice`.
    informational: Option<String>,
    patched: Vec<String>,
    unaffected: Vec<String>,
    title: String,
}

impl Advisories {
    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("the file of advisories")
    }

    pub(super) fn count(&self) -> usize {
        self.advisories.len()
    }

    /// Every advisory that bites a package and that the policy does not ignore.
    pub(super) fn findings(&self, packages: &[&Package], policy: &Policy) -> Vec<Finding> {
        let bites = packages
            .iter()
            .flat_map(|package| self.on(package).map(move |advisory| (package, advisory)));
        let bites = bites.filter(|(_, advisory)| !policy.ignores(&advisory.id));
        bites
            .map(|(package, advisory)| {
                let kind = advisory.informational.as_deref().unwrap_or("vulnerable");
                Finding::at(
                    &format!("{} {}", package.name, package.version),
                    format!("{kind}: {} {}", advisory.id, advisory.title),
                )
            })
            .collect()
    }

    /// Whether an advisory bites any of the packages.
    pub(super) fn bites(&self, id: &str, packages: &[&Package]) -> bool {
        packages
            .iter()
            .any(|package| self.on(package).any(|advisory| advisory.id == id))
    }

    fn on<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Advisory> {
        let of_package = self
            .advisories
            .iter()
            .filter(|advisory| advisory.package == package.name);
        of_package.filter(|advisory| advisory.affects(&package.version))
    }
}

impl Advisory {
    /// A version that cannot be read, or a range that cannot, counts as affected: better one question too many.
    fn affects(&self, version: &str) -> bool {
        let Ok(version) = Version::parse(version) else {
            return true;
        };
        let mut safe = self.patched.iter().chain(&self.unaffected);
        !safe.any(|range| VersionReq::parse(range.trim()).is_ok_and(|range| holds(&range, &version)))
    }
}

/// Cargo's own matching leaves pre-releases out of ranges; an advisory means the plain order of versions.
fn holds(range: &VersionReq, version: &Version) -> bool {
    range.comparators.iter().all(|comparator| {
        let bound = bound(comparator);
        if comparator.op == Op::Greater {
            *version > bound
        } else if comparator.op == Op::GreaterEq {
            *version >= bound
        } else if comparator.op == Op::Less {
            *version < bound
        } else if comparator.op == Op::LessEq {
            *version <= bound
        } else {
            VersionReq {
                comparators: vec![comparator.clone()],
            }
            .matches(version)
        }
    })
}

fn bound(comparator: &Comparator) -> Version {
    let mut bound = Version::new(
        comparator.major,
        comparator.minor.unwrap_or(0),
        comparator.patch.unwrap_or(0),
    );
    bound.pre = comparator.pre.clone();
    bound
}

#[cfg(test)]
mod tests {
    use super::super::policy::SAMPLE;
    use super::*;

    const ADVISORIES: &str = r#"{"advisories": [
        {"id": "RUSTSEC-2020-0071", "package": "time", "informational": null, "title": "segfault",
         "patched": [">= 0.2.23"], "unaffected": ["=0.2.0", "< 0.1.5"]},
        {"id": "RUSTSEC-2023-0071", "package": "rsa", "informational": null, "title": "timing",
         "patched": [], "unaffected": []}]}"#;

    fn found(name: &str, version: &str) -> usize {
        let [name, version] = [name, version].map(str::to_owned);
        let package = Package {
            name,
            version,
            ..Package::default()
        };
        let policy = Policy::parse(SAMPLE).unwrap();
        Advisories::parse(ADVISORIES)
            .unwrap()
            .findings(&[&package], &policy)
            .len()
    }

    #[test]
    fn a_hole_is_found_in_the_versions_that_have_it() {
        assert_eq!(found("time", "0.1.44"), 1);
        assert_eq!(found("time", "0.2.23-alpha.1"), 1);
        assert_eq!(found("time", "0.2.23"), 0);
        assert_eq!(found("time", "0.2.0"), 0);
        assert_eq!(found("time", "0.1.4"), 0);
        assert_eq!(found("serde", "1.0.0"), 0);
    }

    #[test]
    fn an_ignored_advisory_is_not_told() {
        assert_eq!(found("rsa", "0.9.0"), 0);
    }
}
