//! Which codes are believed.

use super::fixtures::{NOW, after, anna, clock, lost, seed, shown, token, word};
use crate::{Timestamp, otp::*};

fn tried(token: &OtpToken, given: &str) -> Verdict {
    token.verify(&seed(), given, Breadth::Beyond, NOW)
}

fn counter(token: &OtpToken) -> Option<u64> {
    match token.progress() {
        Progress::Hotp { next_counter } => Some(next_counter),
        Progress::Totp { .. } => None,
    }
}

#[test]
fn a_counter_is_looked_for_ten_presses_ahead() {
    let token = token(|facts| facts.progress = Progress::Hotp { next_counter: 100 });
    let found = |factor| word(&tried(&token, &shown(factor)));
    for (factor, expected) in [
        (99, "rejected"),
        (100, "accepted"),
        (110, "accepted"),
        (111, "resync required"),
        (1_100, "resync required"),
        (1_101, "rejected"),
    ] {
        assert_eq!(found(factor), expected, "{factor}");
    }
    let next = after(&token, tried(&token, &shown(105)));
    assert_eq!(counter(&next), Some(106), "what was skipped is used up");
    assert_eq!(next.last_used_at(), Some(NOW));
}

#[test]
fn beyond_the_window_is_told_only_when_asked() {
    let token = token(|_| {});
    let verdict = token.verify(&seed(), &shown(11), Breadth::Window, NOW);
    assert_eq!(word(&verdict), "rejected");
}

#[test]
fn a_clock_is_a_step_early_or_late_and_a_step_counts_once() {
    let token = clock(|_| {});
    let step = u64::try_from(NOW.as_seconds() / 30).unwrap();
    for (factor, expected) in [
        (step - 2, "resync required"),
        (step - 1, "accepted"),
        (step, "accepted"),
        (step + 1, "accepted"),
        (step + 2, "resync required"),
        (step + 241, "rejected"),
    ] {
        assert_eq!(word(&tried(&token, &shown(factor))), expected, "{factor}");
    }
    let next = after(&token, tried(&token, &shown(step)));
    for used in [step - 1, step] {
        assert_eq!(word(&tried(&next, &shown(used))), "rejected", "{used} is used up");
    }
    assert_eq!(word(&tried(&next, &shown(step + 1))), "accepted");
}

#[test]
fn a_clock_that_jumps_back_accepts_nothing_again() {
    let token = clock(|_| {});
    let step = u64::try_from(NOW.as_seconds() / 30).unwrap();
    let next = after(&token, tried(&token, &shown(step)));
    for back in [0, 30, 60, 3_600, 86_400] {
        let then = NOW.plus_seconds(-back);
        let verdict = next.verify(&seed(), &shown(step), Breadth::Window, then);
        assert_eq!(word(&verdict), "rejected", "{back} s back");
    }
    let before_the_epoch = Timestamp::from_seconds(-90);
    assert_eq!(
        word(&next.verify(&seed(), "000000", Breadth::Window, before_the_epoch)),
        "rejected"
    );
}

#[test]
fn a_drift_moves_the_window() {
    let step = u64::try_from(NOW.as_seconds() / 30).unwrap();
    let ahead = clock(|facts| {
        facts.progress = Progress::Totp {
            last_step: None,
            drift: 7,
        }
    });
    assert_eq!(word(&tried(&ahead, &shown(step + 8))), "accepted");
    assert_eq!(word(&tried(&ahead, &shown(step + 9))), "resync required");
    assert_eq!(word(&tried(&ahead, &shown(step))), "resync required");
}

#[test]
fn ten_failures_lock_a_token_and_a_right_code_forgives_fewer() {
    let mut guessed = token(|_| {});
    for round in 1..=9 {
        guessed = after(&guessed, tried(&guessed, "000000"));
        assert_eq!((guessed.failed_attempts(), guessed.locked_since()), (round, None));
    }
    let forgiven = after(&guessed, tried(&guessed, &shown(0)));
    assert_eq!(forgiven.failed_attempts(), 0);
    let locked = after(&guessed, tried(&guessed, "000000"));
    assert_eq!(locked.locked_since(), Some(NOW));
    assert_eq!(
        tried(&locked, &shown(0)),
        Verdict::Locked,
        "a right code does not unlock"
    );
}

#[test]
fn a_code_out_of_the_window_counts_as_a_failure() {
    let token = token(|_| {});
    let next = after(&token, tried(&token, &shown(500)));
    assert_eq!((next.failed_attempts(), counter(&next)), (1, Some(0)));
}

#[test]
fn tokens_that_are_not_active_accept_nothing_and_count_nothing() {
    let reason = lost();
    let states = [
        State::Disabled,
        State::Compromised { reason, at: NOW },
        State::Expired { at: NOW },
    ];
    for state in states {
        let dead = token(|facts| facts.state = state.clone());
        assert_eq!(tried(&dead, &shown(0)), Verdict::Unusable);
    }
    let over = token(|facts| facts.expires_at = Some(NOW));
    assert_eq!(
        tried(&over, &shown(0)),
        Verdict::Unusable,
        "also before anybody has written it down"
    );
}

#[test]
fn what_is_no_code_is_a_wrong_one() {
    let code = shown(0);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(word(&tried(&token(|_| {}), &spaced)), "accepted", "as tokens show it");
    for given in [
        "",
        "75522",
        "7552244",
        "75522a",
        "\u{667}55224",
        "-55224",
        "4294967295",
        "99999999999999999999",
    ] {
        assert_eq!(word(&tried(&token(|_| {}), given)), "rejected", "{given:?}");
    }
}

fn presented(tokens: &[OtpToken]) -> Vec<Presented> {
    let with_seed = |token: &OtpToken| Presented {
        token: token.clone(),
        seed: seed(),
    };
    tokens.iter().map(with_seed).collect()
}

#[test]
fn by_user_a_hit_counts_for_that_token_alone() {
    let far = token(|facts| facts.progress = Progress::Hotp { next_counter: 5_000 });
    let near = token(|facts| facts.holder = Some(anna()));
    let hit = try_all(&presented(&[far.clone(), near.clone()]), &shown(3), NOW);
    assert!(hit.accepted);
    assert_eq!(hit.changed.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1]);
    assert_eq!(counter(&hit.changed[0].1), Some(4));
    // Two tokens that show the same code: one of them has shown it.
    let twins = try_all(&presented(&[near.clone(), near]), &shown(3), NOW);
    assert_eq!(twins.changed.len(), 1);
}

#[test]
fn by_user_a_miss_adds_a_failure_to_each_that_can_be_tried() {
    let free = token(|_| {});
    let locked = token(|facts| facts.locked_since = Some(NOW));
    let disabled = token(|facts| facts.state = State::Disabled);
    let miss = try_all(&presented(&[free.clone(), locked, disabled, free]), "000000", NOW);
    assert!(!miss.accepted);
    let failed: Vec<_> = miss
        .changed
        .iter()
        .map(|(place, token)| (*place, token.failed_attempts()))
        .collect();
    assert_eq!(failed, [(0, 1), (3, 1)]);
}

#[test]
fn a_decoy_is_never_heard_of() {
    decoy("755224", Breadth::Window);
    decoy("not a code", Breadth::Beyond);
}
