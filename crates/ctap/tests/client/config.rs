//! Configuration and reset: what changes a key is followed by asking it anew.

use claviger_ctap::client::{Client, Error, PinRefusal};
use claviger_ctap::pin::Pin;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{SetMinPinLength, VendorPrototype};

use crate::fake::{Broken, Cable, fresh, info};

const CONFIG: Permissions = Permissions::AUTHENTICATOR_CONFIG;

fn at_least(length: u32) -> SetMinPinLength {
    SetMinPinLength {
        new_min_pin_length: Some(length),
        ..SetMinPinLength::default()
    }
}

#[test]
fn a_key_without_a_pin_is_configured_without_a_token() {
    let mut client = fresh().client();
    client.enable_enterprise_attestation(None).unwrap();
    client.toggle_always_uv(None).unwrap();
    assert_eq!(
        (client.info().option("ep"), client.info().option("alwaysUv")),
        (Some(true), Some(true))
    );
    client.set_min_pin_length(&at_least(6), None).unwrap();
    assert_eq!(client.info().min_pin_length, Some(6));
}

#[test]
fn a_key_with_a_pin_wants_a_token() {
    let mut client = fresh().with_pin("4711");
    let refused = client.toggle_always_uv(None).unwrap_err();
    assert_eq!(refused.status(), Some(Status::PuatRequired));
    let token = client.pin_token(&Pin::new("4711").unwrap(), CONFIG, None).unwrap();
    client.toggle_always_uv(Some(&token)).unwrap();
    client.enable_enterprise_attestation(Some(&token)).unwrap();
    assert_eq!(client.info().option("ep"), Some(true));
}

#[test]
fn a_minimum_above_the_pins_length_forces_a_change_and_kills_tokens() {
    let mut client = fresh().with_pin("4711");
    let pin = Pin::new("4711").unwrap();
    let token = client.pin_token(&pin, CONFIG, None).unwrap();
    client.set_min_pin_length(&at_least(6), Some(&token)).unwrap();
    assert_eq!(client.info().force_pin_change, Some(true), "asked anew");
    let dead = client.toggle_always_uv(Some(&token)).unwrap_err();
    assert_eq!(dead.status(), Some(Status::PinAuthInvalid));
    let forced = client.pin_token(&pin, CONFIG, None).err();
    assert_eq!(forced, Some(Error::Pin(PinRefusal::ChangeForced)));
    let short = client.change_pin(&pin, &Pin::new("47110").unwrap()).unwrap_err();
    assert_eq!(short, Error::Pin(PinRefusal::TooShort(6)));
    let longer = Pin::new("471108").unwrap();
    client.change_pin(&pin, &longer).unwrap();
    let token = client.pin_token(&longer, CONFIG, None).unwrap();
    let lower = client.set_min_pin_length(&at_least(5), Some(&token)).unwrap_err();
    assert_eq!(lower.status(), Some(Status::PinPolicyViolation));
}

#[test]
fn what_a_key_cannot_is_not_asked() {
    let cable = Cable::with(info(&[2], &[("ep", false), ("setMinPINLength", true)]));
    let mut client = cable.client();
    let none = Err(Error::Unsupported("authenticatorConfig"));
    assert_eq!(client.enable_enterprise_attestation(None), none);
    assert_eq!(client.set_min_pin_length(&at_least(6), None), none);
    assert_eq!(client.toggle_always_uv(None), Err(Error::Unsupported("alwaysUv")));
    assert_eq!(cable.commands(), [4]);
}

#[test]
fn a_vendors_prototype_is_asked_only_by_a_number_that_is_listed() {
    let cable = fresh();
    cable.0.borrow_mut().info.vendor_prototype_config_commands = Some(vec![77]);
    let mut client = cable.client();
    let order = |command| VendorPrototype {
        command,
        others: Vec::new(),
    };
    assert_eq!(client.vendor_prototype(&order(77), None), Ok(()));
    let other = client.vendor_prototype(&order(78), None);
    assert_eq!(other, Err(Error::Unsupported("vendorPrototype command of this number")));
}

#[test]
fn after_a_reset_the_card_is_selected_and_asked_anew() {
    let cable = fresh();
    let mut client = cable.with_pin("4711");
    client.reset().unwrap();
    assert_eq!(client.info().option("clientPin"), Some(false));
    assert_eq!(
        cable.commands().iter().rev().take(2).copied().collect::<Vec<_>>(),
        [0x04, 0x07]
    );
    client.set_pin(&Pin::new("0815").unwrap()).unwrap();
    cable.0.borrow_mut().touched = false;
    let refused = client.reset().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "reset: the key refuses with CTAP2_ERR_KEEPALIVE_CANCEL (0x2D)"
    );
    assert_eq!(client.info().option("clientPin"), Some(true), "nothing was reset");
}

#[test]
fn a_vendors_command_goes_as_it_is_and_its_own_refusals_come_through() {
    let cable = fresh();
    let mut client = cable.client();
    cable.answers([vec![0x00, 0xA1, 0x01, 0x02], vec![0xF1]]);
    assert_eq!(client.vendor(0xB4, &[0xA0]), Ok(vec![0xA1, 0x01, 0x02]));
    assert_eq!(cable.0.borrow().log.last(), Some(&vec![0xB4, 0xA0]));
    let refused: Error<Broken> = client.vendor(0xB4, &[0xA0]).unwrap_err();
    assert_eq!(refused.status(), Some(Status::Other(0xF1)));
    let long = client.vendor(0xB4, &[0; 1_200]).unwrap_err();
    assert_eq!(
        long,
        Error::TooLong {
            asked: "a vendor command",
            longest: 1_200
        }
    );
    assert!(client.transport().0.borrow().script.is_empty());
}

#[test]
fn an_order_that_was_carried_out_is_told_from_one_that_failed_when_the_key_goes_right_after_it() {
    type Order = fn(&mut Client<Cable>) -> Result<(), Error<Broken>>;
    // How many messages come until the order is carried out, after the getInfo of the beginning.
    let orders: [(usize, Order); 4] = [
        (1, |client| client.toggle_always_uv(None)),
        (1, Client::reset),
        (2, |client| client.set_pin(&Pin::new("4711").unwrap())),
        (4 + 1, |client| {
            client.set_pin(&Pin::new("4711").unwrap())?;
            client.change_pin(&Pin::new("4711").unwrap(), &Pin::new("0815").unwrap())
        }),
    ];
    for (messages, order) in orders {
        let run = |messages| {
            let cable = fresh();
            let mut client = cable.client();
            cable.0.borrow_mut().pulled_after = Some(1 + messages);
            order(&mut client)
        };
        let pulled = Error::Transport(Broken::Pulled);
        assert_eq!(run(messages), Err(Error::Unread(Box::new(pulled.clone()))));
        if messages > 1 {
            assert_eq!(run(messages - 1), Err(pulled), "the order itself did not get through");
        }
    }
}
