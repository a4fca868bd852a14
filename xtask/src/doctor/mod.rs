//! `cargo xtask doctor`: what this machine needs, what it has, and the exact command that mends the difference.

mod machine;
mod needs;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

pub(crate) use machine::Machine;
use machine::{Finding, first_number};
pub(crate) use needs::Purpose;
use needs::{NEEDS, Need};

use crate::command;
use crate::tree::Tree;

/// What `doctor` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Installs missing Debian packages (needs root and apt-get)
    #[arg(long)]
    install: bool,
    /// Lists what the proofs at full size need, too
    #[arg(long)]
    proofs: bool,
}

/// Shows every need with what was found; fails when something is missing.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let machine = Machine::this();
    let purpose = if options.proofs { Purpose::Prove } else { Purpose::Test };
    let needs = needed(tree, purpose)?;
    if options.install {
        install(&machine, &missing(&machine, &needs))?;
    }
    for need in &needs {
        println!("{}", line(need, &machine.look(need)));
    }
    let missing = missing(&machine, &needs);
    if missing.is_empty() {
        println!("\nEverything is here.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{}", remedy(&missing));
    Ok(ExitCode::FAILURE)
}

/// Installs what is missing when this process may, and otherwise refuses with the list of what to install.
pub(crate) fn ensure(tree: &Tree, purpose: Purpose) -> Result<()> {
    let machine = Machine::this();
    let needs = needed(tree, purpose)?;
    let lacking = missing(&machine, &needs);
    if lacking.is_empty() {
        return Ok(());
    }
    if may_install(&machine) {
        install(&machine, &lacking)?;
    }
    let lacking = missing(&machine, &needs);
    if !lacking.is_empty() {
        bail!("this machine lacks {}\n{}", names(&lacking), remedy(&lacking));
    }
    Ok(())
}

/// The Chromium of this machine, for the browser tests.
pub(crate) fn chromium() -> Option<std::path::PathBuf> {
    let machine = Machine::this();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| machine.program(name))
}

fn needed(tree: &Tree, purpose: Purpose) -> Result<Vec<&'static Need>> {
    let lock = tree.read("Cargo.lock")?;
    let is_locked = |name: &str| lock.contains(&format!("name = \"{name}\"\n"));
    let applies = |need: &&Need| {
        need.purpose <= purpose && (need.crates.is_empty() || need.crates.iter().any(|name| is_locked(name)))
    };
    Ok(NEEDS.iter().filter(applies).collect())
}

fn missing(machine: &Machine, needs: &[&'static Need]) -> Vec<&'static Need> {
    needs
        .iter()
        .copied()
        .filter(|need| !matches!(machine.look(need), Finding::Found(_)))
        .collect()
}

fn may_install(machine: &Machine) -> bool {
    let root = command::program("id", std::path::Path::new("/"))
        .arguments(&["-u"])
        .answer();
    root.is_ok_and(|id| id.trim() == "0") && machine.program("apt-get").is_some()
}

fn install(machine: &Machine, lacking: &[&'static Need]) -> Result<()> {
    let packages = packages(lacking);
    if packages.is_empty() {
        return Ok(());
    }
    if !may_install(machine) {
        bail!(
            "packages can be installed only as root with apt-get\n{}",
            remedy(lacking)
        );
    }
    println!("Installing {}", packages.join(" "));
    apt(&["update"])?;
    // Debian's Node.js may be older than the console needs: then it would only be in the way of a newer one.
    let fitting: Vec<&str> = packages
        .into_iter()
        .filter(|name| *name != "nodejs" && *name != "npm" || debian_has_node())
        .collect();
    apt(&[&["install", "--yes", "--no-install-recommends"], fitting.as_slice()].concat())
}

fn apt(arguments: &[&str]) -> Result<()> {
    let apt = command::program("apt-get", std::path::Path::new("/"));
    apt.with("DEBIAN_FRONTEND", "noninteractive").arguments(arguments).run()
}

fn debian_has_node() -> bool {
    let policy = command::program("apt-cache", std::path::Path::new("/"))
        .arguments(&["policy", "nodejs"])
        .answer();
    policy.is_ok_and(|text| candidate(&text).is_some_and(|major| major >= 20))
}

/// The major version that `apt-cache policy` would install.
fn candidate(policy: &str) -> Option<u64> {
    policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))
        .and_then(first_number)
}

fn packages(lacking: &[&'static Need]) -> Vec<&'static str> {
    lacking.iter().flat_map(|need| need.packages.iter().copied()).collect()
}

fn names(needs: &[&'static Need]) -> String {
    needs.iter().map(|need| need.name).collect::<Vec<_>>().join(", ")
}

fn remedy(lacking: &[&'static Need]) -> String {
    let packages = packages(lacking);
    let by_package =
        (!packages.is_empty()).then(|| format!("  sudo apt-get update && sudo apt-get install {}", packages.join(" ")));
    let by_hand = lacking
        .iter()
        .filter(|need| !need.remedy.is_empty())
        .map(|need| format!("  {}: {}", need.name, need.remedy));
    let lines: Vec<String> = by_package.into_iter().chain(by_hand).collect();
    format!("To mend it:\n{}", lines.join("\n"))
}

fn line(need: &Need, finding: &Finding) -> String {
    let (mark, words) = match finding {
        Finding::Found(version) => ("found  ", version.clone()),
        Finding::TooOld(version) => ("TOO OLD", version.clone()),
        Finding::Missing => ("MISSING", format!("needed for {}", need.why)),
    };
    format!("{mark}  {:<16} {words}", need.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_machine_is_told_the_exact_command() {
        let folder = tempfile::tempdir().unwrap();
        let needs: Vec<&'static Need> = NEEDS.iter().collect();
        let lacking = missing(&Machine::under(folder.path()), &needs);
        let told = remedy(&lacking);
        for package in [
            "postgresql-15",
            "chromium",
            "pkg-config",
            "libpcsclite-dev",
            "python3-venv",
            "g++",
        ] {
            assert!(told.contains(package), "{package} is not in: {told}");
        }
        assert!(told.contains("rustup"), "{told}");
    }

    #[test]
    fn a_library_is_needed_only_when_a_locked_crate_wants_it() {
        let folder = tempfile::tempdir().unwrap();
        let tree = Tree::at(folder.path());
        let names = |tree: &Tree| {
            needed(tree, Purpose::Test)
                .unwrap()
                .iter()
                .map(|need| need.name)
                .collect::<Vec<_>>()
        };
        std::fs::write(folder.path().join("Cargo.lock"), "[[package]]\nname = \"serde\"\n").unwrap();
        assert!(!names(&tree).contains(&"PC/SC library"));
        std::fs::write(folder.path().join("Cargo.lock"), "[[package]]\nname = \"pcsc-sys\"\n").unwrap();
        assert!(names(&tree).contains(&"PC/SC library"));
    }

    #[test]
    fn the_candidate_is_read_from_what_apt_says() {
        assert_eq!(
            candidate("nodejs:\n  Installed: (none)\n  Candidate: 18.20.4+dfsg-1~deb12u1\n"),
            Some(18)
        );
        assert_eq!(candidate("nodejs:\n  Candidate: (none)\n"), None);
    }
}
