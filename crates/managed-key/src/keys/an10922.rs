//! NXP AN10922: keys of imported fleets, diversified from one key by AES-CMAC.
//!
//! The input is always filled up to two blocks. CMAC would take a short one (15 bytes or fewer) as one block, and give another key.

use aes::cipher::{Block, BlockEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use zeroize::{Zeroize, Zeroizing};

const BLOCK: usize = 16;

/// Why nothing was diversified.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DiversificationFault {
    /// AES has keys of 16, 24 and 32 bytes.
    #[error("an AES key has 16, 24 or 32 bytes, this one has {0}")]
    Key(usize),
    /// AN10922 §2.2 has room for 1 to 31 bytes.
    #[error("a diversification input has 1 to 31 bytes, this one has {0}")]
    Input(usize),
}

/// The key of one device, as long as the key that it is diversified from.
pub fn diversified(key: &[u8], input: &[u8]) -> Result<Zeroizing<Vec<u8>>, DiversificationFault> {
    if !(1..2 * BLOCK).contains(&input.len()) {
        return Err(DiversificationFault::Input(input.len()));
    }
    let fault = |_| DiversificationFault::Key(key.len());
    match key.len() {
        16 => Aes128::new_from_slice(key).map(|cipher| half(&cipher, 0x01, input).to_vec()),
        24 => Aes192::new_from_slice(key).map(|cipher| {
            let (first, second) = (half(&cipher, 0x11, input), half(&cipher, 0x12, input));
            overlapping(&first, &second)
        }),
        _ => Aes256::new_from_slice(key).map(|cipher| {
            let (first, second) = (half(&cipher, 0x41, input), half(&cipher, 0x42, input));
            [first.as_slice(), second.as_slice()].concat()
        }),
    }
    .map(Zeroizing::new)
    .map_err(fault)
}

/// 24 bytes of two times 16: the middle eight are both.
fn overlapping(first: &[u8; BLOCK], second: &[u8; BLOCK]) -> Vec<u8> {
    let [head @ .., _, _, _, _, _, _, _, _] = *first;
    let [_, _, _, _, _, _, _, _, tail @ ..] = *second;
    let middle = first.iter().skip(8).zip(second).map(|(one, other)| one ^ other);
    head.into_iter().chain(middle).chain(tail).collect()
}

/// The CMAC of a constant and the input, over two blocks whatever the input's length.
fn half<C: BlockEncrypt>(cipher: &C, constant: u8, input: &[u8]) -> Zeroizing<[u8; BLOCK]> {
    let mut message = Zeroizing::new([0_u8; 2 * BLOCK]);
    let padded = [constant].into_iter().chain(input.iter().copied()).chain([0x80]);
    message.iter_mut().zip(padded).for_each(|(to, from)| *to = from);
    let whole = input.len().saturating_add(1) == message.len();
    chained(cipher, message.as_slice(), whole)
}

/// CBC-MAC of whole blocks, the last of which is masked by a subkey: the first for a whole message, the second for one that
/// was filled up (RFC 4493 §2.4, SP 800-38B §6.2).
fn chained<C: BlockEncrypt>(cipher: &C, blocks: &[u8], whole: bool) -> Zeroizing<[u8; BLOCK]> {
    let mut subkey = doubled(&encrypted(cipher, &Zeroizing::new([0; BLOCK])));
    if !whole {
        subkey = doubled(&subkey);
    }
    let last = blocks.len().div_ceil(BLOCK);
    let mut state = Zeroizing::new([0; BLOCK]);
    for (number, block) in (1..).zip(blocks.chunks(BLOCK)) {
        state.iter_mut().zip(block).for_each(|(to, from)| *to ^= from);
        if number == last {
            state.iter_mut().zip(subkey.iter()).for_each(|(to, from)| *to ^= from);
        }
        state = encrypted(cipher, &state);
    }
    state
}

/// Multiplication by x in GF(2¹²⁸).
fn doubled(of: &Zeroizing<[u8; BLOCK]>) -> Zeroizing<[u8; BLOCK]> {
    let number = u128::from_be_bytes(**of);
    let reduced = if number >> 127 == 1 { 0x87 } else { 0 };
    Zeroizing::new(((number << 1) ^ reduced).to_be_bytes())
}

