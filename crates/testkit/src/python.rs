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
    let wanted = fs::read_to_string(requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv");
    let folder = all.join(name);
    fs::create_dir_all(&all).map_err(|error| format!("{}: {error}", all.display()))?;
    // One maker at a time, also among test programs that run side by side.
    let lock = File::create(all.join(format!("{name}.lock"))).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let (python, stamp) = (folder.join("bin/python"), folder.join("requirements.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let _old = fs::remove_dir_all(&folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
    ];
    run(Command::new(&python).args(pip).arg(requirements))?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let ended = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    Err(format!(
        "a Python environment for the tests cannot be made: {command:?}: {said}"
    ))
}
