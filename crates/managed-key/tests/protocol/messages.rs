//! Messages: what one side writes the other reads, and what is wrong is refused with the status that the protocol names.

use claviger_managed_key::code::{AdminPin, Challenge, Receipt, Response};
use claviger_managed_key::keys::{DeviceKey, Kcv, KeyVersion};
use claviger_managed_key::message::{
    AdminLogin, AdminOrder, AnswerFault, AttestedAgreement, Challenged, Command, CoseKey, Enrol, Enrolled, Envelope,
    KeyStatus, MANAGEMENT_AID, ManagementState, MessageFault, Policy, PolicyChange, Request, StatusCode, SubCommand,
    Unlock, Unlocked, refused, succeeded,
};
use claviger_managed_key::pin_uv::SharedSecret;
use claviger_managed_key::{Operation, Serial};
use proptest::prelude::*;
use zeroize::Zeroizing;

const KEY: CoseKey = CoseKey { x: [1; 32], y: [2; 32] };

fn serial() -> Serial {
    Serial::new("CLV0000001").unwrap()
}

fn policy() -> Policy {
    Policy {
        min_pin_length: 6,
        rp_ids: vec!["example.org".to_owned()],
        always_uv: true,
        allowed_rp_ids: vec!["example.org".to_owned(), "login.example.com".to_owned()],
        ..Policy::default()
    }
}

fn orders() -> Vec<AdminOrder> {
    let version = KeyVersion::new(70_000).unwrap();
    vec![
        AdminOrder::ChangeKey {
            key_enc: [3; 48],
            version,
        },
        AdminOrder::SetAdminPin { admin_pin_enc: [4; 80] },
        AdminOrder::Release,
        AdminOrder::SetPolicy(PolicyChange {
            min_pin_length: Some(8),
            ..PolicyChange::default()
        }),
        AdminOrder::SetPolicy(policy().whole()),
        AdminOrder::FactoryReset,
        AdminOrder::SetPinByAdmin {
            new_pin_enc: [5; 80],
            force_pin_change: false,
        },
    ]
}

fn commands() -> Vec<Command> {
    let enrol = Enrol {
        key_enc: [6; 48],
        admin_pin_enc: [7; 80],
        key_version: KeyVersion::FIRST,
        policy: policy(),
    };
    let unlock = Unlock {
        response: Response::new(Zeroizing::new([8; 10])),
        new_pin_enc: [9; 80],
    };
    let mut commands = vec![
        Command::GetStatus,
        Command::Enrol(Box::new(enrol)),
        Command::GetChallenge {
            operation: Operation::Unlock,
            renew: false,
        },
        Command::GetChallenge {
            operation: Operation::SetPinByAdmin,
            renew: true,
        },
        Command::Unlock(Box::new(unlock)),
        Command::AdminPinLogin {
            admin_pin_hash_enc: [10; 32],
        },
        Command::GetKeyAgreement { nonce: [11; 32] },
    ];
    commands.extend(orders().into_iter().map(|order| Command::Admin(Box::new(order))));
    commands
}

/// With all that any command needs.
fn envelope(command: &Command) -> Envelope {
    Envelope::new(command)
        .key_agreement(&KEY)
        .authenticated(&[12; 32])
        .authorised([13; 32])
}

#[test]
fn every_command_is_read_as_it_was_written() {
    for command in commands() {
        let message = envelope(&command).pin_token_authenticated(&[14; 32]).encode();
        let request = Request::parse(&message).unwrap();
        assert_eq!(request.command.sub(), command.sub());
        assert_eq!(request.command.params(), command.params());
        assert_eq!((request.key_agreement, request.admin_auth), (Some(KEY), Some([13; 32])));
        assert_eq!(request.raw_key_agreement(), KEY.encode());
        assert!(request.is_authenticated_by(&[12; 32]) && request.is_authenticated_by_pin_token(&[14; 32]));
        assert!(!request.is_authenticated_by(&[14; 32]) && !request.is_authenticated_by_pin_token(&[12; 32]));
        if let Command::Admin(order) = &command {
            assert_eq!(request.operation_parameters(), order.parameters());
        }
    }
}

