//! What each driver answers, what it flags, and what it refuses.

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::*;
use crate::code::{Challenge, CodeFault};

const ON: LegacyCryptography = LegacyCryptography::Enabled;
const OFF: LegacyCryptography = LegacyCryptography::Off;

fn hex(text: &str) -> Vec<u8> {
    HEX.decode(text.as_bytes()).unwrap()
}

fn aes(key: &str) -> AesEcbKey {
    AesEcbKey::new(&hex(key)).unwrap_or_else(|fault| panic!("{fault}"))
}

fn tdes(key: &str) -> TdesEcbKey {
    TdesEcbKey::new(Zeroizing::new(hex(key).try_into().unwrap()))
}

fn puk(text: &str, form: PukForm) -> UnlockSecret {
    let puk = Puk::new(Zeroizing::new(text.to_owned())).unwrap_or_else(|fault| panic!("{fault}"));
    UnlockSecret::StaticPuk { puk, form }
}

fn clv1(vectors: &Value) -> UnlockSecret {
    let key: [u8; 32] = hex(vectors["device_key"].as_str().unwrap()).try_into().unwrap();
    UnlockSecret::Clv1 {
        key: DeviceKey::new(Zeroizing::new(key)),
        serial: Serial::new(vectors["inputs"]["serial"].as_str().unwrap()).unwrap(),
    }
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../tests/protocol/vectors.json")).unwrap()
}

