//! Messages of CTAP2: whatever is sent is refused in a few words or read; what is read is written so that it is read the
//! same, and what passes for canonical is what we would write.
#![no_main]

use std::fmt::Debug;

use claviger_ctap::wire::Body;
use claviger_ctap::wire::auth_data::AuthenticatorData;
use claviger_ctap::wire::cbor::{Fault, LONGEST, Value};
use claviger_ctap::wire::client_pin::{self, ClientPin};
use claviger_ctap::wire::config::{Config, SetMinPinLength, VendorPrototype};
use claviger_ctap::wire::cose::{CredentialKey, KeyAgreement};
use claviger_ctap::wire::credential_management::{self, CredentialManagement};
use claviger_ctap::wire::extensions::{Assertion, Creation, Outputs};
use claviger_ctap::wire::get_assertion::{self, GetAssertion};
use claviger_ctap::wire::get_info::Info;
use claviger_ctap::wire::large_blobs::{self, LargeBlobs};
use claviger_ctap::wire::make_credential::{self, MakeCredential, Packed};
use libfuzzer_sys::fuzz_target;

fn refused(fault: Fault) {
    assert!((10..160).contains(&fault.to_string().len()), "{fault}");
    assert_ne!(fault.status().byte(), 0);
}

fn body<T: Body + Debug + PartialEq>(bytes: &[u8]) {
    match T::decode_response(bytes) {
        Ok(read) => assert_eq!(T::decode_response(&read.encode()).as_ref(), Ok(&read)),
        Err(fault) => {
            refused(fault);
            assert!(
                T::decode_request(bytes).is_err(),
                "a request was read that is no response"
            );
        }
    }
    // A response that carries nothing is written as nothing, which is no request.
    if let Ok(read) = T::decode_request(bytes)
        && !read.encode().is_empty()
    {
        assert_eq!(T::decode_request(&read.encode()).as_ref(), Ok(&read));
    }
}

const BODIES: [fn(&[u8]); 20] = [
    body::<Info>,
    body::<ClientPin>,
    body::<client_pin::Response>,
    body::<MakeCredential>,
    body::<make_credential::Response>,
    body::<Packed>,
    body::<GetAssertion>,
    body::<get_assertion::Response>,
    body::<CredentialManagement>,
    body::<credential_management::Response>,
    body::<credential_management::Params>,
    body::<Config>,
    body::<SetMinPinLength>,
    body::<VendorPrototype>,
    body::<LargeBlobs>,
    body::<large_blobs::Response>,
    body::<Creation>,
    body::<Assertion>,
    body::<Outputs>,
    body::<CredentialKey>,
];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    if bytes.len() > LONGEST {
        return;
    }
    match Value::read(bytes) {
        Ok(value) => assert_eq!(
            Value::read(&value.encode()).map(|again| again.encode()),
            Ok(value.encode())
        ),
        Err(fault) => refused(fault),
    }
    if let Ok(value) = Value::read_canonical(bytes) {
        assert_eq!(value.encode(), bytes);
    }
    if let Ok(data) = AuthenticatorData::decode(bytes) {
        assert_eq!(AuthenticatorData::decode(&data.encode()).as_ref(), Ok(&data));
    }
    // KeyAgreement writes its algorithm, which it does not look at when it is read.
    if let Ok(key) = KeyAgreement::decode_response(bytes) {
        assert_eq!(KeyAgreement::decode_response(&key.encode()), Ok(key));
    }
    if !bytes.is_empty() {
        BODIES[usize::from(*choice) % BODIES.len()](bytes);
    }
});
