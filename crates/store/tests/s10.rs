#![cfg(test)]
//! S10: an edited audit log is found. Mutations of nine kinds; the control is the log left alone.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use claviger_store::audit::{self, AuditEvent, Checkpoint, LaneHead, Report};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Deterministic figures (xorshift64*, Vigna 2016), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(value).unwrap() % sides
    }
}

#[derive(Clone)]
struct Log {
    entries: Vec<AuditEvent>,
    heads: Vec<LaneHead>,
    checkpoints: Vec<Checkpoint>,
}

fn tenant(number: usize) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(u128::try_from(number).unwrap() + 1))
}

fn event(tenant: TenantId, lane: i64, sequence: i64, previous: [u8; 32]) -> AuditEvent {
    let mut event = AuditEvent {
        tenant,
        id: Uuid::from_u128(u128::from(sequence.unsigned_abs())),
        lane,
        sequence,
        at: Timestamp::from_micros(1_790_000_000_000_000 + sequence),
        actor_kind: "administrator".to_owned(),
        actor_id: Some(Uuid::from_u128(5)),
        actor_label: "Ada".to_owned(),
        source: Some("192.0.2.1".to_owned()),
        request_id: None,
        action: "security_key.revoked".to_owned(),
        object_kind: "security_key".to_owned(),
        object_id: Some(Uuid::from_u128(u128::from(sequence.unsigned_abs()) + 9)),
        object_label: Some(format!("K{sequence}")),
        before: Some("{\"status\":\"enrolled\"}".to_owned()),
        after: Some("{\"status\":\"revoked\"}".to_owned()),
        reason: Some("lost".to_owned()),
        ticket: None,
        previous,
        hash: [0; 32],
    };
    event.hash = audit::hash(&event);
    event
}

fn signature(body: &[u8]) -> Vec<u8> {
    // Stands for the server's key, which the forger does not have.
    Sha256::new()
        .chain_update(b"key")
        .chain_update(body)
        .finalize()
        .to_vec()
}

fn checkpoint(sequence: i64, heads: &[LaneHead], before: Option<&Checkpoint>) -> Checkpoint {
    let at = Timestamp::from_micros(sequence);
    let body = audit::body(sequence, at, before, heads);
    Checkpoint {
        sequence,
        at,
        key_id: "k".to_owned(),
        signature: signature(&body),
        body,
    }
}

/// Three tenants, two lanes each, a checkpoint after each quarter, the last over everything.
fn log(rows: i64) -> Log {
    let lanes: Vec<_> = (0..6_usize)
        .map(|number| (tenant(number / 2), i64::try_from(number % 2).unwrap()))
        .collect();
    let mut log = Log {
        entries: Vec::new(),
        heads: Vec::new(),
        checkpoints: Vec::new(),
    };
    for (tenant, lane) in lanes {
        let mut previous = [0; 32];
        for sequence in 1..=rows {
            log.entries.push(event(tenant, lane, sequence, previous));
            previous = log.entries.last().unwrap().hash;
        }
        log.heads.push(LaneHead {
            tenant,
            lane,
            sequence: rows,
            hash: previous,
        });
    }
    for quarter in 1..=4 {
        let heads: Vec<LaneHead> = log
            .entries
            .iter()
            .filter(|event| event.sequence == rows * quarter / 4)
            .map(|event| LaneHead {
                tenant: event.tenant,
                lane: event.lane,
                sequence: event.sequence,
                hash: event.hash,
            })
            .collect();
        let next = checkpoint(quarter, &heads, log.checkpoints.last());
        log.checkpoints.push(next);
    }
    log
}

fn verify(log: &Log) -> Report {
    audit::verify(&log.entries, &log.heads, &log.checkpoints, |one| {
        one.signature == signature(&one.body)
    })
}

/// The places of one lane, whose rows stand together.
fn lane_of(log: &Log, place: usize) -> std::ops::Range<usize> {
    let lane = (log.entries[place].tenant, log.entries[place].lane);
    let places: Vec<usize> = (0..log.entries.len())
        .filter(|&at| (log.entries[at].tenant, log.entries[at].lane) == lane)
        .collect();
    let first = places[0];
    first..places[places.len() - 1] + 1
}

/// Makes a lane whole again from `place` on, as one who may write everything but sign would.
fn recompute(log: &mut Log, place: usize) {
    let lane = lane_of(log, place);
    let mut previous = [0; 32];
    for (sequence, at) in (1..).zip(lane) {
        let event = &mut log.entries[at];
        (event.sequence, event.previous) = (sequence, previous);
        event.hash = audit::hash(event);
        previous = event.hash;
        let end = (event.tenant, event.lane, event.sequence);
        let head = log
            .heads
            .iter_mut()
            .find(|head| (head.tenant, head.lane) == (end.0, end.1))
            .unwrap();
        (head.sequence, head.hash) = (end.2, previous);
    }
}

