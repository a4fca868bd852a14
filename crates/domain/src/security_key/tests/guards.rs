//! Each guard, by the fact that trips it.

use super::fixtures::{NOW, approval, command, key_after, new_key, policy, reset, user};
use crate::{
    SerialNumber, Timestamp,
    policy::{PolicyKind, PolicyVersion},
    role::Standing,
    security_key::{Verb::*, *},
    text::ProviderName,
    user::UserStatus,
};

fn cause(key: &SecurityKey, command: &Command) -> Cause {
    key.apply(command, NOW).unwrap_err().cause()
}

#[test]
fn an_enterprise_policy_needs_2_1() {
    let link = Command::LinkPolicy(policy(1, 1, PolicyKind::Enterprise));
    for version in ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE", "unknown"] {
        assert_eq!(
            cause(&new_key(version), &link),
            Cause::PolicyDoesNotFit {
                kind: PolicyKind::Enterprise
            },
            "{version}"
        );
    }
    assert_eq!(new_key("FIDO_2_2").apply(&link, NOW).unwrap().status(), Status::Ready);
    let refusal = new_key("FIDO_2_0").apply(&link, NOW).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "an enterprise policy needs a key of version FIDO_2_1 or later; choose a standard policy"
    );
    assert_eq!(
        (refusal.state().as_str(), refusal.command().as_str()),
        ("in_stock", "link_policy")
    );
}

#[test]
fn nobody_acts_on_a_holder_with_more_privileges() {
    let (standing, status) = (Standing::Above, UserStatus::Active);
    let enrolled = key_after(&[PrepareConfiguration, ConfirmConfiguration, Assign, Enroll]);
    let revoke = Command::Revoke(RevokeOrder {
        reason: RevocationReason::Lost,
        note: None,
        standing,
    });
    assert_eq!(cause(&enrolled, &revoke), Cause::HolderAbove);
    assert_eq!(cause(&enrolled, &Command::Suspend { standing }), Cause::HolderAbove);
    assert_eq!(
        cause(&key_after(&[LinkPolicy, Assign]), &Command::Unassign { standing }),
        Cause::HolderAbove
    );
    assert_eq!(
        cause(
            &key_after(&[LinkPolicy]),
            &Command::Assign {
                user: user(2),
                status,
                standing
            }
        ),
        Cause::HolderAbove
    );
    // Nobody has it, so nobody stands above.
    assert_eq!(key_after(&[]).apply(&revoke, NOW).unwrap().status(), Status::Revoked);
}

#[test]
fn a_disabled_user_gets_no_key() {
    let assign = Command::Assign {
        user: user(1),
        status: UserStatus::Disabled,
        standing: Standing::NotAbove,
    };
    assert_eq!(cause(&key_after(&[LinkPolicy]), &assign), Cause::UserDisabled);
    let configured = key_after(&[PrepareConfiguration, ConfirmConfiguration, Assign]);
    let provider = ProviderName::new("Entra ID").unwrap();
    let enroll = |service, status| Command::Enroll {
        provider: provider.clone(),
        service,
        status,
    };
    assert_eq!(
        cause(&configured, &enroll(ServiceStatus::Active, UserStatus::Disabled)),
        Cause::UserDisabled
    );
    assert_eq!(
        cause(&configured, &enroll(ServiceStatus::Inactive, UserStatus::Active)),
        Cause::ProviderInactive
    );
}

#[test]
fn a_key_has_one_holder() {
    let key = key_after(&[LinkPolicy, Assign]);
    let assign = |id| Command::Assign {
        user: user(id),
        status: UserStatus::Active,
        standing: Standing::NotAbove,
    };
    assert!(key.apply(&assign(1), NOW).unwrap_err().is_so_already());
    assert_eq!(cause(&key, &assign(2)), Cause::OtherHolder);
}

#[test]
fn revoking_again_changes_nothing_and_says_so() {
    let key = key_after(&[Revoke]);
    let refusal = key.apply(&command(Revoke, &key).unwrap(), NOW).unwrap_err();
    assert!(refusal.is_so_already());
    assert_eq!(refusal.to_string(), "this key is revoked already; nothing was changed");
}

#[test]
fn a_stolen_key_comes_back_only_with_a_second_person() {
    let revoke = Command::Revoke(RevokeOrder {
        reason: RevocationReason::Stolen,
        note: None,
        standing: Standing::NotAbove,
    });
    let key = reset(&key_after(&[]).apply(&revoke, NOW).unwrap());
    let reinstate = |approval| {
        Command::Reinstate(ReinstateOrder {
            into: Reinstatement::InStock,
            standing: Standing::NotAbove,
            approval,
        })
    };
    assert_eq!(
        cause(&key, &reinstate(Approval::None)),
        Cause::SecondPersonNeeded {
            reason: RevocationReason::Stolen
        }
    );
    assert_eq!(cause(&key, &reinstate(approval(1, 1))), Cause::OwnApproval);
    let back = key.apply(&reinstate(approval(1, 2)), NOW).unwrap();
    assert_eq!(
        (back.status(), back.generation().get(), back.past().len()),
        (Status::InStock, 2, 1)
    );
}

