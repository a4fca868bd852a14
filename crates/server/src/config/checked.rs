//! Checked settings: what the server runs on. A value of this type is fit to start with.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use url::Url;

use super::{ConfigError, Network, Raw};
use crate::{reach::Reach, secrets::KekSource};

/// Settings that were judged together.
#[derive(Clone)]
pub struct Config {
    /// Folder of everything that is kept beside the database.
    pub data: PathBuf,
    /// `postgres://…`, or the path of an SQLite file.
    pub database: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where RADIUS is answered, if it is.
    pub radius_listen: Option<SocketAddr>,
    /// How browsers reach the server; its host is the RP id.
    pub public_url: Option<Url>,
    /// Whose forwarding headers are believed; empty: nobody's.
    pub trusted_proxies: Vec<Network>,
    /// Whether a proxy in front speaks TLS.
    pub behind_proxy: bool,
    /// Certificate and key, where TLS is spoken here.
    pub tls: Option<TlsFiles>,
    /// Where the key-encryption key comes from.
    pub kek: KekSource,
    /// What is logged.
    pub log: String,
    /// Whether logs are JSON.
    pub log_json: bool,
    /// Life of a session without use.
    pub session_idle: Duration,
    /// Life of a session in any case.
    pub session_absolute: Duration,
    /// Failed sign-ins per account in 15 minutes.
    pub sign_in_attempts: u32,
    /// Sign-ins that an address may begin in a minute.
    pub sign_in_starts: u32,
    /// Passwords hashed at once.
    pub password_workers: usize,
    /// How large an import may be.
    pub import: ImportLimits,
    /// Bytes of all the downloads of a tenant.
    pub downloads: u64,
    /// Life of a request.
    pub request_timeout: Duration,
    /// How long a mail server may take for a letter.
    pub mail_timeout: Duration,
    /// Which addresses mail servers and identity providers may have.
    pub(crate) reach: Reach,
    /// Time to drain at the end.
    pub shutdown: Duration,
    /// Time between two audit checkpoints.
    pub checkpoints: Duration,
    /// Whether a demonstration tenant is wanted.
    pub demo: bool,
}

/// How large an import may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportLimits {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Columns.
    pub columns: u64,
    /// Bytes of one line.
    pub line: u64,
}

/// Where certificate and key lie.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

impl Config {
    /// Judges raw settings.
    ///
    /// # Errors
    /// Names the setting and the remedy.
    pub fn check(raw: &Raw) -> Result<Self, ConfigError> {
        let data = PathBuf::from(raw.get("data"));
        let config = Self {
            database: raw.given("database").map_or_else(
                || data.join("claviger.db").to_string_lossy().into_owned(),
                str::to_owned,
            ),
            listen: parsed(
                raw,
                "listen",
                "an address and a port, such as 127.0.0.1:8480, is wanted",
            )?,
            radius_listen: radius(raw)?,
            public_url: raw.given("public-url").map(public_url).transpose()?,
            trusted_proxies: trusted(raw)?,
            behind_proxy: switch(raw, "behind-proxy")?,
            tls: tls(raw)?,
            kek: kek(raw, &data)?,
            log: raw.get("log").to_owned(),
            log_json: log_json(raw)?,
            session_idle: Duration::from_secs(number(raw, "session-idle-minutes", 1, 1_440)? * 60),
            session_absolute: Duration::from_secs(number(raw, "session-absolute-hours", 1, 720)? * 3_600),
            sign_in_attempts: parsed(raw, "sign-in-attempts", "a whole number is wanted")?,
            sign_in_starts: parsed(raw, "sign-in-starts", "a whole number is wanted")?,
            password_workers: parsed(raw, "password-workers", "a whole number is wanted")?,
            import: import(raw)?,
            downloads: number(raw, "downloads-megabytes", 1, 1_048_576)? << 20,
            request_timeout: Duration::from_secs(number(raw, "request-seconds", 1, 3_600)?),
            mail_timeout: Duration::from_secs(number(raw, "mail-seconds", 1, 300)?),
            reach: Reach::new(switch(raw, "local-services")?),
            shutdown: Duration::from_secs(number(raw, "shutdown-seconds", 0, 3_600)?),
            checkpoints: Duration::from_secs(number(raw, "checkpoint-seconds", 1, 60)?),
            demo: switch(raw, "demo")?,
            data,
        };
        config.refuse_plain_http_off_loopback()?;
        Ok(config)
    }

