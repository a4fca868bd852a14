//! What a policy does to a key: managed-key protocol §3, operation 13.

use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{Config, SetMinPinLength, SubCommand};
use claviger_ctap::wire::{Body as _, Command, Status};
use claviger_managed_key::message::{AdminOrder, Policy, PolicyChange};

use super::{managed, with_policy};
use crate::key::{Key, PIN};
use crate::organisation::Organisation;
use crate::services::{RP, creation, sign_in};

fn set(key: &mut Key, organisation: &Organisation, change: PolicyChange) {
    assert_eq!(
        organisation.order(key, &AdminOrder::SetPolicy(change), None),
        Status::Ok
    );
}

fn configured(key: &mut Key, mut request: Config) -> Status {
    let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
    request.protocol = Some(2);
    request.pin_uv_auth_param = Some(token.authenticate(&request.authenticated()));
    key.call(&request).map_or_else(|status| status, |_| Status::Ok)
}

#[test]
fn other_services_than_the_allowed_are_refused() {
    let (mut key, organisation) = managed();
    let before = key.register(&creation("example.org", b"a")).unwrap();
    set(
        &mut key,
        &organisation,
        PolicyChange {
            allowed_rp_ids: Some(vec![RP.to_owned()]),
            ..PolicyChange::default()
        },
    );
    let own = key.register(&creation(RP, b"a")).unwrap();
    assert!(key.call(&sign_in(RP, &[&own])).is_ok());
    assert_eq!(
        key.call(&creation("example.org", b"b")).unwrap_err(),
        Status::OperationDenied
    );
    assert_eq!(
        key.call(&sign_in("example.org", &[&before])),
        Err(Status::OperationDenied)
    );
    set(
        &mut key,
        &organisation,
        PolicyChange {
            allowed_rp_ids: Some(vec![]),
            ..PolicyChange::default()
        },
    );
    assert!(
        key.call(&sign_in("example.org", &[&before])).is_ok(),
        "none named means all"
    );
}

#[test]
fn only_what_is_named_changes() {
    let (mut key, organisation) = managed();
    set(
        &mut key,
        &organisation,
        PolicyChange {
            reset_disabled: Some(true),
            always_uv: Some(true),
            ..PolicyChange::default()
        },
    );
    set(
        &mut key,
        &organisation,
        PolicyChange {
            min_pin_length: Some(6),
            rp_ids: Some(vec![RP.to_owned()]),
            ..PolicyChange::default()
        },
    );
    let wanted = Policy {
        min_pin_length: 6,
        rp_ids: vec![RP.to_owned()],
        always_uv: true,
        reset_disabled: true,
        ..Policy::default()
    };
    assert_eq!(key.key_status().policy, Some(wanted));
    key.power_cycle();
    assert_eq!(key.status(&[Command::Reset.byte()]), Status::OperationDenied);
    assert_eq!(key.call(&creation(RP, b"a")).unwrap_err(), Status::PuatRequired);
    assert_eq!(key.state().settings.min_pin_rp_ids, [RP]);
}

#[test]
fn a_longer_minimum_makes_a_short_pin_change() {
    let (mut key, organisation) = managed();
    set(
        &mut key,
        &organisation,
        PolicyChange {
            min_pin_length: Some(8),
            ..PolicyChange::default()
        },
    );
    assert_eq!(key.try_pin(PIN), Status::PinPolicyViolation);
    assert_eq!(key.change_pin(PIN, "1234567"), Err(Status::PinPolicyViolation));
    key.change_pin(PIN, "12345678").unwrap();
    assert_eq!(key.try_pin("12345678"), Status::Ok);
    let (mut key, organisation) = managed();
    set(
        &mut key,
        &organisation,
        PolicyChange {
            force_pin_change: Some(true),
            ..PolicyChange::default()
        },
    );
    assert_eq!(key.try_pin(PIN), Status::PinPolicyViolation);
    assert!(key.key_status().policy.unwrap().force_pin_change);
}

#[test]
fn configuration_may_tighten_a_policy_and_not_weaken_it() {
    let (mut key, _) = with_policy(&Policy {
        rp_ids: vec![RP.to_owned()],
        always_uv: true,
        ..Policy::default()
    });
    let lengths = |length, rp_ids: &[&str]| {
        let order = SetMinPinLength {
            new_min_pin_length: length,
            rp_ids: rp_ids.iter().map(|id| (*id).to_owned()).collect(),
            force_change_pin: None,
        };
        Config::new(SubCommand::SetMinPinLength, Some(order.to_value()))
    };
    let toggle = Config::new(SubCommand::ToggleAlwaysUv, None);
    assert_eq!(configured(&mut key, toggle), Status::OperationDenied);
    assert_eq!(
        configured(&mut key, lengths(None, &["example.org"])),
        Status::OperationDenied
    );
    assert_eq!(configured(&mut key, lengths(Some(6), &[RP, "example.org"])), Status::Ok);
    assert_eq!(key.state().settings.min_pin_length, 6);
    let (mut free, _) = managed();
    let toggle = Config::new(SubCommand::ToggleAlwaysUv, None);
    assert_eq!(
        (configured(&mut free, toggle.clone()), configured(&mut free, toggle)),
        (Status::Ok, Status::Ok)
    );
}

#[test]
fn a_minimum_below_the_policy_is_denied_and_one_below_the_setting_does_not_fit() {
    let (mut key, _) = with_policy(&Policy {
        min_pin_length: 5,
        ..Policy::default()
    });
    let mut to = |length| {
        let order = SetMinPinLength {
            new_min_pin_length: Some(length),
            ..SetMinPinLength::default()
        };
        configured(
            &mut key,
            Config::new(SubCommand::SetMinPinLength, Some(order.to_value())),
        )
    };
    assert_eq!(
        [6, 5, 4].map(&mut to),
        [Status::Ok, Status::PinPolicyViolation, Status::OperationDenied]
    );
    assert_eq!(key.state().settings.min_pin_length, 6);
}

#[test]
fn a_policy_that_the_key_cannot_keep_is_refused_whole() {
    let (mut key, organisation) = managed();
    let many = vec![RP.to_owned(); 33];
    let change = PolicyChange {
        reset_disabled: Some(true),
        allowed_rp_ids: Some(many),
        ..PolicyChange::default()
    };
    assert_eq!(
        organisation.order(&mut key, &AdminOrder::SetPolicy(change), None),
        Status::InvalidParameter
    );
    assert_eq!(key.key_status().policy, Some(Policy::default()));
}
