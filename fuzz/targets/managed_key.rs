//! Messages of the managed-key protocol: a request is refused or has one form; an answer that was read is written the same.
#![no_main]

use claviger_managed_key::message::{
    AdminLogin, AdminOrder, AnswerFault, AttestedAgreement, COMMAND, Challenged, Command, CoseKey, Enrolled, Envelope,
    KeyStatus, Request, Unlocked, check_canonical,
};
use claviger_managed_key::pin_uv::SharedSecret;
use libfuzzer_sys::fuzz_target;

fn request(message: &[u8]) {
    let request = match Request::parse(message) {
        Ok(request) => request,
        Err(fault) => {
            assert_ne!(fault.status().code(), 0);
            return;
        }
    };
    assert_eq!(check_canonical(&message[1..]), Ok(()));
    assert_eq!(check_canonical(request.operation_parameters()), Ok(()));
    let written = Envelope::new(&request.command)
        .key_agreement(&CoseKey { x: [1; 32], y: [2; 32] })
        .authenticated(&[3; 32])
        .authorised([4; 32])
        .encode();
    let again = Request::parse(&written).ok().expect("what was written is read");
    assert_eq!(again.command.params(), request.command.params());
    assert!(again.is_authenticated_by(&[3; 32]));
    if let Command::Admin(order) = &request.command {
        let parameters = order.parameters();
        // A flag that is left out means what one that is written says.
        assert!(parameters == again.operation_parameters() || matches!(**order, AdminOrder::SetPinByAdmin { .. }));
    }
    let secret = SharedSecret::of_point(&[5; 32]);
    if let Command::Unlock(unlock) = &request.command {
        assert!(
            secret
                .open_pin(&unlock.new_pin_enc)
                .is_none_or(|pin| (1..64).contains(&pin.len()))
        );
    }
}

/// What was read is written, read and written the same.
fn answer<T>(answer: &[u8], parse: fn(&[u8]) -> Result<T, AnswerFault>, encode: fn(&T) -> Vec<u8>) {
    match parse(answer) {
        Ok(read) => {
            let written = encode(&read);
            let again = parse(&written).ok().expect("what was written is read");
            assert_eq!(encode(&again), written);
        }
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    request(bytes);
    request(&[&[COMMAND], bytes].concat());
    for bytes in [bytes.to_vec(), [&[0], bytes].concat()] {
        answer(&bytes, KeyStatus::parse, KeyStatus::encode);
        answer(&bytes, AttestedAgreement::parse, AttestedAgreement::encode);
        answer(&bytes, Enrolled::parse, Enrolled::encode);
        answer(&bytes, Challenged::parse, Challenged::encode);
        answer(&bytes, Unlocked::parse, Unlocked::encode);
        answer(&bytes, AdminLogin::parse, AdminLogin::encode);
    }
    if let Ok(key) = CoseKey::parse(bytes) {
        assert_eq!(key.encode(), bytes);
    }
});
