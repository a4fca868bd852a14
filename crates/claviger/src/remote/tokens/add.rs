//! `claviger tokens add`: a token by hand. Its seed comes from a file or the terminal, never as a flag.

use std::path::PathBuf;

use clap::Args;
use claviger_api::{OtpAlgorithm, OtpTokenDraft, OtpType, SeedEncoding};

use crate::{
    failure::Failure,
    output,
    remote::{Context, words::named},
};

const EXAMPLES: &str = "\
Examples:
  claviger tokens add GALT11457893 --type totp --encoding base32
  claviger tokens add GALT11457893 --type hotp --counter 12 --seed-file seed.txt --encoding hex
  claviger tokens add GALT11457894 --otpauth-file uri.txt
The seed is asked for and not shown while it is typed; the server keeps it sealed and never shows it again.";

/// A token to add: its seed and how codes are made of it, or an otpauth URI that says both.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// Its serial number
    serial_number: String,
    /// Whether it counts presses, `hotp`, or has a clock, `totp`
    #[arg(long = "type", value_name = "TYPE", value_parser = named::<OtpType>(&["hotp", "totp"]),
        required_unless_present = "otpauth_file")]
    kind: Option<OtpType>,
    /// Hash of its codes [default: sha1]
    #[arg(long, value_name = "HASH", value_parser = named::<OtpAlgorithm>(&["sha1", "sha256", "sha512"]))]
    algorithm: Option<OtpAlgorithm>,
    /// How many digits its codes have, 6 to 8 [default: 6]
    #[arg(long, value_name = "N")]
    digits: Option<u8>,
    /// How many seconds a code of a clock is shown, 30 or 60 [default: 30]
    #[arg(long, value_name = "SECONDS")]
    time_step: Option<u8>,
    /// Counter of its next code, for one that counts [default: 0]
    #[arg(long, value_name = "N")]
    counter: Option<u64>,
    /// How the seed is written; it is never guessed
    #[arg(long, value_name = "HOW", value_parser = named::<SeedEncoding>(&["base32", "hex"]),
        required_unless_present = "otpauth_file")]
    encoding: Option<SeedEncoding>,
    /// File that holds the seed; `-` asks for it, or reads standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    seed_file: PathBuf,
    /// File that holds an otpauth URI in place of all that; `-` asks for it, or reads standard input
    #[arg(long, value_name = "FILE",
        conflicts_with_all = ["kind", "algorithm", "digits", "time_step", "counter", "encoding", "seed_file"])]
    otpauth_file: Option<PathBuf>,
    /// Who made it
    #[arg(long, value_name = "NAME")]
    manufacturer: Option<String>,
    /// What the model is called
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
}

/// Adds the token and shows it.
pub(super) fn run(context: &Context, order: Add) -> Result<(), Failure> {
    let draft = order.draft()?;
    context.output.one(&context.client.add_otp_token(&draft)?)
}

impl Add {
    fn draft(self) -> Result<OtpTokenDraft, Failure> {
        let (seed, otpauth_uri) = match &self.otpauth_file {
            Some(file) => (None, Some(output::secret("otpauth URI", file)?)),
            None => (Some(output::secret("seed", &self.seed_file)?), None),
        };
        Ok(OtpTokenDraft {
            serial_number: self.serial_number,
            kind: self.kind,
            algorithm: self.algorithm,
            digits: self.digits,
            time_step: self.time_step,
            counter: self.counter,
            seed,
            encoding: self.encoding,
            otpauth_uri,
            manufacturer: self.manufacturer,
            model: self.model,
        })
    }
}
