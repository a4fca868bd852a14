//! Every status × holder × order, into a reviewed snapshot.

use super::fixtures::{NOW, anna, lost, token};
use crate::{PrivilegeSet, Revision, UserId, otp::*, role::Standing, user::UserStatus};

fn states() -> [(&'static str, State); 4] {
    let (reason, at) = (lost(), NOW);
    [
        ("active", State::Active),
        ("disabled", State::Disabled),
        ("compromised", State::Compromised { reason, at }),
        ("expired", State::Expired { at }),
    ]
}

fn situations() -> Vec<(String, OtpToken)> {
    let mut all = Vec::new();
    for (name, state) in states() {
        for (with, holder) in [("free", None), ("assigned", Some(anna()))] {
            for (lock, since) in [("", None), (", locked", Some(NOW))] {
                let made = token(|facts| {
                    facts.state = state.clone();
                    facts.holder = holder;
                    facts.locked_since = since;
                    facts.failed_attempts = if since.is_some() { 10 } else { 3 };
                });
                all.push((format!("{name}, {with}{lock}"), made));
            }
        }
    }
    let over = token(|facts| facts.expires_at = Some(NOW));
    all.push(("active, free, time is up".to_owned(), over));
    all
}

fn orders() -> Vec<(&'static str, Command)> {
    let bela = UserId::from_uuid(uuid::Uuid::from_u128(8));
    let assign = |user, status| Command::Assign { user, status };
    vec![
        ("assign to Anna", assign(anna(), UserStatus::Active)),
        ("assign to Bela", assign(bela, UserStatus::Active)),
        ("assign to a disabled user", assign(bela, UserStatus::Disabled)),
        ("unassign", Command::Unassign),
        ("disable, another is active", Command::Disable { other_active: 1 }),
        ("disable, the last one", Command::Disable { other_active: 0 }),
        ("enable", Command::Enable),
        ("compromise", Command::Compromise { reason: lost() }),
        ("unlock", Command::Unlock),
    ]
}

fn outcome(token: &OtpToken, command: &Command, standing: Standing) -> String {
    match token.apply(command, standing, NOW) {
        Err(refusal) => format!("- {refusal}"),
        Ok(next) => {
            let holder = next.holder().map_or("free", |_| "assigned");
            let lock = next.locked_since().map_or("", |_| ", locked");
            let failed = next.failed_attempts();
            format!("-> {}, {holder}{lock}, {failed} failures", next.status().as_str())
        }
    }
}

#[test]
fn every_status_and_holder_answers_every_order_as_reviewed() {
    let mut lines = Vec::new();
    for (situation, token) in situations() {
        lines.push(format!("{situation}:"));
        for (name, command) in orders() {
            lines.push(format!("  {name:27} {}", outcome(&token, &command, Standing::NotAbove)));
        }
    }
    insta::assert_snapshot!("status_holder_order", lines.join("\n"));
}

#[test]
fn nobody_acts_on_a_holder_above_him() {
    for (_, token) in situations() {
        for (_, command) in orders() {
            let refused = token.apply(&command, Standing::Above, NOW).err();
            let above = refused.is_some_and(|refusal| refusal.obstacle == Obstacle::HolderAbove);
            let reaches = token.holder().is_some() || command.verb() == Verb::Assign;
            assert_eq!(above, reaches, "{}", command.verb().as_str());
        }
    }
}

#[test]
fn no_order_moves_a_counter_back_or_leaves_compromised() {
    for (situation, token) in situations() {
        for (name, command) in orders() {
            let Ok(next) = token.apply(&command, Standing::NotAbove, NOW) else {
                continue;
            };
            assert_eq!(next.progress(), token.progress(), "{situation}: {name}");
            assert_eq!(next.revision(), Revision::FIRST.next(), "{situation}: {name}");
            assert_ne!(token.status(), Status::Compromised, "{situation}: {name}");
        }
    }
}

#[test]
fn allowed_actions_are_those_that_succeed_with_favourable_facts() {
    for (situation, token) in situations() {
        let allowed = token.allowed_actions(PrivilegeSet::all(), NOW);
        for (_, command) in orders() {
            let possible = orders()
                .iter()
                .filter(|(_, other)| other.verb() == command.verb())
                .any(|(_, other)| token.apply(other, Standing::NotAbove, NOW).is_ok());
            assert_eq!(
                allowed.contains(&command.verb()),
                possible,
                "{situation} {}",
                command.verb().as_str()
            );
        }
        assert!(token.allowed_actions(PrivilegeSet::EMPTY, NOW).is_empty());
    }
}

#[test]
fn a_token_whose_time_is_up_expires_once() {
    let over = token(|facts| facts.expires_at = Some(NOW));
    let expired = over.expire(NOW).unwrap();
    assert_eq!(expired.status(), Status::Expired);
    assert_eq!(expired.expire(NOW), None);
    assert_eq!(over.expire(NOW.plus_seconds(-1)), None);
    let dead = token(|facts| {
        facts.expires_at = Some(NOW);
        facts.state = State::Compromised {
            reason: lost(),
            at: NOW,
        };
    });
    assert_eq!(dead.expire(NOW), None, "nothing leaves COMPROMISED");
}

#[test]
fn a_token_is_activated_by_assigning_and_by_enabling_it() {
    let assigned = token(|facts| facts.holder = Some(anna()));
    let free = token(|_| {});
    let disabled = token(|facts| {
        facts.holder = Some(anna());
        facts.state = State::Disabled;
    });
    assert!(free.is_activated(&assigned));
    assert!(disabled.is_activated(&assigned));
    assert!(!assigned.is_activated(&assigned));
    assert!(!assigned.is_activated(&free));
    assert!(!assigned.is_activated(&disabled));
}

#[test]
fn words_read_back_and_contradictions_are_named() {
    for status in Status::ALL {
        assert_eq!(Status::parse(status.as_str()), Some(status));
    }
    for verb in Verb::ALL {
        assert_eq!(Verb::parse(verb.as_str()), Some(verb));
    }
    let mut facts = token(|_| {}).facts().clone();
    facts.progress = Progress::Totp {
        last_step: None,
        drift: 0,
    };
    let refused = OtpToken::try_from(facts).unwrap_err();
    assert_eq!(refused, Contradiction { field: "progress" });
}
