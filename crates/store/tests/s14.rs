#![cfg(test)]
//! S14, the write path: every schedule of several servers that try the same code on one row, which is read, decided on
//! and written back by compare-and-set. The control writes without comparing.

use std::collections::BTreeSet;

use claviger_domain::otp::{
    Algorithm, Breadth, Digits, OtpToken, OtpTokenFacts, Parameters, Progress, Resyncs, Seed, State, Verdict, code,
};
use claviger_domain::{OtpTokenId, Revision, SerialNumber, Timestamp};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_seconds(1_795_336_200);
/// So often a verification that was overtaken begins anew.
const TRIES: u8 = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// `UPDATE … WHERE revision = the one that was read`.
    Guarded,
    /// `UPDATE …`: the mistake that the test must find.
    Unguarded,
}

/// A verification on some server: what it has read, if anything, and how it ended.
#[derive(Clone)]
struct Verification {
    given: String,
    read: Option<OtpToken>,
    tries: u8,
    accepted: Option<bool>,
    /// Whether its server may die before it has written.
    mortal: bool,
    dead: bool,
}

/// What the schedules came to. Schedules that lead to the same situation go on from it once.
#[derive(Default, Debug)]
struct Found {
    seen: BTreeSet<Vec<u64>>,
    steps: u64,
    ends: u64,
    twice: u64,
    fell: u64,
}

fn seed() -> Seed {
    Seed::new(b"12345678901234567890".to_vec()).unwrap()
}

fn shown(factor: u64) -> String {
    code(&seed(), Algorithm::Sha1, Digits::Six, factor).using().to_string()
}

fn token() -> OtpToken {
    OtpToken::try_from(OtpTokenFacts {
        id: OtpTokenId::from_uuid(Uuid::from_u128(1)),
        revision: Revision::FIRST,
        serial_number: SerialNumber::new("1").unwrap(),
        parameters: Parameters::hotp(Algorithm::Sha1, Digits::Six),
        state: State::Active,
        holder: None,
        progress: Progress::Hotp { next_counter: 0 },
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at: None,
        manufacturer: None,
        model: None,
        batch: None,
        imported_at: NOW,
        updated_at: NOW,
        last_used_at: None,
    })
    .unwrap()
}

fn counter(token: &OtpToken) -> u64 {
    match token.progress() {
        Progress::Hotp { next_counter } => next_counter,
        Progress::Totp { .. } => 0,
    }
}

/// The next step of a verification: reading, or deciding and writing in one statement.
fn step(row: &mut OtpToken, one: &mut Verification, writing: Writing) {
    let Some(read) = one.read.take() else {
        one.read = Some(row.clone());
        return;
    };
    let (next, accepted) = match read.verify(&seed(), &one.given, Breadth::Window, NOW) {
        Verdict::Accepted(next) => (next, true),
        Verdict::Rejected(next) | Verdict::ResyncRequired(next) => (next, false),
        Verdict::Locked | Verdict::Unusable => (read.clone(), false),
    };
    if writing == Writing::Unguarded || row.revision() == read.revision() {
        *row = next;
        one.accepted = Some(accepted);
    } else {
        one.tries += 1;
        one.dead = one.tries >= TRIES;
    }
}

/// All that what follows can depend on.
fn situation(row: &OtpToken, all: &[Verification]) -> Vec<u64> {
    let token = |token: &OtpToken| {
        let revision = token.revision().get().unsigned_abs();
        [revision, counter(token), token.failed_attempts().into()]
    };
    let mut told = token(row).to_vec();
    for one in all {
        told.extend(one.read.as_ref().map_or([0; 3], token));
        told.extend([
            one.given.parse::<u64>().unwrap(),
            one.tries.into(),
            one.dead.into(),
            one.mortal.into(),
        ]);
        told.push(one.accepted.map_or(0, |accepted| 1 + u64::from(accepted)));
    }
    told
}

/// Goes through every order in which the steps can follow one another, and every step at which a server can die.
fn explore(row: &OtpToken, all: &[Verification], writing: Writing, found: &mut Found) {
    if !found.seen.insert(situation(row, all)) {
        return;
    }
    let mut ended = true;
    for place in 0..all.len() {
        if all[place].dead || all[place].accepted.is_some() {
            continue;
        }
        ended = false;
        let (mut next_row, mut next) = (row.clone(), all.to_vec());
        step(&mut next_row, &mut next[place], writing);
        found.steps += 1;
        found.fell += u64::from(counter(&next_row) < counter(row));
        explore(&next_row, &next, writing, found);
        if all[place].mortal && all[place].read.is_some() {
            let mut next = all.to_vec();
            next[place].dead = true;
            explore(row, &next, writing, found);
        }
    }
    if ended {
        found.ends += 1;
        for code in [shown(0), shown(1)] {
            let tried = all.iter().filter(|one| one.given == code);
            let accepted = tried.filter(|one| one.accepted == Some(true)).count();
            found.twice += u64::from(accepted > 1);
        }
    }
}

fn verifications(codes: &[u64], mortal: bool) -> Vec<Verification> {
    let of = |factor: &u64| Verification {
        given: shown(*factor),
        read: None,
        tries: 0,
        accepted: None,
        mortal,
        dead: false,
    };
    codes.iter().map(of).collect()
}

#[test]
fn in_no_schedule_is_a_code_accepted_twice_or_does_the_counter_fall() {
    let mut found = Found::default();
    // Two verifications on each of two servers; then with servers that die; then two codes, the later one first too.
    for (codes, mortal) in [
        (vec![0, 0, 0, 0], false),
        (vec![0, 0, 0], true),
        (vec![0, 1, 1], false),
        (vec![1, 0, 0], true),
    ] {
        explore(&token(), &verifications(&codes, mortal), Writing::Guarded, &mut found);
    }
    println!(
        "S14 situations={} steps={} ends={} twice={} fell={}",
        found.seen.len(),
        found.steps,
        found.ends,
        found.twice,
        found.fell
    );
    assert!(found.steps > 1_000 && found.ends > 50, "{found:?}");
    assert_eq!((found.twice, found.fell), (0, 0));
}

#[test]
fn the_control_without_the_guard_accepts_twice_and_lets_the_counter_fall() {
    let mut found = Found::default();
    explore(&token(), &verifications(&[0, 0], false), Writing::Unguarded, &mut found);
    assert!(found.twice > 0, "{found:?}");
    explore(&token(), &verifications(&[0, 1], false), Writing::Unguarded, &mut found);
    assert!(found.fell > 0, "{found:?}");
}
