//! Every vector of the specification. The file is the specification's own, and compared with it where it is at hand.

use std::path::Path;

use claviger_managed_key::code::{Challenge, CodeFault, DeviceTag, Response};
use claviger_managed_key::keys::{AdminKey, Authorised, DeviceKey, KeyVersion, MasterKey, UnlockKey, diversified};
use claviger_managed_key::message::{AdminOrder, CoseKey, SubCommand};
use claviger_managed_key::pin_uv::{authenticate, verifies};
use claviger_managed_key::{Operation, Serial};
use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use serde_json::Value;
use zeroize::Zeroizing;

const FILE: &str = include_str!("vectors.json");

/// The file as JSON pointers.
pub(crate) struct Vectors(Value);

impl Vectors {
    pub(crate) fn read() -> Self {
        Self(serde_json::from_str(FILE).unwrap())
    }

    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"))
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.at(pointer)
            .as_str()
            .unwrap_or_else(|| panic!("{pointer} is no text"))
    }

    pub(crate) fn hex(&self, pointer: &str) -> Vec<u8> {
        HEX.decode(self.text(pointer).as_bytes()).unwrap()
    }

    pub(crate) fn bytes<const N: usize>(&self, pointer: &str) -> [u8; N] {
        self.hex(pointer)
            .try_into()
            .unwrap_or_else(|_| panic!("{pointer} has not {N} bytes"))
    }

    pub(crate) fn serial(&self) -> Serial {
        Serial::new(self.text("/inputs/serial")).unwrap()
    }

    pub(crate) fn device(&self) -> DeviceKey {
        DeviceKey::new(Zeroizing::new(self.bytes("/device_key")))
    }

    pub(crate) fn challenge(&self) -> Challenge {
        Challenge::read(self.text("/challenge")).unwrap()
    }

    fn derived(&self, version: u32) -> DeviceKey {
        let master = MasterKey::new(Zeroizing::new(self.bytes("/inputs/master_key")));
        let (tenant, aaguid) = (self.bytes("/inputs/tenant_id"), self.bytes("/inputs/aaguid"));
        master.device_key(&tenant, &aaguid, &self.serial(), KeyVersion::new(version).unwrap())
    }

    fn unlock_key(&self) -> UnlockKey {
        self.device().unlock_key(&self.serial())
    }

    fn admin_key(&self) -> AdminKey {
        self.device().admin_key(&self.serial())
    }
}

#[test]
fn the_file_is_the_specification_s() {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/managed-key-vectors.json");
    match std::fs::read_to_string(&original) {
        Ok(original) => assert_eq!(FILE, original, "copy the specification's vectors to vectors.json"),
        Err(absent) => println!("the specification is not here ({absent}); its copy alone was tested"),
    }
}

#[test]
fn keys() {
    let vectors = Vectors::read();
    let serial = vectors.serial();
    let device = vectors.derived(1);
    assert_eq!(device.using(), &vectors.bytes("/device_key"));
    assert_eq!(device.unlock_key(&serial).using(), &vectors.bytes("/unlock_key"));
    assert_eq!(device.admin_key(&serial).using(), &vectors.bytes("/admin_key"));
    assert_eq!(device.wrap_key(&serial).using(), &vectors.bytes("/more/wrap_key"));
    assert_eq!(device.kcv().using(), &vectors.bytes("/kcv"));
    assert_eq!(device.kcv().spoken(), vectors.text("/more/kcv_spoken"));
    let next = vectors.derived(2);
    assert_eq!(next.using(), &vectors.bytes("/more/device_key_version_2"));
    assert_eq!(next.kcv().using(), &vectors.bytes("/more/kcv_version_2"));
}

#[test]
fn challenges() {
    let vectors = Vectors::read();
    let (serial, random) = (vectors.serial(), vectors.bytes("/inputs/nonce_104_bits_low_100_used"));
    assert_eq!(
        u64::from(DeviceTag::of(&serial).get()),
        vectors.at("/device_tag").as_u64().unwrap()
    );
    let count = u32::try_from(vectors.at("/inputs/unlock_seq").as_u64().unwrap()).unwrap();
    assert_eq!(
        Challenge::new(&serial, count, random).shown(),
        vectors.text("/challenge")
    );
    let later = Challenge::new(&serial, 1_030, random);
    assert_eq!(later.shown(), vectors.text("/more/challenge_unlock_seq_1030"));
    assert_eq!((vectors.challenge().unlock_seq(), later.unlock_seq()), (7, 6));
}

#[test]
fn responses_and_receipts() {
    let vectors = Vectors::read();
    let (key, serial) = (vectors.unlock_key(), vectors.serial());
    let response = key.response(Operation::Unlock, &serial, &vectors.challenge());
    assert_eq!(response.shown().as_str(), vectors.text("/response_op_01"));
    let receipt = key.receipt(Operation::Unlock, &serial, &vectors.challenge());
    assert_eq!(receipt.shown(), vectors.text("/receipt_op_01"));
    let later = Challenge::read(vectors.text("/more/challenge_unlock_seq_1030")).unwrap();
    let response = key.response(Operation::Unlock, &serial, &later);
    assert_eq!(response.shown().as_str(), vectors.text("/more/response_op_01_for_it"));
}

