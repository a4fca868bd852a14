use super::*;
use crate::radius::{attributes::write, digest};
use hmac::Mac as _;
use proptest::prelude::*;

const SECRET: &[u8] = b"a secret of some length";
const AUTHENTICATOR: [u8; 16] = *b"0123456789abcdef";

/// Hides a password as a client does (RFC 2865 §5.2).
fn hidden(password: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut padded = password.to_vec();
    padded.resize(password.len().max(1).next_multiple_of(16), 0);
    let mut hidden: Vec<u8> = Vec::new();
    for block in padded.chunks(16) {
        let before = if hidden.is_empty() {
            &AUTHENTICATOR
        } else {
            &hidden[hidden.len() - 16..]
        };
        let mask = digest::hash(&[secret, before]);
        hidden.extend(
            block
                .iter()
                .zip(mask)
                .map(|(byte, mask)| byte ^ mask)
                .collect::<Vec<_>>(),
        );
    }
    hidden
}

/// A packet of these attributes; the Message-Authenticator among them is filled in.
fn packet(code: u8, attributes: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut packet = vec![code, 7, 0, 0];
    packet.extend(AUTHENTICATOR);
    let mut signed = None;
    for (kind, value) in attributes {
        signed = signed.or((*kind == 80).then_some(packet.len() + 2));
        write(&mut packet, *kind, value);
    }
    let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
    packet[2..4].copy_from_slice(&length);
    if let Some(at) = signed {
        let signature = digest::signature(SECRET, &[&packet]).unwrap().finalize().into_bytes();
        packet[at..at + 16].copy_from_slice(&signature);
    }
    packet
}

fn login(password: &str) -> Vec<(u8, Vec<u8>)> {
    vec![
        (1, b"zoe".to_vec()),
        (2, hidden(password.as_bytes(), SECRET)),
        (80, vec![0; 16]),
    ]
}

#[test]
fn a_signed_request_gives_its_name_and_password() {
    for password in ["", "7", "755224", "a password of more than sixteen bytes, čeština"] {
        let request = read(&packet(1, &login(password)), SECRET).unwrap();
        assert_eq!((request.identifier, request.authenticator), (7, AUTHENTICATOR));
        let login = request.login.unwrap();
        assert_eq!((login.user_name.as_str(), login.password.as_str()), ("zoe", password));
    }
}

/// RFC 2865 §7.1: the User-Password of the example is "arctangent" under the secret "xyzzy5461".
#[test]
fn the_password_of_the_rfc_is_revealed() {
    let authenticator = [
        0x0f, 0x40, 0x3f, 0x94, 0x73, 0x97, 0x80, 0x57, 0xbd, 0x83, 0xd5, 0xcb, 0x98, 0xf4, 0x22, 0x7a,
    ];
    let hidden = [
        0x0d, 0xbe, 0x70, 0x8d, 0x93, 0xd4, 0x13, 0xce, 0x31, 0x96, 0xe4, 0x3f, 0x78, 0x2a, 0x0a, 0xee,
    ];
    let password = digest::revealed(&hidden, b"xyzzy5461", &authenticator).unwrap();
    assert_eq!(password.as_slice(), b"arctangent");
}

/// RFC 2865 §7.1: the authenticator of the Access-Accept, which has three attributes there.
#[test]
fn the_hash_of_the_rfc_is_made() {
    let head = [0x02, 0x00, 0x00, 0x26];
    let request = [
        0x0f, 0x40, 0x3f, 0x94, 0x73, 0x97, 0x80, 0x57, 0xbd, 0x83, 0xd5, 0xcb, 0x98, 0xf4, 0x22, 0x7a,
    ];
    let attributes = [
        0x06, 0x06, 0x00, 0x00, 0x00, 0x01, 0x0f, 0x06, 0x00, 0x00, 0x00, 0x00, 0x0e, 0x06, 0xc0, 0xa8, 0x01, 0x03,
    ];
    let said = [
        0x86, 0xfe, 0x22, 0x0e, 0x76, 0x24, 0xba, 0x2a, 0x10, 0x05, 0xf6, 0xbf, 0x9b, 0x55, 0xe0, 0xb2,
    ];
    assert_eq!(digest::hash(&[&head, &request, &attributes, b"xyzzy5461"]), said);
}