#[test]
fn authentications_cover_the_parameters_as_they_were_received() {
    let command = Command::GetChallenge {
        operation: Operation::Unlock,
        renew: true,
    };
    let mut message = envelope(&command).encode();
    let place = message.windows(2).position(|two| two == [2, 0xf5]).unwrap();
    message[place + 1] = 0xf4;
    assert!(!Request::parse(&message).unwrap().is_authenticated_by(&[12; 32]));
}

fn fault(message: &[u8]) -> (MessageFault, u8) {
    let fault = Request::parse(message).map(|_| ()).unwrap_err();
    (fault, fault.status().code())
}

/// A request from CBOR in hex, in which `MAGIC` stands for field 6.
fn request(hex: &str) -> Vec<u8> {
    let hex = hex.replace("MAGIC", "0644434c5631").replace(' ', "");
    [vec![0xb4], data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()].concat()
}

#[test]
fn what_is_wrong_has_the_status_that_the_protocol_names() {
    for (message, status) in [
        (vec![], 0x01),
        (vec![0x04], 0x01),
        (vec![0xb4], 0x01),
        (request("80"), 0x01),
        (request("a10101"), 0x01),
        (request("a2010106 44434c5632"), 0x01),
        (request("a2 0101 MAGIC 00"), 0x01),
        (request("a2 01"), 0x01),
        (request("a2 MAGIC 0101"), 0x12),
        (request("a2 1801 01 MAGIC"), 0x12),
        (request("a1 MAGIC"), 0x14),
        (request("a2 0108 MAGIC"), 0x3e),
        (request("a2 0100 MAGIC"), 0x3e),
        (request("a2 01190101 MAGIC"), 0x3e),
        // The protocol is the second, or is not named where nothing uses it.
        (request("a3 0101 0301 MAGIC"), 0x02),
        (request("a3 0101 0501 MAGIC"), 0x02),
        (request("a3 0101 MAGIC 1863 00"), 0x02),
        // No operation, one that is none, a renewal that is no flag, and something nobody knows.
        (request("a2 0103 MAGIC"), 0x14),
        (request("a3 0103 02 a10102 MAGIC"), 0x02),
        (request("a3 0103 02 a2010102 01 MAGIC"), 0x02),
        (request("a3 0103 02 a20101 0300 MAGIC"), 0x02),
        (request("a3 0103 02 80 MAGIC"), 0x02),
        // A nonce of four bytes.
        (request("a3 0107 02 a1014401020304 MAGIC"), 0x02),
        // Unlock is no administration.
        (request("a3 0105 02 a10101 MAGIC"), 0x02),
        // Release and setPolicy without a proof; a policy that is not known, and a PIN length that no PIN has.
        (request("a3 0105 02 a10112 MAGIC"), 0x14),
        (request("a3 0105 02 a2011302a10900 MAGIC"), 0x02),
        (request("a3 0105 02 a2011302a10103 MAGIC"), 0x02),
    ] {
        assert_eq!(fault(&message).1, status, "{message:02x?}");
    }
    assert!(Request::parse(&request("a2 0101 MAGIC")).is_ok());
    assert!(Request::parse(&request("a3 0103 02 a10101 MAGIC")).is_ok());
}

#[test]
fn a_request_without_its_proof_lacks_a_field() {
    let by = |sub: SubCommand| commands().into_iter().filter(move |command| command.sub() == sub);
    for command in by(SubCommand::Enrol).chain(by(SubCommand::Unlock)) {
        let without = Envelope::new(&command).key_agreement(&KEY).encode();
        assert_eq!(fault(&without), (MessageFault::Missing(4), 0x14));
        let without = Envelope::new(&command).authenticated(&[1; 32]).encode();
        assert_eq!(fault(&without), (MessageFault::Missing(5), 0x14));
    }
    for command in by(SubCommand::AdminPinLogin) {
        assert_eq!(fault(&Envelope::new(&command).encode()).0, MessageFault::Missing(5));
    }
    for order in orders() {
        let operation = order.operation();
        let command = Command::Admin(Box::new(order));
        let bare = Envelope::new(&command).key_agreement(&KEY);
        assert_eq!(fault(&bare.encode()).0, MessageFault::Missing(7));
        // An admin token will do for three of them.
        assert_eq!(
            Request::parse(&bare.authenticated(&[1; 32]).encode()).is_ok(),
            operation.takes_admin_token()
        );
        let sealed = matches!(operation, Operation::SetAdminPin | Operation::SetPinByAdmin);
        let without = Envelope::new(&command).authorised([1; 32]).encode();
        assert_eq!(Request::parse(&without).is_err(), sealed, "{operation:?}");
    }
}

