//! Whatever is put in a message comes out on the other side, and what is cut off or turned around never passes for it.
#![cfg(test)]

use claviger_ctap::apdu::{Card, Form, Received, Response as Answer, StatusWord, Waiting, ctap, exchange};
use claviger_ctap::hid::{Assembler, Command as HidCommand, Message, Step};
use claviger_ctap::pin::{KeyPair, Pin, PinUvAuthToken, Protocol, unpad};
use claviger_ctap::wire::auth_data::{AttestedCredential, AuthenticatorData};
use claviger_ctap::wire::client_pin::{ClientPin, Permissions, SubCommand};
use claviger_ctap::wire::cose::{CredentialKey, KeyAgreement};
use claviger_ctap::wire::entities::{Descriptor, RelyingParty, User};
use claviger_ctap::wire::extensions::{Outputs, SecretOutput};
use claviger_ctap::wire::get_info::Info;
use claviger_ctap::wire::{Body, Status};
use proptest::prelude::*;
use proptest::{collection::vec, option};

fn bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..=longest)
}

prop_compose! {
    fn any_info()(
        versions in vec("[A-Z0-9_]{1,12}", 0..4),
        aaguid in any::<[u8; 16]>(),
        options in prop::collection::btree_map("[a-zA-Z]{1,12}", any::<bool>(), 0..8),
        max_msg_size in option::of(any::<u32>()),
        pin_uv_auth_protocols in vec(any::<u8>(), 0..3),
        force_pin_change in option::of(any::<bool>()),
        vendor in option::of(vec(any::<u64>(), 0..4)),
        url in option::of(bytes(40)),
    ) -> Info {
        // A map comes back in the order of its keys on the wire: shorter ones first.
        let mut options: Vec<(String, bool)> = options.into_iter().collect();
        options.sort_by_key(|(name, _)| (name.len(), name.clone()));
        Info {
            versions,
            aaguid,
            options,
            max_msg_size,
            pin_uv_auth_protocols,
            force_pin_change,
            vendor_prototype_config_commands: vendor,
            pin_complexity_policy_url: url,
            ..Info::default()
        }
    }
}

prop_compose! {
    fn any_client_pin()(
        protocol in option::of(any::<u8>()),
        sub_command in any::<u8>().prop_map(SubCommand::from),
        point in option::of(any::<([u8; 32], [u8; 32])>()),
        pin_uv_auth_param in option::of(bytes(40)),
        new_pin_enc in option::of(bytes(90)),
        pin_hash_enc in option::of(bytes(40)),
        permissions in option::of(any::<u8>().prop_map(Permissions::from)),
        rp_id in option::of(".{0,30}"),
    ) -> ClientPin {
        let key_agreement = point.map(|(x, y)| KeyAgreement { x, y });
        ClientPin { protocol, sub_command, key_agreement, pin_uv_auth_param, new_pin_enc, pin_hash_enc, permissions, rp_id }
    }
}

prop_compose! {
    fn any_auth_data()(
        rp_id_hash in any::<[u8; 32]>(),
        flags in 0_u8..0x40,
        sign_count in any::<u32>(),
        attested in option::of((any::<[u8; 16]>(), bytes(200), any::<[u8; 32]>())),
        secrets in option::of(bytes(80)),
    ) -> AuthenticatorData {
        let attested = attested.map(|(aaguid, credential_id, x)| {
            AttestedCredential { aaguid, credential_id, public_key: CredentialKey::Ed25519 { x } }
        });
        let extensions = secrets.map(|secrets| Outputs {
            hmac_secret: Some(SecretOutput::Encrypted(secrets)),
            ..Outputs::default()
        });
        AuthenticatorData { rp_id_hash, flags, sign_count, attested, extensions }
    }
}

fn comes_back<T: Body + PartialEq + std::fmt::Debug>(body: &T, cut: prop::sample::Index) -> Result<(), TestCaseError> {
    let whole = body.encode();
    prop_assert!(T::decode_request(&whole).as_ref() == Ok(body));
    prop_assert!(T::decode_response(&whole).as_ref() == Ok(body));
    let end = cut.index(whole.len());
    let cut = T::decode_request(&whole[..end]).map_err(claviger_ctap::wire::cbor::Fault::status);
    prop_assert_eq!(cut, Err(Status::InvalidCbor));
    Ok(())
}

