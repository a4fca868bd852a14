//! Who attests: WebAuthn §8.2, CTAP §7.1.

use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{Config, SubCommand};
use claviger_ctap::wire::make_credential::Packed;
use claviger_ctap::wire::{Body as _, Status, make_credential};
use claviger_virtual_key::attestation::{AAGUID, root_certificate, root_certificate_pem};

use crate::key::{Key, SERIAL};
use crate::services::{HASH, RP, creation};

/// Whether the certificate's key made the signature.
pub(crate) fn attests(certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    use p256::ecdsa::signature::Verifier as _;
    // The public key of a P-256 certificate stands behind this head of its SubjectPublicKeyInfo.
    let head = [0x03, 0x42, 0x00, 0x04];
    let at = certificate.windows(4).position(|window| window == head).unwrap() + 3;
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&certificate[at..at + 65]).unwrap();
    let signature = p256::ecdsa::Signature::from_der(signature).unwrap();
    key.verify(message, &signature).is_ok()
}

fn statement(response: &make_credential::Response) -> Packed {
    let packed = Packed::decode_response(&response.statement.encode()).unwrap();
    let message = [response.auth_data.as_slice(), &HASH].concat();
    assert!(attests(&packed.certificates[0], &message, &packed.signature));
    packed
}

fn holds(certificate: &[u8], bytes: &[u8]) -> bool {
    certificate.windows(bytes.len()).any(|window| window == bytes)
}

#[test]
fn the_root_is_the_same_every_time_and_in_both_forms() {
    let der = root_certificate().unwrap();
    assert_eq!(der, root_certificate().unwrap());
    let pem = root_certificate_pem().unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(data_encoding::BASE64.decode(text.as_bytes()).unwrap(), der);
}

#[test]
fn the_models_certificate_is_the_same_for_every_key_and_names_none() {
    let one = statement(&Key::seeded(1).call(&creation(RP, b"a")).unwrap());
    let other = statement(&Key::seeded(2).call(&creation(RP, b"a")).unwrap());
    assert_eq!(one.certificates, other.certificates);
    let certificate = &one.certificates[0];
    assert!(holds(certificate, &AAGUID) && holds(certificate, b"Authenticator Attestation"));
    assert!(!holds(certificate, SERIAL.as_bytes()));
}

#[test]
fn enterprise_attestation_names_the_key_once_it_is_enabled() {
    let mut key = Key::with_pin();
    let mut request = creation(RP, b"a");
    request.enterprise_attestation = Some(2);
    assert_eq!(key.call(&request).unwrap_err(), Status::InvalidParameter);
    let mut enable = Config::new(SubCommand::EnableEnterpriseAttestation, None);
    let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
    enable.protocol = Some(2);
    enable.pin_uv_auth_param = Some(token.authenticate(&enable.authenticated()));
    key.call(&enable).unwrap();
    let response = key.call(&request).unwrap();
    assert_eq!(response.enterprise_attestation, Some(true));
    // 1.3.6.1.4.1.45724.1.1.2 with the serial number in an OCTET STRING.
    let serial_number = [
        &[
            0x06, 0x0B, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xE5, 0x1C, 0x01, 0x01, 0x02,
        ][..],
        &[0x04, 12, 0x04, 10],
        SERIAL.as_bytes(),
    ]
    .concat();
    assert!(holds(&statement(&response).certificates[0], &serial_number));
    request.enterprise_attestation = Some(1);
    assert_eq!(
        key.call(&request).unwrap().enterprise_attestation,
        None,
        "no service is on the vendor's list"
    );
    request.enterprise_attestation = Some(3);
    assert_eq!(key.call(&request).unwrap_err(), Status::InvalidOption);
}
