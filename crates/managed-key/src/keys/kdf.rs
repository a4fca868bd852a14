//! Key derivation: NIST SP 800-108r1 in counter mode with HMAC-SHA-256, 256 bits out.

use zeroize::Zeroizing;

use super::mac::hmac;

/// A key for a purpose: the fixed input is label ‖ 00 ‖ context ‖ the length in bits as 32 bits.
pub(super) fn derived(secret: &[u8; 32], label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
    first_block(
        secret,
        &[label.as_bytes(), &[0], context, &256_u32.to_be_bytes()].concat(),
    )
}

/// The 32-bit counter before the fixed input (SP 800-108r1 §4.1); 256 bits are one block.
pub(super) fn first_block(secret: &[u8; 32], fixed: &[u8]) -> Zeroizing<[u8; 32]> {
    hmac(secret, &[&1_u32.to_be_bytes(), fixed])
}
