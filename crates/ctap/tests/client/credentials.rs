//! Credentials and what is kept beside them.

use claviger_ctap::client::{Client, Credential, Error, Metadata, Party};
use claviger_ctap::pin::{Pin, PinUvAuthToken};
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::cose::{CredentialKey, ES256};
use claviger_ctap::wire::credential_management::{CredentialManagement, Response, SubCommand};
use claviger_ctap::wire::entities::{Descriptor, Parameter, RelyingParty, User};
use claviger_ctap::wire::get_assertion::{self, GetAssertion};
use claviger_ctap::wire::large_blobs::{self, EMPTY_ARRAY, LargeBlobs};
use claviger_ctap::wire::make_credential::{self, MakeCredential, Options, Packed};
use claviger_ctap::wire::{Body, Nothing, Status, success};
use sha2::{Digest as _, Sha256};

use crate::fake::{Cable, fresh, info};

fn with_token(cable: &Cable) -> (Client<Cable>, PinUvAuthToken) {
    let mut client = cable.with_pin("4711");
    let token = client
        .pin_token(&Pin::new("4711").unwrap(), Permissions::from(0x37), None)
        .unwrap();
    (client, token)
}

fn user(id: u8) -> User {
    User {
        id: vec![id; 8],
        ..User::default()
    }
}

fn creation() -> MakeCredential {
    MakeCredential {
        client_data_hash: [1; 32],
        rp: RelyingParty {
            id: "example.com".to_owned(),
            name: None,
        },
        user: user(1),
        parameters: vec![Parameter::public_key(ES256)],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options {
            discoverable: Some(true),
            ..Options::default()
        },
        pin_uv_auth_param: None,
        protocol: None,
        enterprise_attestation: Some(2),
        attestation_formats_preference: Vec::new(),
    }
}

#[test]
fn a_credential_is_made_with_enterprise_attestation_where_it_is_enabled() {
    let cable = fresh();
    let (mut client, token) = with_token(&cable);
    let refused = client.make_credential(creation(), Some(&token));
    assert_eq!(
        refused,
        Err(Error::Unsupported("enterprise attestation that is enabled"))
    );
    client.enable_enterprise_attestation(Some(&token)).unwrap();
    let made = make_credential::Response {
        format: "packed".to_owned(),
        auth_data: vec![0; 37],
        statement: Packed {
            algorithm: ES256,
            signature: vec![1],
            certificates: vec![vec![2]],
        }
        .to_value(),
        enterprise_attestation: Some(true),
        large_blob_key: None,
    };
    cable.answers([success(&made)]);
    assert_eq!(client.make_credential(creation(), Some(&token)), Ok(made));
    let sent = cable.0.borrow().log.last().cloned().unwrap();
    let sent = MakeCredential::decode_request(&sent[1..]).unwrap();
    assert_eq!((sent.enterprise_attestation, sent.protocol), (Some(2), Some(2)));
    assert_eq!(
        cable.0.borrow().verified(&[1; 32], sent.pin_uv_auth_param.as_deref()),
        Ok(())
    );
}

fn asserted(of: Option<u32>) -> get_assertion::Response {
    get_assertion::Response {
        credential: Some(Descriptor::public_key(vec![1])),
        auth_data: vec![0; 37],
        signature: vec![1],
        user: None,
        number_of_credentials: of,
        user_selected: None,
        large_blob_key: None,
    }
}

