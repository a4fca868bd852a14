//! The guest: Debian's kernel, three of its modules, busybox, our two programs with their libraries, and one script.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::command::{self, Program};
use crate::tree::Tree;

/// What the guest does, as its first process.
const INIT: &str = include_str!("init.sh");
/// Of the modules only these: `hidraw` is a part of `hid`.
const MODULES: [&str; 3] = ["hid", "uhid", "hid-generic"];
const PROGRAMS: [&str; 2] = ["claviger-key", "claviger-virtual-key"];
/// Debian's name for whatever kernel is its present one; the one for clouds has no HID.
const KERNEL: &str = "linux-image-amd64";
/// A guest that runs longer is stuck; it takes a fraction of it without any acceleration.
const STUCK_SECONDS: &str = "600";

/// A guest that can be started, as often as wanted.
pub(super) struct Guest {
    folder: PathBuf,
    /// The package of its kernel.
    pub(super) kernel: String,
}

impl Guest {
    /// Builds our programs and puts everything together under `target/prove/hid`; Debian's kernel is fetched once.
    pub(super) fn made(tree: &Tree) -> Result<Self> {
        if !cfg!(target_arch = "x86_64") {
            bail!("the guest runs programs of this machine on Debian's kernel for x86-64, and this machine is none");
        }
        let packages = ["--package", "claviger-workstation", "--package", "claviger-virtual-key"];
        command::cargo(tree, &[&["build", "--quiet", "--bins"], &packages[..]].concat()).run()?;
        let folder = tree.path("target/prove/hid");
        fs::create_dir_all(&folder)?;
        let kernel = fetched(&folder)?;
        let root = folder.join("root");
        renewed(&root)?;
        for place in ["bin", "proc", "sys", "dev", "tmp", "run", "modules"] {
            fs::create_dir_all(root.join(place))?;
        }
        for module in MODULES.map(|name| format!("{name}.ko")) {
            copied(
                &folder.join("kernel").join(&module),
                &root.join("modules").join(&module),
            )?;
        }
        for program in PROGRAMS {
            installed(&tree.path("target/debug").join(program), &root)?;
        }
        let busybox = ["/bin/busybox", "/usr/bin/busybox"].map(Path::new);
        let busybox = busybox.into_iter().find(|path| path.exists());
        installed(busybox.context("busybox is gone")?, &root)?;
        let init = root.join("init");
        fs::write(&init, INIT)?;
        fs::set_permissions(&init, fs::Permissions::from_mode(0o755))?;
        let pack = "find . | cpio --create --format=newc --quiet --file=../root.cpio";
        command::program("sh", &root).arguments(&["-c", pack]).run()?;
        Ok(Self { folder, kernel })
    }

    /// The guest's run; what it says on its serial console is the output. `words` go on the kernel's command line.
    pub(super) fn booted(&self, words: &str) -> Program {
        let line = format!("console=ttyS0 quiet loglevel=1 panic=-1 {words}");
        let machine = [
            "qemu-system-x86_64",
            "-accel",
            "tcg",
            "-m",
            "512",
            "-no-reboot",
            "-nic",
            "none",
        ];
        let console = ["-display", "none", "-monitor", "none", "-serial", "stdio"];
        let system = ["-kernel", "kernel/vmlinuz", "-initrd", "root.cpio", "-append", &line];
        command::program("timeout", &self.folder)
            .arguments(&[STUCK_SECONDS])
            .arguments(&machine)
            .arguments(&console)
            .arguments(&system)
    }

    /// Keeps what a run said.
    pub(super) fn keep(&self, name: &str, transcript: &str) -> Result<()> {
        fs::write(self.folder.join(name), transcript).with_context(|| format!("cannot write {name}"))
    }
}

/// Debian's kernel and the modules, from its package, in the folder `kernel`; answers the package's name.
fn fetched(folder: &Path) -> Result<String> {
    let known = folder.join("kernel/package");
    if let Ok(package) = fs::read_to_string(&known) {
        return Ok(package);
    }
    let depends = command::program("apt-cache", folder)
        .arguments(&["depends", KERNEL])
        .answer()?;
    let package = depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: "))
        .with_context(|| format!("apt knows no {KERNEL}; run apt-get update"))?;
    let (unpacked, kernel) = (folder.join("unpacked"), folder.join("kernel"));
    renewed(&unpacked)?;
    renewed(&kernel)?;
    command::program("apt-get", &unpacked)
        .arguments(&["download", package])
        .run()?;
    let archive = only(&unpacked)?;
    let unpack = command::program("dpkg-deb", &unpacked).arguments(&["-x"]);
    unpack.arguments(&[archive.as_path(), Path::new("tree")]).run()?;
    let modules = only(&unpacked.join("tree/lib/modules"))?.join("kernel/drivers/hid");
    for module in MODULES.map(|name| format!("{name}.ko")) {
        copied(&modules.join(&module), &kernel.join(&module))?;
    }
    let version = package.trim_start_matches("linux-image-");
    copied(
        &unpacked.join("tree/boot").join(format!("vmlinuz-{version}")),
        &kernel.join("vmlinuz"),
    )?;
    fs::remove_dir_all(&unpacked)?;
    // Last: what is named here is whole.
    fs::write(&known, package)?;
    Ok(package.to_owned())
}

/// A program in `bin`, and the libraries that it is linked to where it looks for them.
fn installed(program: &Path, root: &Path) -> Result<()> {
    let name = program.file_name().context("a program has a name")?;
    copied(program, &root.join("bin").join(name))?;
    // A program without libraries makes ldd fail.
    let linked = command::program("ldd", root).arguments(&[program]).answer();
    for library in libraries(&linked.unwrap_or_default()) {
        let place = root.join(library.trim_start_matches('/'));
        fs::create_dir_all(place.parent().context("a library has a folder")?)?;
        copied(Path::new(library), &place)?;
    }
    Ok(())
}

/// The paths in what ldd says.
fn libraries(said: &str) -> Vec<&str> {
    said.split_whitespace().filter(|word| word.starts_with('/')).collect()
}

/// An empty folder.
fn renewed(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn copied(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn only(folder: &Path) -> Result<PathBuf> {
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let first = entries
        .next()
        .with_context(|| format!("{} is empty", folder.display()))?;
    Ok(first?.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_the_paths_that_ldd_names() {
        let said = "\tlinux-vdso.so.1 (0x0)\n\tlibc.so.6 => /lib/x/libc.so.6 (0x1)\n\t/lib64/ld.so.2 (0x2)\n";
        assert_eq!(libraries(said), ["/lib/x/libc.so.6", "/lib64/ld.so.2"]);
    }
}
