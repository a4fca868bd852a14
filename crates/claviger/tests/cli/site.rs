//! A data folder of its own, a server on a spare port, and the program as people call it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_claviger");

/// A data folder, and a server on it while it runs.
pub(crate) struct Site {
    folder: TempDir,
    pub(crate) token: String,
    pub(crate) address: String,
    /// Settings for every command, by the names that the environment has for them.
    environment: Vec<(&'static str, String)>,
    /// All that its servers wrote to standard output and standard error.
    said: Arc<Mutex<Vec<u8>>>,
    server: Option<Child>,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.lines().any(|line| line.starts_with("error: ")), "{self:?}");
        self
    }

    /// The command line itself was wrong; nothing was asked.
    #[track_caller]
    pub(crate) fn refused_by_the_command_line(self) -> Self {
        self.refused(2)
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program without anything of this environment that it would read.
pub(crate) fn program() -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().stdin(Stdio::null());
    command
}

impl Site {
    /// A folder that is set up, with the token of an Owner.
    pub(crate) fn set_up() -> Self {
        Self::set_up_with(Vec::new())
    }

    /// The same, with settings that every command finds in its environment.
    pub(crate) fn set_up_with(environment: Vec<(&'static str, String)>) -> Self {
        let mut site = Self::empty();
        site.environment = environment;
        let made = site
            .here(&[
                "setup",
                "--tenant",
                "Example Ltd",
                "--administrator",
                "ada@example.org",
                "--api-token",
            ])
            .ok();
        site.token = made.out.trim().to_owned();
        site
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmp")).unwrap();
        Self {
            folder,
            token: String::new(),
            address: String::new(),
            environment: Vec::new(),
            said: Arc::default(),
            server: None,
        }
    }

    /// The same with a running server.
    pub(crate) fn running() -> Self {
        let mut site = Self::set_up();
        site.start();
        site
    }

    /// Another machine with the same settings: where the database is a PostgreSQL, another server of the same one.
    pub(crate) fn beside(&self) -> Self {
        let mut other = Self::empty();
        other.token.clone_from(&self.token);
        other.environment.clone_from(&self.environment);
        other
    }

    /// Another machine with a copy of this one's embedded database: from now on neither knows what the other does.
    pub(crate) fn twin(&self) -> Self {
        let other = self.beside();
        std::fs::create_dir(other.data()).unwrap();
        copy_database(&self.database(), &other.database());
        other
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// A command of the machine itself, on this data folder.
    pub(crate) fn here(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    /// The same, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.args(arguments).arg("--data").arg(self.data());
        self.surround(&mut command);
        command
    }

    fn surround(&self, command: &mut Command) {
        command
            .env("TMPDIR", self.path("tmp"))
            .envs(self.environment.iter().cloned());
    }

    /// The process of the running server.
    pub(crate) fn pid(&self) -> u32 {
        self.server.as_ref().unwrap().id()
    }

    /// All that its servers have written so far.
    pub(crate) fn said(&self) -> Vec<u8> {
        self.said.lock().unwrap().clone()
    }

    /// Keeps the lines of a stream, and answers where the server listens once one says so.
    fn listen(&self, stream: impl std::io::Read + Send + 'static, name: std::sync::mpsc::Sender<String>) {
        let said = Arc::clone(&self.said);
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                said.lock().unwrap().extend_from_slice(format!("{line}\n").as_bytes());
                if let Some((_, address)) = line.split_once("answers at ") {
                    let _ = name.send(address.to_owned());
                }
            }
        });
    }

    /// A command that asks this site's server.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Ended {
        self.ask_with(&self.token, arguments)
    }

    pub(crate) fn ask_with(&self, token: &str, arguments: &[&str]) -> Ended {
        let mut command = program();
        command
            .args(arguments)
            .env("CLAVIGER_SERVER", &self.address)
            .env("CLAVIGER_TOKEN", token);
        command.output().unwrap().into()
    }

    /// Forgets what the server has held at most, and answers what it holds now, in megabytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_mb_from_now(&self) -> u64 {
        let pid = self.pid();
        // 5 sets the peak back to what is resident now (proc(5), clear_refs).
        std::fs::write(format!("/proc/{pid}/clear_refs"), "5").unwrap();
        self.peak_mb()
    }

    /// The most memory that the server has held since then, in megabytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_mb(&self) -> u64 {
        let pid = self.pid();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }

    /// Starts the server and answers how long it took until it answered.
    pub(crate) fn start(&mut self) -> Duration {
        self.start_at("127.0.0.1:0")
    }

    /// The same, listening there.
    pub(crate) fn start_at(&mut self, listen: &str) -> Duration {
        self.start_with(&["--listen", listen])
    }

    /// The same, with these flags.
    pub(crate) fn start_with(&mut self, flags: &[&str]) -> Duration {
        let began = Instant::now();
        let mut command = program();
        command
            .env("CLAVIGER_LOG", "warn")
            .env("CLAVIGER_LOCAL_SERVICES", "true");
        self.surround(&mut command);
        command.arg("serve").arg("--data").arg(self.data()).args(flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (name, address) = std::sync::mpsc::channel();
        self.listen(child.stdout.take().unwrap(), name.clone());
        self.listen(child.stderr.take().unwrap(), name);
        self.address = address.recv().unwrap_or_else(|_| {
            let said = String::from_utf8_lossy(&self.said()).into_owned();
            panic!("the server did not start: {:?} {said}", child.wait())
        });
        self.server = Some(child);
        let client = reqwest::blocking::Client::new();
        while client
            .get(format!("{}readyz", self.address))
            .send()
            .map_or(true, |answer| !answer.status().is_success())
        {
            assert!(began.elapsed() < Duration::from_mins(2), "the server is not ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        began.elapsed()
    }

    /// Ends the server without giving it time for anything (SIGKILL).
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("claviger.db")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Copies a database with its log.
pub(crate) fn copy_database(from: &Path, to: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        let _ = std::fs::remove_file(beside(to));
        if beside(from).exists() {
            std::fs::copy(beside(from), beside(to)).unwrap();
        }
    }
}
