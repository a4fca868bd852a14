//! The server under measurement: a child process with a data folder and a database of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::api::{Api, text};

/// Where servers are started: which binary, on which engine.
pub(crate) struct Place {
    binary: PathBuf,
    postgres: Option<String>,
}

impl Place {
    pub(crate) fn new(binary: &Path, database: &str) -> Result<Self> {
        if !binary.is_file() {
            bail!("{} is missing: `cargo build --release` makes it", binary.display());
        }
        let postgres = (database != "sqlite").then(|| database.to_owned());
        Ok(Self {
            binary: binary.to_owned(),
            postgres,
        })
    }

    pub(crate) fn engine(&self) -> &'static str {
        if self.postgres.is_some() {
            "postgresql"
        } else {
            "sqlite"
        }
    }

    pub(crate) fn postgres(&self) -> Option<&str> {
        self.postgres.as_deref()
    }

    /// A server on a new, empty database.
    pub(crate) async fn server(&self) -> Result<Server> {
        let data = tempfile::tempdir()?;
        let database = match &self.postgres {
            Some(url) => Some(crate::reference::postgres::new_database(url).await?),
            None => None,
        };
        let mut server = Server {
            binary: self.binary.clone(),
            data,
            database,
            child: None,
            address: spare_address()?,
            token: String::new(),
            client: reqwest::Client::new(),
        };
        server.set_up()?;
        server.start().await?;
        Ok(server)
    }
}

/// A server that runs.
pub(crate) struct Server {
    binary: PathBuf,
    data: tempfile::TempDir,
    database: Option<String>,
    child: Option<Child>,
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    client: reqwest::Client,
}

impl Server {
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(name).arg("--data").arg(self.data.path());
        if let Some(url) = &self.database {
            command.arg("--database").arg(url);
        }
        command.stdin(Stdio::null()).stderr(Stdio::inherit());
        command
    }

    fn set_up(&mut self) -> Result<()> {
        let mut command = self.command("setup");
        command.args([
            "--tenant",
            "Bench",
            "--administrator",
            "bench@example.test",
            "--api-token",
        ]);
        let output = command.output().context("`claviger setup`")?;
        let text = String::from_utf8(output.stdout)?;
        let token = text.split_whitespace().find(|word| word.starts_with("clv_"));
        token
            .context("`claviger setup --api-token` printed no token")?
            .clone_into(&mut self.token);
        Ok(())
    }

    /// Starts the process; answers how long it took to the first answer.
    pub(crate) async fn start(&mut self) -> Result<Duration> {
        let begin = Instant::now();
        let mut command = self.command("serve");
        command.arg("--listen").arg(self.address.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn()?);
        while begin.elapsed() < Duration::from_mins(1) {
            if let Ok(mut connection) = crate::load::Connection::open(self.address, &self.token).await
                && connection.get("/readyz").await.is_ok()
            {
                return Ok(begin.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server did not answer within a minute")
    }

    /// Ends the process as an administrator would.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        Command::new("kill").arg(child.id().to_string()).status()?;
        child.wait()?;
        Ok(())
    }

    /// The process's id.
    pub(crate) fn process(&self) -> Result<u32> {
        Ok(self.child.as_ref().context("no process")?.id())
    }

    /// The process's memory now and at its highest, in MB (`VmRSS`, `VmHWM`).
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        Ok((self.status("VmRSS:")?, self.status("VmHWM:")?))
    }

    /// The process's memory that is no window on a file, in MB (`RssAnon`): readers map the database, whose pages the
    /// system holds anyway and takes back at will.
    pub(crate) fn own_memory(&self) -> Result<f64> {
        self.status("RssAnon:")
    }

    /// A size from the process's status, in MB.
    fn status(&self, name: &str) -> Result<f64> {
        let id = self.process()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .context("no such field")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse::<f64>()? / 1_024.0)
    }

    /// The size of what the server keeps on disk, in MB.
    pub(crate) fn disk(&self) -> Result<f64> {
        let mut bytes = 0;
        for entry in std::fs::read_dir(self.data.path())? {
            bytes += entry?.metadata()?.len();
        }
        Ok(crate::measure::float(bytes) / 1e6)
    }

    /// Its REST API.
    pub(crate) fn api(&self) -> Api {
        Api::new(self.client.clone(), self.address, &self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.api().get(path).await
    }

    pub(crate) async fn post(&self, path: &str, body: Option<Value>) -> Result<Value> {
        self.api().post(path, body).await
    }

    /// Imports a file, with a policy for its keys, and waits until its rows can be seen.
    pub(crate) async fn import(&self, file: &Path, policy: Option<&str>) -> Result<Duration> {
        let policy = policy.map_or_else(String::new, |id| format!("?policy_id={id}"));
        self.import_at(&format!("/imports{policy}"), file).await
    }

    /// Imports a seed file, and waits until its tokens can be used.
    pub(crate) async fn import_tokens(&self, file: &Path) -> Result<Duration> {
        self.import_at("/otp-tokens/import", file).await
    }

    async fn import_at(&self, path: &str, file: &Path) -> Result<Duration> {
        let begin = Instant::now();
        let stream = tokio_util::io::ReaderStream::with_capacity(tokio::fs::File::open(file).await?, 1 << 16);
        let part = reqwest::multipart::Part::stream(reqwest::Body::wrap_stream(stream)).file_name("delivery.csv");
        let form = reqwest::multipart::Form::new().part("file", part);
        let api = self.api();
        let import = api.upload(path, form).await?;
        let id = text(&import, "id")?;
        loop {
            let now = api.get(&format!("/imports/{id}")).await?;
            match text(&now, "status").ok() {
                Some("applied") => return Ok(begin.elapsed()),
                Some("checking" | "applying") => tokio::time::sleep(Duration::from_millis(10)).await,
                _ => bail!("the import ended otherwise: {now}"),
            }
        }
    }

    /// Reads a whole answer; its length in bytes, its lines, and the time it took.
    pub(crate) async fn walk(&self, path: &str) -> Result<(u64, u64, Duration)> {
        let begin = Instant::now();
        let mut answer = self.api().open(path).await?;
        let (mut bytes, mut lines) = (0, 0);
        while let Some(chunk) = answer.chunk().await? {
            bytes += u64::try_from(chunk.len())?;
            lines += u64::try_from(chunk.split(|byte| *byte == b'\n').count() - 1)?;
        }
        Ok((bytes, lines, begin.elapsed()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// A loopback address that is free now.
pub(crate) fn spare_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
