//! Codes that people type: read or refused with a place that is there; what was read is written the same; up to four wrong
//! symbols in a challenge or a response are noticed.
#![no_main]

use claviger_managed_key::Serial;
use claviger_managed_key::code::{AdminPin, Challenge, CodeFault, Receipt, Response};
use claviger_managed_key::drivers::{AesEcbKey, LegacyCryptography, TdesEcbKey, UnlockRefusal, UnlockSecret};
use claviger_managed_key::keys::DeviceKey;
use libfuzzer_sys::fuzz_target;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A fault names what is there.
fn judge(fault: CodeFault, typed: &str, groups: u8) {
    let typed = typed.chars().count();
    match fault {
        CodeFault::Character { position } => assert!((1..=typed).contains(&position)),
        CodeFault::Length { given, expected } => assert!(given <= typed && given != expected),
        CodeFault::Group { group } => assert!((1..=groups).contains(&group)),
        CodeFault::Version | CodeFault::Whole => {}
    }
    assert!(!fault.to_string().is_empty());
}

fn typed(text: &str) {
    match Challenge::read(text) {
        Ok(challenge) => assert_eq!(Challenge::read(&challenge.shown()), Ok(challenge)),
        Err(fault) => judge(fault, text, 8),
    }
    match Response::read(text) {
        Ok(response) => {
            let again = Response::read(&response.shown()).ok().expect("what was shown is read");
            assert_eq!(again.using(), response.using());
        }
        Err(fault) => judge(fault, text, 5),
    }
    match Receipt::read(text) {
        Ok(receipt) => assert!(Receipt::read(&receipt.shown()).is_ok_and(|again| again.fits(&receipt))),
        Err(fault) => judge(fault, text, 0),
    }
    match AdminPin::read(text) {
        Ok(pin) => assert!(AdminPin::read(&pin.shown()).is_ok_and(|again| again.text() == pin.text())),
        Err(fault) => judge(fault, text, 0),
    }
    asked(text);
}

/// Every driver answers or refuses.
fn asked(text: &str) {
    let serial = Serial::new("CLV0000001").expect("a serial");
    let key =
        DeviceKey::random(&mut |bytes| bytes.copy_from_slice(b"an exemplary management key, 32 B"[..32].as_ref()));
    let aes = AesEcbKey::new(b"sixteen bytes !!").ok().expect("a key");
    let tdes = TdesEcbKey::new(Zeroizing::new(*b"four and twenty bytes !!"));
    let secrets = [
        UnlockSecret::Clv1 { key, serial },
        UnlockSecret::AesEcb(aes),
        UnlockSecret::TdesEcb(tdes),
        UnlockSecret::None,
    ];
    for secret in secrets {
        match secret.answer(Some(text), LegacyCryptography::Enabled) {
            Ok(answer) => assert!(answer.challenge_hash.is_some() && !answer.text.is_empty()),
            Err(UnlockRefusal::Mistyped(fault)) => judge(fault, text, 8),
            Err(refusal) => assert!(!refusal.to_string().is_empty()),
        }
    }
}

/// Puts other symbols at up to four places of a code, and sees that this is noticed.
fn mistyped(code: &str, changes: &[u8], is_read: fn(&str) -> bool) {
    let mut wrong = code.replace('-', "").into_bytes();
    let right = wrong.clone();
    for change in changes.chunks_exact(2).take(4) {
        let place = usize::from(change[0]) % wrong.len();
        wrong[place] = ALPHABET[usize::from(change[1]) % 32];
    }
    let text = std::str::from_utf8(&wrong).expect("symbols are ASCII");
    assert_eq!(is_read(text), wrong == right, "{code} as {text}");
}

fuzz_target!(|bytes: &[u8]| {
    typed(&String::from_utf8_lossy(bytes));
    if let Some((random, changes)) = bytes.split_first_chunk::<13>() {
        let serial = Serial::new("CLV0000001").expect("a serial");
        let challenge = Challenge::new(&serial, u32::from(random[0]), *random);
        mistyped(&challenge.shown(), changes, |text| Challenge::read(text).is_ok());
        let mac = random.first_chunk().copied().expect("ten of thirteen bytes");
        let response = Response::new(Zeroizing::new(mac));
        mistyped(&response.shown(), changes, |text| Response::read(text).is_ok());
    }
});
