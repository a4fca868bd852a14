//! `claviger-key credentials`: authenticatorCredentialManagement (CTAP 2.1 §6.8).

use clap::Subcommand;
use claviger_workstation::{Credential, Stage, Trouble};
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::json;

use crate::{
    desk::Desk,
    failure::Failure,
    output::{list, one_line},
    pins::PinSource,
};

const EXAMPLES: &str = "\
Examples:
  claviger-key credentials list
  claviger-key credentials list --output json --pin-stdin < pin.txt
  claviger-key credentials delete 4f6e1c
The beginning of a credential id is enough where only one begins so.";

/// Orders about credentials.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Credentials {
    /// Show the credentials that the key keeps; those that a service keeps for it are not among them
    #[command(after_help = EXAMPLES)]
    List {
        #[command(flatten)]
        source: PinSource,
    },
    /// Delete one credential for good; asks first
    #[command(after_help = EXAMPLES)]
    Delete {
        /// The credential's id as `list` shows it, or its beginning
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        source: PinSource,
    },
}

/// A credential as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    id: String,
    rp_id: &'a str,
    user_name: Option<&'a str>,
    display_name: Option<&'a str>,
    user_id: String,
    protection: Option<u8>,
}

/// Carries it out.
pub(crate) fn run(desk: &mut Desk<'_>, order: &Credentials) -> Result<(), Failure> {
    match order {
        Credentials::List { source } => show(desk, source),
        Credentials::Delete { id, source } => delete(desk, id, source),
    }
}

fn show(desk: &mut Desk<'_>, source: &PinSource) -> Result<(), Failure> {
    let mut key = desk.hold()?;
    key.manages_credentials().map_err(Failure::from)?;
    let pin = source.pin(desk.person)?;
    let credentials = key.credentials(&pin)?;
    let rows: Vec<Shown<'_>> = credentials.iter().map(shown).collect();
    desk.result(&rows, || table(&credentials))
}

fn delete(desk: &mut Desk<'_>, id: &str, source: &PinSource) -> Result<(), Failure> {
    let mut key = desk.hold()?;
    key.manages_credentials().map_err(Failure::from)?;
    let pin = source.pin(desk.person)?;
    let credentials = key.credentials(&pin)?;
    let credential = meant(&credentials, id)?;
    desk.confirm(&format!(
        "Delete the credential of {} for {} for good? Whoever signs in with it cannot do so any more.",
        one_line(credential.user()),
        one_line(&credential.rp_id),
    ))?;
    key.delete_credential(&pin, credential)?;
    desk.done(
        &json!({"deleted": HEXLOWER.encode(&credential.id)}),
        "The credential is deleted.",
    )
}

fn meant<'a>(credentials: &'a [Credential], id: &str) -> Result<&'a Credential, Failure> {
    let wanted = id.trim().to_lowercase();
    let mut hits = credentials
        .iter()
        .filter(|one| !wanted.is_empty() && HEXLOWER.encode(&one.id).starts_with(&wanted));
    match (hits.next(), hits.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::usage(
            format!("Several credentials begin with {wanted}."),
            "Give more of the id; `--output json` shows ids in full.",
        )),
        (None, _) => Err(Stage::Deleting.failed(Trouble::NoSuchCredential).into()),
    }
}

fn shown(credential: &Credential) -> Shown<'_> {
    Shown {
        id: HEXLOWER.encode(&credential.id),
        rp_id: &credential.rp_id,
        user_name: credential.user_name.as_deref(),
        display_name: credential.display_name.as_deref(),
        user_id: HEXLOWER.encode(&credential.user_id),
        protection: credential.protection,
    }
}

/// Credentials for people; the ids are shortened as far as they stay apart.
pub(crate) fn table(credentials: &[Credential]) -> String {
    if credentials.is_empty() {
        return "No credentials are on the key.\n".to_owned();
    }
    let ids: Vec<String> = credentials.iter().map(|one| HEXLOWER.encode(&one.id)).collect();
    let long = ids.iter().map(String::len).max().unwrap_or_default();
    let apart = |length: &usize| {
        let mut short: Vec<&str> = ids.iter().map(|id| id.get(..*length).unwrap_or(id)).collect();
        short.sort_unstable();
        short.dedup();
        short.len() == ids.len()
    };
    let length = (8..long).find(apart).unwrap_or(long);
    let rows: Vec<[String; 4]> = credentials
        .iter()
        .zip(&ids)
        .map(|(one, id)| {
            [
                id.get(..length).unwrap_or(id).to_owned(),
                one.rp_id.clone(),
                one.user_name.clone().unwrap_or_default(),
                one.display_name.clone().unwrap_or_default(),
            ]
        })
        .collect();
    list(["Id", "Service", "User", "Name"], &rows)
}
