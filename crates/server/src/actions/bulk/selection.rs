//! Which things a bulk action is for: some by id, or all that matched a filter when their number was confirmed.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Which things are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<Filter> {
    /// These.
    Ids(Vec<Uuid>),
    /// All that match; so many were seen.
    Filter {
        /// What they match.
        filter: Box<Filter>,
        /// How many; a dry run may not know.
        expected: Option<u64>,
    },
}

/// The things of a selection as a job keeps them: each gets a result, whatever becomes of it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// In rising order, each once.
    pub(crate) ids: Vec<Uuid>,
    /// Whether they were counted by a filter, not named one by one: one that has changed since may not be meant.
    pub(crate) counted: bool,
}

impl Chosen {
    /// Things that were named one by one.
    pub(super) fn named(mut ids: Vec<Uuid>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self { ids, counted: false }
    }

    /// How many they are.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.ids.len()).unwrap_or(u64::MAX)
    }

    /// As JSON. An import's keys have ids without gaps, so that a million of them may be two numbers.
    pub(super) fn write(&self) -> Json {
        let (mut bytes, mut at) = (Vec::new(), 0);
        for (first, length) in runs(&self.ids) {
            put(&mut bytes, first.wrapping_sub(at));
            put(&mut bytes, length);
            at = first.wrapping_add(length);
        }
        json!({ "ids": BASE64URL_NOPAD.encode(&bytes), "counted": self.counted })
    }

    /// From JSON; `None` when it is not what [`Self::write`] wrote.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(json.get("ids")?.as_str()?.as_bytes()).ok()?;
        let (mut rest, mut at, mut ids) = (bytes.as_slice(), 0_u128, Vec::new());
        while !rest.is_empty() {
            let first = at.wrapping_add(take(&mut rest)?);
            at = first.wrapping_add(take(&mut rest)?);
            ids.extend((first..at).map(Uuid::from_u128));
        }
        let counted = json.get("counted")?.as_bool()?;
        Some(Self { ids, counted })
    }
}

/// Unbroken runs of rising ids: the first of each and how many they are.
fn runs(ids: &[Uuid]) -> Vec<(u128, u128)> {
    let mut runs: Vec<(u128, u128)> = Vec::new();
    for id in ids.iter().map(Uuid::as_u128) {
        match runs.last_mut() {
            Some((first, length)) if first.wrapping_add(*length) == id => *length = length.wrapping_add(1),
            _ => runs.push((id, 1)),
        }
    }
    runs
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u128) {
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

fn take(rest: &mut &[u8]) -> Option<u128> {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, behind)) = rest.split_first() {
        *rest = behind;
        number |= u128::from(byte & 0x7F).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    #[test]
    fn what_a_job_keeps_comes_back() {
        let all: &[&[u128]] = &[
            &[],
            &[0],
            &[5, 6, 7, 9, 300, 301, 1 << 80, (1 << 80) + 1],
            &[u128::MAX - 1],
        ];
        for numbers in all {
            for counted in [true, false] {
                let chosen = Chosen {
                    ids: ids(numbers),
                    counted,
                };
                assert_eq!(Chosen::read(&chosen.write()), Some(chosen));
            }
        }
    }

    #[test]
    fn ids_are_kept_once_and_in_order() {
        let chosen = Chosen::named(ids(&[3, 1, 3, 2]));
        assert_eq!((chosen.ids.as_slice(), chosen.count()), (ids(&[1, 2, 3]).as_slice(), 3));
    }

    #[test]
    fn a_million_keys_of_one_import_take_little_room() {
        let first = 0x0190_0000_0000_7000_8000_0000_0000_0000_u128;
        let numbers: Vec<u128> = (first..first + 1_000_000).collect();
        let chosen = Chosen {
            ids: ids(&numbers),
            counted: true,
        };
        assert!(chosen.write().to_string().len() < 100);
    }

    #[test]
    fn what_was_not_written_here_is_not_read() {
        for wrong in [
            json!({}),
            json!({ "ids": "gA", "counted": true }),
            json!({ "ids": "AQ", "counted": true }),
            json!({ "ids": "AQE" }),
        ] {
            assert_eq!(Chosen::read(&wrong), None, "{wrong}");
        }
    }
}
