//! CTAP's canonical CBOR (CTAP 2.1 §8), judged by structure alone.

use super::MessageFault;

/// How deep maps and arrays may stand in each other.
const DEEPEST: u8 = 4;

/// Checks that this is one item of CBOR in the only form that CTAP allows: shortest lengths, none indefinite, keys ascending and
/// different, no tags, nothing after it, at most four deep. What the protocol has no use for (floats, other simple values) is
/// refused with it. The first flaw decides which fault is told.
pub fn check(cbor: &[u8]) -> Result<(), MessageFault> {
    let mut walk = Walk { rest: cbor };
    walk.item(0)?;
    if walk.rest.is_empty() {
        Ok(())
    } else {
        Err(MessageFault::Unreadable)
    }
}

struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn item(&mut self, depth: u8) -> Result<(), MessageFault> {
        let (major, argument) = self.head()?;
        match major {
            0 | 1 => Ok(()),
            2 => self.taken(argument).map(|_| ()),
            3 => {
                let text = self.taken(argument)?;
                std::str::from_utf8(text).map_or(Err(MessageFault::NotCanonical), |_| Ok(()))
            }
            4 | 5 => {
                let below = depth.saturating_add(1);
                if below > DEEPEST {
                    return Err(MessageFault::NotCanonical);
                }
                if major == 4 {
                    self.array(argument, below)
                } else {
                    self.map(argument, below)
                }
            }
            // False, true and null.
            7 if (20..=22).contains(&argument) => Ok(()),
            _ => Err(MessageFault::NotCanonical),
        }
    }

    fn array(&mut self, count: u64, depth: u8) -> Result<(), MessageFault> {
        // Every item takes a byte at least, so a count that lies ends with the bytes.
        (0..count).try_for_each(|_| self.item(depth))
    }

    /// Keys of one type in shortest form ascend by length and then by bytes exactly when they ascend by bytes, type included.
    fn map(&mut self, count: u64, depth: u8) -> Result<(), MessageFault> {
        let mut last: Option<&[u8]> = None;
        for _ in 0..count {
            let before = self.rest;
            self.item(depth)?;
            let key = before
                .len()
                .checked_sub(self.rest.len())
                .and_then(|length| before.get(..length));
            if last.is_some() && key <= last {
                return Err(MessageFault::NotCanonical);
            }
            last = key;
            self.item(depth)?;
        }
        Ok(())
    }

    /// The major type and its argument, which stands in as few bytes as it can.
    fn head(&mut self) -> Result<(u8, u64), MessageFault> {
        let first = self.taken(1)?.first().copied().unwrap_or_default();
        let (length, least) = match first & 0x1f {
            short @ 0..=23 => return Ok((first >> 5, u64::from(short))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            31 => return Err(MessageFault::NotCanonical),
            _ => return Err(MessageFault::Unreadable),
        };
        let argument = self
            .taken(length)?
            .iter()
            .fold(0, |number, byte| (number << 8) | u64::from(*byte));
        if argument < least {
            Err(MessageFault::NotCanonical)
        } else {
            Ok((first >> 5, argument))
        }
    }

    fn taken(&mut self, length: u64) -> Result<&'a [u8], MessageFault> {
        let length = usize::try_from(length).map_err(|_| MessageFault::Unreadable)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(MessageFault::Unreadable)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn judged(hex: &str) -> Result<(), MessageFault> {
        check(&HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    #[test]
    fn the_one_form_is_taken() {
        for hex in [
            "a0",
            "a10106",
            "17",
            "1818",
            "190100",
            "1a00010000",
            "1b0000000100000000",
            "38ff",
            "f4",
            "f5",
            "f6",
            "60",
            "6161",
            "40",
            "820102",
            "a201000200",
            "a2010020f5",
            "a3010220f56161f4",
            "8181818100",
            "a262616100636161 6100",
        ] {
            assert_eq!(judged(&hex.replace(' ', "")), Ok(()), "{hex}");
        }
    }

    #[test]
    fn other_forms_are_not_canonical() {
        for hex in [
            "1801",
            "1817",
            "1900ff",
            "1a0000ffff",
            "1b00000000ffffffff", // longer than they must be
            "5801ff",
            "780161",
            "980101",
            "b8010101", // lengths that are longer than they must be
            "9f01ff",
            "bf0101ff",
            "5f4101ff",
            "7f6161ff", // indefinite
            "a2020001 00",
            "a201000100",
            "a220000100",
            "a2636161610062616100", // order, and keys twice
            "c100",
            "f7",
            "f0",
            "f818",
            "f93c00",
            "fb3ff0000000000000",
            "61ff",         // tags, simple values, floats, no UTF-8
            "818181818100", // too deep
        ] {
            assert_eq!(judged(&hex.replace(' ', "")), Err(MessageFault::NotCanonical), "{hex}");
        }
    }

    #[test]
    fn what_ends_early_or_goes_on_is_unreadable() {
        for hex in [
            "",
            "a1",
            "a101",
            "19",
            "1901",
            "4201",
            "6261",
            "82 01",
            "9b7fffffffffffffff01",
            "a000",
            "0000",
            "1c",
            "5bffffffffffffffff",
        ] {
            assert_eq!(judged(&hex.replace(' ', "")), Err(MessageFault::Unreadable), "{hex}");
        }
    }
}
