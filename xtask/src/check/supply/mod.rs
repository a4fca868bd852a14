//! The supply chain (S24): licences, sources, bans and advisories of every locked package, of all lock files.
//!
//! The policy is `deny.toml`, in cargo-deny's own format, so that both read the same page.

mod advisories;
mod licences;
mod npm;
mod policy;

use anyhow::{Context as _, Result};

use super::metadata::{Metadata, Package};
use super::{Finding, House};
use crate::tree::Tree;
use advisories::Advisories;
use policy::Policy;

/// Where the advisories stand when no environment variable says otherwise: beside the repository.
const ADVISORIES: &str = "../shared/data/rust-advisories.json";

/// Finds packages that the policy refuses, and prints the line of proof S24.
pub(super) fn findings(tree: &Tree, house: &House) -> Result<Vec<Finding>> {
    let policy = Policy::parse(&tree.read("deny.toml")?)?;
    let mut packages = house.metadata.packages.clone();
    for manifest in apart(house) {
        packages.extend(Metadata::of(tree, manifest)?.packages);
    }
    let foreign: Vec<&Package> = packages.iter().filter(|package| package.source.is_some()).collect();
    let mut findings: Vec<Finding> = foreign
        .iter()
        .flat_map(|package| of_package(&policy, package))
        .collect();
    let advisories = advisories(tree)?;
    if let Some(advisories) = &advisories {
        findings.extend(advisories.findings(&foreign, &policy));
    }
    findings.extend(npm::findings(tree, house, &policy)?);
    findings.extend(policy.idle(&foreign, advisories.as_ref()));
    findings.sort_by(|one, other| (&one.place, &one.message).cmp(&(&other.place, &other.message)));
    findings.dedup();
    let known = advisories.map_or_else(|| "skipped".to_owned(), |advisories| advisories.count().to_string());
    println!(
        "S24 packages={} advisories={known} findings={}",
        foreign.len(),
        findings.len()
    );
    Ok(findings)
}

/// The manifests of workspaces that have lock files of their own.
fn apart(house: &House) -> impl Iterator<Item = &str> {
    let locks = house.files.keys().filter(|path| path.ends_with("/Cargo.lock"));
    let manifests = house.files.keys().filter(|path| path.ends_with("/Cargo.toml"));
    let beside = move |manifest: &&String| {
        locks
            .clone()
            .any(|lock| lock.strip_suffix("lock") == manifest.strip_suffix("toml"))
    };
    manifests.filter(beside).map(String::as_str)
}

fn of_package(policy: &Policy, package: &Package) -> Vec<Finding> {
    let place = format!("{} {}", package.name, package.version);
    let licence = licences::objection(policy, package);
    let source = package.source.as_ref().filter(|source| !policy.is_source(source));
    let source = source.map(|source| format!("comes from {source}; only the registry is allowed"));
    let ban = policy.ban(&package.name).map(|reason| format!("is banned: {reason}"));
    licence
        .into_iter()
        .chain(source)
        .chain(ban)
        .map(|message| Finding::at(&place, message))
        .collect()
}

/// The advisories, or nothing when they are not on this machine, which is then said aloud.
fn advisories(tree: &Tree) -> Result<Option<Advisories>> {
    let named = std::env::var_os("CLAVIGER_ADVISORIES");
    let path = named
        .as_ref()
        .map_or_else(|| tree.path(ADVISORIES), std::path::PathBuf::from);
    if named.is_none() && !path.is_file() {
        println!(
            "SKIPPED advisories: no file {ADVISORIES}; name one in CLAVIGER_ADVISORIES, or run `cargo deny check advisories`"
        );
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Advisories::parse(&text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(name: &str, licence: &str, source: &str) -> usize {
        let policy = Policy::parse(policy::SAMPLE).unwrap();
        let [name, licence, source] = [name, licence, source].map(str::to_owned);
        let package = Package {
            name,
            license: Some(licence),
            source: Some(source),
            ..Package::default()
        };
        of_package(&policy, &package).len()
    }

    #[test]
    fn a_licence_a_source_and_a_ban_are_found() {
        let registry = "registry+https://example.org/index";
        assert_eq!(judged("serde", "MIT", registry), 0);
        assert_eq!(judged("serde", "GPL-3.0", registry), 1);
        assert_eq!(judged("serde", "MIT", "git+https://example.org/serde"), 1);
        assert_eq!(judged("openssl", "MIT", registry), 1);
    }
}
