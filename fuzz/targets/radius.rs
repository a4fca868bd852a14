//! RADIUS packets: whatever is sent is refused or read; what is read is answered in a packet that is well-formed.
#![no_main]

use claviger_formats::radius::{LONGEST_PACKET, Verdict, answer, read};
use hmac::{Hmac, Mac as _};
use libfuzzer_sys::fuzz_target;
use md5::Md5;

const SECRET: &[u8] = b"a secret of some length";

/// The attributes in an Access-Request that is signed, or else no input gets past the signature.
fn signed(attributes: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(20 + 18 + attributes.len()).ok()?;
    let mut packet = vec![1, 7];
    packet.extend(length.to_be_bytes());
    packet.extend([3; 16]);
    packet.extend([80, 18]);
    packet.extend([0; 16]);
    packet.extend(attributes);
    let mut mac = Hmac::<Md5>::new_from_slice(SECRET).ok()?;
    mac.update(&packet);
    packet[22..38].copy_from_slice(&mac.finalize().into_bytes());
    Some(packet)
}

fuzz_target!(|bytes: &[u8]| {
    assert!(read(bytes, SECRET).is_err(), "a packet was signed without the secret");
    let Some(packet) = signed(bytes) else { return };
    let Ok(request) = read(&packet, SECRET) else { return };
    if let Some(login) = &request.login {
        assert!(!login.password.ends_with('\0') && login.password.len() <= 128);
    }
    let said = answer(&request, Verdict::Accept, SECRET);
    assert!((38..=LONGEST_PACKET).contains(&said.len()));
    assert_eq!(usize::from(u16::from_be_bytes([said[2], said[3]])), said.len());
});
