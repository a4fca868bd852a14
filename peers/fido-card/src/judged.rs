//! Our own client (`claviger-ctap`), judged by this key over the APDUs of the reader: credentials, signatures, names and
//! large blobs. The rest of the client is judged by the transcripts of `claviger-key` in `tests/cards`.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use claviger_ctap::apdu::{FIDO_AID, Form, Waiting, exchange, exchange_ctap, select};
use claviger_ctap::client::{Client, Error, Notice, Transport};
use claviger_ctap::pin::Pin;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::{AuthenticatorData, USER_PRESENT, USER_VERIFIED};
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::cose::{CredentialKey, EDDSA, ES256};
use claviger_ctap::wire::entities::{Descriptor, Parameter, RelyingParty, User};
use claviger_ctap::wire::get_assertion::GetAssertion;
use claviger_ctap::wire::make_credential::{MakeCredential, Options};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

use crate::apdu::Framing;
use crate::key::Key;

const SITE: &str = "login.example.test";
const PIN: &str = "first-pin-1";
const HASH: [u8; 32] = [7; 32];

/// The key under power, and a folder for it that is gone with it.
struct Slot {
    key: Key,
    framing: Framing,
    form: Form,
    state: PathBuf,
}

impl Slot {
    fn select(&mut self) -> io::Result<()> {
        let (key, framing) = (&self.key, &mut self.framing);
        let mut send = |apdu: &[u8]| Ok::<_, Infallible>(framing.answer(key, apdu));
        exchange(&select(&FIDO_AID), self.form, &mut send)
            .map(drop)
            .map_err(io::Error::other)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

impl Transport for Slot {
    type Error = io::Error;

    fn exchange(&mut self, message: &[u8], notice: &mut Notice<'_>) -> io::Result<Vec<u8>> {
        let (key, framing) = (&self.key, &mut self.framing);
        let mut send = |apdu: &[u8]| Ok::<_, Infallible>(framing.answer(key, apdu));
        exchange_ctap(message, (self.form, Waiting::Polled), &mut send, notice).map_err(io::Error::other)
    }

    fn renew(&mut self) -> io::Result<()> {
        self.select()
    }
}

/// A client of a new key with a PIN.
fn client(name: &str, form: Form) -> Client<Slot> {
    let state = std::env::temp_dir().join(format!("fido-card-{}-{name}-{form:?}", std::process::id()));
    std::fs::create_dir_all(&state).unwrap();
    let mut slot = Slot {
        key: Key::power_on(Path::new(&state)),
        framing: Framing::default(),
        form,
        state,
    };
    slot.select().unwrap();
    let entropy = |bytes: &mut [u8]| File::open("/dev/urandom").unwrap().read_exact(bytes).unwrap();
    let mut client = Client::open(slot, entropy, |_| ControlFlow::Continue(())).unwrap();
    client.set_pin(&Pin::new(PIN).unwrap()).unwrap();
    client
}

fn creation(algorithm: i64, user: u8) -> MakeCredential {
    MakeCredential {
        client_data_hash: HASH,
        rp: RelyingParty {
            id: SITE.to_owned(),
            name: None,
        },
        user: User {
            id: vec![user; 8],
            name: Some("ann@example.test".to_owned()),
            display_name: Some("Ann".to_owned()),
        },
        parameters: vec![Parameter::public_key(algorithm)],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options {
            discoverable: Some(true),
            ..Options::default()
        },
        pin_uv_auth_param: None,
        protocol: None,
        enterprise_attestation: None,
        attestation_formats_preference: Vec::new(),
    }
}

fn question(allowed: Vec<Descriptor>) -> GetAssertion {
    GetAssertion {
        rp_id: SITE.to_owned(),
        client_data_hash: HASH,
        allow_list: allowed,
        extensions: None,
        options: Options::default(),
        pin_uv_auth_param: None,
        protocol: None,
    }
}

fn token(
    client: &mut Client<Slot>,
    permissions: Permissions,
    site: Option<&str>,
) -> claviger_ctap::pin::PinUvAuthToken {
    client.pin_token(&Pin::new(PIN).unwrap(), permissions, site).unwrap()
}

/// Makes a credential; gives back its id and its key.
fn made(client: &mut Client<Slot>, algorithm: i64, user: u8) -> (Vec<u8>, CredentialKey) {
    let token = token(client, Permissions::MAKE_CREDENTIAL, Some(SITE));
    let made = client.make_credential(creation(algorithm, user), Some(&token)).unwrap();
    let data = AuthenticatorData::decode(&made.auth_data).unwrap();
    assert!(data.has(USER_PRESENT | USER_VERIFIED));
    let own = data.attested.unwrap();
    assert_eq!(own.public_key.algorithm(), Some(algorithm));
    (own.credential_id, own.public_key)
}

fn is_signed(key: &CredentialKey, message: &[u8], signature: &[u8]) -> bool {
    let CredentialKey::Es256 { x, y } = key else {
        panic!("not ES256");
    };
    let verifying = VerifyingKey::from_sec1_bytes(&[&[4][..], x, y].concat()).unwrap();
    let signature = Signature::from_der(signature).unwrap();
    verifying.verify(message, &signature).is_ok()
}

#[test]
fn a_credential_is_made_and_signs() {
    for form in [Form::Short, Form::Extended] {
        let mut client = client("signs", form);
        let (id, key) = made(&mut client, ES256, 1);
        let token = token(&mut client, Permissions::GET_ASSERTION, Some(SITE));
        let asked = question(vec![Descriptor::public_key(id)]);
        let assertions = client.get_assertions(asked, Some(&token)).unwrap();
        let [assertion] = assertions.as_slice() else {
            panic!("{} assertions", assertions.len());
        };
        let data = AuthenticatorData::decode(&assertion.auth_data).unwrap();
        assert!(data.has(USER_PRESENT | USER_VERIFIED));
        let message = [assertion.auth_data.as_slice(), &HASH].concat();
        assert!(is_signed(&key, &message, &assertion.signature));
        assert!(!is_signed(&key, &message[1..], &assertion.signature), "the control");
    }
}

#[test]
fn all_credentials_of_a_site_are_asserted_one_after_the_other() {
    let mut client = client("all", Form::Short);
    let ids = [(ES256, 1), (EDDSA, 2), (ES256, 3)].map(|(algorithm, user)| made(&mut client, algorithm, user).0);
    let token = token(&mut client, Permissions::GET_ASSERTION, Some(SITE));
    let assertions = client.get_assertions(question(Vec::new()), Some(&token)).unwrap();
    let mut told: Vec<Vec<u8>> = assertions.into_iter().map(|one| one.credential.unwrap().id).collect();
    told.reverse();
    assert_eq!(told, ids, "the newest first");
}

#[test]
fn credentials_are_counted_named_anew_and_deleted() {
    let mut client = client("managed", Form::Short);
    let (id, key) = made(&mut client, ES256, 1);
    let token = token(&mut client, Permissions::CREDENTIAL_MANAGEMENT, None);
    assert_eq!(client.credentials_metadata(&token).unwrap().existing, 1);
    let parties = client.relying_parties(&token).unwrap();
    assert_eq!(
        parties.iter().map(|party| party.rp.id.as_str()).collect::<Vec<_>>(),
        [SITE]
    );
    let id = Descriptor::public_key(id);
    let own = client.credentials(parties[0].id_hash, &token).unwrap().remove(0);
    assert_eq!((&own.id, &own.public_key), (&id, &key));
    let user = User {
        display_name: Some("Ann Other".to_owned()),
        ..own.user
    };
    client.update_user(&id, &user, &token).unwrap();
    let renamed = client.credentials(parties[0].id_hash, &token).unwrap().remove(0);
    assert_eq!(renamed.user.display_name, user.display_name);
    client.delete_credential(&id, &token).unwrap();
    assert!(client.relying_parties(&token).unwrap().is_empty());
}

#[test]
fn large_blobs_are_written_in_pieces_and_read_back() {
    let mut client = client("blobs", Form::Short);
    assert_eq!(client.read_large_blobs().unwrap(), [0x80], "none as yet");
    // A list with one byte string of 3,000 bytes: three messages.
    let array: Vec<u8> = [0x81, 0x59, 0x0B, 0xB8]
        .into_iter()
        .chain((0..3_000).map(|number| (number % 251) as u8))
        .collect();
    let token = token(&mut client, Permissions::LARGE_BLOB_WRITE, None);
    client.write_large_blobs(&array, Some(&token)).unwrap();
    assert_eq!(client.read_large_blobs().unwrap(), array);
}

#[test]
fn what_the_key_cannot_do_it_is_not_asked_or_refuses() {
    let mut client = client("refuses", Form::Short);
    let token = token(&mut client, Permissions::MAKE_CREDENTIAL, Some(SITE));
    let enterprise = MakeCredential {
        enterprise_attestation: Some(2),
        ..creation(ES256, 1)
    };
    assert!(matches!(
        client.make_credential(enterprise, Some(&token)),
        Err(Error::Unsupported(_))
    ));
    let vendor = client.vendor(0xB4, &[0xA0]).unwrap_err();
    assert_eq!(vendor.status(), Some(Status::InvalidCommand));
    client.select().unwrap();
}
