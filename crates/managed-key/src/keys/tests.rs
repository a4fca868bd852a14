//! The vectors that others published for what keys are made with, and what must not be the same for two of anything.

use data_encoding::HEXLOWER;

use super::kdf::first_block;
use super::*;
use crate::code::Challenge;
use crate::{Operation, Serial};

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn key(bytes: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key[..bytes.len()].copy_from_slice(bytes);
    key
}

/// Cases 1 to 4. The others have keys or answers of lengths that the protocol does not have.
#[test]
fn rfc_4231_hmac_sha_256() {
    for (secret, data, mac) in [
        (
            &[0x0b; 20][..],
            b"Hi There".to_vec(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            &[0xaa; 20],
            vec![0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            &(1..=25).collect::<Vec<u8>>(),
            vec![0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
    ] {
        let (begin, end) = data.split_at(5);
        assert_eq!(HEXLOWER.encode(hmac(&key(secret), &[begin, end]).as_slice()), mac);
    }
}

/// NIST's CAVP for SP 800-108, counter mode, `HMAC_SHA256`, the counter before, 32 bits: counts 0 (its first 128 bits) and 10.
#[test]
fn nist_sp_800_108_counter_mode() {
    let long = first_block(
        &key(&hex("e204d6d466aad507ffaf6d6dab0a5b26152c9e21e764370464e360c8fbc765c6")),
        &hex(
            "7b03b98d9f94b899e591f3ef264b71b193fba7043c7e953cde23bc5384bc1a6293580115fae3495fd845dadbd02bd6455cf48d0f62b33e62364a3a80",
        ),
    );
    assert_eq!(
        HEXLOWER.encode(long.as_slice()),
        "770dfab6a6a4a4bee0257ff335213f78d8287b4fd537d5c1fffa956910e7c779"
    );
    let short = first_block(
        &key(&hex("dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0")),
        &hex(
            "01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e46b864a145fab25e517b08f8683d0315bb2911d80a0e8aba17f3b413faac",
        ),
    );
    assert_eq!(HEXLOWER.encode(&short[..16]), "10621342bfb0fd40046c0e29f2cfdbf0");
}

fn serial(text: &str) -> Serial {
    Serial::new(text).unwrap()
}

fn device() -> DeviceKey {
    DeviceKey::random(&mut |bytes| bytes.fill(7))
}

#[test]
fn every_purpose_every_device_and_every_version_has_a_key_of_its_own() {
    let own = serial("CLV1");
    let master = MasterKey::new(Zeroizing::new([7; 32]));
    let of = |tenant: u8, aaguid: u8, serial: &Serial, version: u32| {
        let version = KeyVersion::new(version).unwrap();
        *master.device_key(&[tenant; 16], &[aaguid; 16], serial, version).using()
    };
    let mut keys = vec![
        *device().unlock_key(&own).using(),
        *device().admin_key(&own).using(),
        *device().wrap_key(&own).using(),
        *device().unlock_key(&serial("CLV2")).using(),
        of(1, 1, &own, 1),
        of(2, 1, &own, 1),
        of(1, 2, &own, 1),
        of(1, 1, &serial("CLV2"), 1),
        of(1, 1, &own, 2),
        of(1, 1, &own, 3),
    ];
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[test]
fn a_response_serves_one_operation_one_device_and_one_challenge() {
    let own = serial("CLV1");
    let key = device().unlock_key(&own);
    let challenge = Challenge::new(&own, 0, [1; 13]);
    let response = key.response(Operation::Unlock, &own, &challenge);
    let accepts =
        |operation, serial: &Serial, challenge: &Challenge| key.accepts(operation, serial, challenge, response.using());
    assert!(accepts(Operation::Unlock, &own, &challenge));
    assert!(!accepts(Operation::Release, &own, &challenge));
    assert!(!accepts(Operation::Unlock, &serial("CLV2"), &challenge));
    assert!(!accepts(Operation::Unlock, &own, &Challenge::new(&own, 0, [2; 13])));
    let [first, ..] = *response.using();
    let [receipt, ..] = *key.receipt(Operation::Unlock, &own, &challenge).using();
    assert_ne!(first, receipt);
}

#[test]
fn an_authorisation_covers_parameters_and_key_agreement() {
    let own = serial("CLV1");
    let key = device().admin_key(&own);
    let challenge = Challenge::new(&own, 0, [1; 13]);
    let what = |operation, parameters: &'static [u8], key_agreement: &'static [u8]| Authorised {
        operation,
        serial: &own,
        challenge: &challenge,
        parameters,
        key_agreement,
    };
    let mac = key.authorise(&what(Operation::SetPolicy, &[0xa1, 1, 6], &[]));
    assert!(key.accepts(&what(Operation::SetPolicy, &[0xa1, 1, 6], &[]), &mac));
    assert!(!key.accepts(&what(Operation::SetPolicy, &[0xa1, 1, 4], &[]), &mac));
    assert!(!key.accepts(&what(Operation::SetPolicy, &[0xa1, 1, 6], &[0xa0]), &mac));
    assert!(!key.accepts(&what(Operation::FactoryReset, &[0xa1, 1, 6], &[]), &mac));
}

#[test]
fn versions_begin_at_one_and_end() {
    assert!(KeyVersion::new(0).is_none());
    assert_eq!(KeyVersion::FIRST.next().map(KeyVersion::get), Some(2));
    assert!(KeyVersion::new(u32::MAX).unwrap().next().is_none());
}