#[test]
fn a_reset_before_the_revocation_proves_nothing() {
    let early = key_after(&[]).observe(
        &Report {
            reset: Some(NOW),
            ..Report::default()
        },
        NOW,
    );
    let revoked = early
        .apply(&command(Revoke, &early).unwrap(), NOW.plus_seconds(1))
        .unwrap();
    assert_eq!(
        cause(&revoked, &command(Reinstate, &revoked).unwrap()),
        Cause::ResetNotProven
    );
}

#[test]
fn another_key_at_the_workstation_is_not_configured() {
    let key = key_after(&[PrepareConfiguration]);
    let serial_seen = SerialNumber::new("AB-12").unwrap();
    let proof = |generation, serial_seen: &SerialNumber, read_back| {
        Command::ConfirmConfiguration(ConfigurationProof {
            generation,
            serial_seen: serial_seen.clone(),
            read_back,
        })
    };
    let own = key.serial_number().clone();
    assert_eq!(
        cause(&key, &proof(key.generation(), &serial_seen, ReadBack::Equal)),
        Cause::OtherSerial
    );
    assert_eq!(
        cause(&key, &proof(key.generation(), &own, ReadBack::Different)),
        Cause::ReadBackDiffers
    );
    assert_eq!(
        cause(&key, &proof(key.generation().next(), &own, ReadBack::Equal)),
        Cause::OtherGeneration {
            current: key.generation()
        }
    );
}

#[test]
fn mode_is_observed_and_never_set() {
    let managed = key_after(&[PrepareConfiguration, ConfirmConfiguration]);
    assert_eq!(managed.mode(), Mode::Managed);
    let see = |key: &SecurityKey, secret| {
        key.observe(
            &Report {
                admin_secret: Some(secret),
                ..Report::default()
            },
            NOW,
        )
    };
    assert_eq!(see(&managed, AdminSecret::Foreign).mode(), Mode::Foreign);
    assert_eq!(see(&managed, AdminSecret::Absent).mode(), Mode::Unmanaged);
    // Verified, but no secret is held for this generation.
    assert_eq!(see(&key_after(&[]), AdminSecret::Verified).mode(), Mode::Unmanaged);
}

#[test]
fn locked_is_an_observation_over_a_key_in_use() {
    let blocked = Report {
        pin: Some(PinState::Blocked),
        ..Report::default()
    };
    let configured = key_after(&[PrepareConfiguration, ConfirmConfiguration]).observe(&blocked, NOW);
    assert!(configured.is_locked());
    assert_eq!(configured.status(), Status::Configured);
    assert!(!key_after(&[LinkPolicy]).observe(&blocked, NOW).is_locked());
}

#[test]
fn an_older_look_does_not_undo_a_newer_one() {
    let look = |pin| Report {
        pin: Some(pin),
        ..Report::default()
    };
    let seen = key_after(&[]).observe(&look(PinState::Set), NOW);
    assert_eq!(seen.observe(&look(PinState::Blocked), Timestamp::from_seconds(1)), seen);
}

#[test]
fn drift_shows_until_the_newer_version_is_applied() {
    let key = key_after(&[PrepareConfiguration, ConfirmConfiguration]);
    let [one, two] = [1, 2].map(|number| PolicyVersion::new(number).unwrap());
    assert_eq!(key.drift(one), Drift::None);
    assert_eq!(
        key.drift(two),
        Drift::Outdated {
            pinned: one,
            current: two
        }
    );
    let applied = key.apply(&command(ApplyPolicy, &key).unwrap(), NOW).unwrap();
    assert_eq!(applied.drift(two), Drift::None);
    let tampered = applied.observe(
        &Report {
            policy_version: Some(one),
            ..Report::default()
        },
        NOW,
    );
    assert_eq!(
        tampered.drift(two),
        Drift::Diverged {
            pinned: two,
            observed: one
        }
    );
}

#[test]
fn a_key_that_was_once_assigned_is_never_deleted() {
    let key = key_after(&[LinkPolicy, Assign, Unassign, UnlinkPolicy]);
    assert_eq!(key.delete().unwrap_err().cause(), Cause::EverAssigned);
    assert_eq!(key_after(&[]).delete().unwrap().serial_number.given(), "AB-0012");
}

#[test]
fn what_was_revoked_here_waits_for_its_removal_elsewhere() {
    let key = reset(&key_after(&[
        PrepareConfiguration,
        ConfirmConfiguration,
        Assign,
        Enroll,
        Revoke,
    ]));
    assert_eq!(key.identity_provider().as_str(), "removal_pending");
    let reinstate = command(Reinstate, &key).unwrap();
    assert_eq!(cause(&key, &reinstate), Cause::StillAcceptedElsewhere);
    let provider = key.identity_provider().provider().unwrap().clone();
    let removed = key.identity_provider_said(IdpState::Removed { provider, at: NOW }, NOW);
    assert_eq!(removed.apply(&reinstate, NOW).unwrap().generation().get(), 2);
}
