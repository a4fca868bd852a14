//! Verifies a log: pure, streaming, in memory that grows with lanes and checkpoints, not with events.

use std::collections::{BTreeMap, HashMap};

use claviger_domain::ids::TenantId;
use sha2::{Digest, Sha256};

use super::AuditEvent;
use super::chain::{GENESIS, hash};
use super::heads::{Checkpoint, LaneHead, read_body};

/// A chain: a lane of a tenant.
pub type Lane = (TenantId, i64);

/// What checkpoints say about one event: which checkpoint, which hash.
type Said = Vec<(i64, [u8; 32])>;

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The event's fields do not give its hash.
    #[error("tenant {} lane {} event {sequence}: its content was changed", lane.0, lane.1)]
    Changed {
        /// Where.
        lane: Lane,
        /// Which.
        sequence: i64,
    },
    /// The event does not follow the one before it: something was taken out, put in or moved.
    #[error("tenant {} lane {} event {sequence}: does not follow the one before it", lane.0, lane.1)]
    Broken {
        /// Where.
        lane: Lane,
        /// Which.
        sequence: i64,
    },
    /// The lane ends elsewhere than its head says.
    #[error("tenant {} lane {}: ends elsewhere than its head says", lane.0, lane.1)]
    Head {
        /// Where.
        lane: Lane,
    },
    /// A checkpoint saw more of the lane than is left, or something else at that place.
    #[error("tenant {} lane {} event {sequence}: checkpoint {checkpoint} saw another log", lane.0, lane.1)]
    Checkpoint {
        /// Where.
        lane: Lane,
        /// Which event the checkpoint names.
        sequence: i64,
        /// Which checkpoint.
        checkpoint: i64,
    },
    /// A checkpoint is not signed by a known key, or does not follow the one before it.
    #[error("checkpoint {checkpoint} is not genuine")]
    Forged {
        /// Which checkpoint.
        checkpoint: i64,
    },
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events were seen.
    pub entries: u64,
    /// How many lanes.
    pub lanes: usize,
    /// What is wrong; nothing for a log that is whole.
    pub problems: Vec<Problem>,
}

/// More problems than this are not listed.
const LISTED: usize = 1_000;

/// A verification under way: push the events of each lane in the order of their sequence; lanes may
/// alternate.
#[derive(Debug)]
pub struct Verifier {
    report: Report,
    reached: HashMap<Lane, (i64, [u8; 32])>,
    expected: HashMap<Lane, BTreeMap<i64, Said>>,
}

impl Verifier {
    /// Begins with the checkpoints, oldest first. `genuine` checks a signature; checkpoints from elsewhere
    /// (a file, a printer) are what makes truncation and recomputation visible.
    pub fn new(checkpoints: &[Checkpoint], genuine: impl Fn(&Checkpoint) -> bool) -> Self {
        let mut verifier = Self {
            report: Report::default(),
            reached: HashMap::new(),
            expected: HashMap::new(),
        };
        let mut before: Option<&Checkpoint> = None;
        for checkpoint in checkpoints {
            if !verifier.expect(checkpoint, before, &genuine) {
                verifier.problem(Problem::Forged {
                    checkpoint: checkpoint.sequence,
                });
            }
            before = Some(checkpoint);
        }
        verifier
    }

    fn expect(
        &mut self,
        checkpoint: &Checkpoint,
        before: Option<&Checkpoint>,
        genuine: &impl Fn(&Checkpoint) -> bool,
    ) -> bool {
        let Some(statement) = read_body(&checkpoint.body).filter(|_| genuine(checkpoint)) else {
            return false;
        };
        let named = statement.sequence == checkpoint.sequence && statement.at == checkpoint.at;
        // The list may begin anywhere, since old checkpoints may be kept elsewhere.
        let follows = before.is_none_or(|before| {
            let digest: [u8; 32] = Sha256::digest(&before.body).into();
            statement.previous == digest && statement.sequence == before.sequence + 1
        });
        for head in statement.heads {
            let lane = self.expected.entry((head.tenant, head.lane)).or_default();
            lane.entry(head.sequence)
                .or_default()
                .push((checkpoint.sequence, head.hash));
        }
        named && follows
    }

    /// Takes the next event.
    pub fn push(&mut self, event: &AuditEvent) {
        self.report.entries += 1;
        let lane = (event.tenant, event.lane);
        let sequence = event.sequence;
        let (reached, previous) = self.reached.get(&lane).copied().unwrap_or((0, GENESIS));
        if sequence != reached + 1 || event.previous != previous {
            self.problem(Problem::Broken { lane, sequence });
        }
        if hash(event) != event.hash {
            self.problem(Problem::Changed { lane, sequence });
        }
        self.reached.insert(lane, (sequence, event.hash));
        let Some(said) = self.expected.get_mut(&lane).and_then(|lane| lane.remove(&sequence)) else {
            return;
        };
        for (checkpoint, _) in said.into_iter().filter(|(_, hash)| *hash != event.hash) {
            self.problem(Problem::Checkpoint {
                lane,
                sequence,
                checkpoint,
            });
        }
    }

    /// Ends with the heads of the lanes that were pushed.
    #[must_use]
    pub fn finish(mut self, heads: &[LaneHead]) -> Report {
        let mut ends: HashMap<Lane, (i64, [u8; 32])> = heads
            .iter()
            .map(|head| ((head.tenant, head.lane), (head.sequence, head.hash)))
            .collect();
        for (lane, reached) in std::mem::take(&mut self.reached) {
            self.report.lanes += 1;
            if ends.remove(&lane) != Some(reached) {
                self.problem(Problem::Head { lane });
            }
        }
        for lane in ends.into_keys() {
            self.problem(Problem::Head { lane });
        }
        // What checkpoints name and nobody pushed is gone.
        for (lane, said) in std::mem::take(&mut self.expected) {
            for (sequence, seen) in said {
                for (checkpoint, _) in seen {
                    self.problem(Problem::Checkpoint {
                        lane,
                        sequence,
                        checkpoint,
                    });
                }
            }
        }
        self.report
    }

    fn problem(&mut self, problem: Problem) {
        if self.report.problems.len() < LISTED {
            self.report.problems.push(problem);
        }
    }
}

/// Verifies a whole log: events lane by lane, their heads, and checkpoints oldest first.
pub fn verify<'a>(
    entries: impl IntoIterator<Item = &'a AuditEvent>,
    heads: &[LaneHead],
    checkpoints: &[Checkpoint],
    genuine: impl Fn(&Checkpoint) -> bool,
) -> Report {
    let mut verifier = Verifier::new(checkpoints, genuine);
    entries.into_iter().for_each(|event| verifier.push(event));
    verifier.finish(heads)
}
