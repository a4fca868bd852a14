//! The key agreement of python-fido2's tests, HKDF and HMAC by RFC 5869 and RFC 4231, and what both sides find.

use data_encoding::HEXLOWER_PERMISSIVE;
use proptest::prelude::*;

use super::*;
use crate::wire::cose::KeyAgreement;

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

/// Entropy that counts: every byte is one more than the one before.
fn counting(mut next: u8) -> impl FnMut(&mut [u8]) {
    move |into| {
        for byte in into {
            *byte = next;
            next = next.wrapping_add(1);
        }
    }
}

fn platform() -> KeyPair {
    KeyPair::from_bytes(&bytes(
        "7452e599fee739d8a653f6a507343d12d382249108a651402520b72f24fe7684",
    ))
    .unwrap()
}

fn device() -> KeyAgreement {
    KeyAgreement {
        x: bytes("0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168"),
        y: bytes("d551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47"),
    }
}

#[test]
fn the_key_agreement_of_another_implementation_comes_out() {
    let public = platform().public();
    assert_eq!(
        public.x,
        bytes("44d78d7989b97e62ea993496c9ef6e8fd58b8b00715f9a89153ddd9c4657e47f")
    );
    assert_eq!(
        public.y,
        bytes("ec802ee7d22bd4e100f12e48537eb4e7e96ed3a47a0a3bd5f5eeab65001664f9")
    );
    let secret = platform().agree(Protocol::One, &device()).unwrap();
    let mac = secret.authenticate(b"message");
    let key = hex("c42a039d548100dfba521e487debcbbb8b66bb7496f8b1862a7a395ed83e1a1c");
    assert_eq!(mac, Protocol::One.authenticate(&key, b"message"));
    let token = secret.decrypt(&hex("7a9f98e31b77be90f9c64d12e9635040")).unwrap();
    assert_eq!(*token, hex("aff12c6dcfbf9df52f7a09211e8865cd"));
    let pin = Pin::new("1234").unwrap();
    let sent = secret.encrypt(pin.hash().as_ref(), &mut counting(0)).unwrap();
    assert_eq!(sent, hex("afe8327ce416da8ee3d057589c2ce1a9"));
}

#[test]
fn both_sides_find_the_same_secret() {
    for protocol in [Protocol::One, Protocol::Two] {
        let (one, other) = (
            KeyPair::generate(&mut counting(1)),
            KeyPair::generate(&mut counting(99)),
        );
        let ours = one.agree(protocol, &other.public()).unwrap();
        let theirs = other.agree(protocol, &one.public()).unwrap();
        let sent = ours.encrypt(&[7; 64], &mut counting(3)).unwrap();
        assert_eq!(*theirs.decrypt(&sent).unwrap(), [7; 64]);
        assert_eq!(sent.len(), if protocol == Protocol::One { 64 } else { 80 });
        let signature = ours.authenticate(&sent);
        assert!(theirs.verify(&sent, &signature) && !theirs.verify(&sent[1..], &signature));
        assert!(!theirs.verify(&sent, &signature[1..]) && !theirs.verify(&sent, &[]));
        assert_eq!(ours.protocol(), Protocol::of(protocol.number()).unwrap());
    }
    assert!(Protocol::of(0).is_none() && Protocol::of(3).is_none());
}

#[test]
fn the_keys_of_protocol_two_are_hkdf_with_their_labels() {
    // Computed apart with HKDF-SHA-256, salt 32 × 00, from Z = 32 × 0B.
    let secret = SharedSecret::derive(Protocol::Two, &[0x0B; 32]);
    let hmac_key = hex("e86069e23dfc6714f3a69f6cb8fdcd47d57b7023008c4e38899260e7905ae953");
    assert_eq!(secret.authenticate(b""), Protocol::Two.authenticate(&hmac_key, b""));
    let sent = secret.encrypt(&[0; 16], &mut |iv| iv.fill(0)).unwrap();
    assert_eq!(sent[16..], hex("ac90a8c1b55b014a22fa7df395289f5a"));
}

#[test]
fn authenticating_is_hmac_as_rfc_4231_has_it() {
    let whole = hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    let key = [0x0B; 20];
    assert_eq!(Protocol::Two.authenticate(&key, b"Hi There"), whole);
    assert_eq!(Protocol::One.authenticate(&key, b"Hi There"), whole[..16]);
    assert!(Protocol::Two.verify(&key, b"Hi There", &whole));
    assert!(!Protocol::Two.verify(&key, b"Hi There", &whole[..16]));
}

#[test]
fn of_a_long_key_protocol_two_uses_32_bytes() {
    let long = [vec![1; 32], vec![2; 32]].concat();
    assert_eq!(
        Protocol::Two.authenticate(&long, b"m"),
        Protocol::Two.authenticate(&long[..32], b"m")
    );
    assert_ne!(
        Protocol::One.authenticate(&long, b"m"),
        Protocol::One.authenticate(&long[..32], b"m")
    );
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let off = KeyAgreement { y: [1; 32], ..device() };
    let zero = KeyAgreement { x: [0; 32], y: [0; 32] };
    for key in [off, zero] {
        assert!(matches!(platform().agree(Protocol::Two, &key), Err(NotOnCurve)));
    }
    assert!(KeyPair::from_bytes(&[0; 32]).is_none() && KeyPair::from_bytes(&[0xFF; 32]).is_none());
}

