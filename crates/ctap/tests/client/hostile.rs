//! Keys that answer anything: an error in words, and never a crash or a loop.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use claviger_ctap::client::{Client, Error, Notice, Transport};
use claviger_ctap::pin::Pin;
use claviger_ctap::wire::client_pin::{Permissions, Response};
use claviger_ctap::wire::cose::KeyAgreement;
use claviger_ctap::wire::{Body, success};
use proptest::prelude::*;

use crate::fake::{Broken, info};

/// Answers what it was given, then nothing.
struct Scripted(VecDeque<Vec<u8>>);

impl Transport for Scripted {
    type Error = Broken;

    fn exchange(&mut self, _: &[u8], _: &mut Notice<'_>) -> Result<Vec<u8>, Broken> {
        self.0.pop_front().ok_or(Broken::Pulled)
    }
}

fn open(script: impl IntoIterator<Item = Vec<u8>>) -> Result<Client<Scripted>, Error<Broken>> {
    let mut drawn = 0;
    let entropy = move |into: &mut [u8]| {
        drawn += 1;
        into.fill(drawn);
    };
    Client::open(Scripted(script.into_iter().collect()), entropy, |_| {
        ControlFlow::Continue(())
    })
}

fn said(script: impl IntoIterator<Item = Vec<u8>>) -> String {
    open(script).err().map(|error| error.to_string()).unwrap_or_default()
}

fn known() -> Vec<u8> {
    success(&info(&[2], &[("clientPin", true), ("pinUvAuthToken", true)]))
}

#[test]
fn a_broken_info_says_what_is_wrong_with_it() {
    let prefix = "getInfo: the key's answer cannot be read: ";
    let of = |answer: &[u8]| said([answer.to_vec()]).strip_prefix(prefix).map(str::to_owned);
    assert_eq!(of(&[]).as_deref(), Some("the status is missing"));
    assert_eq!(of(&[0]).as_deref(), Some("versions (0x01) is missing"));
    assert_eq!(of(&[0, 0x80]).as_deref(), Some("the response is not a map"));
    assert_eq!(
        of(&[0, 0xA1, 0x01]).as_deref(),
        Some("no CBOR of CTAP2 at byte 2: cut short")
    );
    assert_eq!(
        of(&[0, 0xA1, 0x01, 0xF5]).as_deref(),
        Some("versions (0x01) is not a list")
    );
    assert_eq!(
        of(&[0, 0xA1, 0x01, 0x9B, 255, 255, 255, 255, 255, 255, 255, 255]).as_deref(),
        Some("no CBOR of CTAP2 at byte 11: cut short")
    );
    assert_eq!(
        of(&[vec![0], vec![0x81; 500]].concat()).as_deref(),
        Some("nested more than 8 levels deep")
    );
    assert_eq!(
        of(&vec![0; 70_000]).as_deref(),
        Some("69999 bytes are more than a message has")
    );
    assert_eq!(
        said([vec![0x7F]]),
        "getInfo: the key refuses with CTAP1_ERR_OTHER (0x7F)"
    );
    assert_eq!(said([]), "the key was pulled out");
}

#[test]
fn a_broken_key_agreement_or_token_is_refused() {
    let pin = Pin::new("4711").unwrap();
    let ask = |answers: Vec<Vec<u8>>| {
        let mut client = open([vec![known()], answers].concat()).unwrap();
        client
            .pin_token(&pin, Permissions::CREDENTIAL_MANAGEMENT, None)
            .err()
            .unwrap()
            .to_string()
    };
    let agreement = |x| {
        let key_agreement = Some(KeyAgreement { x, y: [1; 32] });
        success(&Response {
            key_agreement,
            ..Response::default()
        })
    };
    assert!(ask(vec![vec![0]]).ends_with("keyAgreement (0x01) is missing"));
    assert!(ask(vec![agreement([1; 32])]).ends_with("its key is no point of P-256"));
    let pair = claviger_ctap::pin::KeyPair::from_bytes(&[3; 32]).unwrap();
    let good = success(&Response {
        key_agreement: Some(pair.public()),
        ..Response::default()
    });
    let token = |bytes: usize| {
        success(&Response {
            pin_uv_auth_token: Some(vec![1; bytes]),
            ..Response::default()
        })
    };
    assert!(ask(vec![good.clone(), vec![0]]).ends_with("pinUvAuthToken (0x02) is missing"));
    for bytes in [0, 15, 17, 47] {
        assert!(
            ask(vec![good.clone(), token(bytes)]).ends_with("what is encrypted has a length that cannot be"),
            "{bytes}"
        );
    }
    for bytes in [16, 32, 64] {
        assert!(
            ask(vec![good.clone(), token(bytes)]).ends_with("the token has a length that cannot be"),
            "{bytes}"
        );
    }
}

#[test]
fn retries_that_are_not_told_are_not_made_up() {
    let mut client = open([known(), vec![0], vec![0]]).unwrap();
    assert!(
        client
            .pin_retries()
            .unwrap_err()
            .to_string()
            .ends_with("pinRetries (0x03) is missing")
    );
    assert!(
        client
            .uv_retries()
            .unwrap_err()
            .to_string()
            .ends_with("uvRetries (0x05) is missing")
    );
}

proptest! {
    #[test]
    fn any_answers_end_in_words(answers in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..6)) {
        let script = [vec![known()], answers.iter().map(|answer| [&[0][..], answer].concat()).collect()].concat();
        let mut client = open(script).unwrap();
        let pin = Pin::new("4711").unwrap();
        for said in [client.pin_token(&pin, Permissions::default(), None).err(), client.refresh().err()] {
            prop_assert!(said.is_none_or(|error| (10..200).contains(&error.to_string().len())));
        }
        prop_assert!(info(&[], &[]).encode().len() < 100);
    }
}
