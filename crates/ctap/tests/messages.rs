//! Every message goes out and comes back, and whatever else comes is refused in words.
#![cfg(test)]

use claviger_ctap::wire::auth_data::{
    ATTESTED, AttestedCredential, AuthenticatorData, EXTENDED, USER_PRESENT, USER_VERIFIED,
};
use claviger_ctap::wire::cbor::{Fault, Value};
use claviger_ctap::wire::client_pin::{self, ClientPin, Permissions};
use claviger_ctap::wire::config::{self, Config, SetMinPinLength, VendorPrototype};
use claviger_ctap::wire::cose::{CredentialKey, ECDH_ES_HKDF_256, EDDSA, ES256, KeyAgreement};
use claviger_ctap::wire::credential_management::{self, CredentialManagement, Params};
use claviger_ctap::wire::entities::{Descriptor, LargeBlobKey, PUBLIC_KEY, Parameter, RelyingParty, User};
use claviger_ctap::wire::extensions::{self, Assertion, BlobOutput, Creation, HmacSecret, Outputs, SecretOutput};
use claviger_ctap::wire::get_assertion::{self, GetAssertion};
use claviger_ctap::wire::get_info::Info;
use claviger_ctap::wire::large_blobs::{self, EMPTY_ARRAY, LargeBlobs};
use claviger_ctap::wire::make_credential::{self, MakeCredential, Options, Packed};
use claviger_ctap::wire::{Body, Command, Nothing, Request, Status, part_request, part_response, success};

const POINT: KeyAgreement = KeyAgreement { x: [5; 32], y: [6; 32] };

fn es256() -> CredentialKey {
    CredentialKey::Es256 { x: [1; 32], y: [2; 32] }
}

fn user() -> User {
    User {
        id: vec![7; 16],
        name: Some("eliska@example.com".to_owned()),
        display_name: Some("Eliška".to_owned()),
    }
}

fn rp() -> RelyingParty {
    RelyingParty {
        id: "example.com".to_owned(),
        name: Some("Example".to_owned()),
    }
}

fn descriptor() -> Descriptor {
    Descriptor {
        transports: vec!["usb".to_owned()],
        ..Descriptor::public_key(vec![9; 32])
    }
}

fn client_pin() -> ClientPin {
    ClientPin {
        protocol: Some(2),
        key_agreement: Some(POINT),
        pin_uv_auth_param: Some(vec![1; 32]),
        new_pin_enc: Some(vec![2; 80]),
        pin_hash_enc: Some(vec![3; 32]),
        permissions: Some(Permissions::MAKE_CREDENTIAL | Permissions::GET_ASSERTION),
        rp_id: Some("example.com".to_owned()),
        ..ClientPin::new(client_pin::SubCommand::GetTokenUsingPin)
    }
}

fn make_credential() -> MakeCredential {
    MakeCredential {
        client_data_hash: [4; 32],
        rp: rp(),
        user: user(),
        parameters: vec![Parameter::public_key(ES256), Parameter::public_key(EDDSA)],
        exclude_list: vec![descriptor()],
        extensions: Some(Creation {
            cred_protect: Some(3),
            cred_blob: Some(vec![1, 2]),
            large_blob_key: Some(true),
            min_pin_length: Some(true),
            hmac_secret: Some(true),
            others: vec![("thirdPartyPayment".into(), true.into())],
        }),
        options: Options {
            discoverable: Some(true),
            user_presence: None,
            user_verification: Some(false),
        },
        pin_uv_auth_param: Some(vec![8; 32]),
        protocol: Some(2),
        enterprise_attestation: Some(2),
        attestation_formats_preference: vec!["packed".to_owned()],
    }
}

