//! Whether a code is right: it is looked for in a window that never reaches back over a code that was accepted.

use std::ops::RangeInclusive;

use super::{
    Algorithm, Digits, Obstacle, OtpToken, Parameters, Progress, Seed, TimeStep, code::Generator, typed::Typed,
};
use crate::Timestamp;

/// RFC 4226 §7.4: how many presses that nobody sent are forgiven.
const LOOK_AHEAD: u64 = 10;
/// RFC 6238 §5.2: one step of delay, and one of a clock that runs ahead.
const STEPS: u64 = 1;
/// How far a counter is looked for when it is to be found again.
const FAR_AHEAD: u64 = 1_000;
/// How far a clock is: an hour or two either way, at 30 or 60 seconds the hours of five years of a bad one.
const FAR_STEPS: u64 = 240;

/// How far a code is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Where it is accepted.
    Window,
    /// Also where it only tells that the token has to be resynchronised.
    Beyond,
}

/// What becomes of a token of which a code was tried. What it carries is to be stored before anybody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The code is right, and used up.
    Accepted(OtpToken),
    /// It is wrong, and counts as a failure.
    Rejected(OtpToken),
    /// It is the token's own but out of the window: a failure too, and a reason to resynchronise.
    ResyncRequired(OtpToken),
    /// Too many wrong codes; nothing was tried.
    Locked,
    /// Disabled, compromised or expired; nothing was tried.
    Unusable,
}

/// A token and its seed.
#[derive(Clone)]
pub struct Presented {
    /// The token as it was read.
    pub token: OtpToken,
    /// Its seed.
    pub seed: Seed,
}

/// What becomes of all tokens of a user of which a code was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Whether one of them accepted it: then it is the only one that is changed.
    pub accepted: bool,
    /// Tokens as they are now, each with its place among those that were presented.
    pub changed: Vec<(usize, OtpToken)>,
}

impl OtpToken {
    /// Tries a code of this token.
    #[must_use]
    pub fn verify(&self, seed: &Seed, given: &str, breadth: Breadth, now: Timestamp) -> Verdict {
        match self.can_verify(now) {
            Ok(()) => {}
            Err(Obstacle::Locked) => return Verdict::Locked,
            Err(_) => return Verdict::Unusable,
        }
        match self.find(seed, given, now, breadth) {
            Found::Within(factor) => Verdict::Accepted(self.accepted(factor, now)),
            Found::Beyond => Verdict::ResyncRequired(self.failed(now)),
            Found::Nowhere => Verdict::Rejected(self.failed(now)),
        }
    }

    /// Whether it shows this code near now. Nothing is used up, whatever its status.
    #[must_use]
    pub fn shows(&self, seed: &Seed, given: &str, now: Timestamp) -> bool {
        matches!(self.find(seed, given, now, Breadth::Window), Found::Within(_))
    }

    fn find(&self, seed: &Seed, given: &str, now: Timestamp, breadth: Breadth) -> Found {
        let codes = Codes::of(seed, self.parameters(), given);
        if let Some(factor) = codes.first_in(self.window(now)) {
            return Found::Within(factor);
        }
        match breadth {
            Breadth::Beyond if codes.first_in(self.far_window(now)).is_some() => Found::Beyond,
            Breadth::Beyond | Breadth::Window => Found::Nowhere,
        }
    }

    /// Where a code is accepted.
    fn window(&self, now: Timestamp) -> RangeInclusive<u64> {
        match self.progress() {
            Progress::Hotp { next_counter } => next_counter..=next_counter.saturating_add(LOOK_AHEAD),
            Progress::Totp { last_step, drift } => self.steps(last_step, drift, STEPS, now),
        }
    }

    /// Where the token may have gone.
    pub(super) fn far_window(&self, now: Timestamp) -> RangeInclusive<u64> {
        match self.progress() {
            Progress::Hotp { next_counter } => next_counter..=next_counter.saturating_add(FAR_AHEAD),
            Progress::Totp { last_step, .. } => self.steps(last_step, 0, FAR_STEPS, now),
        }
    }

