//! `claviger tokens import`.

use std::path::PathBuf;

use clap::Args;
use claviger_api::client::SeedImportOptions;

use crate::{
    failure::Failure,
    output,
    remote::{
        Context,
        imports::{Behind, Mode},
        sending::sending,
    },
};

const EXAMPLES: &str = "\
Examples:
  claviger tokens import seeds.csv --dry-run
  claviger tokens import seeds.xml --pre-shared-key-file transport.key
  claviger tokens import seeds.xml --password-file - --mode good-rows --rejects rejected.csv
The import is one of `claviger imports`, which also undoes it.
A file with rejected rows ends with exit code 13.";

/// A seed file to import.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Import {
    /// The seed file
    file: PathBuf,
    /// Format of the file: `pskc`, `oath_csv`, `entra_csv`, `yubico_csv`, `json` or `privacyidea`; found out when left out
    #[arg(long)]
    format: Option<String>,
    /// How the seeds of a CSV are written, base32 or hex, where the file does not say so
    #[arg(long)]
    encoding: Option<String>,
    /// File with the transport key, hexadecimal or base64; `-` asks for it
    #[arg(long, value_name = "FILE")]
    pre_shared_key_file: Option<PathBuf>,
    /// File with the password of the seed file; `-` asks for it
    #[arg(long, value_name = "FILE", conflicts_with = "pre_shared_key_file")]
    password_file: Option<PathBuf>,
    /// Only look at the file and say what would happen
    #[arg(long)]
    dry_run: bool,
    /// What is done when some rows are faulty
    #[arg(long, value_enum, default_value = "all-or-nothing")]
    mode: Mode,
    #[command(flatten)]
    behind: Behind,
}

/// Sends the file, waits for its end, and tells what became of it.
pub(super) fn run(context: &Context, order: &Import) -> Result<(), Failure> {
    let options = order.options()?;
    let outcome = sending(context, &order.file, |name, progress| {
        context.client.import_seeds(&order.file, name, options, progress)
    })?;
    order.behind.settle(context, outcome)
}

impl Import {
    fn options(&self) -> Result<SeedImportOptions, Failure> {
        let secret = |what: &str, from: &Option<PathBuf>| -> Result<Option<String>, Failure> {
            from.as_deref().map(|file| output::secret(what, file)).transpose()
        };
        let fields = [
            ("format", self.format.clone()),
            ("encoding", self.encoding.clone()),
            ("pre_shared_key", secret("pre-shared key", &self.pre_shared_key_file)?),
            ("password", secret("password of the file", &self.password_file)?),
        ];
        let said = fields.into_iter().filter_map(|(name, said)| Some((name, said?)));
        Ok(SeedImportOptions {
            dry_run: self.dry_run,
            mode: self.mode.wire(),
            fields: said.collect(),
        })
    }
}
