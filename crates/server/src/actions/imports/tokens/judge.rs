//! Rows of a seed file beside the tokens and users of the tenant.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::{
    UserId,
    otp::{self, Judgement, OtpToken, Present, Progress, Seed},
    text::UserName,
    user::{User, UserStatus},
};
use claviger_formats::seeds::GivenToken;
use claviger_store::{
    Reader,
    otp_tokens::{self, Existing},
    users,
};
use tokio::runtime::Handle;

use super::{
    super::{
        CHUNK,
        check::Question,
        report::Fault,
        wares::{Judged, Row, Verdict},
    },
    Tokens,
    made::{details, progress},
    read::Given,
};
use crate::{
    Failure,
    auth::roles,
    secrets::{SealingKey, seeds::open_seed},
};

/// What is in the tenant of what some rows name.
struct Known {
    tokens: HashMap<String, (Existing, Option<Seed>)>,
    users: HashMap<String, User>,
    /// Who of them may do more than the sender.
    above: BTreeSet<UserId>,
}

/// Judges rows; blocks.
pub(super) fn judge(
    wares: &Tokens,
    question: &Question<Tokens>,
    runtime: &Handle,
    rows: Vec<Row<Given>>,
    earlier: Vec<Option<u64>>,
) -> Result<Vec<Judged<Given>>, Failure> {
    let known = known(wares, question, runtime, &rows)?;
    let judged = rows.into_iter().zip(earlier).map(|(row, earlier)| Judged {
        verdict: verdict(wares, &row, earlier, &known),
        row,
    });
    Ok(judged.collect())
}

fn known(wares: &Tokens, question: &Question<Tokens>, runtime: &Handle, rows: &[Row<Given>]) -> Result<Known, Failure> {
    let good = || rows.iter().filter_map(|row| row.given.as_ref().ok());
    let serials: Vec<String> = good().map(|given| given.token.serial.normalised().to_owned()).collect();
    let names: BTreeSet<String> = if wares.sees_users() {
        good().flat_map(names).collect()
    } else {
        BTreeSet::new()
    };
    let names: Vec<String> = names.into_iter().collect();
    let (tenant, app, operator) = (question.tenant, wares.app.clone(), wares.operator);
    let read = async move |reader: &mut Reader| -> Result<_, Failure> {
        let mut tokens = Vec::new();
        if !serials.is_empty() {
            tokens = otp_tokens::existing(reader, tenant, serials.clone()).await?;
        }
        let mut keys: HashMap<i64, SealingKey> = HashMap::new();
        for Existing { kept, .. } in &tokens {
            if kept.seed.is_some() && !keys.contains_key(&kept.key_version) {
                let version = u32::try_from(kept.key_version).map_err(Failure::internal)?;
                keys.insert(kept.key_version, app.keyring().opening(reader, tenant, version).await?);
            }
        }
        let mut found = HashMap::new();
        for some in names.chunks(CHUNK) {
            found.extend(users::by_names(reader, tenant, some.to_vec()).await?);
        }
        let mut above = BTreeSet::new();
        if !found.is_empty() {
            above = roles::above(reader, tenant, operator).await?;
        }
        Ok((tokens, keys, found, above))
    };
    let (found, keys, users, above) = runtime.block_on(question.store.read(read))?;
    let mut tokens = HashMap::with_capacity(found.len());
    for existing in found {
        let key = keys.get(&existing.kept.key_version);
        let seed = match key {
            Some(key) => open_seed(key, tenant, &existing.kept)?,
            None => None,
        };
        let serial = existing.kept.token.serial_number().normalised().to_owned();
        tokens.insert(serial, (existing, seed));
    }
    Ok(Known { tokens, users, above })
}

fn verdict(wares: &Tokens, row: &Row<Given>, earlier: Option<u64>, known: &Known) -> Verdict {
    let given = match &row.given {
        Ok(given) => given,
        Err(faults) => return Verdict::Rejected(faults.clone()),
    };
    let fault = |column: Option<&str>, detail: String| Fault {
        line: row.line,
        column: column.map(str::to_owned),
        detail,
    };
    let mut faults = Vec::new();
    if let Err(wrong) = details(&given.token) {
        faults.push(fault(None, wrong.to_string()));
    }
    let holder = holder(wares, given, known).map_err(|wrong| faults.push(fault(given.places.user.as_deref(), wrong)));
    let present = known.tokens.get(given.token.serial.normalised());
    let present = present.map(|(existing, seed)| Present {
        status: existing.kept.token.status(),
        untouched: is_same(&existing.kept.token, seed.as_ref(), &given.token, holder.ok().flatten()),
        in_passage: existing.hidden,
    });
    match otp::judge(&given.token.serial, earlier, present) {
        Judgement::Accepted if faults.is_empty() => return Verdict::Accepted,
        Judgement::Unchanged if faults.is_empty() => return Verdict::Unchanged,
        Judgement::Accepted | Judgement::Unchanged => {}
        Judgement::Rejected(wrong) => faults.push(fault(given.places.serial.as_deref(), wrong.wrong.to_string())),
    }
    Verdict::Rejected(faults)
}

/// Whether a token is as the row says, and nobody has touched it since it came in.
fn is_same(token: &OtpToken, seed: Option<&Seed>, given: &GivenToken, holder: Option<&User>) -> bool {
    let came_in = |progress: Progress| match progress {
        Progress::Totp { last_step: None, drift } => Progress::Totp {
            last_step: Some(0),
            drift,
        },
        Progress::Totp { .. } | Progress::Hotp { .. } => progress,
    };
    let disabled = token.status() == otp::Status::Disabled;
    token.revision() == claviger_domain::Revision::FIRST
        && token.parameters() == given.parameters
        && came_in(token.progress()) == came_in(progress(given))
        && token.holder() == holder.map(User::id)
        && disabled == given.disabled
        && seed.is_some_and(|seed| equal(seed.using(), given.seed.using()))
}

/// Takes as long wherever they differ.
fn equal(one: &[u8], other: &[u8]) -> bool {
    let difference = one.iter().zip(other).fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && difference == 0
}

/// The user whom a row names.
fn holder<'k>(wares: &Tokens, given: &Given, known: &'k Known) -> Result<Option<&'k User>, String> {
    let Some(named) = &given.token.holder else {
        return Ok(None);
    };
    if !wares.sees_users() {
        return Err(
            "you may not see users, hence not give them tokens; take the users out of the file, or ask \
             somebody who may"
                .to_owned(),
        );
    }
    let found = names(given).into_iter().find_map(|name| known.users.get(&name));
    match found {
        None => Err(format!(
            "there is no user {named}; add the user first, or take the name out of the row"
        )),
        Some(user) if user.status() == UserStatus::Disabled => Err(format!(
            "the user {named} is disabled; enable the user first, or take the name out of the row"
        )),
        Some(user) if known.above.contains(&user.id()) => Err(format!(
            "the user {named} may do more than you; ask somebody who may as much to bring this token, or take the name out \
             of the row"
        )),
        Some(user) => Ok(Some(user)),
    }
}

/// The folded names by which the user of a row may be known, the likeliest first.
pub(super) fn names(given: &Given) -> Vec<String> {
    let Some(named) = given.token.holder.as_deref() else {
        return Vec::new();
    };
    let login = named.rsplit_once('@').map(|(login, _)| login);
    let login = login.filter(|_| given.places.has_realms);
    let known = [Some(named), login].into_iter().flatten();
    known
        .filter_map(|name| UserName::new(name).ok())
        .map(|name| name.folded())
        .collect()
}
