//! What is written of a row: its token, and its seed sealed for it.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::{
    OtpTokenId, PrivilegeSet, Revision, TenantId, UserId,
    otp::{OtpToken, OtpTokenFacts, Progress, Resyncs, State, Wrong},
    text::{Manufacturer, Model},
    user::User,
};
use claviger_formats::seeds::GivenToken;
use claviger_store::{
    Tx,
    batches::Batch,
    otp_tokens::{self, NewToken},
    users,
};

use super::{super::CHUNK, judge::names, read::Given};
use crate::{
    Failure,
    auth::roles,
    secrets::{SealingKey, seeds::seal_seed},
};

/// A token with its sealed seed, and the folded names by which its user may be known.
#[derive(Clone)]
pub(crate) struct Sealed {
    new: NewToken,
    names: Vec<String>,
}

/// The texts of a row beside its serial number.
///
/// # Errors
/// What is wrong with them, or a counter that no token reaches.
pub(super) fn details(given: &GivenToken) -> Result<(Option<Manufacturer>, Option<Model>), Wrong> {
    if given.counter >= Progress::END {
        return Err(Wrong::Counter(given.counter));
    }
    let manufacturer = given.manufacturer.as_deref().map(Manufacturer::new).transpose()?;
    Ok((manufacturer, given.model.as_deref().map(Model::new).transpose()?))
}

/// How far the codes of a row's token are used up.
pub(super) fn progress(given: &GivenToken) -> Progress {
    match given.parameters.time_step() {
        None => Progress::Hotp {
            next_counter: given.counter,
        },
        Some(_) => Progress::Totp {
            last_step: Some(given.counter).filter(|step| *step > 0),
            drift: given.drift,
        },
    }
}

/// Seals what a row says.
pub(super) fn sealed(
    key: &SealingKey,
    tenant: TenantId,
    batch: &Batch,
    row: u32,
    given: &Given,
) -> Result<Sealed, Failure> {
    let names = names(given);
    let token = &given.token;
    let id = OtpTokenId::from_uuid(batch.keys.key(row).as_uuid());
    let seed = seal_seed(key, tenant, id, &token.seed)?;
    let (manufacturer, model) = details(token).map_err(Failure::internal)?;
    let facts = OtpTokenFacts {
        id,
        revision: Revision::FIRST,
        serial_number: token.serial.clone(),
        parameters: token.parameters,
        state: if token.disabled { State::Disabled } else { State::Active },
        holder: None,
        progress: progress(token),
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at: token.expires_at,
        manufacturer,
        model,
        batch: Some(batch.id),
        imported_at: batch.created_at,
        updated_at: batch.created_at,
        last_used_at: None,
    };
    let new = NewToken {
        token: OtpToken::try_from(facts).map_err(Failure::internal)?,
        holder: None,
        row: Some(row),
        seed,
        key_version: i64::from(key.version()),
    };
    Ok(Sealed { new, names })
}

/// Writes a chunk, with the users as they are now.
pub(super) async fn write(
    tx: &mut Tx,
    batch: &Batch,
    written: u64,
    chunk: Vec<Sealed>,
    operator: PrivilegeSet,
) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let mut wanted: Vec<String> = chunk.iter().flat_map(|sealed| sealed.names.clone()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut users = HashMap::new();
    for some in wanted.chunks(CHUNK) {
        users.extend(users::by_names(tx, tenant, some.to_vec()).await?);
    }
    let above = if users.is_empty() {
        BTreeSet::new()
    } else {
        roles::above(tx, tenant, operator).await?
    };
    let tokens = chunk
        .into_iter()
        .map(|sealed| handed_out(sealed, &users, &above))
        .collect::<Result<_, _>>()?;
    Ok(otp_tokens::insert_chunk(tx, batch, written, tokens).await?)
}

fn handed_out(sealed: Sealed, users: &HashMap<String, User>, above: &BTreeSet<UserId>) -> Result<NewToken, Failure> {
    let Sealed { new, names } = sealed;
    if names.is_empty() {
        return Ok(new);
    }
    let user = names.iter().find_map(|name| users.get(name));
    let user = user.filter(|user| !above.contains(&user.id())).ok_or_else(|| {
        let detail = "A user whom the file names was changed meanwhile. Nothing of this file was kept: send it again.";
        Failure::refused("changed", "import", detail)
    })?;
    let facts = OtpTokenFacts {
        holder: Some(user.id()),
        ..new.token.facts().clone()
    };
    let token = OtpToken::try_from(facts).map_err(Failure::internal)?;
    Ok(NewToken { token, ..new })
}