#[test]
fn absent_operation_parameters_are_the_empty_map() {
    let mac = "58 20".to_owned() + &"01".repeat(32);
    let message = request(&format!("a4 0105 02 a10112 MAGIC 07 {mac}"));
    let request = Request::parse(&message).unwrap();
    assert_eq!(request.operation_parameters(), [0xa0]);
    assert!(matches!(request.command, Command::Admin(order) if *order == AdminOrder::Release));
}

#[test]
fn a_policy_changes_where_it_is_named_and_nowhere_else() {
    let change = PolicyChange {
        reset_disabled: Some(true),
        allowed_rp_ids: Some(Vec::new()),
        ..PolicyChange::default()
    };
    let changed = policy().changed(change);
    assert!(changed.reset_disabled && changed.allowed_rp_ids.is_empty());
    let expected = Policy {
        reset_disabled: true,
        allowed_rp_ids: Vec::new(),
        ..policy()
    };
    assert_eq!(changed, expected);
    assert_eq!(Policy::default().changed(policy().whole()), policy());
    assert!(Policy::default().unlock_only_when_blocked);
}

fn status() -> KeyStatus {
    KeyStatus {
        serial: Some(serial()),
        admin_retries: Some(16),
        admin_pin_retries: Some(8),
        pin_retries: Some(0),
        power_cycle: Some(true),
        key_version: Some(KeyVersion::FIRST),
        kcv: Some(Kcv::new([1, 2, 3])),
        unlock_seq: Some(u32::MAX),
        policy: Some(policy()),
        challenge_pending: Some(false),
        last_receipt: Some(Receipt::new([1, 2, 3, 4, 5])),
        ..KeyStatus::new(ManagementState::AdminBlocked)
    }
}

#[test]
fn every_answer_is_read_as_it_was_written() {
    let challenge = Challenge::new(&serial(), 7, [1; 13]);
    let challenged = Challenged {
        challenge,
        serial: serial(),
    };
    assert_eq!(Challenged::parse(&challenged.encode()).unwrap(), challenged);
    let enrolled = Enrolled {
        kcv: Kcv::new([9, 8, 7]),
    };
    assert_eq!(Enrolled::parse(&enrolled.encode()).unwrap(), enrolled);
    let login = AdminLogin {
        admin_token_enc: [7; 48],
    };
    assert_eq!(AdminLogin::parse(&login.encode()).unwrap(), login);
    let agreement = AttestedAgreement {
        key_agreement: KEY,
        serial: serial(),
        signature: vec![0x30; 70],
        certificates: vec![vec![0x30; 500], vec![]],
    };
    assert_eq!(AttestedAgreement::parse(&agreement.encode()).unwrap(), agreement);
    let unlocked = Unlocked {
        receipt: Receipt::new([1; 5]),
        unlock_seq: 8,
    };
    let Ok(read) = Unlocked::parse(&unlocked.encode()) else {
        panic!()
    };
    assert!(read.receipt.fits(&unlocked.receipt) && read.unlock_seq == 8);
    for status in [status(), KeyStatus::new(ManagementState::Unmanaged)] {
        let answer = status.encode();
        let Ok(read) = KeyStatus::parse(&answer) else { panic!() };
        assert_eq!(read.encode(), answer);
        assert_eq!(
            (read.state, read.serial, read.policy),
            (status.state, status.serial, status.policy)
        );
        assert_eq!(
            (read.key_version, read.kcv, read.unlock_seq),
            (status.key_version, status.kcv, status.unlock_seq)
        );
        assert_eq!(
            (read.power_cycle, read.pin_retries),
            (status.power_cycle, status.pin_retries)
        );
    }
}