fn encrypted<C: BlockEncrypt>(cipher: &C, plain: &Zeroizing<[u8; BLOCK]>) -> Zeroizing<[u8; BLOCK]> {
    let mut block = Block::<C>::default();
    block.iter_mut().zip(plain.iter()).for_each(|(to, from)| *to = *from);
    cipher.encrypt_block(&mut block);
    let mut out = Zeroizing::new([0; BLOCK]);
    out.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
    block.as_mut_slice().zeroize();
    out
}

#[cfg(test)]
mod tests {
    use cmac::Mac as _;
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;
    use proptest::prelude::*;

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        HEX.decode(text.as_bytes()).unwrap()
    }

    /// RFC 4493 §4: the subkeys and the two examples whose messages are whole blocks or get one padded block.
    #[test]
    fn rfc_4493() {
        let cipher = Aes128::new_from_slice(&hex("2b7e151628aed2a6abf7158809cf4f3c")).unwrap();
        let zero = encrypted(&cipher, &Zeroizing::new([0; 16]));
        let first = doubled(&zero);
        assert_eq!(first.to_vec(), hex("fbeed618357133667c85e08f7236a8de"));
        assert_eq!(doubled(&first).to_vec(), hex("f7ddac306ae266ccf90bc11ee46d513b"));
        let message = hex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        );
        let empty = [&[0x80_u8][..], &[0; 15]].concat();
        let part = [&message[..40], &[0x80], &[0; 7]].concat();
        for (blocks, whole, mac) in [
            (&empty[..], false, "bb1d6929e95937287fa37d129b756746"),
            (&message[..16], true, "070a16b46b4d4144f79bdd9dd04a287c"),
            (&part, false, "dfa66747de9ae63030ca32611497c827"),
            (&message, true, "51f0bebf7e3b9d92fc49741779363cfe"),
        ] {
            assert_eq!(chained(&cipher, blocks, whole).to_vec(), hex(mac));
        }
    }

    /// AN10957 §3, pages 13 and 14: an input of seven bytes, which plain CMAC would take as one block.
    #[test]
    fn a_short_input_is_filled_up_to_two_blocks() {
        let key = hex("f3f9377698707b688eaf84abe39e3791");
        let input = hex("04deadbeeffeed");
        let key_of_device = diversified(&key, &input).unwrap();
        assert_eq!(key_of_device.to_vec(), hex("0bb408baff98b6ee9f2e1585777f6a51"));
        let plain = <cmac::Cmac<Aes128> as KeyInit>::new_from_slice(&key).unwrap();
        let plain = plain.chain_update([1]).chain_update(&input).finalize().into_bytes();
        assert_ne!(plain.to_vec(), key_of_device.to_vec());
    }

    #[test]
    fn other_lengths_are_refused() {
        assert_eq!(diversified(&[0; 17], &[1]).unwrap_err(), DiversificationFault::Key(17));
        assert_eq!(diversified(&[0; 0], &[1]).unwrap_err(), DiversificationFault::Key(0));
        assert_eq!(diversified(&[0; 16], &[]).unwrap_err(), DiversificationFault::Input(0));
        assert_eq!(
            diversified(&[0; 16], &[0; 32]).unwrap_err(),
            DiversificationFault::Input(32)
        );
        assert_eq!(diversified(&[0; 24], &[0; 31]).unwrap().len(), 24);
    }

    proptest! {
        /// From 16 bytes on AN10922 is plain CMAC, which others have written.
        #[test]
        fn a_long_input_is_plain_cmac(key in any::<[u8; 32]>(), input in proptest::collection::vec(any::<u8>(), 16..32)) {
            let plain = |constant: u8| {
                let mac = <cmac::Cmac<Aes256> as KeyInit>::new_from_slice(&key).unwrap();
                mac.chain_update([constant]).chain_update(&input).finalize().into_bytes().to_vec()
            };
            prop_assert_eq!(diversified(&key, &input).unwrap().to_vec(), [plain(0x41), plain(0x42)].concat());
        }
    }
}