    /// Steps around ours, and behind the last one that was accepted, wherever our clock has jumped.
    fn steps(&self, last: Option<u64>, drift: i64, around: u64, now: Timestamp) -> RangeInclusive<u64> {
        let middle = self.step(now).saturating_add_signed(drift);
        let fresh = last.map_or(0, |last| last.saturating_add(1));
        middle.saturating_sub(around).max(fresh)..=middle.saturating_add(around)
    }

    /// The time step of our clock (RFC 6238 §4.2); 0 before 1970.
    pub(super) fn step(&self, now: Timestamp) -> u64 {
        let length = self.parameters().time_step().map_or(30, TimeStep::seconds);
        let step = now.as_seconds().checked_div_euclid(length.into()).unwrap_or_default();
        u64::try_from(step).unwrap_or_default()
    }

    fn accepted(&self, factor: u64, now: Timestamp) -> Self {
        self.with(|facts| {
            facts.progress = match facts.progress {
                Progress::Hotp { .. } => Progress::Hotp {
                    next_counter: factor.saturating_add(1),
                },
                Progress::Totp { drift, .. } => Progress::Totp {
                    last_step: Some(factor),
                    drift,
                },
            };
            facts.forgive();
            facts.last_used_at = Some(now);
        })
    }
}

/// Tries a code on all tokens of a user that can be tried: a hit counts for that token alone, a miss adds a failure to
/// each of them.
#[must_use]
pub fn try_all(presented: &[Presented], given: &str, now: Timestamp) -> Tried {
    let (mut accepted, mut failed) = (None, Vec::new());
    for (place, Presented { token, seed }) in presented.iter().enumerate() {
        match token.verify(seed, given, Breadth::Window, now) {
            Verdict::Accepted(next) if accepted.is_none() => accepted = Some((place, next)),
            // Of two tokens that show the same code one has shown it.
            Verdict::Accepted(_) | Verdict::Locked | Verdict::Unusable => {}
            Verdict::Rejected(next) | Verdict::ResyncRequired(next) => failed.push((place, next)),
        }
    }
    match accepted {
        Some(hit) => Tried {
            accepted: true,
            changed: vec![hit],
        },
        None => Tried {
            accepted: false,
            changed: failed,
        },
    }
}

/// Does the work of trying a code, for a token that does not exist, so that time does not tell it.
pub fn decoy(given: &str, breadth: Breadth) {
    let Ok(seed) = Seed::new(vec![0; 20]) else { return };
    let parameters = Parameters::hotp(Algorithm::Sha1, Digits::Six);
    let codes = Codes::of(&seed, parameters, given);
    let end = match breadth {
        Breadth::Window => LOOK_AHEAD,
        Breadth::Beyond => FAR_AHEAD.saturating_add(LOOK_AHEAD),
    };
    std::hint::black_box(codes.first_in(0..=end));
}

enum Found {
    Within(u64),
    Beyond,
    Nowhere,
}

/// The codes of a token beside the one that was typed.
pub(super) struct Codes {
    generator: Generator,
    typed: Typed,
}

impl Codes {
    pub(super) fn of(seed: &Seed, parameters: Parameters, given: &str) -> Self {
        Self {
            generator: Generator::new(seed, parameters.algorithm(), parameters.digits()),
            typed: Typed::read(given, parameters.digits()),
        }
    }

    /// The first moving factor whose code was typed. All are computed, so that time does not tell which it was.
    pub(super) fn first_in(&self, window: RangeInclusive<u64>) -> Option<u64> {
        window.fold(None, |first, factor| {
            let hit = self.at(factor);
            first.or(hit.then_some(factor))
        })
    }

    pub(super) fn at(&self, factor: u64) -> bool {
        self.typed.is(&self.generator.at(factor))
    }
}