#[test]
fn a_refusal_says_its_status() {
    for code in 1..=255 {
        let status = StatusCode::of_code(code);
        assert_eq!(status.code(), code);
        assert_eq!(
            Enrolled::parse(&refused(status)).unwrap_err(),
            AnswerFault::Refused(status)
        );
    }
    assert_eq!(
        StatusCode::WrongResponse.to_string(),
        "the response is not the answer to the challenge (0xF1)"
    );
}

#[test]
fn hostile_answers_are_malformed() {
    let fault = |answer: &[u8]| KeyStatus::parse(answer).map(|_| ()).unwrap_err();
    let malformed = |fault| AnswerFault::Malformed(fault);
    assert_eq!(fault(&[]), malformed(MessageFault::Unreadable));
    assert_eq!(fault(&[0]), malformed(MessageFault::Unreadable));
    assert_eq!(fault(&succeeded(&[0xa0])), malformed(MessageFault::Missing(2)));
    assert_eq!(
        fault(&succeeded(&[0xa2, 1, 1, 2, 3])),
        malformed(MessageFault::Invalid(2))
    );
    assert_eq!(
        fault(&succeeded(&[0xa2, 2, 1, 1, 1])),
        malformed(MessageFault::NotCanonical)
    );
    assert_eq!(
        fault(&succeeded(&[0xa3, 1, 1, 2, 1, 3, 0x60])),
        malformed(MessageFault::Invalid(3))
    );
    assert_eq!(
        fault(&succeeded(&[0xa3, 1, 1, 2, 1, 8, 0])),
        malformed(MessageFault::Invalid(8))
    );
    // What a later revision adds is left alone.
    assert!(KeyStatus::parse(&succeeded(&[0xa3, 1, 1, 2, 1, 0x18, 0x63, 0])).is_ok());
    // So is a rule that it adds to the policy.
    let later = KeyStatus::parse(&succeeded(&[0xa3, 1, 1, 2, 1, 11, 0xa2, 1, 6, 0x18, 0x63, 0xf5]));
    let Ok(later) = later else { panic!() };
    assert_eq!(later.policy.map(|policy| policy.min_pin_length), Some(6));
}

#[test]
fn a_challenge_that_is_not_in_its_exact_form_is_no_answer() {
    let challenge = Challenge::new(&serial(), 7, [1; 13]);
    let good = Challenged {
        challenge,
        serial: serial(),
    }
    .encode();
    let place = good
        .windows(4)
        .position(|four| four == &challenge.text().as_bytes()[..4])
        .unwrap();
    for (offset, letter) in [
        (0, b'c'),
        (31, b'-'),
        (3, if good[place + 3] == b'0' { b'1' } else { b'0' }),
    ] {
        let mut bad = good.clone();
        bad[place + offset] = letter;
        assert_eq!(
            Challenged::parse(&bad).unwrap_err(),
            AnswerFault::Malformed(MessageFault::Invalid(1))
        );
    }
}

#[test]
fn what_a_key_signs_is_bound_to_nonce_serial_and_key() {
    let signed = AttestedAgreement::signed(&[5; 32], &serial(), &KEY);
    let expected = [
        &[0xff; 32][..],
        &[0xb4, 0x07],
        &[5; 32],
        &[0, 10],
        b"CLV0000001",
        &KEY.encode(),
    ]
    .concat();
    assert_eq!(signed, expected);
}

#[test]
fn another_kind_of_public_key_is_refused() {
    let good = KEY.encode();
    for (place, byte) in [(2, 1), (4, 0x06), (7, 2)] {
        let mut bad = good.clone();
        bad[place] = byte;
        assert!(CoseKey::parse(&bad).is_err(), "{place}");
    }
    assert!(CoseKey::parse(&good[..good.len() - 1]).is_err());
}