fn get_assertion() -> GetAssertion {
    let hmac_secret = HmacSecret {
        key_agreement: POINT,
        salt_enc: vec![1; 48],
        salt_auth: vec![2; 32],
        protocol: Some(2),
    };
    GetAssertion {
        rp_id: "example.com".to_owned(),
        client_data_hash: [4; 32],
        allow_list: vec![descriptor(), Descriptor::public_key(vec![1])],
        extensions: Some(Assertion {
            cred_blob: Some(true),
            large_blob_key: Some(true),
            hmac_secret: Some(hmac_secret),
            others: Vec::new(),
        }),
        options: Options {
            user_presence: Some(false),
            ..Options::default()
        },
        pin_uv_auth_param: Some(Vec::new()),
        protocol: Some(1),
    }
}

fn credential_management() -> CredentialManagement {
    let params = Params {
        rp_id_hash: Some([1; 32]),
        credential_id: Some(descriptor()),
        user: Some(user()),
    };
    CredentialManagement {
        protocol: Some(2),
        pin_uv_auth_param: Some(vec![1; 32]),
        ..CredentialManagement::new(credential_management::SubCommand::UpdateUser, Some(&params))
    }
}

fn config() -> Config {
    let params = SetMinPinLength {
        new_min_pin_length: Some(8),
        rp_ids: vec!["example.com".to_owned()],
        force_change_pin: Some(true),
    };
    Config {
        protocol: Some(2),
        pin_uv_auth_param: Some(vec![1; 32]),
        ..Config::new(config::SubCommand::SetMinPinLength, Some(params.to_value()))
    }
}

fn large_blobs() -> LargeBlobs {
    LargeBlobs {
        get: None,
        set: Some(EMPTY_ARRAY.to_vec()),
        offset: Some(0),
        length: Some(17),
        pin_uv_auth_param: Some(vec![1; 32]),
        protocol: Some(2),
    }
}

fn info() -> Info {
    Info {
        versions: vec!["FIDO_2_0".to_owned(), "FIDO_2_1".to_owned()],
        extensions: vec!["hmac-secret".to_owned()],
        aaguid: [0xAA; 16],
        options: vec![("rk".to_owned(), true), ("clientPin".to_owned(), false)],
        max_msg_size: Some(1200),
        pin_uv_auth_protocols: vec![2, 1],
        transports: vec!["usb".to_owned()],
        algorithms: vec![Parameter::public_key(ES256)],
        force_pin_change: Some(true),
        min_pin_length: Some(6),
        firmware_version: Some(0x0005_0701),
        certifications: vec![("FIPS-CMVP-3".to_owned(), 2)],
        vendor_prototype_config_commands: Some(Vec::new()),
        others: vec![(0x7F.into(), Value::Null)],
        ..Info::default()
    }
}

fn management_response() -> credential_management::Response {
    credential_management::Response {
        existing_credentials: Some(1),
        remaining_credentials: Some(24),
        rp: Some(rp()),
        rp_id_hash: Some([1; 32]),
        total_rps: Some(1),
        user: Some(user()),
        credential_id: Some(descriptor()),
        public_key: Some(es256()),
        total_credentials: Some(1),
        cred_protect: Some(1),
        large_blob_key: Some([3; 32].into()),
    }
}

fn made() -> make_credential::Response {
    let statement = Packed {
        algorithm: ES256,
        signature: vec![1; 70],
        certificates: vec![vec![0x30; 90]],
    };
    make_credential::Response {
        format: "packed".to_owned(),
        auth_data: vec![1; 180],
        statement: statement.to_value(),
        enterprise_attestation: Some(true),
        large_blob_key: Some([1; 32].into()),
    }
}

fn asserted() -> get_assertion::Response {
    get_assertion::Response {
        credential: Some(descriptor()),
        auth_data: vec![1; 37],
        signature: vec![2; 71],
        user: Some(user()),
        number_of_credentials: Some(2),
        user_selected: Some(true),
        large_blob_key: Some([1; 32].into()),
    }
}

