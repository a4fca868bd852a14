//! Messages that keys in the field sent, as other implementations recorded them, read as they are.
#![cfg(test)]

use claviger_ctap::wire::auth_data::{AuthenticatorData, USER_PRESENT};
use claviger_ctap::wire::cbor::Value;
use claviger_ctap::wire::cose::{CredentialKey, ES256};
use claviger_ctap::wire::get_info::Info;
use claviger_ctap::wire::make_credential::MakeCredential;
use claviger_ctap::wire::{Body as _, Command, Request as _, part_request};
use data_encoding::HEXLOWER_PERMISSIVE;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

const RP: &str = "0021f5fc0b85cd22e60623bcd7d1ca48948909249b4776eb515154e57b66ae12";

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

#[test]
fn the_info_of_a_ctap_2_0_key() {
    let recorded = hex(
        "a60182665532465f5632684649444f5f325f3002826375766d6b686d61632d7365637265740350f8a011f38c0a4d15800617111f9edc7d\
         04a462726bf5627570f564706c6174f469636c69656e7450696ef4051904b0068101",
    );
    let info = Info::decode_response(&recorded).unwrap();
    assert_eq!(info.versions, ["U2F_V2", "FIDO_2_0"]);
    assert_eq!(info.extensions, ["uvm", "hmac-secret"]);
    assert_eq!(info.aaguid.to_vec(), hex("f8a011f38c0a4d15800617111f9edc7d"));
    let options = ["rk", "up", "plat", "clientPin", "uv"].map(|name| info.option(name));
    assert_eq!(options, [Some(true), Some(true), Some(false), Some(false), None]);
    assert_eq!(
        (info.max_msg_size, info.pin_uv_auth_protocols.as_slice()),
        (Some(1_200), &[1][..])
    );
    assert_eq!(info.encode(), recorded, "and written as the key wrote it");
}

#[test]
fn a_request_that_a_browser_sent() {
    let recorded = hex(
        "01a801582065f9496dadc972a527a23dcfd06ce45f1d24f34f8472edb15bd00040af897d0a02a26269646b776562617574686e2e696f64\
         6e616d656b776562617574686e2e696f03a3626964581f62486871636d6c7a6447466a6332527a5a6d527a59325a6a596d3932613273646e\
         616d65776c786a726973746163736473666473636663626f766b6b6b646973706c61794e616d65776c786a7269737461637364736664736366\
         63626f766b6b0482a263616c672664747970656a7075626c69632d6b6579a263616c6739010064747970656a7075626c69632d6b657906a16b\
         6372656450726f746563740207a162726bf50858207b9a039f3c53298e98ea0ae88de4843dfd9f0f0307a8f06b8ff607b9b7a063b10902",
    );
    let (command, body) = part_request(&recorded).unwrap();
    assert_eq!(command, Command::MakeCredential);
    let request = MakeCredential::decode_request(body).unwrap();
    assert_eq!(request.rp.id, "webauthn.io");
    assert_eq!(request.user.display_name.as_deref(), Some("lxjristacsdsfdscfcbovkk"));
    let algorithms: Vec<i64> = request.parameters.iter().map(|parameter| parameter.algorithm).collect();
    assert_eq!(algorithms, [ES256, -257]);
    assert_eq!(request.options.discoverable, Some(true));
    assert_eq!(
        request
            .extensions
            .as_ref()
            .and_then(|extensions| extensions.cred_protect),
        Some(2)
    );
    assert_eq!((request.protocol, request.enterprise_attestation), (Some(2), None));
    assert_eq!(request.message(), recorded, "and written as the browser wrote it");
}

#[test]
fn authenticator_data_of_a_new_credential_and_of_an_assertion() {
    let new = format!(
        "{RP}410000001cf8a011f38c0a4d15800617111f9edc7d0040fe3aac036d14c1e1c65518b698dd1da8f596bc33e11072813466c6bf3845\
         691509b80fb76d59309b8d39e0a93452688f6ca3a39a76f3fc52744fb73948b15783a5010203262001215820643566c206dd00227005fa5d\
         e69320616ca268043a38f08bde2e9dc45a5cafaf225820171353b2932434703726aae579fa6542432861fe591e481ea22d63997e1a5290"
    );
    let data = AuthenticatorData::decode(&hex(&new)).unwrap();
    assert_eq!(
        (data.flags, data.sign_count, data.rp_id_hash.to_vec()),
        (USER_PRESENT, 28, hex(RP))
    );
    let attested = data.attested.as_ref().unwrap();
    assert_eq!((attested.credential_id.len(), attested.credential_id[0]), (64, 0xFE));
    let CredentialKey::Es256 { x, y } = attested.public_key else {
        panic!("not ES256")
    };
    assert_eq!((x[..2].to_vec(), y[..2].to_vec()), (hex("6435"), hex("1713")));
    assert_eq!(data.encode(), hex(&new));
    let used = AuthenticatorData::decode(&hex(&format!("{RP}010000001d"))).unwrap();
    assert_eq!((used.sign_count, used.attested, used.extensions), (29, None, None));
}

#[test]
fn the_signature_of_an_assertion_fits_the_key_that_is_read() {
    let key = hex(
        "a5010203262001215820a5fd5ce1b1c458c530a54fa61b31bf6b04be8b97afde54dd8cbb69275a8a1be1225820fa3a3231dd9deed9d1897b\
         e5a6228c59501e4bcd12975d3dff730f01278ea61c",
    );
    let signed = hex(&format!(
        "{RP}010000002c7b89f12a9088b0f5ee0ef8f6718bccc374249c31aeebaeb79bd0450132cd536c"
    ));
    let signature = hex(
        "304402202b3933fe954a2d29de691901eb732535393d4859aaa80d58b08741598109516d0220236fbe6b52326c0a6b1cfdc6bf0a35bda92a6c\
         2e41e40c3a1643428d820941e0",
    );
    let CredentialKey::Es256 { x, y } = CredentialKey::decode_response(&key).unwrap() else {
        panic!("not ES256")
    };
    let verifying = VerifyingKey::from_sec1_bytes(&[&[4][..], &x, &y].concat()).unwrap();
    let signature = Signature::from_der(&signature).unwrap();
    assert!(verifying.verify(&signed, &signature).is_ok());
    assert!(verifying.verify(&signed[1..], &signature).is_err());
    assert!(Value::read_canonical(&key).is_ok());
}
