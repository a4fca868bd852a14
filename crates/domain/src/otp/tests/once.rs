//! In no life of a token is a code accepted twice, or does its counter fall.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fixtures::{NOW, after, anna, clock, lost, seed, shown, token};
use crate::{Timestamp, otp::*, role::Standing, user::UserStatus};

#[derive(Debug, Clone)]
enum Step {
    /// A code this far from where the token stands.
    Code(i64),
    Wrong,
    Resync(i64),
    Order(u8),
    /// The clock moves, back too.
    Clock(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (-15_i64..15).prop_map(Step::Code),
        1 => Just(Step::Wrong),
        1 => (-40_i64..1_010).prop_map(Step::Resync),
        2 => (0_u8..6).prop_map(Step::Order),
        2 => (-4_000_i64..4_000).prop_map(Step::Clock),
    ]
}

fn order(number: u8) -> Command {
    match number {
        0 => Command::Assign {
            user: anna(),
            status: UserStatus::Active,
        },
        1 => Command::Unassign,
        2 => Command::Disable { other_active: 1 },
        3 => Command::Enable,
        _ => Command::Unlock,
    }
}

/// Where the token stands: codes are chosen around it.
fn stands(token: &OtpToken, now: Timestamp) -> u64 {
    match token.progress() {
        Progress::Hotp { next_counter } => next_counter,
        Progress::Totp { drift, .. } => u64::try_from(now.as_seconds() / 30)
            .unwrap()
            .saturating_add_signed(drift),
    }
}

/// The first factor that may still be accepted.
fn fresh(token: &OtpToken) -> u64 {
    match token.progress() {
        Progress::Hotp { next_counter } => next_counter,
        Progress::Totp { last_step, .. } => last_step.map_or(0, |last| last.saturating_add(1)),
    }
}

fn live(mut token: OtpToken, steps: &[Step]) -> Result<usize, TestCaseError> {
    let (mut now, mut used) = (NOW, BTreeSet::new());
    for step in steps {
        let before = fresh(&token);
        let factor = |away: &i64| stands(&token, now).saturating_add_signed(*away);
        match step {
            Step::Code(away) => {
                let verdict = token.verify(&seed(), &shown(factor(away)), Breadth::Window, now);
                if let Verdict::Accepted(next) = &verdict {
                    prop_assert!(used.insert(fresh(next).saturating_sub(1)), "accepted twice");
                }
                token = after(&token, verdict);
            }
            Step::Wrong => token = after(&token, token.verify(&seed(), "", Breadth::Window, now)),
            Step::Resync(away) => {
                let codes = [shown(factor(away)), shown(factor(away).saturating_add(1))];
                match token.resync(&seed(), [&codes[0], &codes[1]], Standing::NotAbove, now) {
                    Ok(Resynchronisation::Done(next)) => {
                        prop_assert!(factor(away) >= before, "a resynchronisation goes back");
                        token = next;
                    }
                    Ok(Resynchronisation::Failed(next)) => token = next,
                    Ok(Resynchronisation::TooOften) | Err(_) => {}
                }
            }
            Step::Order(number) => {
                token = token.apply(&order(*number), Standing::NotAbove, now).unwrap_or(token);
            }
            Step::Clock(seconds) => now = now.plus_seconds(*seconds),
        }
        prop_assert!(fresh(&token) >= before, "the counter falls");
    }
    // What was ever accepted is accepted no more, whatever the clock says.
    for factor in &used {
        for away in [-3_600, -30, 0, 30] {
            let verdict = token.verify(&seed(), &shown(*factor), Breadth::Window, now.plus_seconds(away));
            if let Verdict::Accepted(next) = verdict {
                prop_assert!(!used.contains(&fresh(&next).saturating_sub(1)), "accepted again");
            }
        }
    }
    Ok(used.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_code_of_a_counter_is_accepted_at_most_once(steps in proptest::collection::vec(step(), 1..50)) {
        live(token(|_| {}), &steps)?;
    }

    #[test]
    fn a_code_of_a_clock_is_accepted_at_most_once(steps in proptest::collection::vec(step(), 1..50)) {
        live(clock(|_| {}), &steps)?;
    }

    #[test]
    fn every_factor_is_accepted_at_most_once_in_any_order(factors in proptest::collection::vec(0_u64..40, 1..80)) {
        let (mut token, mut accepted) = (token(|_| {}), BTreeSet::new());
        for factor in factors {
            // Failures are forgiven, so that no lock hides a second acceptance.
            let verdict = token.verify(&seed(), &shown(factor), Breadth::Window, NOW);
            if matches!(verdict, Verdict::Accepted(_)) {
                prop_assert!(accepted.insert(factor), "{} twice", factor);
                prop_assert!(accepted.last() == Some(&factor), "{} after a higher one", factor);
            }
            token = after(&token, verdict);
            token = token.apply(&Command::Unlock, Standing::NotAbove, NOW).unwrap_or(token);
        }
    }
}

/// The control: a token that is put back accepts its code again, so that the properties above can fail.
#[test]
fn a_token_that_is_put_back_accepts_a_code_again() {
    let before = token(|facts| facts.holder = Some(anna()));
    let first = before.verify(&seed(), &shown(0), Breadth::Window, NOW);
    let again = before.verify(&seed(), &shown(0), Breadth::Window, NOW);
    assert!(matches!((&first, &again), (Verdict::Accepted(_), Verdict::Accepted(_))));
    let kept = after(&before, first);
    assert!(matches!(
        kept.verify(&seed(), &shown(0), Breadth::Window, NOW),
        Verdict::Rejected(_)
    ));
    let compromised = kept
        .apply(&Command::Compromise { reason: lost() }, Standing::NotAbove, NOW)
        .unwrap();
    assert_eq!(
        compromised.verify(&seed(), &shown(1), Breadth::Window, NOW),
        Verdict::Unusable
    );
}