    fn refuse_plain_http_off_loopback(&self) -> Result<(), ConfigError> {
        if self.listen.ip().is_loopback() || self.behind_proxy || self.tls.is_some() {
            return Ok(());
        }
        Err(ConfigError::invalid(
            "listen",
            "plain HTTP is served on loopback only: give --tls-cert and --tls-key, or --behind-proxy",
        ))
    }
}

fn parsed<T: std::str::FromStr>(raw: &Raw, name: &'static str, wanted: &'static str) -> Result<T, ConfigError> {
    raw.get(name).parse().map_err(|_| ConfigError::invalid(name, wanted))
}

fn radius(raw: &Raw) -> Result<Option<SocketAddr>, ConfigError> {
    let wanted = "an address and a port, such as 0.0.0.0:1812, is wanted";
    raw.given("radius-listen")
        .map(|_| parsed(raw, "radius-listen", wanted))
        .transpose()
}

fn import(raw: &Raw) -> Result<ImportLimits, ConfigError> {
    Ok(ImportLimits {
        // Rows are numbered in 32 bits, of which ids of keys are made.
        rows: number(raw, "import-rows", 1, 1_000_000_000)?,
        bytes: number(raw, "import-megabytes", 1, 65_536)? << 20,
        columns: number(raw, "import-columns", 3, 1_024)?,
        line: number(raw, "import-line-kilobytes", 1, 16_384)? << 10,
    })
}

fn number(raw: &Raw, name: &'static str, least: u64, most: u64) -> Result<u64, ConfigError> {
    raw.get(name)
        .parse()
        .ok()
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| ConfigError::Invalid(name, format!("a whole number from {least} to {most} is wanted")))
}

fn switch(raw: &Raw, name: &'static str) -> Result<bool, ConfigError> {
    parsed(raw, name, "`true` or `false` is wanted")
}

fn public_url(text: &str) -> Result<Url, ConfigError> {
    const WANTED: &str = "a URL such as https://claviger.example.org is wanted, with a host name and no path";
    let url: Url = text.parse().map_err(|_| ConfigError::invalid("public-url", WANTED))?;
    let fits = matches!(url.scheme(), "http" | "https") && url.domain().is_some() && url.path() == "/";
    if fits {
        Ok(url)
    } else {
        Err(ConfigError::invalid("public-url", WANTED))
    }
}

fn trusted(raw: &Raw) -> Result<Vec<Network>, ConfigError> {
    if !switch(raw, "behind-proxy")? {
        return Ok(Vec::new());
    }
    let networks = raw
        .get("trusted-proxies")
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    networks
        .map(|text| {
            text.parse()
                .map_err(|()| ConfigError::invalid("trusted-proxies", "networks such as 10.0.0.0/8 are wanted"))
        })
        .collect()
}

fn tls(raw: &Raw) -> Result<Option<TlsFiles>, ConfigError> {
    match (raw.given("tls-cert"), raw.given("tls-key")) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles {
            certificate: certificate.into(),
            key: key.into(),
        })),
        (Some(_), None) => Err(ConfigError::invalid("tls-key", "--tls-cert needs --tls-key")),
        (None, Some(_)) => Err(ConfigError::invalid("tls-cert", "--tls-key needs --tls-cert")),
    }
}

fn kek(raw: &Raw, data: &std::path::Path) -> Result<KekSource, ConfigError> {
    if let Some(text) = raw.given("kek") {
        return KekSource::from_text(text).map_err(|_| ConfigError::invalid("kek", "64 hexadecimal digits are wanted"));
    }
    Ok(raw.given("kek-file").map_or_else(
        || KekSource::MadeAtFirstRun(data.join("kek")),
        |path| KekSource::File(path.into()),
    ))
}

fn log_json(raw: &Raw) -> Result<bool, ConfigError> {
    match raw.get("log-format") {
        "json" => Ok(true),
        "text" => Ok(false),
        _ => Err(ConfigError::invalid("log-format", "`json` or `text` is wanted")),
    }
}
