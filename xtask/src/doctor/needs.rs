//! What a machine needs to build, run and test this repository, as data.

/// What somebody wants to do; a smaller purpose needs less.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Build and run the server with its console.
    Serve,
    /// Run every check and test.
    Test,
    /// Run the proofs at full size.
    Prove,
}

/// One thing a machine needs.
pub(crate) struct Need {
    pub(crate) name: &'static str,
    /// What it is needed for, in a few words.
    pub(crate) why: &'static str,
    pub(crate) purpose: Purpose,
    pub(crate) probe: Probe,
    /// Debian packages that bring it; empty where Debian has none that fits.
    pub(crate) packages: &'static [&'static str],
    /// What to do where no package helps.
    pub(crate) remedy: &'static str,
    /// Needed only when one of these crates is locked; empty means always.
    pub(crate) crates: &'static [&'static str],
}

/// How to find out whether a thing is there.
pub(crate) enum Probe {
    /// One of these programs is on the search path and its `--version` names at least this major version.
    Program { names: &'static [&'static str], major: u64 },
    /// One of these programs lies in one of these folders; `*` stands for one folder name.
    File { patterns: &'static [&'static str] },
    /// pkg-config knows this library.
    Library(&'static str),
    /// Python can make virtual environments with pip in them.
    PythonVenv,
    /// Extensions of Python can be compiled.
    PythonHeaders,
    /// This Rust component answers when cargo is asked for its version.
    Cargo(&'static str),
}

const RUST: &str = "install Rust with rustup (https://rustup.rs) with the components rustfmt and clippy";
const PACKAGED: &str = "";

/// Everything, in the order in which it is shown.
pub(crate) const NEEDS: &[Need] = &[
    always(
        "Rust",
        "the compiler",
        Purpose::Serve,
        Probe::Cargo("--version"),
        &[],
        RUST,
    ),
    always(
        "rustfmt",
        "the format check",
        Purpose::Test,
        Probe::Cargo("fmt"),
        &[],
        RUST,
    ),
    always("clippy", "the lints", Purpose::Test, Probe::Cargo("clippy"), &[], RUST),
    always(
        "git",
        "the list of files",
        Purpose::Test,
        on_path(&["git"], 2),
        &["git"],
        PACKAGED,
    ),
    always(
        "C compiler",
        "SQLite and the cryptography library",
        Purpose::Serve,
        on_path(&["cc"], 0),
        &["gcc", "libc6-dev"],
        PACKAGED,
    ),
    always(
        "C++ compiler",
        "the fuzzing engine",
        Purpose::Test,
        on_path(&["c++", "g++"], 0),
        &["g++"],
        PACKAGED,
    ),
    always(
        "pkg-config",
        "finding system libraries",
        Purpose::Test,
        on_path(&["pkg-config"], 0),
        &["pkg-config"],
        PACKAGED,
    ),
    always(
        "Node.js",
        "building the console",
        Purpose::Serve,
        on_path(&["node"], 20),
        &["nodejs"],
        "install Node.js 20 or newer (https://nodejs.org)",
    ),
    always(
        "npm",
        "the console's packages",
        Purpose::Serve,
        on_path(&["npm"], 9),
        &["npm"],
        "npm 9 or newer comes with Node.js",
    ),
    always(
        "Python",
        "the spelling and contract checks",
        Purpose::Test,
        on_path(&["python3"], 3),
        &["python3"],
        PACKAGED,
    ),
    always(
        "Python venv",
        "keeping their packages apart",
        Purpose::Test,
        Probe::PythonVenv,
        &["python3-venv"],
        PACKAGED,
    ),
    always(
        "PostgreSQL",
        "the tests on PostgreSQL",
        Purpose::Test,
        POSTGRES,
        &["postgresql-15"],
        "install PostgreSQL 15 or newer",
    ),
    always(
        "radclient",
        "RADIUS as others speak it",
        Purpose::Test,
        RADCLIENT,
        &["freeradius-utils"],
        PACKAGED,
    ),
    always(
        "Chromium",
        "the browser tests",
        Purpose::Test,
        on_path(CHROMIUM, 100),
        &["chromium"],
        PACKAGED,
    ),
    always(
        "fonts",
        "readable screenshots",
        Purpose::Test,
        FONTS,
        &["fonts-dejavu-core", "fonts-liberation"],
        PACKAGED,
    ),
    always(
        "pcscd",
        "tests with security keys in a reader",
        Purpose::Test,
        PCSCD,
        &["pcscd"],
        PACKAGED,
    ),
    always(
        "virtual reader",
        "tests with security keys in a reader",
        Purpose::Test,
        VPCD,
        &["vsmartcard-vpcd"],
        PACKAGED,
    ),
    always(
        "pcsc_scan",
        "security keys as others see them",
        Purpose::Test,
        PCSC_SCAN,
        &["pcsc-tools"],
        PACKAGED,
    ),
    always(
        "ip",
        "a network of its own for a reader",
        Purpose::Test,
        IP,
        &["iproute2"],
        PACKAGED,
    ),
    always(
        "PC/SC headers",
        "PC/SC in Python",
        Purpose::Test,
        Probe::Library("libpcsclite"),
        &["libpcsclite-dev"],
        PACKAGED,
    ),
    always(
        "Python headers",
        "PC/SC in Python",
        Purpose::Test,
        Probe::PythonHeaders,
        &["python3-dev"],
        "install the headers of the Python that `python3` starts",
    ),
    always(
        "libclang",
        "a security key that others wrote, to test against",
        Purpose::Test,
        LIBCLANG,
        &["libclang-dev"],
        PACKAGED,
    ),
    always(
        "QEMU",
        "a kernel of its own for a USB key",
        Purpose::Prove,
        on_path(&["qemu-system-x86_64"], 7),
        &["qemu-system-x86"],
        PACKAGED,
    ),
    always(
        "busybox",
        "the system of that kernel",
        Purpose::Prove,
        BUSYBOX,
        &["busybox-static"],
        PACKAGED,
    ),
    always(
        "cpio",
        "the system of that kernel",
        Purpose::Prove,
        on_path(&["cpio"], 0),
        &["cpio"],
        PACKAGED,
    ),
    locked(
        "PC/SC library",
        "smart-card readers",
        Probe::Library("libpcsclite"),
        &["libpcsclite-dev"],
        &["pcsc-sys"],
    ),
    locked(
        "udev library",
        "USB keys",
        Probe::Library("libudev"),
        &["libudev-dev"],
        &["libudev-sys", "hidapi"],
    ),
    locked(
        "OpenSSL library",
        "a locked crate links to it",
        Probe::Library("openssl"),
        &["libssl-dev"],
        &["openssl-sys"],
    ),
];

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
const POSTGRES: Probe = Probe::File {
    patterns: &["/usr/lib/postgresql/*/bin/initdb"],
};
const RADCLIENT: Probe = Probe::File {
    patterns: &["/usr/bin/radclient", "/usr/local/bin/radclient"],
};
const PCSCD: Probe = Probe::File {
    patterns: &["/usr/sbin/pcscd"],
};
const VPCD: Probe = Probe::File {
    patterns: &["/usr/lib/pcsc/drivers/serial/libifdvpcd.so"],
};
const PCSC_SCAN: Probe = Probe::File {
    patterns: &["/usr/bin/pcsc_scan"],
};
const IP: Probe = Probe::File {
    patterns: &["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"],
};
const BUSYBOX: Probe = Probe::File {
    patterns: &["/bin/busybox", "/usr/bin/busybox"],
};
const FONTS: Probe = Probe::File {
    patterns: &[
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf",
    ],
};
const LIBCLANG: Probe = Probe::File {
    patterns: &["/usr/lib/llvm-*/lib/libclang.so.1", "/usr/lib/llvm-*/lib/libclang.so"],
};

const fn on_path(names: &'static [&'static str], major: u64) -> Probe {
    Probe::Program { names, major }
}

const fn always(
    name: &'static str,
    why: &'static str,
    purpose: Purpose,
    probe: Probe,
    packages: &'static [&'static str],
    remedy: &'static str,
) -> Need {
    Need {
        name,
        why,
        purpose,
        probe,
        packages,
        remedy,
        crates: &[],
    }
}

const fn locked(
    name: &'static str,
    why: &'static str,
    probe: Probe,
    packages: &'static [&'static str],
    crates: &'static [&'static str],
) -> Need {
    Need {
        name,
        why,
        purpose: Purpose::Serve,
        probe,
        packages,
        remedy: PACKAGED,
        crates,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_package_or_a_remedy() {
        for need in NEEDS {
            assert!(
                !need.packages.is_empty() || !need.remedy.is_empty(),
                "{} leaves the reader alone",
                need.name
            );
        }
    }
}
