//! What a command began and the next one would continue, when the organisation or the clock comes between: CTAP §6.
//! The managed-key command alone may stand between the two, so it has to end what it takes the ground from.

use std::time::Duration;

use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::credential_management::{CredentialManagement, Params, SubCommand};
use claviger_ctap::wire::{Command, Status};
use claviger_managed_key::message::{AdminOrder, Policy, PolicyChange};
use sha2::{Digest as _, Sha256};

use super::with_policy;
use crate::key::Key;
use crate::organisation::{Organisation, set_pin};
use crate::services::{RP, creation_with, discoverable, sign_in};

const OTHER: &str = "example.org";

/// Two relying parties, one of which has two credentials.
fn fill(key: &mut Key) {
    for (rp_id, user) in [(RP, b"a"), (RP, b"b"), (OTHER, b"a")] {
        let token = key.token(Permissions::MAKE_CREDENTIAL, Some(rp_id));
        key.register(&creation_with(discoverable(rp_id, user), &token)).unwrap();
    }
}

fn begin(key: &mut Key, sub_command: SubCommand) {
    let params = Params {
        rp_id_hash: Some(Sha256::digest(RP.as_bytes()).into()),
        ..Params::default()
    };
    let params = (sub_command == SubCommand::Credentials).then_some(&params);
    let mut request = CredentialManagement::new(sub_command, params);
    let token = key.token(Permissions::CREDENTIAL_MANAGEMENT, None);
    request.protocol = Some(2);
    request.pin_uv_auth_param = Some(token.authenticate(&request.authenticated()));
    let first = key.call(&request).unwrap();
    assert_eq!(first.total_rps.or(first.total_credentials), Some(2));
}

/// What the second answer is when something comes between.
fn second(between: fn(&mut Key, &Organisation)) -> [Status; 2] {
    let lists = [
        (SubCommand::RelyingParties, SubCommand::NextRelyingParty),
        (SubCommand::Credentials, SubCommand::NextCredential),
    ];
    lists.map(|(first, next)| {
        let (mut key, organisation) = with_policy(&Policy {
            unlock_only_when_blocked: false,
            ..Policy::default()
        });
        fill(&mut key);
        begin(&mut key, first);
        between(&mut key, &organisation);
        let next = CredentialManagement::new(next, None);
        key.call(&next).map_or_else(|status| status, |_| Status::Ok)
    })
}

#[test]
fn a_list_of_credentials_ends_with_what_opened_it() {
    assert_eq!(second(|_, _| ()), [Status::Ok; 2]);
    let looked = |key: &mut Key, _: &Organisation| {
        key.key_status();
    };
    assert_eq!(second(looked), [Status::Ok; 2], "looking at the key disturbs nothing");
    let ends: [fn(&mut Key, &Organisation); 4] = [
        |key, _| key.world.pass(Duration::from_mins(10)),
        |key, organisation| {
            organisation.unlocked(key, "newpin99");
        },
        |key, organisation| {
            let (order, ours) = set_pin(key, "newpin99", false);
            assert_eq!(organisation.order(key, &order, Some(&ours)), Status::Ok);
        },
        |key, organisation| {
            let order = AdminOrder::SetPolicy(PolicyChange {
                reset_disabled: Some(true),
                ..PolicyChange::default()
            });
            assert_eq!(organisation.order(key, &order, None), Status::Ok);
        },
    ];
    for (number, between) in ends.into_iter().enumerate() {
        assert_eq!(second(between), [Status::NotAllowed; 2], "{number}");
    }
}

#[test]
fn the_next_assertion_is_for_a_service_that_is_still_allowed() {
    for (allowed, wanted) in [(RP, Status::Ok), (OTHER, Status::OperationDenied)] {
        let mut key = Key::with_pin();
        fill(&mut key);
        let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
        let mut silent = sign_in(RP, &[]);
        silent.options.user_presence = Some(false);
        assert_eq!(key.call(&silent).unwrap().number_of_credentials, Some(2));
        let policy = Policy {
            allowed_rp_ids: vec![allowed.to_owned()],
            ..Policy::default()
        };
        let envelope = Organisation::default().enrolment(&mut key, &policy);
        let message = envelope.pin_token_authenticated(token.as_bytes().try_into().unwrap());
        assert_eq!(key.status(&message.encode()), Status::Ok);
        assert_eq!(key.status(&[Command::GetNextAssertion.byte()]), wanted);
    }
}