#[test]
fn entropy_that_is_no_scalar_is_drawn_again() {
    let mut draws = 0;
    let pair = KeyPair::generate(&mut |into| {
        draws += 1;
        into.fill(if draws == 1 { 0xFF } else { 0x01 });
    });
    assert_eq!(pair.public(), KeyPair::from_bytes(&[1; 32]).unwrap().public());
    assert_eq!(draws, 2);
}

#[test]
fn what_is_not_whole_blocks_is_refused() {
    for protocol in [Protocol::One, Protocol::Two] {
        let secret = platform().agree(protocol, &device()).unwrap();
        assert_eq!(secret.encrypt(&[0; 15], &mut counting(0)), Err(NotWhole));
        assert_eq!(secret.decrypt(&[0; 47]).unwrap_err(), NotWhole);
    }
    let secret = platform().agree(Protocol::Two, &device()).unwrap();
    assert_eq!(secret.decrypt(&[0; 15]).unwrap_err(), NotWhole);
    assert!(secret.decrypt(&[0; 16]).unwrap().is_empty());
}

#[test]
fn pins_are_normalised_counted_and_padded() {
    // "é" as one code point and as e with a combining accent is the same PIN.
    let (composed, decomposed) = (Pin::new("caf\u{e9}").unwrap(), Pin::new("cafe\u{301}").unwrap());
    assert_eq!(composed.hash(), decomposed.hash());
    assert_eq!(composed.code_points(), 4);
    let padded = composed.padded();
    assert_eq!(padded[..6], [b'c', b'a', b'f', 0xC3, 0xA9, 0]);
    assert_eq!(unpad(padded.as_ref()), Some("café".as_bytes()));
    assert_eq!(code_points("水水水".as_bytes()), 3);
    assert_eq!(unpad(&[0; PADDED]), Some(&[][..]));
    assert_eq!(unpad(&[1; PADDED - 1]), None);
    assert_eq!(unpad(&[1; PADDED]).map(<[u8]>::len), Some(PADDED));
}

#[test]
fn a_text_that_can_be_no_pin_is_refused() {
    let refused = |text: &str| Pin::new(text).err();
    assert_eq!(refused("123"), Some(PinFault::TooShort(LEAST_CODE_POINTS)));
    assert_eq!(refused("cafe\u{301}"), None);
    assert_eq!(refused("cae\u{301}"), Some(PinFault::TooShort(LEAST_CODE_POINTS)));
    assert_eq!(refused(&"1".repeat(63)), None);
    assert_eq!(refused(&"1".repeat(64)), Some(PinFault::TooLong));
    assert_eq!(refused(&"水".repeat(22)), Some(PinFault::TooLong));
    assert_eq!(refused("12345\0"), Some(PinFault::EndsInZero));
    let pin = Pin::new("12345").unwrap();
    assert_eq!((pin.at_least(5), pin.at_least(6)), (Ok(()), Err(PinFault::TooShort(6))));
}

#[test]
fn a_token_has_a_length_that_its_protocol_allows() {
    let of = |protocol, length| PinUvAuthToken::from_bytes(protocol, vec![1; length].into()).is_some();
    let allowed = |protocol| (0..100).filter(|length| of(protocol, *length)).collect::<Vec<_>>();
    assert_eq!(allowed(Protocol::One), [16, 32]);
    assert_eq!(allowed(Protocol::Two), [32]);
    let token = PinUvAuthToken::generate(Protocol::Two, &mut counting(0));
    assert_eq!(token.as_bytes(), (0..32).collect::<Vec<u8>>());
    let signature = token.authenticate(b"message");
    assert!(token.verify(b"message", &signature) && !token.verify(b"massage", &signature));
    assert_eq!(token.protocol(), Protocol::Two);
}

proptest! {
    #[test]
    fn what_is_typed_is_a_pin_or_refused(typed in "\\PC{0,40}") {
        if let Ok(pin) = Pin::new(&typed) {
            prop_assert!(pin.code_points() >= LEAST_CODE_POINTS);
            let padded = pin.padded();
            let unpadded = unpad(padded.as_ref()).unwrap();
            prop_assert!(unpadded.len() <= MOST_BYTES);
            prop_assert_eq!(code_points(unpadded), pin.code_points());
        }
    }

    #[test]
    fn whatever_is_decrypted_is_refused_or_as_long_as_it_says(message in prop::collection::vec(any::<u8>(), 0..100)) {
        let secret = platform().agree(Protocol::Two, &device()).unwrap();
        match secret.decrypt(&message) {
            Ok(plain) => prop_assert_eq!(plain.len() + 16, message.len()),
            Err(NotWhole) => prop_assert!(message.len() < 16 || message.len() % 16 != 0),
        }
    }
}
