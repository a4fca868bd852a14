//! Any request and any status comes back as it was written, whatever values its fields have.

use claviger_managed_key::code::{Receipt, Response};
use claviger_managed_key::keys::{Kcv, KeyVersion};
use claviger_managed_key::message::{
    AdminOrder, Command, CoseKey, Enrol, Envelope, KeyStatus, ManagementState, Policy, PolicyChange, Request, Unlock,
};
use claviger_managed_key::{Operation, Serial};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use zeroize::Zeroizing;

fn bytes<const N: usize>() -> impl Strategy<Value = [u8; N]> {
    vec(any::<u8>(), N).prop_map(|bytes| bytes.try_into().unwrap())
}

fn version() -> impl Strategy<Value = KeyVersion> {
    (1..=u32::MAX).prop_map(|number| KeyVersion::new(number).unwrap())
}

fn change() -> impl Strategy<Value = PolicyChange> {
    let ids = || option::of(vec("[a-zž.]{0,40}", 0..4));
    let flag = option::of(any::<bool>());
    let flags = (flag.clone(), flag.clone(), flag.clone(), flag.clone(), flag);
    (option::of(4..=63_u8), ids(), flags, ids()).prop_map(|(min_pin_length, rp_ids, flags, allowed_rp_ids)| {
        PolicyChange {
            min_pin_length,
            rp_ids,
            force_pin_change: flags.0,
            always_uv: flags.1,
            enterprise_attestation: flags.2,
            reset_disabled: flags.3,
            unlock_only_when_blocked: flags.4,
            allowed_rp_ids,
        }
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    change().prop_map(|change| Policy::default().changed(change))
}

fn order() -> impl Strategy<Value = AdminOrder> {
    prop_oneof![
        (bytes(), version()).prop_map(|(key_enc, version)| AdminOrder::ChangeKey { key_enc, version }),
        bytes().prop_map(|admin_pin_enc| AdminOrder::SetAdminPin { admin_pin_enc }),
        Just(AdminOrder::Release),
        change().prop_map(AdminOrder::SetPolicy),
        Just(AdminOrder::FactoryReset),
        (bytes(), any::<bool>()).prop_map(|(new_pin_enc, force_pin_change)| AdminOrder::SetPinByAdmin {
            new_pin_enc,
            force_pin_change
        }),
    ]
}

/// Commands have no `Debug`, so that what is drawn is what they are made of.
#[derive(Clone, Debug)]
enum Drawn {
    Enrol(Enrol),
    Challenge(usize, bool),
    Unlock([u8; 10], [u8; 80]),
    Admin(AdminOrder),
    Login([u8; 32]),
    Agreement([u8; 32]),
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let enrol = (bytes(), bytes(), version(), policy()).prop_map(|(key_enc, admin_pin_enc, key_version, policy)| {
        Drawn::Enrol(Enrol {
            key_enc,
            admin_pin_enc,
            key_version,
            policy,
        })
    });
    prop_oneof![
        enrol,
        (0..Operation::ALL.len(), any::<bool>()).prop_map(|(operation, renew)| Drawn::Challenge(operation, renew)),
        (bytes(), bytes()).prop_map(|(response, pin)| Drawn::Unlock(response, pin)),
        order().prop_map(Drawn::Admin),
        bytes().prop_map(Drawn::Login),
        bytes().prop_map(Drawn::Agreement),
    ]
}

fn command(drawn: &Drawn) -> Command {
    match drawn.clone() {
        Drawn::Enrol(enrol) => Command::Enrol(Box::new(enrol)),
        Drawn::Challenge(operation, renew) => Command::GetChallenge {
            operation: Operation::ALL[operation],
            renew,
        },
        Drawn::Unlock(response, new_pin_enc) => {
            let response = Response::new(Zeroizing::new(response));
            Command::Unlock(Box::new(Unlock { response, new_pin_enc }))
        }
        Drawn::Admin(order) => Command::Admin(Box::new(order)),
        Drawn::Login(admin_pin_hash_enc) => Command::AdminPinLogin { admin_pin_hash_enc },
        Drawn::Agreement(nonce) => Command::GetKeyAgreement { nonce },
    }
}

/// The same as it was drawn.
fn is_of(command: &Command, drawn: &Drawn) -> bool {
    match (command, drawn) {
        (Command::Enrol(read), Drawn::Enrol(enrol)) => **read == *enrol,
        (Command::GetChallenge { operation, renew }, Drawn::Challenge(place, drawn)) => {
            *operation == Operation::ALL[*place] && renew == drawn
        }
        (Command::Unlock(unlock), Drawn::Unlock(response, pin)) => {
            unlock.response.using() == response && unlock.new_pin_enc == *pin
        }
        (Command::Admin(read), Drawn::Admin(order)) => **read == *order,
        (Command::AdminPinLogin { admin_pin_hash_enc }, Drawn::Login(hash)) => admin_pin_hash_enc == hash,
        (Command::GetKeyAgreement { nonce }, Drawn::Agreement(drawn)) => nonce == drawn,
        _ => false,
    }
}

proptest! {
    #[test]
    fn requests(
        drawn in drawn(), x in bytes(), y in bytes(), key in bytes::<32>(), token in bytes::<32>(), admin in bytes::<32>(),
    ) {
        let message = Envelope::new(&command(&drawn))
            .key_agreement(&CoseKey { x, y })
            .authenticated(&key)
            .pin_token_authenticated(&token)
            .authorised(admin)
            .encode();
        let request = Request::parse(&message);
        prop_assert!(request.is_ok());
        let request = request.unwrap();
        prop_assert!(is_of(&request.command, &drawn));
        prop_assert_eq!((request.key_agreement, request.admin_auth), (Some(CoseKey { x, y }), Some(admin)));
        prop_assert!(request.is_authenticated_by(&key) && request.is_authenticated_by_pin_token(&token));
    }

    #[test]
    fn statuses(
        state in 0_usize..3, serial in option::of("[!-~]{1,32}"), tries in option::of(any::<[u8; 3]>()),
        flags in option::of(any::<[bool; 2]>()), version in option::of(version()), kcv in option::of(bytes()),
        unlock_seq in option::of(any::<u32>()), policy in option::of(policy()), receipt in option::of(bytes::<5>()),
    ) {
        let states = [ManagementState::Unmanaged, ManagementState::Managed, ManagementState::AdminBlocked];
        let status = KeyStatus {
            serial: serial.map(|serial| Serial::new(&serial).unwrap()),
            admin_retries: tries.map(|[tries, _, _]| tries),
            admin_pin_retries: tries.map(|[_, tries, _]| tries),
            pin_retries: tries.map(|[_, _, tries]| tries),
            power_cycle: flags.map(|[flag, _]| flag),
            key_version: version,
            kcv: kcv.map(Kcv::new),
            unlock_seq,
            policy,
            challenge_pending: flags.map(|[_, flag]| flag),
            last_receipt: receipt.map(Receipt::new),
            ..KeyStatus::new(states[state])
        };
        let read = KeyStatus::parse(&status.encode());
        prop_assert!(read.is_ok());
        let Ok(read) = read else { return Ok(()) };
        prop_assert_eq!((read.state, read.serial, read.policy), (status.state, status.serial, status.policy));
        prop_assert_eq!((read.key_version, read.kcv, read.unlock_seq), (status.key_version, status.kcv, status.unlock_seq));
        prop_assert_eq!(
            (read.admin_retries, read.admin_pin_retries, read.pin_retries),
            (status.admin_retries, status.admin_pin_retries, status.pin_retries)
        );
        prop_assert_eq!((read.power_cycle, read.challenge_pending), (status.power_cycle, status.challenge_pending));
        prop_assert_eq!(read.last_receipt.map(|receipt| *receipt.using()), receipt);
    }
}
