//! Random lives never reach facts that cannot be.

use proptest::prelude::*;

use super::fixtures::{NOW, command, new_key, policy, reset, situations};
use crate::{policy::PolicyKind, security_key::*};

#[derive(Debug, Clone)]
enum Step {
    Order(Verb),
    Reconfigure,
    Reset,
    Removed,
}

fn step() -> impl Strategy<Value = Step> {
    let verbs: Vec<_> = Verb::ALL.iter().copied().filter(|verb| *verb != Verb::Delete).collect();
    prop_oneof![
        12 => proptest::sample::select(verbs).prop_map(Step::Order),
        1 => Just(Step::Reconfigure),
        1 => Just(Step::Reset),
        1 => Just(Step::Removed),
    ]
}

fn take(key: &SecurityKey, step: &Step) -> Option<SecurityKey> {
    match step {
        Step::Order(verb) => key.apply(&command(*verb, key)?, NOW).ok(),
        Step::Reconfigure => {
            let order = ConfigurationOrder {
                policy: policy(1, 3, PolicyKind::Enterprise),
                serial_seen: key.serial_number().clone(),
                admin_pin: AdminPin::Held,
            };
            let Some(Command::Reinstate(reinstate)) = command(Verb::Reinstate, key) else {
                return None;
            };
            let into = Reinstatement::Configured {
                order,
                read_back: ReadBack::Equal,
            };
            key.apply(&Command::Reinstate(ReinstateOrder { into, ..reinstate }), NOW)
                .ok()
        }
        Step::Reset => Some(reset(key)),
        Step::Removed => {
            let provider = key.identity_provider().provider()?.clone();
            Some(key.identity_provider_said(IdpState::Removed { provider, at: NOW }, NOW))
        }
    }
}

fn holds(before: &SecurityKey, after: &SecurityKey) -> Result<(), TestCaseError> {
    prop_assert!(after.generation() >= before.generation(), "a generation falls");
    prop_assert!(after.past().starts_with(before.past()), "an ended generation changes");
    prop_assert_eq!(after.revision(), before.revision().next());
    if after.generation() > before.generation() {
        prop_assert_eq!(before.status(), Status::Revoked);
        prop_assert_eq!(after.past().len(), before.past().len().saturating_add(1));
    } else if before.status() == Status::Revoked {
        prop_assert!(
            matches!(after.status(), Status::Revoked | Status::Disposed),
            "a revoked generation lives"
        );
    }
    if before.status() == Status::Disposed {
        prop_assert_eq!(after.state(), before.state(), "a disposed key moves");
    }
    if matches!(after.status(), Status::InStock | Status::Quarantined | Status::Disposed) {
        prop_assert_eq!(after.holder(), None);
    }
    if matches!(
        after.status(),
        Status::Ready | Status::Configured | Status::Enrolled | Status::Suspended
    ) {
        prop_assert!(after.policy().is_some());
    }
    let facts = SecurityKeyFacts::from(after.clone());
    prop_assert_eq!(
        SecurityKey::try_from(facts),
        Ok(after.clone()),
        "storage gives back another key"
    );
    Ok(())
}

proptest! {
    #[test]
    fn no_life_reaches_impossible_facts(steps in proptest::collection::vec(step(), 1..60)) {
        let mut key = new_key("FIDO_2_1");
        for step in &steps {
            if let Some(next) = take(&key, step) {
                holds(&key, &next)?;
                key = next;
            }
        }
    }
}

/// What makes facts wrong, and the field that is to be named.
type Forgery = (&'static str, fn(&mut SecurityKeyFacts));

#[test]
fn contradicting_facts_are_refused_by_the_field() {
    let forgeries: [Forgery; 7] = [
        ("policy", |facts| facts.policy = None),
        ("configured_at", |facts| facts.configured_at = None),
        ("enrolled_at", |facts| facts.enrolled_at = Some(NOW)),
        ("secrets", |facts| facts.secrets = Secrets::None),
        ("secrets", |facts| facts.secrets = Secrets::Shredded { at: NOW }),
        ("past", |facts| facts.generation = facts.generation.next()),
        ("first_assigned_at", |facts| facts.first_assigned_at = None),
    ];
    let (_, key) = situations()
        .into_iter()
        .find(|(name, _)| *name == "configured, assigned")
        .unwrap();
    for (field, forge) in forgeries {
        let mut facts = SecurityKeyFacts::from(key.clone());
        forge(&mut facts);
        let refused = SecurityKey::try_from(facts).unwrap_err();
        assert_eq!(refused.field, field, "{refused}");
    }
}
