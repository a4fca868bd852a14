//! Every state of management × every subcommand: who is let in, as one table.

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::code::Response;
use claviger_managed_key::message::{AdminOrder, Command, Envelope, Policy, Unlock};
use zeroize::Zeroizing;

use super::managed;
use crate::key::Key;
use crate::organisation::{Organisation, log_in, unlock_message};

fn admin_blocked() -> Key {
    let (mut key, _) = managed();
    key.block_pin();
    for tried in 0..16 {
        if tried % 3 == 0 {
            key.power_cycle();
        }
        key.challenge(Operation::Unlock);
        unlock(&mut key);
    }
    key.power_cycle();
    key
}

fn unlock(key: &mut Key) -> Status {
    let response = Response::new(Zeroizing::new([0; 10]));
    let message = unlock_message(
        key,
        Unlock {
            response,
            new_pin_enc: [0; 80],
        },
        "newpin99",
    );
    key.status(&message)
}

/// What each subcommand says in a state: getStatus, getKeyAgreement, enrol, getChallenge, unlock, adminCommand,
/// adminPinLogin.
fn row(key: &mut Key) -> [u8; 7] {
    let organisation = Organisation::default();
    let plain = |command: Command| Envelope::new(&command).encode();
    let statuses = [
        key.status(&plain(Command::GetStatus)),
        key.status(&plain(Command::GetKeyAgreement { nonce: [0; 32] })),
        {
            let message = organisation.enrolment(key, &Policy::default()).encode();
            key.status(&message)
        },
        key.status(&plain(Command::GetChallenge {
            operation: Operation::Unlock,
            renew: false,
        })),
        unlock(key),
        {
            let challenge = claviger_managed_key::code::Challenge::new(&crate::organisation::serial(), 0, [0; 13]);
            let message = organisation.authorised(&AdminOrder::Release, &challenge, None).encode();
            key.status(&message)
        },
        log_in(key, &organisation.admin_pin).map_or_else(|status| status, |_| Status::Ok),
    ];
    statuses.map(Status::byte)
}

#[test]
fn every_state_lets_in_whom_the_protocol_names() {
    let mut unmanaged = Key::with_pin();
    let (mut locked, _) = managed();
    locked.block_pin();
    let (mut in_use, _) = managed();
    let rows = [
        row(&mut unmanaged),
        row(&mut in_use),
        row(&mut locked),
        row(&mut admin_blocked()),
    ];
    let wanted = [
        // status agreement enrol challenge unlock admin login
        [0x00, 0x00, 0x30, 0x30, 0x30, 0x30, 0x30], // unmanaged, with a PIN
        [0x00, 0x00, 0x30, 0x00, 0x30, 0xF2, 0x00], // managed, tries left
        [0x00, 0x00, 0x30, 0x00, 0xF1, 0xF2, 0x00], // managed, PIN blocked
        [0x00, 0x00, 0x30, 0x00, 0xF0, 0xF2, 0x00], // admin-blocked
    ];
    assert_eq!(rows, wanted, "{rows:02X?}");
}