fn change_field(event: &mut AuditEvent, dice: &mut Dice) {
    match dice.roll(12) {
        0 => event.actor_label.push('x'),
        1 => event.actor_id = None,
        2 => event.source = Some(String::new()),
        3 => event.request_id = Some(String::new()),
        4 => event.action.push('x'),
        5 => event.object_id = Some(Uuid::from_u128(1)),
        6 => event.object_label = None,
        7 => event.before = event.after.clone(),
        8 => event.reason = event.ticket.replace("lost".to_owned()),
        9 => event.at = Timestamp::from_micros(1),
        10 => event.hash[dice.roll(32)] ^= 1 << dice.roll(8),
        _ => event.previous[dice.roll(32)] ^= 1 << dice.roll(8),
    }
}

const KINDS: [&str; 9] = [
    "changed field",
    "deleted entry",
    "inserted entry",
    "swapped",
    "re-ordered",
    "truncated tail",
    "recomputed chain",
    "moved elsewhere",
    "changed checkpoint",
];

fn mutate(log: &mut Log, kind: usize, dice: &mut Dice) {
    let place = dice.roll(log.entries.len());
    let lane = lane_of(log, place);
    match kind {
        0 => change_field(&mut log.entries[place], dice),
        1 => drop(log.entries.remove(place)),
        2 => {
            let copy = log.entries[place].clone();
            log.entries
                .insert(place, event(copy.tenant, copy.lane, copy.sequence, copy.previous));
        }
        3 => {
            let (a, b) = (lane.start, lane.start + 1 + dice.roll(lane.len() - 1));
            let (first, second) = (log.entries[a].sequence, log.entries[b].sequence);
            log.entries.swap(a, b);
            (log.entries[a].sequence, log.entries[b].sequence) = (first, second);
        }
        4 => log.entries[lane].rotate_left(1),
        5 => truncate(log, &lane, dice),
        6 => {
            log.entries[place].reason = Some("found again".to_owned());
            recompute(log, place);
        }
        7 => move_elsewhere(log, place, dice),
        _ => change_checkpoint(log, dice),
    }
}

/// Cuts the tail and puts the head back accordingly.
fn truncate(log: &mut Log, lane: &std::ops::Range<usize>, dice: &mut Dice) {
    let keep = lane.start + 1 + dice.roll(lane.len() - 1);
    log.entries.drain(keep..lane.end);
    recompute(log, lane.start);
}

/// To another lane or tenant, at the same place, hash and all.
fn move_elsewhere(log: &mut Log, place: usize, dice: &mut Dice) {
    let to = (place + (1 + dice.roll(5)) * log.entries.len() / 6) % log.entries.len();
    let (tenant, lane) = (log.entries[to].tenant, log.entries[to].lane);
    let event = AuditEvent {
        tenant,
        lane,
        ..log.entries[place].clone()
    };
    log.entries[to] = event;
}

fn change_checkpoint(log: &mut Log, dice: &mut Dice) {
    let place = dice.roll(log.checkpoints.len());
    match dice.roll(3) {
        0 => {
            let at = dice.roll(log.checkpoints[place].body.len());
            log.checkpoints[place].body[at] ^= 1;
        }
        1 => log.checkpoints[place].signature[0] ^= 1,
        _ => drop(log.checkpoints.remove(dice.roll(2) + 1)),
    }
}

#[test]
fn an_edited_audit_log_is_found() {
    let whole = log(40);
    let mut dice = Dice(0x5EED);
    let mut found = [0_usize; KINDS.len()];
    let mutations = 504;
    for round in 0..mutations {
        let mut edited = whole.clone();
        let kind = round % KINDS.len();
        mutate(&mut edited, kind, &mut dice);
        if verify(&edited).problems.is_empty() {
            println!("missed: {} in round {round}", KINDS[kind]);
        } else {
            found[kind] += 1;
        }
    }
    let total: usize = found.iter().sum();
    println!("S10 mutations={mutations} found={total}");
    assert_eq!(total, mutations);
}

#[test]
fn control_a_log_left_alone_verifies() {
    let whole = log(40);
    let report = verify(&whole);
    assert_eq!((report.entries, report.lanes, report.problems), (240, 6, vec![]));
}

#[test]
fn control_a_bare_chain_misses_truncation_and_recomputation() {
    for kind in [5, 6] {
        let mut edited = log(40);
        mutate(&mut edited, kind, &mut Dice(7));
        assert!(
            !verify(&edited).problems.is_empty(),
            "with checkpoints: {}",
            KINDS[kind]
        );
        edited.checkpoints.clear();
        assert!(verify(&edited).problems.is_empty(), "without: {}", KINDS[kind]);
    }
}