#[test]
fn what_is_not_signed_is_refused() {
    let refused = |packet: &[u8]| read(packet, SECRET).err();
    assert_eq!(refused(&packet(1, &without(80))), Some(Refused::Unsigned));
    assert_eq!(refused(&packet(1, &with(80, &[0; 16]))), Some(Refused::Unsigned));
    assert_eq!(refused(&packet(4, &login("1"))), Some(Refused::Code(4)));
    assert_eq!(
        read(&packet(1, &login("1")), b"another secret of theirs").err(),
        Some(Refused::Signature)
    );
}

/// The attributes of a login but those of one kind.
fn without(kind: u8) -> Vec<(u8, Vec<u8>)> {
    login("1").into_iter().filter(|(one, _)| *one != kind).collect()
}

/// The attributes of a login and one more.
fn with(kind: u8, value: &[u8]) -> Vec<(u8, Vec<u8>)> {
    [login("1"), vec![(kind, value.to_vec())]].concat()
}

/// RFC 2865 §2: whatever a client of ours asks that cannot be tried is rejected, not passed over.
#[test]
fn what_is_signed_and_no_pap_has_no_login_and_can_be_answered() {
    let signed = |kind: u8, value: Vec<u8>| [without(kind), vec![(kind, value)]].concat();
    for attributes in [
        without(1),
        without(2),
        with(1, b"eve"),
        with(2, &hidden(b"2", SECRET)),
        [without(2), vec![(3, vec![1; 17])]].concat(),
        signed(1, vec![0xe9]),
        signed(2, hidden(b"h\xe9", SECRET)),
        signed(2, vec![1; 17]),
    ] {
        let request = read(&packet(1, &attributes), SECRET).unwrap();
        assert!(request.login.is_none(), "{attributes:?}");
        assert_eq!(answer(&request, Verdict::Reject, SECRET)[..2], [3, 7]);
    }
}

#[test]
fn no_bit_can_be_turned_and_no_byte_cut_off() {
    let whole = packet(1, &login("755224"));
    for at in 0..whole.len() * 8 {
        let mut turned = whole.clone();
        turned[at / 8] ^= 1 << (at % 8);
        assert!(read(&turned, SECRET).is_err(), "bit {at}");
    }
    for length in 0..whole.len() {
        assert_eq!(read(&whole[..length], SECRET).err(), Some(Refused::Malformed));
    }
    // Padding behind the packet is none of its bytes.
    assert!(read(&[whole, vec![9; 40]].concat(), SECRET).is_ok());
}

#[test]
fn an_answer_is_signed_first_and_gives_proxies_their_own_back() {
    let mut asked = login("755224");
    asked.extend([(33, b"first".to_vec()), (33, b"second".to_vec())]);
    let request = read(&packet(1, &asked), SECRET).unwrap();
    for (verdict, code) in [(Verdict::Accept, 2), (Verdict::Reject, 3)] {
        let said = answer(&request, verdict, SECRET);
        assert_eq!((said[0], said[1]), (code, 7));
        assert_eq!(usize::from(u16::from_be_bytes([said[2], said[3]])), said.len());
        assert_eq!(said[20..22], [80, 18]);
        assert_eq!(said[38..], [b"\x21\x07first".as_slice(), b"\x21\x08second"].concat());
        let mut zeroed = said.clone();
        zeroed[4..20].copy_from_slice(&AUTHENTICATOR);
        assert_eq!(
            said[4..20],
            digest::hash(&[&[&said[..4], &AUTHENTICATOR, &said[20..]].concat(), SECRET])
        );
        zeroed[22..38].fill(0);
        let mac = digest::signature(SECRET, &[&zeroed]).unwrap();
        assert!(mac.verify_slice(&said[22..38]).is_ok());
    }
}

proptest! {
    #[test]
    fn whatever_comes_in_is_read_or_refused(datagram in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&datagram, SECRET).is_err());
    }
}
