//! Codes that tokens show: verified, tried, searched for, and two in a row. They come from a file or the terminal, never
//! as a flag.

use std::path::PathBuf;

use clap::Args;
use claviger_api::{FoundOtpTokens, OtpVerification, OtpVerificationReason, OtpVerified, Resync, ShownOtp};

use super::find;
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Column, Record},
    remote::{Context, shown::wire},
};

const VERIFY: &str = "\
Examples:
  claviger tokens verify --user jnovak
  claviger tokens verify --serial GALT11457893 < code.txt
A code is used up when it is accepted. One that is not accepted ends with exit code 7, and the output tells the reason:
`rejected`, or by serial number also `locked` and `resync_required`.";

/// A code of somebody who signs in.
#[derive(Debug, Args)]
#[command(after_help = VERIFY)]
#[group(id = "whose", required = true, multiple = false, args = ["user", "serial"])]
pub(crate) struct Verify {
    /// User name: the code may be of any of his tokens, or an emergency code
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Serial number of the token that shows the code
    #[arg(long, value_name = "SERIAL")]
    serial: Option<String>,
    #[command(flatten)]
    code: Code,
}

/// A code of a token at hand.
#[derive(Debug, Args)]
pub(crate) struct Try {
    /// Serial number or id
    #[arg(value_name = "TOKEN")]
    named: String,
    #[command(flatten)]
    code: Code,
}

/// Two codes of a token.
#[derive(Debug, Args)]
pub(crate) struct Two {
    /// Serial number or id
    #[arg(value_name = "TOKEN")]
    named: String,
    /// File with the two codes on two lines, in the order in which they were shown; `-` asks for them, or reads standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    otp_file: PathBuf,
}

/// Where a code comes from.
#[derive(Debug, Args)]
pub(crate) struct Code {
    /// File with the code; `-` asks for it, or reads standard input. Never a flag, since a process list shows flags
    #[arg(long, value_name = "FILE", default_value = "-")]
    otp_file: PathBuf,
}

impl Code {
    fn read(&self) -> Result<String, Failure> {
        output::secret("code", &self.otp_file)
    }
}

/// Verifies a code as a login system does.
pub(super) fn verify(context: &Context, order: Verify) -> Result<(), Failure> {
    let asked = OtpVerification {
        otp: order.code.read()?,
        user: order.user,
        serial_number: order.serial,
    };
    judged(context, &context.client.verify_otp(&asked)?)
}

/// Tries a code of a token at hand.
pub(super) fn test(context: &Context, order: &Try) -> Result<(), Failure> {
    let id = find::token(&context.client, &order.named)?;
    let otp = order.code.read()?;
    judged(context, &context.client.test_otp_token(id, &ShownOtp { otp })?)
}

fn judged(context: &Context, verified: &OtpVerified) -> Result<(), Failure> {
    context.output.one(verified)?;
    let why = match verified.reason {
        OtpVerificationReason::Ok => return Ok(()),
        OtpVerificationReason::Rejected => "the code is not accepted",
        OtpVerificationReason::ResyncRequired => {
            "the code is the token's own but far from where the token was last; `claviger tokens resync` finds it again"
        }
        OtpVerificationReason::Locked => {
            "too many wrong codes were tried; `claviger tokens unlock` lets codes be tried again"
        }
    };
    Err(Failure::new(Exit::Refused, why))
}

/// Names the tokens that show a code.
pub(super) fn find(context: &Context, code: &Code) -> Result<(), Failure> {
    let FoundOtpTokens {
        items,
        searched,
        complete,
    } = context.client.find_otp_tokens(&ShownOtp { otp: code.read()? })?;
    context.output.many(&items)?;
    if !complete {
        context.output.note(&format!(
            "{searched} tokens were looked at, not all; there may be more that show this code"
        ));
    }
    if items.is_empty() {
        return Err(Failure::new(Exit::NotFound, "no token shows this code now"));
    }
    Ok(())
}

/// Finds a token's counter or clock again, and shows the token.
pub(super) fn resync(context: &Context, order: &Two) -> Result<(), Failure> {
    let id = find::token(&context.client, &order.named)?;
    let [first_otp, second_otp] = output::secrets(["first code", "second code"], &order.otp_file)?;
    context.client.resync_otp_token(id, &Resync { first_otp, second_otp })?;
    context.output.note("The token was successfully reset.");
    context.output.one(&context.client.otp_token(id)?)
}

impl Record for OtpVerified {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Accepted", "accepted", |one| one.accepted.to_string()),
        Column::listed("Reason", "reason", |one| wire(&one.reason)),
    ];
}
