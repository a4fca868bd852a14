//! Whatever is sent, the key answers, and what it did not agree to changed nothing.

use claviger_ctap::wire::Request as _;
use claviger_managed_key::Operation;
use claviger_managed_key::message::{Command, Envelope, Policy};
use claviger_virtual_key::Card;
use claviger_virtual_key::card::Direct;
use proptest::prelude::*;

use crate::disk::Memory;
use crate::key::Key;
use crate::organisation::Organisation;
use crate::services::{RP, discoverable, sign_in};

/// Messages that mean something.
fn messages() -> Vec<Vec<u8>> {
    let mut key = Key::new();
    let enrolment = Organisation::default().enrolment(&mut key, &Policy::default()).encode();
    let challenge = Command::GetChallenge {
        operation: Operation::Unlock,
        renew: false,
    };
    vec![
        discoverable(RP, b"a").message(),
        sign_in(RP, &[]).message(),
        enrolment,
        Envelope::new(&challenge).encode(),
        vec![0x06, 0xA2, 0x01, 0x02, 0x02, 0x02],
        vec![0x0A, 0xA1, 0x01, 0x02],
        vec![0x0C, 0xA2, 0x01, 0x10, 0x03, 0x00],
        vec![0x0D, 0xA1, 0x01, 0x02],
    ]
}

/// A message with some bytes changed, cut off or added.
fn bent() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let message = prop::sample::select(messages());
    (message, changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(mut message, changes, end, is_cut)| {
        for (at, byte) in changes {
            let at = at.index(message.len());
            message[at] = byte;
        }
        if is_cut {
            message.truncate(end.index(message.len() + 1));
        }
        message
    })
}

#[test]
fn a_damaged_state_is_refused_and_never_half_read() {
    let key = Key::with_pin();
    let bytes = key.disk.state().unwrap();
    assert!(Key::on(Memory::holding(&Some(bytes.clone())), 2).is_some());
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x40;
        assert!(Key::on(Memory::holding(&Some(damaged)), 2).is_none(), "byte {at}");
        assert!(
            Key::on(Memory::holding(&Some(bytes[..at].to_vec())), 2).is_none(),
            "cut off at {at}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn bent_messages_are_answered_and_refusals_write_nothing(message in bent()) {
        let mut key = Key::new();
        let steps = key.disk.steps();
        let answer = key.send(&message);
        prop_assert!(!answer.is_empty());
        prop_assert!(answer[0] == 0 || key.disk.steps() == steps);
    }

    #[test]
    fn any_apdus_are_answered(apdus in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..8)) {
        let mut card = Card::new(Direct::new(Key::new().authenticator));
        for apdu in apdus {
            prop_assert!(card.transmit(&apdu).len() >= 2);
        }
    }
}
