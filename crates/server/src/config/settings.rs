//! The one table of settings: flags, environment names, TOML keys, `--help` and the documentation page are made from it.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name: `--name`, `CLAVIGER_NAME` with underscores, and the TOML key with underscores.
    pub name: &'static str,
    /// What its value is called in help; a switch has none.
    pub value: Option<&'static str>,
    /// What holds when it is not given.
    pub default: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Whether the value is secret: never a flag, since a process list shows flags.
    pub secret: bool,
}

impl Setting {
    /// The environment variable.
    #[must_use]
    pub fn environment(&self) -> String {
        format!("CLAVIGER_{}", self.key().to_uppercase())
    }

    /// The key in the TOML file.
    #[must_use]
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

const fn valued(name: &'static str, value: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        value: Some(value),
        default,
        help,
        secret: false,
    }
}

const fn switch(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        value: None,
        default: "false",
        help,
        secret: false,
    }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    valued(
        "data",
        "DIR",
        "data",
        "Folder of the embedded database, the key-encryption key and the audit checkpoints",
    ),
    valued(
        "database",
        "URL",
        "",
        "`postgres://…`, or a path of an SQLite file; empty: `claviger.db` in the data folder",
    ),
    valued("listen", "ADDR", "127.0.0.1:8480", "Address and port to listen on"),
    valued(
        "public-url",
        "URL",
        "",
        "How browsers reach the server; passkeys are bound to its host; empty: `http://localhost:PORT`",
    ),
    valued(
        "radius-listen",
        "ADDR",
        "",
        "Address and UDP port to answer RADIUS on, such as 0.0.0.0:1812; empty: RADIUS is not answered",
    ),
    switch(
        "behind-proxy",
        "A reverse proxy in front speaks TLS: plain HTTP may be served off loopback",
    ),
    valued(
        "trusted-proxies",
        "NETS",
        "127.0.0.0/8,::1/128",
        "Networks whose `X-Forwarded-For` tells the client's address, with --behind-proxy",
    ),
    valued(
        "tls-cert",
        "FILE",
        "",
        "Certificate chain, PEM; read again when the file changes and on SIGHUP",
    ),
    valued("tls-key", "FILE", "", "Private key of the certificate, PEM"),
    Setting {
        name: "kek",
        value: Some("KEY"),
        default: "",
        help: "Key-encryption key: 64 hexadecimal digits; never a flag",
        secret: true,
    },
    valued(
        "kek-file",
        "FILE",
        "",
        "File that holds the key-encryption key; empty: `kek` in the data folder, made at first run",
    ),
    valued("log", "FILTER", "info", "What is logged: a level, or `target=level,…`"),
    valued("log-format", "FORMAT", "json", "`json` or `text`"),
    valued(
        "session-idle-minutes",
        "N",
        "60",
        "A session ends after so many minutes without use",
    ),
    valued(
        "session-absolute-hours",
        "N",
        "12",
        "A session ends after so many hours in any case",
    ),
    valued(
        "sign-in-attempts",
        "N",
        "10",
        "Failed sign-ins allowed per account, and ten times as many per address, in 15 minutes",
    ),
    valued(
        "sign-in-starts",
        "N",
        "60",
        "Sign-ins that an address may begin in a minute, by passkey or at an identity provider",
    ),
    valued(
        "password-workers",
        "N",
        "2",
        "How many passwords are hashed at once (64 MiB each)",
    ),
    valued(
        "request-seconds",
        "N",
        "60",
        "A request that takes longer is given up; uploads are not counted",
    ),
    valued(
        "mail-seconds",
        "N",
        "30",
        "A mail server that takes longer for a letter is tried again later",
    ),
    switch(
        "local-services",
        "Mail servers and identity providers on this very machine are asked; without it loopback addresses are refused",
    ),
    valued("import-rows", "N", "2000000", "Most rows of an import"),
    valued("import-megabytes", "N", "512", "Most megabytes of an import"),
    valued("import-columns", "N", "64", "Most columns of an import"),
    valued(
        "import-line-kilobytes",
        "N",
        "64",
        "Most kilobytes of one line of an import",
    ),
    valued(
        "downloads-megabytes",
        "N",
        "10240",
        "Most megabytes of all the downloads of a tenant",
    ),
    valued(
        "shutdown-seconds",
        "N",
        "20",
        "How long running requests may take after SIGTERM",
    ),
    valued(
        "checkpoint-seconds",
        "N",
        "60",
        "How often the audit log's heads are signed, at most 60",
    ),
    switch("demo", "Fill an empty server with a demonstration tenant"),
];