#[test]
fn secrets_come_back_and_only_with_their_key() {
    let secret = SharedSecret::of_point(&[3; 32]);
    let other = SharedSecret::of_point(&[4; 32]);
    let key = DeviceKey::random(&mut |bytes| bytes.fill(5));
    assert_eq!(secret.open_key(&secret.seal_key([6; 16], &key)).using(), key.using());
    assert_ne!(other.open_key(&secret.seal_key([6; 16], &key)).using(), key.using());
    assert_ne!(secret.seal_key([6; 16], &key), secret.seal_key([7; 16], &key));
    let admin = AdminPin::new(&Zeroizing::new([8; 10]));
    let read = secret.open_admin_pin(&secret.seal_admin_pin([9; 16], &admin)).unwrap();
    assert_eq!(read.text(), admin.text());
    assert_eq!(
        secret.open_admin_pin_hash(&secret.seal_admin_pin_hash([1; 16], &admin.hash())),
        admin.hash()
    );
    assert_eq!(
        *secret.open_admin_token(&secret.seal_admin_token([1; 16], &[2; 32])),
        [2; 32]
    );
    assert_ne!(secret.mac_key(), other.mac_key());
}

/// CTAP 2.1 §6.5.7, computed with Python's `hmac` and with `openssl enc`: HKDF-SHA-256 of 32 × 03, a salt of zeros, both infos.
#[test]
fn a_shared_secret_is_derived_as_protocol_two_says() {
    assert_eq!(
        data_encoding::HEXLOWER.encode(SharedSecret::of_point(&[3; 32]).mac_key()),
        "4a10688b143858a496c7b9391b9f42900fbfd496b039ef219eeb818bcd1c4310"
    );
    let zero = DeviceKey::new(Zeroizing::new([0; 32]));
    let sealed = SharedSecret::of_point(&[3; 32]).seal_key([0; 16], &zero);
    assert_eq!(
        data_encoding::HEXLOWER.encode(&sealed[16..32]),
        "6f8f1f3e8e097769bde58aeb3f61f06a"
    );
}

#[test]
fn a_pin_has_63_bytes_at_most_and_nothing_behind_its_end() {
    let secret = SharedSecret::of_point(&[3; 32]);
    for pin in ["1234", "Žluťoučký kůň", &"9".repeat(63)] {
        let sealed = secret.seal_pin([1; 16], pin).unwrap();
        assert_eq!(secret.open_pin(&sealed).unwrap().as_str(), pin);
    }
    assert!(secret.seal_pin([1; 16], &"9".repeat(64)).is_none());
    let hidden = secret.seal_pin([1; 16], "1234\u{0}5").unwrap();
    assert!(secret.open_pin(&hidden).is_none());
    let empty = secret.seal_pin([1; 16], "").unwrap();
    assert!(secret.open_pin(&empty).is_none());
}

proptest! {
    /// Whatever is sent, it is refused or it is written back the same: there is one form of every request.
    #[test]
    fn a_damaged_request_is_refused_or_means_what_it_says(
        which in 0_usize..14, place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let command = &commands()[which];
        let mut message = envelope(command).encode();
        let end = cut.index(message.len() * 4);
        message.truncate(end.max(1));
        let place = place.index(message.len());
        message[place] = byte;
        if let Ok(request) = Request::parse(&message) {
            prop_assert!(end >= envelope(command).encode().len());
            let params = request.command.params();
            prop_assert!(params.is_some() == (request.command.sub() != SubCommand::GetStatus));
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Request::parse(&bytes);
        let _ = KeyStatus::parse(&bytes);
        let _ = AttestedAgreement::parse(&bytes);
    }
}

#[test]
fn constants_are_those_of_the_protocol() {
    assert_eq!(MANAGEMENT_AID, *b"\xf0CLV1");
    assert_eq!(KeyStatus::new(ManagementState::Unmanaged).protocol, KeyStatus::PROTOCOL);
    let untouched: Vec<Operation> = Operation::ALL.into_iter().filter(|own| !own.needs_touch()).collect();
    assert_eq!(untouched, [Operation::SetPolicy]);
    assert_eq!(serial().device_id(), "CLV0 0000 01");
}

#[test]
fn keys_of_another_implementation_of_protocol_two_make_the_same_secret() {
    let secret = SharedSecret::of_keys(Zeroizing::new([1; 32]), Zeroizing::new([2; 32]));
    assert_eq!(secret.mac_key(), &[1; 32]);
    let key = DeviceKey::new(Zeroizing::new([3; 32]));
    assert_eq!(secret.open_key(&secret.seal_key([4; 16], &key)).using(), key.using());
}