/// Out and back; without any of its last bytes, with more behind, and with each byte another: refused or read, in words.
fn torture<T: Body + PartialEq + std::fmt::Debug>(body: &T) {
    let bytes = body.encode();
    assert_eq!(T::decode_request(&bytes).as_ref(), Ok(body));
    assert_eq!(T::decode_response(&bytes).as_ref(), Ok(body));
    for end in 1..bytes.len() {
        let fault = T::decode_request(&bytes[..end]).unwrap_err();
        assert_eq!(fault.status(), Status::InvalidCbor, "cut to {end}: {fault}");
    }
    for place in 0..bytes.len() {
        for change in [1, 0x20, 0x40, 0x80, 0xFF] {
            let mut other = bytes.clone();
            other[place] ^= change;
            if let Err(fault) = T::decode_response(&other) {
                assert!((10..120).contains(&fault.to_string().len()), "{fault}");
            }
        }
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(
        T::decode_response(&longer),
        Err(Fault::Syntax {
            what: "bytes after the end",
            ..
        })
    ));
}

#[test]
fn every_request_comes_back_and_a_broken_one_is_refused() {
    torture(&client_pin());
    torture(&make_credential());
    torture(&get_assertion());
    torture(&credential_management());
    torture(&config());
    torture(&large_blobs());
}

#[test]
fn every_response_comes_back_and_a_broken_one_is_refused() {
    torture(&info());
    torture(&Info::default());
    torture(&client_pin::Response {
        key_agreement: Some(POINT),
        pin_uv_auth_token: Some(vec![1; 48]),
        pin_retries: Some(8),
        power_cycle_state: Some(false),
        uv_retries: Some(3),
    });
    torture(&made());
    torture(&asserted());
    torture(&management_response());
    torture(&large_blobs::Response {
        config: Some(vec![1, 2, 3]),
    });
    torture(&Outputs {
        cred_protect: Some(2),
        cred_blob: Some(BlobOutput::Blob(vec![1])),
        min_pin_length: Some(8),
        hmac_secret: Some(SecretOutput::Encrypted(vec![1; 48])),
        others: vec![("uvm".into(), Value::Null)],
    });
}

#[test]
fn outputs_of_a_creation_are_truths() {
    let outputs = Outputs {
        cred_blob: Some(BlobOutput::Kept(true)),
        hmac_secret: Some(SecretOutput::Made(false)),
        ..Outputs::default()
    };
    torture(&outputs);
    let text = Value::Map(vec![(extensions::HMAC_SECRET.into(), "yes".into())]);
    let fault = Outputs::decode_response(&text.encode()).unwrap_err();
    assert_eq!(fault.to_string(), "hmac-secret is not true, false or a byte string");
}

#[test]
fn messages_begin_with_their_command_and_responses_with_their_status() {
    let message = config().message();
    let (command, body) = part_request(&message).unwrap();
    assert_eq!((command, Config::decode_request(body)), (Command::Config, Ok(config())));
    let answered = success(&info());
    let (status, body) = part_response(&answered).unwrap();
    assert_eq!((status, Info::decode_response(body)), (Status::Ok, Ok(info())));
    assert_eq!(success(&Nothing), [0]);
    assert_eq!(success(&large_blobs::Response::default()), [0]);
    assert_eq!(part_request(&[]).unwrap_err().to_string(), "the command is missing");
    assert_eq!(part_response(&[]).unwrap_err().to_string(), "the status is missing");
    assert_eq!(Command::CREDENTIAL_MANAGEMENT_PREVIEW.byte(), 0x41);
    let commands = [
        ClientPin::COMMAND,
        MakeCredential::COMMAND,
        GetAssertion::COMMAND,
        CredentialManagement::COMMAND,
    ];
    assert_eq!(commands.map(Command::byte), [0x06, 0x01, 0x02, 0x0A]);
    assert_eq!(LargeBlobs::COMMAND.byte(), 0x0C);
}

#[test]
fn what_a_token_authenticates_is_what_the_specification_says() {
    let config = config();
    let params = config.sub_command_params.clone().unwrap().encode();
    assert_eq!(
        config.authenticated(),
        [&[0xFF; 32][..], &[0x0D, 0x03], &params].concat()
    );
    let toggle = Config::new(config::SubCommand::ToggleAlwaysUv, None);
    assert_eq!(toggle.authenticated(), [&[0xFF; 32][..], &[0x0D, 0x02]].concat());
    let delete = credential_management();
    let params = delete.params().unwrap();
    assert_eq!(delete.authenticated(), [&[0x07][..], &params.encode()].concat());
    let piece = LargeBlobs {
        offset: Some(0x0102),
        ..large_blobs()
    };
    assert_eq!(piece.authenticated()[32..38], [0x0C, 0x00, 0x02, 0x01, 0x00, 0x00]);
    assert_eq!(piece.authenticated().len(), 70);
}