fn question() -> GetAssertion {
    GetAssertion {
        rp_id: "example.com".to_owned(),
        client_data_hash: [2; 32],
        allow_list: Vec::new(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth_param: None,
        protocol: None,
    }
}

#[test]
fn as_many_assertions_come_as_the_first_says() {
    let cable = fresh();
    let (mut client, token) = with_token(&cable);
    cable.answers([
        success(&asserted(Some(3))),
        success(&asserted(None)),
        success(&asserted(None)),
    ]);
    assert_eq!(
        client.get_assertions(question(), Some(&token)).map(|all| all.len()),
        Ok(3)
    );
    let commands = cable.commands();
    assert_eq!(commands[commands.len() - 3..], [2, 8, 8]);
    cable.answers([success(&asserted(None))]);
    assert_eq!(client.get_assertions(question(), None).map(|all| all.len()), Ok(1));
    cable.answers([success(&asserted(Some(u32::MAX)))]);
    let absurd = client.get_assertions(question(), None).unwrap_err();
    assert!(absurd.to_string().ends_with("more credentials than any key holds"));
}

fn party(id: &str, total: Option<u32>) -> Response {
    Response {
        rp: Some(RelyingParty {
            id: id.to_owned(),
            name: None,
        }),
        rp_id_hash: Some(Sha256::digest(id).into()),
        total_rps: total,
        ..Response::default()
    }
}

fn held(id: u8, total: Option<u32>) -> Response {
    Response {
        user: Some(user(id)),
        credential_id: Some(Descriptor::public_key(vec![id])),
        public_key: Some(CredentialKey::Ed25519 { x: [id; 32] }),
        total_credentials: total,
        cred_protect: Some(2),
        large_blob_key: Some([1; 32].into()),
        ..Response::default()
    }
}

#[test]
fn credentials_are_listed_renamed_and_deleted() {
    let cable = fresh();
    let (mut client, token) = with_token(&cable);
    let metadata = Response {
        existing_credentials: Some(2),
        remaining_credentials: Some(23),
        ..Response::default()
    };
    cable.answers([
        success(&metadata),
        success(&party("a.example", Some(2))),
        success(&party("b.example", None)),
    ]);
    assert_eq!(
        client.credentials_metadata(&token),
        Ok(Metadata {
            existing: 2,
            remaining: 23
        })
    );
    let parties: Vec<Party> = client.relying_parties(&token).unwrap();
    assert_eq!(
        parties.iter().map(|party| party.rp.id.as_str()).collect::<Vec<_>>(),
        ["a.example", "b.example"]
    );
    cable.answers([success(&held(1, Some(2))), success(&held(2, None))]);
    let credentials: Vec<Credential> = client.credentials(parties[0].id_hash, &token).unwrap();
    assert_eq!(
        (credentials.len(), credentials[1].user.id[0], credentials[1].protection),
        (2, 2, Some(2))
    );
    cable.answers([success(&Nothing), success(&Nothing)]);
    client.update_user(&credentials[0].id, &user(9), &token).unwrap();
    client.delete_credential(&credentials[0].id, &token).unwrap();
    let sent = cable.0.borrow().log.last().cloned().unwrap();
    let sent = CredentialManagement::decode_request(&sent[1..]).unwrap();
    assert_eq!(sent.params().unwrap().credential_id, Some(credentials[0].id.clone()));
    assert_eq!((sent.sub_command, sent.protocol), (SubCommand::Delete, Some(2)));
    assert_eq!(
        cable
            .0
            .borrow()
            .verified(&sent.authenticated(), sent.pin_uv_auth_param.as_deref()),
        Ok(())
    );
}

#[test]
fn a_key_without_credentials_lists_none_and_one_that_lies_is_left() {
    let cable = fresh();
    let (mut client, token) = with_token(&cable);
    cable.answers([
        vec![Status::NoCredentials.byte()],
        success(&Response {
            total_rps: Some(0),
            ..Response::default()
        }),
    ]);
    assert_eq!(client.relying_parties(&token), Ok(Vec::new()));
    assert_eq!(
        client.relying_parties(&token),
        Ok(Vec::new()),
        "some keys answer a total of 0"
    );
    let listing = |total| success(&party("a.example", total));
    cable.answers([listing(Some(u32::MAX)), listing(None)]);
    let absurd = client.relying_parties(&token).unwrap_err().to_string();
    assert!(absurd.ends_with("more credentials than any key holds"), "{absurd}");
    let missing = client.relying_parties(&token).unwrap_err().to_string();
    assert!(
        missing.ends_with("a member that its subcommand answers is missing"),
        "{missing}"
    );
}

#[test]
fn keys_before_ctap_2_1_know_it_under_another_byte() {
    let cable = Cable::with(info(&[1], &[("clientPin", false), ("credentialMgmtPreview", true)]));
    let (mut client, token) = with_token(&cable);
    cable.answers([success(&held(1, Some(1)))]);
    assert_eq!(client.credentials([0; 32], &token).map(|all| all.len()), Ok(1));
    assert_eq!(cable.commands().last(), Some(&0x41));
    let renamed = client.update_user(&Descriptor::public_key(vec![1]), &user(1), &token);
    assert_eq!(renamed, Err(Error::Unsupported("updating of user information")));
    let none = Cable::with(info(&[1], &[("clientPin", false)]));
    let (mut client, token) = with_token(&none);
    assert_eq!(
        client.relying_parties(&token),
        Err(Error::Unsupported("credentialManagement"))
    );
}

fn piece(bytes: &[u8]) -> Vec<u8> {
    success(&large_blobs::Response {
        config: Some(bytes.to_vec()),
    })
}

#[test]
fn large_blobs_are_read_in_pieces_and_have_to_fit_their_hash() {
    let cable = fresh();
    let mut client = cable.client();
    cable.answers([piece(&EMPTY_ARRAY)]);
    assert_eq!(client.read_large_blobs(), Ok(vec![0x80]));
    let array = vec![7; 1_500];
    let whole = [array.as_slice(), &Sha256::digest(&array)[..16]].concat();
    cable.answers([piece(&whole[..1_136]), piece(&whole[1_136..])]);
    assert_eq!(client.read_large_blobs(), Ok(array.clone()));
    cable.answers([piece(&whole[..1_136]), piece(&whole[1_137..])]);
    assert!(
        client
            .read_large_blobs()
            .unwrap_err()
            .to_string()
            .ends_with("does not fit its hash")
    );
    cable.answers([piece(&[0; 15])]);
    assert!(
        client
            .read_large_blobs()
            .unwrap_err()
            .to_string()
            .ends_with("shorter than its hash")
    );
    cable.answers([piece(&[0; 1_137])]);
    assert!(
        client
            .read_large_blobs()
            .unwrap_err()
            .to_string()
            .ends_with("more than was asked for")
    );
}

#[test]
fn large_blobs_are_written_in_pieces_that_the_token_signs() {
    let cable = fresh();
    cable.0.borrow_mut().info.max_serialized_large_blob_array = Some(2_048);
    let (mut client, token) = with_token(&cable);
    cable.answers([vec![0], vec![0]]);
    client.write_large_blobs(&[7; 1_500], Some(&token)).unwrap();
    let key = cable.0.borrow();
    let sent: Vec<LargeBlobs> = key
        .log
        .iter()
        .filter(|message| message[0] == 0x0C)
        .map(|message| LargeBlobs::decode_request(&message[1..]).unwrap())
        .collect();
    let shape: Vec<_> = sent.iter().map(|piece| (piece.offset, piece.length)).collect();
    assert_eq!(shape, [(Some(0), Some(1_516)), (Some(1_136), None)]);
    for piece in &sent {
        assert_eq!(
            key.verified(&piece.authenticated(), piece.pin_uv_auth_param.as_deref()),
            Ok(())
        );
    }
    drop(key);
    let long = client.write_large_blobs(&[7; 2_048], Some(&token));
    assert_eq!(
        long,
        Err(Error::Unsupported("room for a large-blob array of this length"))
    );
    let none = Cable::with(info(&[2], &[])).client().read_large_blobs();
    assert_eq!(none, Err(Error::Unsupported("largeBlobs")));
}
