//! The messages in docs/managed-key-protocol.md are those that this crate writes, byte for byte.

use claviger_managed_key::Operation;
use claviger_managed_key::code::{Receipt, Response};
use claviger_managed_key::keys::{Kcv, KeyVersion};
use claviger_managed_key::message::{
    Challenged, Command, CoseKey, Envelope, KeyStatus, ManagementState, Policy, Request, Unlock, Unlocked,
};
use claviger_managed_key::pin_uv::SharedSecret;
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use crate::vectors::Vectors;

fn read<T, F: std::fmt::Display>(code: Result<T, F>) -> T {
    code.unwrap_or_else(|fault| panic!("{fault}"))
}

fn status(vectors: &Vectors) -> Vec<u8> {
    let status = KeyStatus {
        serial: Some(vectors.serial()),
        admin_retries: Some(16),
        admin_pin_retries: Some(8),
        pin_retries: Some(0),
        power_cycle: Some(false),
        key_version: Some(KeyVersion::FIRST),
        kcv: Some(Kcv::new(vectors.bytes("/kcv"))),
        unlock_seq: Some(7),
        policy: Some(Policy::default()),
        challenge_pending: Some(false),
        ..KeyStatus::new(ManagementState::Managed)
    };
    status.encode()
}

fn unlock(vectors: &Vectors) -> Vec<u8> {
    let secret = SharedSecret::of_keys(
        Zeroizing::new(vectors.bytes("/more/auth/shared_secret_hmac_key")),
        Zeroizing::new(std::array::from_fn(|place| 0x40 + u8::try_from(place).unwrap())),
    );
    let iv = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let command = Command::Unlock(Box::new(Unlock {
        response: read(Response::read(vectors.text("/response_op_01"))),
        new_pin_enc: secret.seal_pin(iv, "493817").unwrap(),
    }));
    let message = Envelope::new(&command)
        .key_agreement(&CoseKey { x: [1; 32], y: [2; 32] })
        .authenticated(secret.mac_key())
        .encode();
    assert!(Request::parse(&message).is_ok_and(|request| request.is_authenticated_by(secret.mac_key())));
    message
}

fn messages() -> [Vec<u8>; 6] {
    let vectors = Vectors::read();
    let ask = Command::GetChallenge {
        operation: Operation::Unlock,
        renew: false,
    };
    let challenged = Challenged {
        challenge: vectors.challenge(),
        serial: vectors.serial(),
    };
    let receipt = read(Receipt::read(vectors.text("/receipt_op_01")));
    [
        Envelope::new(&Command::GetStatus).encode(),
        status(&vectors),
        Envelope::new(&ask).encode(),
        challenged.encode(),
        unlock(&vectors),
        Unlocked { receipt, unlock_seq: 8 }.encode(),
    ]
}

#[test]
fn the_book_shows_the_messages_that_are_sent() {
    let book = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/managed-key-protocol.md"
    ))
    .unwrap();
    let shown: Vec<String> = book
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|block| block.split_whitespace().collect())
        .collect();
    let sent: Vec<String> = messages().iter().map(|message| HEXLOWER.encode(message)).collect();
    assert_eq!(shown, sent);
}
