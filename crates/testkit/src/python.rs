//! Programs from the Python package index that tests talk to, in a virtual environment that holds exactly what a
//! requirements file pins by hash.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter of the environment `target/venv/NAME`, made when it is missing or holds something else.
///
/// # Errors
/// Says what could not be done, and what is needed: Python with its `venv` module, and the package index.
pub fn environment(name: &str, requirements: &Path) -> Result<PathBuf, String> {
    let folder = kept("venv", name, requirements, |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        let python = folder.join("bin/python");
        run(Command::new(python)
            .args(pip)
            .args(["--require-hashes", "-r"])
            .arg(requirements))
    })?;
    Ok(folder.join("bin/python"))
}

/// The folder `target/sources/NAME` with the source packages that a requirements file names, unpacked: for the samples
/// that others put beside their code. Nothing of them is run.
///
/// # Errors
/// Says what could not be done, and what is needed: Python with pip, and the package index.
pub fn sources(name: &str, requirements: &Path) -> Result<PathBuf, String> {
    kept("sources", name, requirements, |folder| {
        let pip = [
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ];
        let from = ["--no-binary", ":all:", "--require-hashes", "-r"];
        run(Command::new("python3")
            .args(pip)
            .args(from)
            .arg(requirements)
            .arg("-d")
            .arg(folder))?;
        let packages = fs::read_dir(folder).map_err(|error| error.to_string())?;
        for package in packages {
            let package = package.map_err(|error| error.to_string())?.path();
            let unpack = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')";
            run(Command::new("python3").args(["-c", unpack]).arg(&package).arg(folder))?;
        }
        Ok(())
    })
}

/// The folder `target/KIND/NAME`, made anew unless it was made from this very requirements file.
fn kept(
    kind: &str,
    name: &str,
    requirements: &Path,
    make: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let wanted = fs::read_to_string(requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target").join(kind);
    let folder = all.join(name);
    fs::create_dir_all(&all).map_err(|error| format!("{}: {error}", all.display()))?;
    // One maker at a time, also among test programs that run side by side.
    let lock = File::create(all.join(format!("{name}.lock"))).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let stamp = folder.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    let _old = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    make(&folder)?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), String> {
    let ended = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(format!(
        "what the tests need from the Python package index cannot be had: {command:?}: {said}"
    ))
}
