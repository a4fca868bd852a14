//! Every state × every command, into a reviewed snapshot.

use super::fixtures::{NOW, command, situations};
use crate::{
    PrivilegeSet,
    role::Standing,
    security_key::{SecurityKey, Status, Verb},
};

fn outcome(key: &SecurityKey, verb: Verb) -> String {
    let answer = match command(verb, key) {
        Some(command) => key
            .apply(&command, NOW)
            .map(|next| format!("{} (generation {})", next.status(), next.generation().get())),
        None => key.delete().map(|_| "gone".to_owned()),
    };
    answer.map_or_else(|refusal| format!("- {refusal}"), |state| format!("-> {state}"))
}

#[test]
fn every_state_answers_every_command_as_reviewed() {
    let mut lines = Vec::new();
    for (situation, key) in situations() {
        lines.push(format!("{situation}:"));
        lines.extend(
            Verb::ALL
                .iter()
                .map(|verb| format!("  {:22} {}", verb.as_str(), outcome(&key, *verb))),
        );
    }
    insta::assert_snapshot!("state_command", lines.join("\n"));
}

#[test]
fn the_table_has_every_state() {
    for status in Status::ALL {
        assert!(situations().iter().any(|(_, key)| key.status() == *status), "{status}");
    }
}

#[test]
fn allowed_actions_are_those_that_succeed_with_favourable_facts() {
    for (situation, key) in situations() {
        let allowed = key.allowed_actions(PrivilegeSet::all(), Standing::NotAbove);
        for verb in Verb::ALL {
            let succeeds = outcome(&key, *verb).starts_with("->");
            assert_eq!(allowed.contains(verb), succeeds, "{situation} {}", verb.as_str());
        }
        assert!(key.allowed_actions(PrivilegeSet::EMPTY, Standing::NotAbove).is_empty());
    }
}

#[test]
fn of_a_key_whose_holder_is_above_nothing_is_offered_that_would_be_refused() {
    for (situation, key) in situations() {
        let all = key.allowed_actions(PrivilegeSet::all(), Standing::NotAbove);
        let below = key.allowed_actions(PrivilegeSet::all(), Standing::Above);
        let held = key.holder().is_some();
        for verb in [
            Verb::Unassign,
            Verb::Suspend,
            Verb::Resume,
            Verb::Revoke,
            Verb::Reinstate,
        ] {
            let offered = all.contains(&verb) && !held;
            assert_eq!(below.contains(&verb), offered, "{situation} {}", verb.as_str());
        }
    }
}

#[test]
fn every_word_reads_back() {
    for status in Status::ALL {
        assert_eq!(Status::parse(status.as_str()), Some(*status));
    }
    assert_eq!(Status::parse("attached"), None);
    assert_eq!(Status::InStock.to_string(), "IN STOCK");
}