#[test]
fn admin_authorisations() {
    let vectors = Vectors::read();
    let cases = [
        "/admin_auth",
        "/more/admin_auth_empty_params_op_12",
        "/more/admin_auth_with_key_agreement_op_15",
    ];
    for case in cases {
        let key_agreement = if case.ends_with("15") {
            vectors.hex(&format!("{case}/key_agreement_cbor"))
        } else {
            Vec::new()
        };
        let [code] = vectors.bytes(&format!("{case}/op"));
        let what = Authorised {
            operation: Operation::of_code(code).unwrap(),
            serial: &vectors.serial(),
            challenge: &vectors.challenge(),
            parameters: &vectors.hex(&format!("{case}/op_params_cbor")),
            key_agreement: &key_agreement,
        };
        let mac = vectors.bytes(&format!("{case}/mac"));
        assert_eq!(vectors.admin_key().authorise(&what), mac, "{case}");
        assert!(vectors.admin_key().accepts(&what, &mac), "{case}");
    }
}

#[test]
fn normalisation() {
    let vectors = Vectors::read();
    let cases = vectors.at("/more/normalisation").as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let read = Challenge::read(case["typed"].as_str().unwrap());
        match case["error"].as_str() {
            None => assert_eq!(read.unwrap().shown(), vectors.text("/challenge")),
            Some(error) => {
                let fault = read.unwrap_err();
                assert!(matches!(fault, CodeFault::Character { .. }));
                assert!(fault.to_string().starts_with(&format!("{error} ")), "{fault}");
            }
        }
    }
}

#[test]
fn typos() {
    let vectors = Vectors::read();
    let mut symbols = vectors.challenge().text().into_bytes();
    let place = usize::try_from(vectors.at("/typo/symbol_index").as_u64().unwrap()).unwrap();
    symbols[place] = if symbols[place] == b'9' { b'8' } else { b'9' };
    let fault = Challenge::read(std::str::from_utf8(&symbols).unwrap()).unwrap_err();
    let group = u8::try_from(vectors.at("/typo/reported_group").as_u64().unwrap()).unwrap();
    assert_eq!(fault, CodeFault::Group { group });

    let cases = vectors.at("/more/typos").as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let typed = case["typed"].as_str().unwrap();
        let fault = match case["of"].as_str() {
            Some("response") => Response::read(typed).map(|_| ()),
            _ => Challenge::read(typed).map(|_| ()),
        };
        let expected = match (case["names_group"].as_u64(), case["names"].as_str()) {
            (Some(group), _) => CodeFault::Group {
                group: u8::try_from(group).unwrap(),
            },
            (None, Some("the whole code")) => CodeFault::Whole,
            (None, Some("unknown version, group 1")) => CodeFault::Version,
            other => panic!("{other:?}"),
        };
        assert_eq!(fault, Err(expected), "{typed}");
    }
}

#[test]
fn an10922() {
    let vectors = Vectors::read();
    let input = vectors.hex("/an10922/diversification_input");
    for size in ["aes128", "aes192", "aes256"] {
        let key = vectors.hex(&format!("/an10922/{size}/key"));
        let expected = vectors.hex(&format!("/an10922/{size}/out"));
        assert_eq!(diversified(&key, &input).unwrap().to_vec(), expected, "{size}");
    }
}

#[test]
fn change_key() {
    let vectors = Vectors::read();
    let at = |field: &str| format!("/more/change_key_op_10/{field}");
    let wrap = vectors.device().wrap_key(&vectors.serial());
    let next = DeviceKey::new(Zeroizing::new(vectors.bytes(&at("next_device_key"))));
    let key_enc = wrap.seal_key(vectors.bytes(&at("iv")), &next);
    assert_eq!(key_enc, vectors.bytes(&at("key_enc")));
    assert_eq!(wrap.open_key(&key_enc).using(), next.using());
    let order = AdminOrder::ChangeKey {
        key_enc,
        version: KeyVersion::new(2).unwrap(),
    };
    assert_eq!(order.parameters(), vectors.hex(&at("op_params_cbor")));
    let what = Authorised {
        operation: order.operation(),
        serial: &vectors.serial(),
        challenge: &vectors.challenge(),
        parameters: &order.parameters(),
        key_agreement: &[],
    };
    assert_eq!(vectors.admin_key().authorise(&what), vectors.bytes(&at("mac")));
}

#[test]
fn request_authentication() {
    let vectors = Vectors::read();
    let key = vectors.bytes("/more/auth/shared_secret_hmac_key");
    let [code] = vectors.bytes("/more/auth/sub");
    let sub = SubCommand::of_code(code).unwrap();
    let params = vectors.hex("/more/auth/params_cbor");
    let auth = vectors.bytes("/more/auth/pin_uv_auth_param");
    assert_eq!(authenticate(&key, sub, &params), auth);
    assert!(verifies(&key, sub, &params, &auth));
    assert!(!verifies(&key, SubCommand::Unlock, &params, &auth));
}

#[test]
fn key_agreement() {
    let cbor = Vectors::read().hex("/more/admin_auth_with_key_agreement_op_15/key_agreement_cbor");
    assert_eq!(CoseKey::parse(&cbor).unwrap().encode(), cbor);
}

/// Counts the values of the file, so that a vector that is added has to be looked at here.
#[test]
fn none_of_the_file_is_new() {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(map) => map.values().map(leaves).sum(),
            Value::Array(list) => list.iter().map(leaves).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        }
    }
    assert_eq!(leaves(&Vectors::read().0), 74);
}
