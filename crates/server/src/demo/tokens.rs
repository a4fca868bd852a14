//! The demonstration's OTP tokens: some hundred in all states. Nobody has their seeds, which are random.

use std::sync::Arc;

use claviger_domain::{
    OtpTokenId, Revision, SerialNumber, Timestamp,
    otp::{
        Algorithm, Breadth, Command, Digits, Kind, OtpToken, OtpTokenFacts, Parameters, Progress, Resyncs, Seed, State,
        TimeStep, Verb, Verdict,
    },
    role::Standing,
    text::{Manufacturer, Model, Reason},
    user::User,
};
use claviger_store::{
    Change, Tx,
    audit::AuditEntry,
    otp_tokens::{self, NewToken},
};

use super::{
    cast::{Cast, Turn},
    dice::Dice,
    lives,
    stage::Stage,
};
use crate::{
    actions::otp_tokens::{obey::facts, order::past_tense},
    local::LocalError,
    ports,
    secrets::{Keyring, seeds},
};

/// How many there are.
const TOKENS: usize = 320;
/// Tokens of one commit.
const AT_ONCE: usize = 80;

/// What a token is, and what is made of it.
#[derive(Clone)]
struct Life {
    token: OtpToken,
    seed: Seed,
    deeds: Vec<Deed>,
}

/// Something done to a token.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Given to this user.
    Assign(usize),
    Unassign,
    /// Disabled, where the user has another.
    Disable,
    Compromise(&'static str),
    /// Wrong codes, until it is locked.
    Lock,
}

/// Adds the tokens and plays what befell them.
pub(super) async fn play(
    stage: &Stage,
    cast: &Cast,
    keyring: &Arc<Keyring>,
    users: &[User],
    at: Timestamp,
) -> Result<(), LocalError> {
    let mut dice = Dice::for_part(30);
    let lives: Vec<Life> = (0..TOKENS)
        .map(|nth| life(nth, &mut dice, at))
        .collect::<Result<_, _>>()?;
    for some in lives.chunks(AT_ONCE) {
        let (some, users, keyring) = (some.to_vec(), users.to_vec(), Arc::clone(keyring));
        let job = async move |tx: &mut Tx| {
            let tenant = tx.tenant();
            let key = keyring
                .sealing(tx, tenant)
                .await
                .map_err(|_| refused("the key cannot be used"))?;
            for life in &some {
                let id = life.token.id();
                let sealed = seeds::seal_seed(&key, tenant, id, &life.seed);
                let new = NewToken {
                    token: life.token.clone(),
                    holder: None,
                    row: None,
                    seed: sealed.map_err(|_| refused("a seed cannot be sealed"))?,
                    key_version: i64::from(key.version()),
                };
                otp_tokens::insert(tx, new).await?;
                told(tx, "otp_token.added", None, &life.token);
                let mut token = life.token.clone();
                for deed in &life.deeds {
                    token = deed.done(tx, token, &life.seed, &users).await?;
                }
            }
            Ok(())
        };
        stage.write(at, cast.actor(Turn::Officer), job).await?;
    }
    Ok(())
}

fn life(nth: usize, dice: &mut Dice, at: Timestamp) -> Result<Life, LocalError> {
    const MODELS: [(&str, &str, Kind); 3] = [
        ("Feitian", "OTP c200", Kind::Totp),
        ("Token2", "C301", Kind::Totp),
        ("Feitian", "OTP c100", Kind::Hotp),
    ];
    let (maker, model, kind) = MODELS.get(nth % MODELS.len()).copied().unwrap_or(MODELS[0]);
    let (parameters, progress) = match kind {
        Kind::Hotp => (
            Parameters::hotp(Algorithm::Sha1, Digits::Six),
            Progress::Hotp {
                next_counter: dice.below(400),
            },
        ),
        Kind::Totp => (
            Parameters::totp(Algorithm::Sha1, Digits::Six, TimeStep::Thirty),
            Progress::Totp {
                last_step: None,
                drift: 0,
            },
        ),
    };
    let serial = format!(
        "{}{:08}",
        if kind == Kind::Hotp { "GAHT" } else { "GALT" },
        11_450_000 + nth * 7
    );
    let token = OtpToken::try_from(OtpTokenFacts {
        id: OtpTokenId::from_uuid(dice.id(at)),
        revision: Revision::FIRST,
        serial_number: SerialNumber::new(&serial).map_err(|_| refused("serial number"))?,
        parameters,
        state: State::Active,
        holder: None,
        progress,
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        // Batteries last some years; those of a few are over next week.
        expires_at: Some(at.plus_days(if nth % 40 == 7 { 7 } else { 1_500 })),
        manufacturer: Manufacturer::new(maker).ok(),
        model: Model::new(model).ok(),
        batch: None,
        imported_at: at,
        updated_at: at,
        last_used_at: None,
    })
    .map_err(|_| refused("token"))?;
    let seed = Seed::new(ports::random::<20>()?.to_vec()).map_err(|_| refused("seed"))?;
    Ok(Life {
        token,
        seed,
        deeds: deeds(nth),
    })
}

