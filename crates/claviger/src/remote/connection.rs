//! How the server is reached, and with which API token.

use std::{fmt, fs, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use claviger_api::client::{Client, Options};

use crate::{failure::Failure, output};

/// How the server is reached.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Address of the server, for example `https://claviger.example.org`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "CLAVIGER_SERVER",
        hide_env_values = true
    )]
    server: Option<String>,
    /// API token; better in the environment or a file, since other users of this machine can read command lines
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "CLAVIGER_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,
    /// File that holds the API token; wins over --token
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CLAVIGER_TOKEN_FILE",
        hide_env_values = true
    )]
    token_file: Option<PathBuf>,
    /// Further certificate authorities (PEM), besides those that the system trusts
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CLAVIGER_CA_FILE",
        hide_env_values = true
    )]
    ca_file: Option<PathBuf>,
    /// How often a request is sent again when the connection is lost; never carried out twice
    #[arg(long, global = true, value_name = "N", default_value_t = 5)]
    retries: u32,
    /// Seconds to wait for an answer; uploads and downloads may take longer
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// Idempotency-Key of the change: the same command with the same key is carried out once, however often it is run
    #[arg(long, global = true, value_name = "KEY", value_parser = visible)]
    idempotency_key: Option<String>,
}

impl Connection {
    /// The client; notes about repetition go to standard error unless `quiet`.
    pub(super) fn client(&self, quiet: bool) -> Result<Client, Failure> {
        let server = self
            .server
            .as_deref()
            .ok_or_else(|| Failure::usage("no server is named").hint("give --server URL or set CLAVIGER_SERVER"))?;
        let authorities = self
            .ca_file
            .as_ref()
            .map(|path| fs::read(path).map_err(|cause| Failure::file(path.display(), &cause)));
        let mut options = Options {
            authorities: authorities.transpose()?,
            timeout: Duration::from_secs(self.timeout.max(1)),
            retries: self.retries,
            idempotency_key: self.idempotency_key.clone(),
            on_retry: None,
        };
        if !quiet {
            options.on_retry = Some(Arc::new(|why, wait| {
                output::say(&output::plain(&format!(
                    "{why}; trying again in {:.1} s",
                    wait.as_secs_f32()
                )));
            }));
        }
        Ok(Client::new(server, &self.token()?, options)?)
    }

    fn token(&self) -> Result<String, Failure> {
        if let Some(path) = &self.token_file {
            return fs::read_to_string(path).map_err(|cause| Failure::file(path.display(), &cause));
        }
        self.token.clone().ok_or_else(|| {
            Failure::usage("no API token is given").hint("set CLAVIGER_TOKEN, or give --token-file FILE")
        })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

fn visible(text: &str) -> Result<String, &'static str> {
    let fits = (1..=200).contains(&text.len()) && text.chars().all(|character| character.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("1 to 200 visible ASCII characters are wanted")
    }
}
