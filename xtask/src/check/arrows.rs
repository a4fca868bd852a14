//! Which crate may know which: the arrows of the architecture, and what the pure crates never list.

use super::metadata::{Dependency, Package};
use super::{Finding, House};

/// A crate of ours, the crates that it may list, and those that only its tests may list.
struct Crate {
    name: &'static str,
    may: &'static [&'static str],
    tests_may: &'static [&'static str],
}

const fn of(name: &'static str, may: &'static [&'static str], tests_may: &'static [&'static str]) -> Crate {
    Crate { name, may, tests_may }
}

/// Every crate stands here, also those that appear later: a new one is refused until its arrows are drawn.
const CRATES: &[Crate] = &[
    of("claviger-domain", &["claviger-managed-key"], &[]),
    of("claviger-formats", &["claviger-domain"], &[]),
    of("claviger-managed-key", &[], &[]),
    of("claviger-ctap", &[], &[]),
    of("claviger-api", &[], &[]),
    of("claviger-store", &["claviger-domain"], &["claviger-testkit"]),
    of(
        "claviger-server",
        &[
            "claviger-api",
            "claviger-domain",
            "claviger-formats",
            "claviger-managed-key",
            "claviger-store",
        ],
        &["claviger-testkit"],
    ),
    of(
        "claviger",
        &[
            "claviger-api",
            "claviger-domain",
            "claviger-formats",
            "claviger-server",
            "claviger-store",
        ],
        &["claviger-testkit"],
    ),
    of(
        "claviger-workstation",
        &["claviger-api", "claviger-ctap", "claviger-managed-key"],
        &["claviger-virtual-key"],
    ),
    of(
        "claviger-unlock-app",
        &["claviger-workstation"],
        &["claviger-virtual-key"],
    ),
    of("claviger-virtual-key", &["claviger-ctap", "claviger-managed-key"], &[]),
    of("claviger-testkit", &["claviger-store"], &[]),
    of("claviger-tests", EVERYTHING, EVERYTHING),
    of("claviger-benches", EVERYTHING, EVERYTHING),
    of("xtask", &[], &[]),
];

const EVERYTHING: &[&str] = &[
    "claviger-domain",
    "claviger-formats",
    "claviger-managed-key",
    "claviger-ctap",
    "claviger-api",
    "claviger-store",
    "claviger-server",
    "claviger",
    "claviger-testkit",
    "claviger-virtual-key",
    "claviger-workstation",
];

/// Crates that are values in, values out.
const PURE: &[&str] = &["claviger-domain", "claviger-managed-key", "claviger-ctap"];
/// What a pure crate never lists, not even for its tests.
const IMPURE: &[&str] = &[
    "tokio",
    "tokio-postgres",
    "rusqlite",
    "deadpool-postgres",
    "axum",
    "reqwest",
    "hyper",
    "tower",
    "tower-http",
    "rand",
    "getrandom",
    "sqlx",
];

/// Finds dependencies against the arrows.
pub(super) fn rule(house: &House) -> Vec<Finding> {
    house.metadata.ours().flat_map(of_package).collect()
}

fn of_package(package: &Package) -> Vec<Finding> {
    let place = format!("{}'s Cargo.toml", package.name);
    let Some(own) = CRATES.iter().find(|own| own.name == package.name) else {
        return vec![Finding::at(
            &place,
            "the crate has no arrows yet: draw them in xtask/src/check/arrows.rs".to_owned(),
        )];
    };
    package
        .dependencies
        .iter()
        .filter_map(|dependency| Some(Finding::at(&place, objection(own, dependency)?)))
        .collect()
}

fn objection(own: &Crate, dependency: &Dependency) -> Option<String> {
    let listed = dependency.name.as_str();
    if PURE.contains(&own.name) && IMPURE.contains(&listed) {
        return Some(format!("lists {listed}, but the crate is pure: values in, values out"));
    }
    let is_ours = CRATES.iter().any(|other| other.name == listed);
    let for_tests = dependency.kind.as_deref() == Some("dev");
    let is_allowed = own.may.contains(&listed) || for_tests && own.tests_may.contains(&listed);
    (is_ours && !is_allowed).then(|| {
        let tests_may = own.tests_may.contains(&listed);
        if tests_may {
            format!("lists {listed}, which only its tests may")
        } else {
            format!("lists {listed} against the arrows")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    fn with(name: &str, listed: &str, kind: Option<&str>) -> Vec<Finding> {
        let dependency = Dependency {
            name: listed.to_owned(),
            kind: kind.map(str::to_owned),
        };
        let package = Package {
            name: name.to_owned(),
            dependencies: vec![dependency],
            ..Package::default()
        };
        let mut sample = house(&[]);
        sample.metadata.packages.push(package);
        rule(&sample)
    }

    #[test]
    fn an_arrow_the_wrong_way_is_found() {
        assert_eq!(with("claviger-domain", "claviger-store", None).len(), 1);
        assert_eq!(with("claviger-api", "claviger-domain", None).len(), 1);
        assert!(with("claviger-store", "claviger-domain", None).is_empty());
    }

    #[test]
    fn the_domain_lists_no_runtime_even_for_tests() {
        assert_eq!(with("claviger-domain", "tokio", Some("dev")).len(), 1);
    }

    #[test]
    fn the_test_kit_is_for_tests_alone() {
        assert_eq!(with("claviger-store", "claviger-testkit", None).len(), 1);
        assert!(with("claviger-store", "claviger-testkit", Some("dev")).is_empty());
    }

    #[test]
    fn a_crate_without_arrows_is_found() {
        assert_eq!(with("claviger-surprise", "serde", None).len(), 1);
    }
}