fn entropy(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut next = seed;
    move |into| {
        for byte in into {
            next = next.wrapping_mul(5).wrapping_add(1);
            *byte = next;
        }
    }
}

proptest! {
    #[test]
    fn infos_come_back(info in any_info(), cut in any::<prop::sample::Index>()) {
        comes_back(&info, cut)?;
    }

    #[test]
    fn requests_about_pins_come_back(request in any_client_pin(), cut in any::<prop::sample::Index>()) {
        comes_back(&request, cut)?;
    }

    #[test]
    fn entities_come_back(id in bytes(64), name in option::of(".{0,40}"), rp in ".{0,40}", cut in any::<prop::sample::Index>()) {
        comes_back(&User { id: id.clone(), name: name.clone(), display_name: name.clone() }, cut)?;
        comes_back(&RelyingParty { id: rp, name }, cut)?;
        comes_back(&Descriptor::public_key(id), cut)?;
    }

    #[test]
    fn authenticator_data_comes_back(data in any_auth_data(), cut in any::<prop::sample::Index>()) {
        let whole = data.encode();
        prop_assert!(AuthenticatorData::decode(&whole).as_ref() == Ok(&data));
        prop_assert!(AuthenticatorData::decode(&whole[..cut.index(whole.len())]).is_err());
    }

    #[test]
    fn a_pin_and_a_token_get_across(ours in 1_u8.., theirs in 1_u8.., pin in "[0-9a-zá-ž]{4,30}", two in any::<bool>(), flip in any::<prop::sample::Index>()) {
        let protocol = if two { Protocol::Two } else { Protocol::One };
        let (ours, theirs) = (KeyPair::generate(&mut entropy(ours)), KeyPair::generate(&mut entropy(theirs)));
        let platform = ours.agree(protocol, &theirs.public()).unwrap();
        let device = theirs.agree(protocol, &ours.public()).unwrap();
        let pin = Pin::new(&pin).unwrap();
        let sent = platform.encrypt(pin.padded().as_ref(), &mut entropy(7)).unwrap();
        let signature = platform.authenticate(&sent);
        let padded = device.decrypt(&sent).unwrap();
        prop_assert_eq!(Pin::new(std::str::from_utf8(unpad(&padded).unwrap()).unwrap()).unwrap().hash(), pin.hash());
        let mut other = sent.clone();
        other[flip.index(sent.len())] ^= 1;
        prop_assert!(device.verify(&sent, &signature) && !device.verify(&other, &signature));
        let token = PinUvAuthToken::generate(protocol, &mut entropy(3));
        let sealed = device.encrypt(token.as_bytes(), &mut entropy(5)).unwrap();
        let opened = PinUvAuthToken::from_bytes(protocol, platform.decrypt(&sealed).unwrap()).unwrap();
        prop_assert!(token.verify(b"message", &opened.authenticate(b"message")));
    }

    #[test]
    fn a_message_gets_across_over_usb_and_contactless(channel in 1_u32..0xFFFF_FFFF, message in bytes(2_000), extended in any::<bool>()) {
        let mut device = Assembler::device();
        let sent = Message::new(channel, HidCommand::Cbor, message.as_slice());
        let steps: Vec<Step> = sent.reports().unwrap().iter().map(|report| device.take(report)).collect();
        prop_assert_eq!(steps.last(), Some(&Step::Whole(sent)));
        let form = if extended { Form::Extended } else { Form::Short };
        let mut card = Card::new(2_000);
        let mut echo = |apdu: &[u8]| Ok::<_, std::convert::Infallible>(match card.receive(apdu) {
            Received::Answered(answer) => answer,
            Received::Command(command) => {
                let data = command.data.clone();
                card.answer(&command, Answer::new(data, StatusWord::OK))
            }
        });
        let answered = exchange(&ctap(&message, Waiting::Blocked), form, &mut echo).unwrap();
        prop_assert_eq!(answered, Answer::new(message, StatusWord::OK));
    }
}