/// Of twenty tokens five are in stock, and some have a past.
fn deeds(nth: usize) -> Vec<Deed> {
    let assign = Deed::Assign(user_of(nth));
    match nth % 20 {
        0..3 => vec![],
        3 => vec![assign, Deed::Unassign],
        4 => vec![Deed::Disable],
        5 => vec![Deed::Compromise("Box was open on arrival")],
        6 => vec![assign, Deed::Compromise("Lost on the way home")],
        7 => vec![assign, Deed::Lock],
        // The second one of the user before.
        9 => vec![Deed::Assign(user_of(nth - 1)), Deed::Disable],
        _ => vec![assign],
    }
}

/// Whoever leaves is barred in the end, and is given none.
fn user_of(nth: usize) -> usize {
    let user = nth * 2 % super::beginning::USERS;
    if lives::leaves(user) { user + 1 } else { user }
}

impl Deed {
    /// The token after it, kept with its event.
    async fn done(self, tx: &mut Tx, before: OtpToken, seed: &Seed, users: &[User]) -> Result<OtpToken, LocalError> {
        let now = tx.now();
        let (after, verb) = match self {
            Self::Lock => (locked(&before, seed, now), None),
            Self::Assign(user) => {
                let user = users.get(user).ok_or_else(|| refused("user"))?;
                let command = Command::Assign {
                    user: user.id(),
                    status: user.status(),
                };
                (obeyed(&before, &command, now)?, Some(Verb::Assign))
            }
            Self::Unassign => (obeyed(&before, &Command::Unassign, now)?, Some(Verb::Unassign)),
            Self::Disable => (
                obeyed(&before, &Command::Disable { other_active: 1 }, now)?,
                Some(Verb::Disable),
            ),
            Self::Compromise(reason) => {
                let reason = Reason::new(reason).map_err(|_| refused("reason"))?;
                (
                    obeyed(&before, &Command::Compromise { reason }, now)?,
                    Some(Verb::Compromise),
                )
            }
        };
        otp_tokens::save(tx, &before, &after).await?;
        told(tx, verb.map_or("otp_token.rejected", past_tense), Some(&before), &after);
        Ok(after)
    }
}

fn obeyed(token: &OtpToken, command: &Command, now: Timestamp) -> Result<OtpToken, LocalError> {
    let after = token.apply(command, Standing::NotAbove, now);
    after.map_err(|refusal| LocalError::Refused(format!("demonstration, {command:?}: {refusal}")))
}

/// Wrong codes until no more are tried.
fn locked(token: &OtpToken, seed: &Seed, now: Timestamp) -> OtpToken {
    let mut token = token.clone();
    while let Verdict::Rejected(next) = token.verify(seed, "wrong", Breadth::Window, now) {
        token = next;
    }
    token
}

fn told(tx: &mut Tx, action: &'static str, before: Option<&OtpToken>, after: &OtpToken) {
    tx.record(AuditEntry {
        action,
        object_kind: "otp_token",
        object_id: Some(after.id().as_uuid()),
        object_label: Some(after.serial_number().given().to_owned()),
        before: before.map(facts),
        after: Some(facts(after)),
        ..AuditEntry::default()
    });
    tx.notify(Change {
        kind: "otp_token",
        id: after.id().as_uuid(),
        revision: after.revision().get(),
    });
}

fn refused(what: &str) -> LocalError {
    LocalError::Refused(format!("demonstration: {what}"))
}
