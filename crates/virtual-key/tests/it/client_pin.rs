//! PINs: CTAP §6.5.

use std::time::Duration;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::{ClientPin, Permissions, SubCommand};

use crate::key::{Key, PIN};
use crate::services::{RP, creation_with, discoverable};

#[test]
fn a_pin_is_set_once_and_changed_by_who_knows_it() {
    let mut key = Key::new();
    assert_eq!(key.try_pin(PIN), Status::PinNotSet);
    key.set_pin(PIN).unwrap();
    assert_eq!(key.set_pin("another"), Err(Status::PinAuthInvalid));
    assert_eq!(key.change_pin("wrong!", "another"), Err(Status::PinInvalid));
    key.change_pin(PIN, "another").unwrap();
    assert_eq!(
        (key.try_pin(PIN), key.try_pin("another")),
        (Status::PinInvalid, Status::Ok)
    );
}

#[test]
fn pins_that_are_too_short_or_too_long_are_refused_and_cost_nothing() {
    let mut key = Key::new();
    for pin in ["", "123", "€€€", &"1".repeat(64)] {
        assert_eq!(key.set_pin(pin), Err(Status::PinPolicyViolation), "{pin}");
    }
    key.set_pin("€€€€").unwrap();
    assert_eq!(key.change_pin("€€€€", "123"), Err(Status::PinPolicyViolation));
    assert_eq!(key.state().pin_retries, 8);
    assert_eq!(key.try_pin("€€€€"), Status::Ok);
}

#[test]
fn three_wrong_pins_want_a_power_cycle_and_eight_block() {
    let mut key = Key::with_pin();
    let tries: Vec<Status> = (0..4).map(|_| key.try_pin("wrong!")).collect();
    assert_eq!(
        tries,
        [
            Status::PinInvalid,
            Status::PinInvalid,
            Status::PinAuthBlocked,
            Status::PinAuthBlocked
        ]
    );
    assert_eq!(
        (key.state().pin_retries, key.try_pin(PIN)),
        (5, Status::PinAuthBlocked),
        "the fourth cost nothing"
    );
    key.power_cycle();
    assert_eq!(key.try_pin("wrong!"), Status::PinInvalid);
    assert_eq!((key.try_pin(PIN), key.state().pin_retries), (Status::Ok, 8));
    for _ in 0..8 {
        key.try_pin("wrong!");
        key.power_cycle();
    }
    assert_eq!(
        (key.try_pin(PIN), key.change_pin(PIN, "another")),
        (Status::PinBlocked, Err(Status::PinBlocked))
    );
}

#[test]
fn a_try_is_gone_before_the_pin_is_compared() {
    let mut key = Key::with_pin();
    // The first write of a trial is the count, the second what came of it.
    let steps = key.disk.steps();
    key.disk.cut_before(steps + 4);
    assert_eq!(key.try_pin("wrong!"), Status::PinInvalid);
    let left = key.disk.after_power_loss();
    assert_eq!(Key::on(left, 2).unwrap().state().pin_retries, 7);
}

#[test]
fn retries_are_told_and_so_is_that_the_key_wants_to_be_unplugged() {
    let mut key = Key::with_pin();
    let ask = ClientPin::new(SubCommand::GetPinRetries);
    for _ in 0..3 {
        key.try_pin("wrong!");
    }
    let told = key.call(&ask).unwrap();
    assert_eq!((told.pin_retries, told.power_cycle_state), (Some(5), Some(true)));
    assert_eq!(Key::new().call(&ask), Err(Status::PinNotSet));
}

#[test]
fn both_protocols_and_the_old_token_work() {
    for protocol in [Protocol::One, Protocol::Two] {
        let mut key = Key::with_pin();
        let token = key.token_of(protocol, PIN, None, None).unwrap();
        key.register(&creation_with(discoverable(RP, b"a"), &token)).unwrap();
    }
}

#[test]
fn what_a_token_request_lacks_or_has_too_much_is_refused() {
    let mut key = Key::with_pin();
    let of = |key: &mut Key, permissions: u8, rp_id| {
        key.token_of(Protocol::Two, PIN, Some(Permissions::from(permissions)), rp_id)
            .map(drop)
    };
    assert_eq!(of(&mut key, 0, None), Err(Status::InvalidParameter));
    assert_eq!(of(&mut key, 1, None), Err(Status::MissingParameter));
    assert_eq!(of(&mut key, 8, None), Err(Status::UnauthorizedPermission));
    assert_eq!(
        key.token_of(Protocol::Two, PIN, None, Some(RP)).map(drop),
        Err(Status::InvalidParameter)
    );
    for sub in [
        SubCommand::GetTokenUsingUv,
        SubCommand::GetUvRetries,
        SubCommand::Other(0x77),
    ] {
        assert_eq!(key.call(&ClientPin::new(sub)), Err(Status::InvalidSubcommand));
    }
    let mut strange = ClientPin::new(SubCommand::GetKeyAgreement);
    assert_eq!(key.call(&strange), Err(Status::MissingParameter));
    strange.protocol = Some(3);
    assert_eq!(key.call(&strange), Err(Status::InvalidParameter));
}

#[test]
fn a_token_serves_its_permission_its_service_and_its_time() {
    let mut key = Key::with_pin();
    let register = |key: &mut Key, token: &_| key.register(&creation_with(discoverable(RP, b"a"), token)).map(drop);
    let other = key.token(Permissions::MAKE_CREDENTIAL, Some("example.org"));
    assert_eq!(register(&mut key, &other), Err(Status::PinAuthInvalid));
    let wrong = key.token(Permissions::GET_ASSERTION, Some(RP));
    assert_eq!(register(&mut key, &wrong), Err(Status::PinAuthInvalid));
    let late = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    key.world.pass(Duration::from_secs(30));
    assert_eq!(
        register(&mut key, &late),
        Err(Status::PinAuthInvalid),
        "the first use came too late"
    );
    let old = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    assert_eq!(
        register(&mut key, &old),
        Err(Status::PinAuthInvalid),
        "another was given out"
    );
    let right = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    assert_eq!(register(&mut key, &right), Ok(()));
    assert_eq!(register(&mut key, &right), Err(Status::PinAuthInvalid), "it was spent");
    let unplugged = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    key.power_cycle();
    assert_eq!(
        register(&mut key, &unplugged),
        Err(Status::PinAuthInvalid),
        "power-off killed it"
    );
}
