//! `cargo xtask dist`: the archive that is shipped, and its SHA-256.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::tree::Tree;
use crate::{command, web};

/// What lies in the archive beside the program.
const BESIDE: [&str; 6] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "docs",
    "examples",
];

/// Builds the console and the server with link-time optimisation and packs them into `target/dist-archive`.
pub(crate) fn run(tree: &Tree) -> Result<ExitCode> {
    web::build(tree)?;
    command::cargo(
        tree,
        &["build", "--profile", "dist", "--package", "claviger", "--locked"],
    )
    .run()?;
    let name = format!(
        "claviger-{}-{}-{}",
        version(tree)?,
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let out = tree.path("target/dist-archive");
    fs::create_dir_all(&out)?;
    let archive = format!("{name}.tar.gz");
    let (program, root) = (tree.path("target/dist"), tree.root());
    // The same input makes the same bytes: order, owner and time do not depend on the machine.
    let same = [
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mtime=@0",
        "--format=gnu",
    ];
    let place = format!("--transform=s,^,{name}/,");
    let tar = command::program("tar", &out).with("GZIP", "-n").arguments(&same);
    let tar = tar
        .arguments(&[place.as_str(), "-czf", archive.as_str(), "-C"])
        .arguments(&[&program]);
    tar.arguments(&["claviger", "-C"])
        .arguments(&[root])
        .arguments(&BESIDE)
        .run()?;
    let sum = command::program("sha256sum", &out).arguments(&[&archive]).answer()?;
    fs::write(out.join(format!("{archive}.sha256")), &sum).context("cannot write the checksum")?;
    println!("{sum}{}", out.join(archive).display());
    Ok(ExitCode::SUCCESS)
}

fn version(tree: &Tree) -> Result<String> {
    let manifest: toml::Table = tree.read("Cargo.toml")?.parse().context("Cargo.toml")?;
    let version = manifest
        .get("workspace")
        .and_then(|table| table.get("package")?.get("version")?.as_str());
    version.map(str::to_owned).context("Cargo.toml names no version")
}
