//! The certificates under which virtual keys attest.

use claviger_virtual_key::attestation::{root_certificate, root_certificate_pem};

#[test]
fn the_root_is_the_same_every_time_and_in_both_forms() {
    let der = root_certificate().unwrap();
    assert_eq!(der, root_certificate().unwrap());
    let pem = root_certificate_pem().unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(data_encoding::BASE64.decode(text.as_bytes()).unwrap(), der);
}
