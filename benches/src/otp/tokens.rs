//! A fleet of HOTP tokens: six digits, SHA-1, counters from 0; and their codes.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// How far ahead of its counter a token's code is looked for.
const LOOK_AHEAD: u64 = 10;

/// The serial number of the token with this number, from 0.
pub(crate) fn serial_number(number: u64) -> String {
    format!("OTP{number:09}")
}

/// Its seed: a fixed scattering (`SplitMix64`), so that no two tokens have the same.
pub(crate) fn seed(number: u64) -> [u8; 20] {
    let mut seed = [0; 20];
    for (place, part) in (0_u64..).zip(seed.chunks_mut(8)) {
        let bytes = scattered(number * 3 + place).to_be_bytes();
        part.copy_from_slice(bytes.get(..part.len()).unwrap_or_default());
    }
    seed
}

fn scattered(number: u64) -> u64 {
    let mut state = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

/// The code of a seed at this counter, a number of six digits (RFC 4226 §5.3).
pub(crate) fn code(seed: &[u8], counter: u64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(seed) else {
        return 0;
    };
    mac.update(&counter.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or(0) & 0xF);
    let part = digest
        .get(offset..offset + 4)
        .and_then(|part| part.try_into().ok())
        .unwrap_or([0; 4]);
    (u32::from_be_bytes(part) & 0x7FFF_FFFF) % 1_000_000
}

/// The counter after this code, if it is one of the next.
pub(crate) fn accepted(seed: &[u8], counter: u64, typed: u32) -> Option<u64> {
    (counter..=counter + LOOK_AHEAD)
        .find(|counter| code(seed, *counter) == typed)
        .map(|counter| counter + 1)
}

/// Writes a seed file of tokens `from..to` as CSV.
pub(crate) fn write(path: &Path, from: u64, to: u64) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "serial,key,type,digits,counter")?;
    for number in from..to {
        write!(file, "{},", serial_number(number))?;
        for byte in seed(number) {
            write!(file, "{byte:02x}")?;
        }
        writeln!(file, ",hotp,6,0")?;
    }
    Ok(file.flush()?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{accepted, code, seed};

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes: Vec<u32> = (0..4).map(|counter| code(b"12345678901234567890", counter)).collect();
        assert_eq!(codes, [755_224, 287_082, 359_152, 969_429]);
    }

    #[test]
    fn a_used_code_is_none_of_the_next() {
        let seed = b"12345678901234567890";
        assert_eq!(accepted(seed, 0, 969_429), Some(4));
        assert_eq!(accepted(seed, 4, 969_429), None);
    }

    #[test]
    fn seeds_do_not_repeat() {
        let seeds: HashSet<[u8; 20]> = (0..50_000).map(seed).collect();
        assert_eq!(seeds.len(), 50_000);
    }
}
