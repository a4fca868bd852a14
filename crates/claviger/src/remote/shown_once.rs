//! Secrets that a server shows once: to standard output, or to a new file that only its owner can read.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use claviger_api::client::ClientError;

use crate::{failure::Failure, local::private};

/// Where the secret goes.
#[derive(Debug, Args)]
pub(crate) struct Keep {
    /// Write the secret to a new file that only you can read, and do not show it
    #[arg(long, value_name = "FILE")]
    save_to: Option<PathBuf>,
}

impl Keep {
    /// Makes something with a secret; one that goes to a file is replaced by a word that says so.
    pub(crate) fn made<T>(
        &self,
        ask: impl FnOnce() -> Result<T, ClientError>,
        secret: impl Fn(&mut T) -> &mut String,
    ) -> Result<T, Failure> {
        self.made_of(ask, |made, said| std::mem::replace(secret(made), said))
    }

    /// The same for what is no single text: `take` puts the word in its place, and answers the secret.
    pub(crate) fn made_of<T>(
        &self,
        ask: impl FnOnce() -> Result<T, ClientError>,
        take: impl Fn(&mut T, String) -> String,
    ) -> Result<T, Failure> {
        let Some(path) = &self.save_to else {
            return Ok(ask()?);
        };
        // The file is made first: a secret that is shown once must have somewhere to go.
        let file = private::create(path)?;
        let mut made = ask().inspect_err(|_| abandoned(path))?;
        let secret = take(&mut made, format!("saved to {}", path.display()));
        write(file, path, &secret)?;
        Ok(made)
    }
}

fn write(mut file: fs::File, path: &Path, secret: &str) -> Result<(), Failure> {
    writeln!(file, "{secret}")
        .and_then(|()| file.sync_all())
        .map_err(|cause| Failure::file(path.display(), &cause))
}

/// The next try wants to make the file again; one that cannot be removed is told by that.
fn abandoned(path: &Path) {
    let _ = fs::remove_file(path);
}