fn answer(secret: &UnlockSecret, typed: &str) -> Answer {
    secret
        .answer(Some(typed), ON)
        .unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn refusal(secret: &UnlockSecret, typed: Option<&str>, legacy: LegacyCryptography) -> UnlockRefusal {
    secret.answer(typed, legacy).map(|_| ()).unwrap_err()
}

#[test]
fn vectors_of_the_block_ciphers() {
    let vectors = vectors();
    let text = |case: &Value, field: &str| case[field].as_str().unwrap().to_owned();
    let cases = vectors["drivers"]["aes-ecb"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let challenge = hexadecimal::read(&text(case, "challenge")).unwrap();
        let response = aes(&text(case, "key")).respond(challenge);
        assert_eq!(hexadecimal::written(&response).as_str(), text(case, "response"));
    }
    let cases = vectors["drivers"]["tdes-ecb"].as_array().unwrap();
    assert_eq!(cases.len(), 1);
    for case in cases {
        let challenge = hexadecimal::read(&text(case, "challenge")).unwrap();
        let response = tdes(&text(case, "key")).respond(challenge);
        assert_eq!(hexadecimal::written(&response).as_str(), text(case, "response"));
    }
}

/// FIPS 197 appendix C: 24 and 32 bytes of key. SP 800-67 appendix B: three keys.
#[test]
fn vectors_that_others_published() {
    let plain = hexadecimal::read("00112233445566778899AABBCCDDEEFF").unwrap();
    for (key, expected) in [
        (
            "000102030405060708090a0b0c0d0e0f1011121314151617",
            "DDA97CA4864CDFE06EAF70A0EC0D7191",
        ),
        (
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "8EA2B7CA516745BFEAFC49904B496089",
        ),
    ] {
        assert_eq!(hexadecimal::written(&aes(key).respond(plain)).as_str(), expected);
    }
    let key = tdes("0123456789abcdef23456789abcdef01456789abcdef0123");
    let response = key.respond(hexadecimal::read("5468652071756663").unwrap());
    assert_eq!(hexadecimal::written(&response).as_str(), "A826FD8CE53B855F");
}

#[test]
fn clv1_answers_with_the_vectors_response_and_expects_its_receipt() {
    let vectors = vectors();
    let typed = vectors["challenge"].as_str().unwrap();
    let answer = answer(&clv1(&vectors), &typed.to_lowercase());
    assert_eq!(answer.text.as_str(), vectors["response_op_01"].as_str().unwrap());
    let expected = answer.expected.unwrap();
    assert_eq!(expected.receipt.shown(), vectors["receipt_op_01"].as_str().unwrap());
    assert_eq!(expected.unlock_seq, 7);
    assert_eq!(
        answer.challenge_hash,
        Some(Sha256::digest(typed.replace('-', "")).into())
    );
    assert!(!answer.aftermath.needs_rotation());
}

#[test]
fn a_challenge_of_another_device_gets_no_response() {
    let vectors = vectors();
    let other = Challenge::new(&Serial::new("CLV0000002").unwrap(), 7, [1; 13]);
    assert_eq!(
        refusal(&clv1(&vectors), Some(&other.shown()), OFF),
        UnlockRefusal::OtherDevice
    );
    let typo = vectors["challenge"].as_str().unwrap().replace("Y3GD", "YZZD");
    let mistyped = UnlockRefusal::Mistyped(CodeFault::Group { group: 3 });
    assert_eq!(refusal(&clv1(&vectors), Some(&typo), OFF), mistyped);
}

#[test]
fn the_record_chooses_the_driver_and_the_text_never_does() {
    // 32 hexadecimal digits that are also 32 symbols: each driver reads them its own way.
    let digits = "C0000000000000000000000000000000";
    let aes = UnlockSecret::AesEcb(aes("2b7e151628aed2a6abf7158809cf4f3c"));
    assert_eq!(answer(&aes, digits).text.len(), 32);
    assert!(matches!(
        refusal(&clv1(&vectors()), Some(digits), ON),
        UnlockRefusal::Mistyped(_) | UnlockRefusal::OtherDevice
    ));
    let challenge = vectors()["challenge"].as_str().unwrap().to_owned();
    // Y is no hexadecimal digit, and the seven stands at place 2.
    assert!(matches!(
        refusal(&aes, Some(&challenge), ON),
        UnlockRefusal::Mistyped(CodeFault::Character { position: 4 })
    ));
}

#[test]
fn hexadecimal_challenges_are_read_with_separators_and_judged_by_length() {
    let key = UnlockSecret::AesEcb(aes("2b7e151628aed2a6abf7158809cf4f3c"));
    let one = answer(&key, "6bc1 bee2–2e40 9f96-e93d 7e11 7393 172a");
    assert_eq!(one.text.as_str(), "3AD77BB40D7A3660A89ECAF32466EF97");
    assert_eq!(one.aftermath, Aftermath::RotateKey);
    let same = answer(&key, "6BC1BEE22E409F96E93D7E117393172A");
    assert_eq!(one.challenge_hash, same.challenge_hash);
    let length = |given| UnlockRefusal::Mistyped(CodeFault::Length { given, expected: 32 });
    assert_eq!(refusal(&key, Some("6bc1"), ON), length(4));
    assert_eq!(refusal(&key, Some(&"0".repeat(33)), ON), length(33));
    // O is not read as 0 here.
    let place = UnlockRefusal::Mistyped(CodeFault::Character { position: 1 });
    assert_eq!(refusal(&key, Some("O"), ON), place);
}

#[test]
fn triple_des_is_off_until_it_is_enabled() {
    let key = UnlockSecret::TdesEcb(tdes("0123456789abcdef23456789abcdef01456789abcdef0123"));
    assert_eq!(refusal(&key, Some("5468652071756663"), OFF), UnlockRefusal::LegacyOff);
    let answer = answer(&key, "5468652071756663");
    assert_eq!(
        (answer.text.as_str(), answer.aftermath),
        ("A826FD8CE53B855F", Aftermath::RotateKey)
    );
    let others = Driver::ALL.into_iter().filter(|driver| driver.is_legacy());
    assert_eq!(others.collect::<Vec<_>>(), [Driver::TdesEcb]);
}

#[test]
fn a_puk_is_told_plain_or_in_hexadecimal_and_is_burnt() {
    let told = |form| {
        puk("20774613", form)
            .answer(None, OFF)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
    };
    assert_eq!(told(PukForm::Plain).text.as_str(), "20774613");
    assert_eq!(told(PukForm::Hexadecimal).text.as_str(), "3230373734363133");
    assert_eq!(told(PukForm::Plain).aftermath, Aftermath::RotateBurnt);
    assert!(told(PukForm::Plain).challenge_hash.is_none());
}

#[test]
fn factory_defaults_are_refused_until_they_are_rotated() {
    let known = [
        UnlockSecret::AesEcb(aes(&"00".repeat(16))),
        UnlockSecret::AesEcb(aes(&"ff".repeat(32))),
        UnlockSecret::AesEcb(aes("404142434445464748494a4b4c4d4e4f")),
        UnlockSecret::AesEcb(aes("00112233445566778899aabbccddeeff")),
        UnlockSecret::AesEcb(aes(&"0102030405060708".repeat(3))),
        UnlockSecret::TdesEcb(tdes(&"00".repeat(24))),
        UnlockSecret::TdesEcb(tdes(&"0102030405060708".repeat(3))),
        puk("12345678", PukForm::Plain),
        puk("000000", PukForm::Plain),
        UnlockSecret::Clv1 {
            key: DeviceKey::new(Zeroizing::new([0; 32])),
            serial: Serial::new("CLV0000001").unwrap(),
        },
    ];
    for secret in &known {
        assert!(secret.is_factory_default());
        assert_eq!(refusal(secret, Some("00"), ON), UnlockRefusal::FactoryDefault);
        assert_eq!(refusal(secret, None, ON), UnlockRefusal::FactoryDefault);
    }
    for secret in [
        clv1(&vectors()),
        UnlockSecret::AesEcb(aes("2b7e151628aed2a6abf7158809cf4f3c")),
        puk("20774613", PukForm::Plain),
    ] {
        assert!(!secret.is_factory_default());
    }
}

#[test]
fn what_cannot_be_answered_says_what_to_do() {
    let pin = AdminPin::read("8F3K-22QA-77MN-PQ01").unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(
        refusal(&UnlockSecret::AdminPin(pin), None, ON),
        UnlockRefusal::PhysicalOnly
    );
    let plain = refusal(&UnlockSecret::None, None, ON);
    assert_eq!(plain, UnlockRefusal::NothingToUnlock);
    assert!(plain.to_string().contains("reset") && plain.to_string().contains("every credential"));
    assert_eq!(refusal(&clv1(&vectors()), None, ON), UnlockRefusal::ChallengeMissing);
    assert_eq!(
        refusal(&puk("20774613", PukForm::Plain), Some("1"), ON),
        UnlockRefusal::ChallengeNotTaken
    );
}

#[test]
fn secrets_of_other_lengths_are_refused() {
    for length in [0, 15, 17, 31, 33] {
        let key = AesEcbKey::new(&vec![7; length]).map(|_| ()).unwrap_err();
        assert_eq!(key, SecretFault::AesLength(length));
    }
    for text in ["", "12345", "123456789", "12345 7", "1234567ž"] {
        assert_eq!(
            Puk::new(Zeroizing::new(text.to_owned())).map(|_| ()).unwrap_err(),
            SecretFault::Puk
        );
    }
}

#[test]
fn drivers_have_the_names_of_the_protocol() {
    for driver in Driver::ALL {
        assert_eq!(Driver::of_name(driver.as_str()), Some(driver));
    }
    assert_eq!(Driver::of_name("CLV1"), None);
    assert!(Driver::Clv1.has_challenge() && !Driver::StaticPuk.has_challenge());
    assert_eq!(clv1(&vectors()).driver().as_str(), "clv1");
}
