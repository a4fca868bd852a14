//! PINs and tokens: every trap of CTAP §6.5.

use claviger_ctap::client::{Client, Error, PinRefusal, PinRetries};
use claviger_ctap::pin::{Pin, Protocol};
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;

use crate::fake::{Broken, Cable, fresh, info};

const CONFIG: Permissions = Permissions::AUTHENTICATOR_CONFIG;

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

fn refused<T>(answered: Result<T, Error<Broken>>) -> PinRefusal {
    match answered.err() {
        Some(Error::Pin(refusal)) => refusal,
        other => panic!("not the PIN: {other:?}"),
    }
}

fn token(client: &mut Client<Cable>, text: &str) -> Result<Protocol, Error<Broken>> {
    client.pin_token(&pin(text), CONFIG, None).map(|token| token.protocol())
}

#[test]
fn a_pin_is_set_changed_and_good_for_tokens_in_both_protocols() {
    for (protocols, wanted) in [
        (&[2, 1][..], Protocol::Two),
        (&[1], Protocol::One),
        (&[9, 1, 2], Protocol::One),
        (&[], Protocol::One),
    ] {
        let cable = Cable::with(info(protocols, &[("clientPin", false), ("pinUvAuthToken", true)]));
        let mut client = cable.with_pin("4711");
        assert_eq!(client.info().option("clientPin"), Some(true), "asked anew");
        client.change_pin(&pin("4711"), &pin("0815 é")).unwrap();
        assert_eq!(refused(token(&mut client, "4711")), PinRefusal::Wrong(Some(7)));
        assert_eq!(token(&mut client, "0815 é"), Ok(wanted));
    }
}

#[test]
fn permissions_and_relying_party_reach_keys_that_know_them() {
    let cable = fresh();
    let mut client = cable.with_pin("4711");
    let wanted = Permissions::MAKE_CREDENTIAL | Permissions::GET_ASSERTION;
    client.pin_token(&pin("4711"), wanted, Some("example.com")).unwrap();
    assert_eq!(
        cable.0.borrow().asked_for,
        (Some(wanted), Some("example.com".to_owned()))
    );
}

#[test]
fn a_key_of_fido_2_0_gets_the_subcommand_without_permissions() {
    let cable = Cable::with(info(&[1], &[("clientPin", false)]));
    let mut client = cable.with_pin("4711");
    client.pin_token(&pin("4711"), CONFIG, Some("example.com")).unwrap();
    assert_eq!(cable.0.borrow().asked_for, (None, None));
    let sent = cable.0.borrow().log.last().cloned().unwrap();
    assert_eq!(sent[..6], [0x06, 0xA4, 0x01, 0x01, 0x02, 0x05], "getPinToken");
}

#[test]
fn three_wrong_pins_need_a_power_cycle_and_not_an_unlock() {
    let cable = fresh();
    let mut client = cable.with_pin("4711");
    assert_eq!(refused(token(&mut client, "1111")), PinRefusal::Wrong(Some(7)));
    assert_eq!(refused(token(&mut client, "1111")), PinRefusal::Wrong(Some(6)));
    assert_eq!(refused(token(&mut client, "1111")), PinRefusal::PowerCycle(Some(5)));
    assert_eq!(
        refused(token(&mut client, "4711")),
        PinRefusal::PowerCycle(Some(5)),
        "even the right one"
    );
    let retries = PinRetries {
        left: 5,
        needs_power_cycle: true,
    };
    assert_eq!(client.pin_retries(), Ok(retries));
    cable.power_cycle();
    assert!(token(&mut client, "4711").is_ok());
    assert_eq!(
        client.pin_retries(),
        Ok(PinRetries {
            left: 8,
            needs_power_cycle: false
        })
    );
}

