//! The initial PIN: the matrix of who sees what, and what ends it.

use super::fixtures::{NOW, command, key_after, policy, reset};
use crate::{
    Privilege, PrivilegeSet, Timestamp,
    policy::PolicyKind,
    security_key::{Verb::*, *},
};

const DAYS: u16 = 30;

/// A key in somebody's hands, configured with an admin PIN or without.
fn assigned(admin_pin: AdminPin) -> SecurityKey {
    let key = key_after(&[LinkPolicy, Assign]);
    let order = ConfigurationOrder {
        policy: policy(1, 1, PolicyKind::Standard),
        serial_seen: key.serial_number().clone(),
        admin_pin,
    };
    let pending = key.apply(&Command::PrepareConfiguration(order), NOW).unwrap();
    let confirm = command(ConfirmConfiguration, &pending).unwrap();
    pending.apply(&confirm, NOW).unwrap()
}

fn privileges(user_pin: bool, admin_pin: bool) -> PrivilegeSet {
    let held = [
        (user_pin, Privilege::DeviceUserPinRead),
        (admin_pin, Privilege::DeviceAdminPinRead),
    ];
    held.into_iter()
        .filter(|(held, _)| *held)
        .map(|(_, privilege)| privilege)
        .collect()
}

fn seen(key: &SecurityKey, report: &Report, at: Timestamp) -> SecurityKey {
    key.observe(report, at)
}

#[test]
fn the_matrix_is_that_of_the_documents() {
    let mut lines = vec!["user PIN right | admin PIN right | standard key | enterprise key".to_owned()];
    for (user_pin, admin_pin) in [(true, true), (false, true), (true, false), (false, false)] {
        let yes = |held| if held { "yes" } else { "no" };
        let cells = [AdminPin::Absent, AdminPin::Held].map(|device| {
            let fields = assigned(device).initial_pins(privileges(user_pin, admin_pin));
            let words: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            if words.is_empty() {
                "no menu entry".to_owned()
            } else {
                words.join(" and ")
            }
        });
        lines.push(format!(
            "{} | {} | {}",
            yes(user_pin),
            yes(admin_pin),
            cells.join(" | ")
        ));
    }
    insta::assert_snapshot!("initial_pin_matrix", lines.join("\n"));
}

#[test]
fn only_a_confirmed_configuration_has_initial_pins() {
    for (verbs, there) in [
        (&[][..], false),
        (&[PrepareConfiguration], false),
        (&[PrepareConfiguration, ConfirmConfiguration], true),
        (&[PrepareConfiguration, ConfirmConfiguration, Assign, Enroll], true),
        (&[PrepareConfiguration, ConfirmConfiguration, Revoke], true),
        (&[PrepareConfiguration, ConfirmConfiguration, Revoke, Dispose], false),
    ] {
        let key = key_after(verbs);
        assert_eq!(!key.initial_pins(PrivilegeSet::all()).is_empty(), there, "{verbs:?}");
        assert_eq!(
            key.disclosure(PinField::UserPin, DAYS, NOW).is_some(),
            there,
            "{verbs:?}"
        );
    }
}

#[test]
fn it_hides_by_the_policy_and_is_extended() {
    let key = assigned(AdminPin::Held);
    let last = NOW.plus_days(30);
    let available = Some(Disclosure::Available);
    for field in [PinField::UserPin, PinField::AdminPin] {
        assert_eq!(key.disclosure(field, DAYS, last.plus_seconds(-1)), available);
        assert_eq!(key.disclosure(field, DAYS, last), Some(Disclosure::Hidden { on: last }));
    }
    let until = last.plus_days(7);
    let extended = key.apply(&Command::ExtendInitialPin { until }, last).unwrap();
    assert_eq!(extended.disclosure(PinField::UserPin, DAYS, last), available);
    assert_eq!(
        extended.disclosure(PinField::UserPin, DAYS, until),
        Some(Disclosure::Hidden { on: until })
    );
    assert!(extended.keeps(PinField::UserPin), "hidden is not shredded");
}

#[test]
fn an_extension_never_shortens_and_ends_with_the_holder() {
    let key = assigned(AdminPin::Absent);
    let short = key
        .apply(
            &Command::ExtendInitialPin {
                until: NOW.plus_days(1),
            },
            NOW,
        )
        .unwrap();
    assert_eq!(short.hidden_on(DAYS), Some(NOW.plus_days(30)));
    let long = key
        .apply(
            &Command::ExtendInitialPin {
                until: NOW.plus_days(90),
            },
            NOW,
        )
        .unwrap();
    let unassigned = long.apply(&command(Unassign, &long).unwrap(), NOW).unwrap();
    assert_eq!(unassigned.hidden_on(DAYS), None, "nobody has it");
    let again = unassigned.apply(&command(Assign, &unassigned).unwrap(), NOW).unwrap();
    assert_eq!(again.hidden_on(DAYS), Some(NOW.plus_days(30)));
}

