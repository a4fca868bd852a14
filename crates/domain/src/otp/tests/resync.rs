//! Finding a counter or a clock again.

use super::fixtures::{NOW, anna, clock, lost, seed, shown, token};
use crate::{otp::*, role::Standing};

fn resync(token: &OtpToken, codes: [&str; 2]) -> Resynchronisation {
    token.resync(&seed(), codes, Standing::NotAbove, NOW).unwrap()
}

fn failed(outcome: Resynchronisation) -> OtpToken {
    match outcome {
        Resynchronisation::Failed(next) => next,
        other @ (Resynchronisation::Done(_) | Resynchronisation::TooOften) => panic!("{other:?}"),
    }
}

fn done(outcome: Resynchronisation) -> OtpToken {
    match outcome {
        Resynchronisation::Done(next) => next,
        other @ (Resynchronisation::Failed(_) | Resynchronisation::TooOften) => panic!("{other:?}"),
    }
}

#[test]
fn two_codes_in_order_move_a_counter_behind_both() {
    for found in [0, 10, 999, 1_000] {
        let locked = token(|facts| {
            facts.failed_attempts = 10;
            facts.locked_since = Some(NOW);
        });
        let next = done(resync(&locked, [&shown(found), &shown(found + 1)]));
        assert_eq!(
            next.progress(),
            Progress::Hotp {
                next_counter: found + 2
            }
        );
        assert_eq!((next.failed_attempts(), next.locked_since()), (0, None));
    }
}

#[test]
fn whatever_else_fails_alike_and_moves_nothing() {
    let token = token(|facts| facts.progress = Progress::Hotp { next_counter: 20 });
    let codes = |first, second| [shown(first), shown(second)];
    for [first, second] in [
        codes(31, 30),
        codes(30, 30),
        codes(30, 32),
        codes(5, 6),
        codes(19, 20),
        codes(1_021, 1_022),
        [shown(30), String::new()],
        [String::new(), String::new()],
    ] {
        let next = failed(resync(&token, [&first, &second]));
        assert_eq!(next.progress(), token.progress(), "{first} {second}");
    }
}

#[test]
fn five_a_day_and_a_clock_that_jumps_back_gives_no_more() {
    let mut tried = token(|_| {});
    for _ in 0..5 {
        tried = failed(resync(&tried, ["000000", "000001"]));
    }
    assert_eq!(resync(&tried, [&shown(0), &shown(1)]), Resynchronisation::TooOften);
    let on = |days| {
        let codes = [shown(0), shown(1)];
        tried.resync(&seed(), [&codes[0], &codes[1]], Standing::NotAbove, NOW.plus_days(days))
    };
    assert_eq!(on(-1), Ok(Resynchronisation::TooOften));
    done(on(1).unwrap());
}

#[test]
fn a_clock_is_centred_anew_and_never_behind_what_was_accepted() {
    let step = u64::try_from(NOW.as_seconds() / 30).unwrap();
    for away in [-200_i64, -3, 0, 5, 239] {
        let first = step.saturating_add_signed(away);
        let next = done(resync(&clock(|_| {}), [&shown(first), &shown(first + 1)]));
        let expected = Progress::Totp {
            last_step: Some(first + 1),
            drift: away + 1,
        };
        assert_eq!(next.progress(), expected);
        let verdict = next.verify(&seed(), &shown(first + 2), Breadth::Window, NOW);
        assert!(matches!(verdict, Verdict::Accepted(_)), "the next code works");
    }
    let used = clock(|facts| {
        facts.progress = Progress::Totp {
            last_step: Some(step),
            drift: 0,
        }
    });
    failed(resync(&used, [&shown(step), &shown(step + 1)]));
    failed(resync(&used, [&shown(step - 9), &shown(step - 8)]));
}

#[test]
fn states_that_allow_none_say_so() {
    let compromised = token(|facts| {
        facts.state = State::Compromised {
            reason: lost(),
            at: NOW,
        }
    });
    let expired = token(|facts| facts.expires_at = Some(NOW));
    let held = token(|facts| facts.holder = Some(anna()));
    for (token, standing, obstacle) in [
        (compromised, Standing::NotAbove, Obstacle::Compromised),
        (expired, Standing::NotAbove, Obstacle::Expired),
        (held, Standing::Above, Obstacle::HolderAbove),
    ] {
        let refused = token.resync(&seed(), ["1", "2"], standing, NOW).unwrap_err();
        assert_eq!((refused.obstacle, refused.verb), (obstacle, Verb::Resync));
    }
    let disabled = token(|facts| facts.state = State::Disabled);
    let next = done(resync(&disabled, [&shown(0), &shown(1)]));
    assert_eq!(next.status(), Status::Disabled);
}