#[test]
fn eight_wrong_pins_block_the_pin_for_good() {
    let cable = fresh();
    let mut client = cable.with_pin("4711");
    for _ in 0..7 {
        assert_ne!(refused(token(&mut client, "1111")), PinRefusal::Blocked);
        cable.power_cycle();
    }
    assert_eq!(refused(token(&mut client, "1111")), PinRefusal::Blocked);
    cable.power_cycle();
    assert_eq!(
        refused(token(&mut client, "4711")),
        PinRefusal::Blocked,
        "even the right one"
    );
    assert_eq!(
        refused(client.change_pin(&pin("4711"), &pin("0815"))),
        PinRefusal::Blocked
    );
}

#[test]
fn a_forced_change_is_known_before_the_key_is_asked() {
    let cable = fresh();
    let mut client = cable.with_pin("4711");
    cable.0.borrow_mut().info.force_pin_change = Some(true);
    // Who does not know yet hears it from the key's 0x37.
    assert_eq!(refused(token(&mut client, "4711")), PinRefusal::ChangeForced);
    client.refresh().unwrap();
    let asked = cable.commands().len();
    assert_eq!(refused(token(&mut client, "4711")), PinRefusal::ChangeForced);
    assert_eq!(cable.commands().len(), asked, "no try was spent");
    client.change_pin(&pin("4711"), &pin("0815")).unwrap();
    assert_eq!(token(&mut client, "0815"), Ok(Protocol::Two));
}

#[test]
fn what_stands_in_the_way_is_known_before_the_key_is_asked() {
    let cable = fresh();
    let mut client = cable.client();
    assert_eq!(refused(token(&mut client, "4711")), PinRefusal::NotSet);
    assert_eq!(
        refused(client.change_pin(&pin("4711"), &pin("0815"))),
        PinRefusal::NotSet
    );
    cable.0.borrow_mut().info.min_pin_length = Some(6);
    cable.0.borrow_mut().info.max_pin_length = Some(8);
    client.refresh().unwrap();
    assert_eq!(refused(client.set_pin(&pin("47114"))), PinRefusal::TooShort(6));
    assert_eq!(refused(client.set_pin(&pin("471147114"))), PinRefusal::TooLong(8));
    assert_eq!(cable.commands(), [4, 4], "nothing but getInfo");
    client.set_pin(&pin("471108")).unwrap();
    assert_eq!(refused(client.set_pin(&pin("471108"))), PinRefusal::AlreadySet);
}

#[test]
fn a_rule_beyond_the_length_is_the_keys_own() {
    let mut client = fresh().client();
    assert_eq!(refused(client.set_pin(&pin("123456"))), PinRefusal::Policy);
}

#[test]
fn a_key_that_takes_no_pin_says_so() {
    let mut client = Cable::with(info(&[2], &[])).client();
    assert_eq!(client.set_pin(&pin("4711")), Err(Error::Unsupported("PIN")));
    let mut client = Cable::with(info(&[7], &[("clientPin", false)])).client();
    let unknown = Error::Unsupported("PIN/UV auth protocol that is known here");
    assert_eq!(client.set_pin(&pin("4711")), Err(unknown));
}

#[test]
fn a_sensor_of_its_own_gives_tokens() {
    let cable = Cable::with(info(
        &[2],
        &[("clientPin", false), ("uv", true), ("pinUvAuthToken", true)],
    ));
    let mut client = cable.client();
    assert!(client.uv_token(CONFIG, None).is_ok());
    assert_eq!(cable.0.borrow().asked_for.0, Some(CONFIG));
    assert_eq!(client.uv_retries(), Ok(3));
    let refused = fresh().client().uv_token(CONFIG, None).err();
    assert_eq!(
        refused,
        Some(Error::Unsupported("verification of its own that is set up"))
    );
}

#[test]
fn a_key_that_is_pulled_out_is_told_from_one_that_refuses() {
    let cable = fresh();
    let mut client = cable.client();
    cable.0.borrow_mut().touched = false;
    let cancelled = client.select().unwrap_err();
    assert_eq!(cancelled.status(), Some(Status::KeepaliveCancel));
    cable.0.borrow_mut().is_pulled = true;
    assert_eq!(client.pin_retries(), Err(Error::Transport(Broken::Pulled)));
}