#[test]
fn what_ends_which_pin() {
    let later = NOW.plus_seconds(60);
    let changed = Report {
        pin_changed: Some(later),
        ..Report::default()
    };
    let blocked = Report {
        pin: Some(PinState::Blocked),
        ..Report::default()
    };
    let set = Report {
        pin: Some(PinState::Set),
        ..Report::default()
    };
    let wiped = Report {
        reset: Some(later),
        ..Report::default()
    };
    let key = assigned(AdminPin::Held);
    let unlocked = seen(&seen(&key, &blocked, NOW), &set, later);
    for (what, key, user_pin, admin_pin) in [
        ("changed", seen(&key, &changed, later), false, true),
        ("blocked", seen(&key, &blocked, later), true, true),
        ("seen set", seen(&key, &set, later), true, true),
        ("unlocked", unlocked, false, true),
        ("reset", seen(&key, &wiped, later), false, false),
    ] {
        assert_eq!(
            (key.keeps(PinField::UserPin), key.keeps(PinField::AdminPin)),
            (user_pin, admin_pin),
            "{what}"
        );
        let superseded = Some(Disclosure::Superseded { on: later });
        assert_eq!(
            key.disclosure(PinField::UserPin, DAYS, later) == superseded,
            !user_pin,
            "{what}"
        );
        let extend = key.apply(&Command::ExtendInitialPin { until: later }, later);
        assert_eq!(extend.is_ok(), user_pin || admin_pin, "{what}");
    }
}

#[test]
fn a_new_generation_begins_without_the_old_secrets() {
    let revoked = reset(&key_after(&[PrepareConfiguration, ConfirmConfiguration, Revoke]));
    let back = revoked.apply(&command(Reinstate, &revoked).unwrap(), NOW).unwrap();
    for field in PinField::ALL {
        assert!(!back.keeps(*field) && !back.keeps_pending(*field));
    }
}

#[test]
fn pending_secrets_are_those_of_the_order() {
    let prepared = key_after(&[PrepareConfiguration]);
    assert!(prepared.keeps_pending(PinField::UserPin) && prepared.keeps_pending(PinField::AdminPin));
    let abandoned = prepared.apply(&Command::AbandonConfiguration, NOW).unwrap();
    assert!(!abandoned.keeps_pending(PinField::UserPin));
}

#[test]
fn an_admin_pin_goes_with_an_enterprise_policy_and_admin_mode() {
    let order = |key: &SecurityKey, kind, admin_pin| {
        Command::PrepareConfiguration(ConfigurationOrder {
            policy: policy(1, 1, kind),
            serial_seen: key.serial_number().clone(),
            admin_pin,
        })
    };
    for (version, kind, admin_pin, cause) in [
        (
            "FIDO_2_1",
            PolicyKind::Enterprise,
            AdminPin::Absent,
            Some(Cause::AdminPinNeeded),
        ),
        (
            "FIDO_2_0",
            PolicyKind::Standard,
            AdminPin::Held,
            Some(Cause::NoAdminMode),
        ),
        ("FIDO_2_0", PolicyKind::Standard, AdminPin::Absent, None),
        ("FIDO_2_1", PolicyKind::Enterprise, AdminPin::Held, None),
    ] {
        let key = super::fixtures::new_key(version);
        let answer = key.apply(&order(&key, kind, admin_pin), NOW);
        assert_eq!(
            answer.err().map(|refusal| refusal.cause()),
            cause,
            "{version} {kind:?} {admin_pin:?}"
        );
    }
}

#[test]
fn a_credential_seen_on_a_revoked_key_has_to_go() {
    let provider = || crate::text::ProviderName::new("Entra ID").unwrap();
    let revoked = key_after(&[PrepareConfiguration, ConfirmConfiguration, Revoke]);
    for (seen, word) in [
        (CredentialSeen::Present, "removal_pending"),
        (CredentialSeen::Pending, "removal_pending"),
        (CredentialSeen::Failed, "none"),
    ] {
        let key = revoked.credential_seen(provider(), seen, NOW);
        assert_eq!(key.identity_provider().as_str(), word, "{seen:?}");
    }
    let configured = key_after(&[PrepareConfiguration, ConfirmConfiguration]);
    let key = configured.credential_seen(provider(), CredentialSeen::Present, NOW);
    assert_eq!(
        (key.status(), key.identity_provider().as_str()),
        (Status::Configured, "present")
    );
}
