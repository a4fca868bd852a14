//! Keys in every state, and commands with favourable facts.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    AdministratorId, FidoVersion, PolicyId, SecurityKeyId, SerialNumber, Timestamp, UserId,
    policy::{PolicyKind, PolicyVersion},
    role::Standing,
    security_key::*,
    text::{DeviceName, ProviderName, Reason},
    user::UserStatus,
};

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(super) fn policy(id: u128, version: u32, kind: PolicyKind) -> PolicyToLink {
    let version = PolicyVersion::new(version).unwrap();
    PolicyToLink::pinned(
        LinkedPolicy {
            id: PolicyId::from_uuid(Uuid::from_u128(id)),
            version,
        },
        kind,
    )
}

pub(super) fn user(id: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(id))
}

pub(super) fn new_key(version: &str) -> SecurityKey {
    let new = NewSecurityKey {
        id: SecurityKeyId::from_uuid(Uuid::from_u128(7)),
        device_name: DeviceName::new("Fusion").unwrap(),
        serial_number: SerialNumber::new("AB-0012").unwrap(),
        version: FidoVersion::new(version).unwrap(),
        batch: None,
        attributes: BTreeMap::new(),
    };
    SecurityKey::import(new, NOW)
}

/// The command of this name, with facts that no guard minds.
pub(super) fn command(verb: Verb, key: &SecurityKey) -> Option<Command> {
    let (standing, status) = (Standing::NotAbove, UserStatus::Active);
    let serial_seen = key.serial_number().clone();
    let order = ConfigurationOrder {
        policy: policy(1, 1, PolicyKind::Standard),
        serial_seen: serial_seen.clone(),
        admin_pin: AdminPin::Held,
    };
    Some(match verb {
        Verb::LinkPolicy if key.policy().is_some() => Command::LinkPolicy(policy(2, 1, PolicyKind::Standard)),
        Verb::LinkPolicy => Command::LinkPolicy(policy(1, 1, PolicyKind::Standard)),
        Verb::UnlinkPolicy => Command::UnlinkPolicy,
        Verb::Assign => Command::Assign {
            user: user(1),
            status,
            standing,
        },
        Verb::Unassign => Command::Unassign { standing },
        Verb::Quarantine => Command::Quarantine {
            reason: Reason::new("wet box").unwrap(),
        },
        Verb::Release => Command::Release,
        Verb::PrepareConfiguration => Command::PrepareConfiguration(order),
        Verb::ConfirmConfiguration => Command::ConfirmConfiguration(ConfigurationProof {
            generation: key.generation(),
            serial_seen,
            read_back: ReadBack::Equal,
        }),
        Verb::AbandonConfiguration => Command::AbandonConfiguration,
        Verb::ApplyPolicy => Command::ApplyPolicy {
            policy: policy(1, 2, PolicyKind::Standard),
            read_back: ReadBack::Equal,
        },
        Verb::Enroll => Command::Enroll {
            provider: ProviderName::new("Entra ID").unwrap(),
            service: ServiceStatus::Active,
            status,
        },
        Verb::Revoke => Command::Revoke(RevokeOrder {
            reason: RevocationReason::Lost,
            note: None,
            standing,
        }),
        Verb::Suspend => Command::Suspend { standing },
        Verb::Resume => Command::Resume { standing, status },
        Verb::ExtendInitialPin => Command::ExtendInitialPin {
            until: NOW.plus_days(30),
        },
        Verb::Reinstate => Command::Reinstate(ReinstateOrder {
            into: Reinstatement::InStock,
            standing,
            approval: approval(1, 2),
        }),
        Verb::Dispose => Command::Dispose,
        Verb::Delete => return None,
    })
}

pub(super) fn approval(asked_by: u128, approved_by: u128) -> Approval {
    let person = |id| AdministratorId::from_uuid(Uuid::from_u128(id));
    Approval::Given {
        asked_by: person(asked_by),
        approved_by: person(approved_by),
    }
}

/// A key after these commands, all of which must be allowed.
pub(super) fn key_after(verbs: &[Verb]) -> SecurityKey {
    verbs.iter().fold(new_key("FIDO_2_1"), |key, verb| {
        key.apply(&command(*verb, &key).unwrap(), NOW).unwrap()
    })
}

pub(super) fn reset(key: &SecurityKey) -> SecurityKey {
    key.observe(
        &Report {
            reset: Some(NOW),
            ..Report::default()
        },
        NOW,
    )
}

/// A key in every situation that decides differently.
pub(super) fn situations() -> Vec<(&'static str, SecurityKey)> {
    use Verb::{
        Assign, ConfirmConfiguration as Confirm, Dispose, Enroll, LinkPolicy as Link, PrepareConfiguration as Prepare,
        Quarantine, Revoke, Suspend,
    };
    vec![
        ("in_stock", key_after(&[])),
        ("in_stock, pending", key_after(&[Prepare])),
        ("ready", key_after(&[Link])),
        ("ready, assigned", key_after(&[Link, Assign])),
        ("quarantined", key_after(&[Quarantine])),
        ("configured", key_after(&[Prepare, Confirm])),
        ("configured, assigned", key_after(&[Link, Assign, Prepare, Confirm])),
        ("enrolled", key_after(&[Prepare, Confirm, Assign, Enroll])),
        ("suspended", key_after(&[Prepare, Confirm, Assign, Enroll, Suspend])),
        ("revoked", key_after(&[Prepare, Confirm, Revoke])),
        ("revoked, reset", reset(&key_after(&[Prepare, Confirm, Revoke]))),
        (
            "revoked, still accepted",
            reset(&key_after(&[Prepare, Confirm, Assign, Enroll, Revoke])),
        ),
        ("disposed", key_after(&[Dispose])),
    ]
}
