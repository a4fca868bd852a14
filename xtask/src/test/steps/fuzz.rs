//! Short fuzz runs on the stable compiler: coverage-guided by libFuzzer, without cargo-fuzz and without a sanitizer.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context as _, Result};
use toml::Table;

use super::super::Counts;
use crate::command::{self, Ended};
use crate::tree::Tree;

/// What libFuzzer needs to see which code a run reached.
const COVERAGE: &str = "--cfg fuzzing -Cdebug-assertions -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The target with a planted bug, and the feature that builds it.
const CONTROL: &str = "planted";

/// Runs every target for `FUZZ_SECONDS` (30), as many at a time as there are processors. `FUZZ_SEED` (1) picks the
/// inputs: the test of one commit tries the same ones wherever it runs; 0 picks new ones each time.
pub(super) fn run(tree: &Tree) -> Result<Counts> {
    let seconds = std::env::var("FUZZ_SECONDS").unwrap_or_else(|_| "30".to_owned());
    let folder = tree.path("fuzz");
    let build = command::program("cargo", &folder).arguments(&[
        "build",
        "--locked",
        "--release",
        "--target-dir",
        "target",
        "--target",
        &host(tree)?,
        "--features",
        CONTROL,
    ]);
    build.with("RUSTFLAGS", COVERAGE).run()?;
    let targets = targets(&tree.read("fuzz/Cargo.toml")?)?;
    let programs = folder.join("target").join(host(tree)?).join("release");
    let at_once = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut counts = Vec::new();
    for group in targets.chunks(at_once) {
        let runs: Vec<Result<Ended>> = thread::scope(|threads| {
            let started: Vec<_> = group
                .iter()
                .map(|name| threads.spawn(|| fuzz(tree, &programs, name, &seconds)))
                .collect();
            started.into_iter().filter_map(|run| run.join().ok()).collect()
        });
        for (name, run) in group.iter().zip(runs) {
            let ended = run?;
            println!("{}", figures(name, &ended));
            counts.push(Counts::of(&ended));
        }
    }
    let control = fuzz(tree, &programs, CONTROL, &seconds)?;
    counts.push(found(&control));
    println!("S16 control={CONTROL} found={}", u8::from(!control.success));
    Ok(counts.into_iter().sum())
}

/// The control fails this step by not crashing.
const fn found(control: &Ended) -> Counts {
    if control.success {
        Counts::failure()
    } else {
        Counts::success()
    }
}

fn fuzz(tree: &Tree, programs: &Path, name: &str, seconds: &str) -> Result<Ended> {
    let work = tree.path("target/fuzz").join(name);
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let crashes = format!("-artifact_prefix={}/", work.display());
    let found = work.join("corpus");
    fs::create_dir_all(&found)?;
    let (found, seeds) = (found.display().to_string(), tree.path("fuzz/corpus").join(name));
    // New inputs go to the first folder; the seeds of the tree are only read.
    let seeds = seeds.is_dir().then(|| seeds.display().to_string());
    let time = format!("-max_total_time={seconds}");
    let seed = std::env::var("FUZZ_SEED").unwrap_or_else(|_| "1".to_owned());
    let seed = format!("-seed={seed}");
    let options = [
        time.as_str(),
        &seed,
        "-print_final_stats=1",
        "-rss_limit_mb=512",
        "-verbosity=0",
        &crashes,
        &found,
    ];
    let arguments: Vec<&str> = options.into_iter().chain(seeds.as_deref()).collect();
    command::program(programs.join(name), tree.root())
        .arguments(&arguments)
        .watch()
}

fn figures(name: &str, ended: &Ended) -> String {
    let runs = ended
        .output
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let crashes = u8::from(!ended.success);
    format!(
        "S16 target={name} runs={} crashes={crashes}",
        runs.unwrap_or("unknown").trim()
    )
}

/// The names of the programs in the manifest of the fuzz package, without the control.
fn targets(manifest: &str) -> Result<Vec<String>> {
    let manifest: Table = manifest.parse().context("fuzz/Cargo.toml")?;
    let programs = manifest
        .get("bin")
        .and_then(toml::Value::as_array)
        .context("fuzz/Cargo.toml names no [[bin]]")?;
    Ok(programs
        .iter()
        .filter(|program| program.get("required-features").is_none())
        .filter_map(|program| Some(program.get("name")?.as_str()?.to_owned()))
        .collect())
}

fn host(tree: &Tree) -> Result<String> {
    let version = command::program("rustc", tree.root()).arguments(&["-vV"]).answer()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not name its host")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_told_in_the_figures() {
        let ended = Ended {
            success: false,
            output: "stat::number_of_executed_units: 42\n".to_owned(),
        };
        assert_eq!(figures("csv", &ended), "S16 target=csv runs=42 crashes=1");
    }

    #[test]
    fn a_run_that_misses_the_planted_bug_fails() {
        let ended = |success| Ended {
            success,
            output: String::new(),
        };
        assert_eq!(found(&ended(true)), Counts::failure());
        assert_eq!(found(&ended(false)), Counts::success());
    }

    #[test]
    fn a_fuzz_package_without_targets_is_refused() {
        assert!(targets("[package]\nname = \"fuzz\"\n").is_err());
        let control = "[[bin]]\nname = \"planted\"\nrequired-features = [\"planted\"]\n";
        let manifest = format!("[[bin]]\nname = \"csv\"\n{control}");
        assert_eq!(targets(&manifest).unwrap(), ["csv"]);
    }
}