#[test]
fn parameters_of_a_configuration_are_read_by_those_who_know_them() {
    let read: SetMinPinLength = config().params().unwrap();
    assert_eq!((read.new_min_pin_length, read.force_change_pin), (Some(8), Some(true)));
    let vendor = VendorPrototype {
        command: u64::MAX,
        others: vec![(2.into(), true.into())],
    };
    let vendor_config = Config::new(config::SubCommand::VendorPrototype, Some(vendor.to_value()));
    assert_eq!(vendor_config.params(), Ok(vendor));
    let bare = Config::new(config::SubCommand::VendorPrototype, None);
    assert_eq!(
        bare.params::<VendorPrototype>(),
        Err(Fault::Missing("vendorCommandId (0x01)"))
    );
}

#[test]
fn info_answers_what_it_can_and_what_is_set() {
    let info = info();
    assert_eq!(
        (info.option("rk"), info.option("clientPin"), info.option("ep")),
        (Some(true), Some(false), None)
    );
    assert!(info.speaks("FIDO_2_1") && !info.speaks("U2F_V2"));
    assert!(info.extends("hmac-secret") && !info.extends("credBlob"));
    let fault = Info::decode_response(&[]).unwrap_err();
    assert_eq!(fault.to_string(), "versions (0x01) is missing");
}

#[test]
fn authenticator_data_in_a_response_is_read() {
    let data = AuthenticatorData {
        rp_id_hash: [1; 32],
        flags: USER_PRESENT | USER_VERIFIED,
        sign_count: 9,
        attested: Some(AttestedCredential {
            aaguid: [0; 16],
            credential_id: vec![1; 64],
            public_key: es256(),
        }),
        extensions: Some(Outputs {
            cred_protect: Some(1),
            ..Outputs::default()
        }),
    };
    let bytes = data.encode();
    assert_eq!(bytes[32], USER_PRESENT | USER_VERIFIED | ATTESTED | EXTENDED);
    let read = AuthenticatorData::decode(&bytes).unwrap();
    assert!(read.has(USER_VERIFIED) && !read.has(0x08));
    assert_eq!(read.attested.unwrap().public_key.algorithm(), Some(ES256));
    let outputs = [
        extensions::CRED_PROTECT,
        extensions::CRED_BLOB,
        extensions::LARGE_BLOB_KEY,
        extensions::MIN_PIN_LENGTH,
    ];
    assert_eq!(outputs, ["credProtect", "credBlob", "largeBlobKey", "minPinLength"]);
}

#[test]
fn permissions_are_bits_and_constants_are_those_of_the_specification() {
    use Permissions as P;
    let all = [
        P::MAKE_CREDENTIAL,
        P::GET_ASSERTION,
        P::CREDENTIAL_MANAGEMENT,
        P::BIO_ENROLLMENT,
        P::LARGE_BLOB_WRITE,
        P::AUTHENTICATOR_CONFIG,
    ];
    assert_eq!(all.map(P::bits), [1, 2, 4, 8, 16, 32]);
    assert_eq!(P::PERSISTENT_CREDENTIAL_MANAGEMENT_READ_ONLY.bits(), 64);
    assert!((all[0] | all[5]).contains(all[5]) && !all[0].contains(all[5]) && P::default().is_empty());
    assert_eq!(
        (ES256, EDDSA, ECDH_ES_HKDF_256, PUBLIC_KEY),
        (-7, -8, -25, "public-key")
    );
    let key = LargeBlobKey::from([7; 32]);
    assert_eq!(
        (format!("{key:?}").as_str(), key.as_bytes()),
        ("LargeBlobKey(***)", &[7; 32])
    );
}
