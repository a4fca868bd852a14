//! Cursors: where a page ended and of which list, opaque to whoever carries them.

use claviger_domain::ids::TenantId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::value::Value;

/// A row's place in the order of its stretch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) key: Value,
    pub(crate) id: Uuid,
}

/// Names a stretch of a list: its kind, and what it is about.
pub(crate) type Tag = (u8, Uuid);

/// Where a page ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor {
    /// Whether the page before is wanted, not the one after.
    pub(crate) backward: bool,
    /// The stretch of the list.
    pub(crate) tag: Tag,
    pub(crate) position: Position,
}

/// Form of a cursor; another build's are refused.
const FORM: u8 = 1;
const SUM: usize = 8;

impl Cursor {
    /// The text for a list of this tenant.
    pub(crate) fn encode(&self, tenant: TenantId, list: [u8; SUM]) -> String {
        let mut bytes = vec![FORM, u8::from(self.backward), self.tag.0];
        bytes.extend(self.tag.1.as_bytes());
        bytes.extend(self.position.id.as_bytes());
        match &self.position.key {
            Value::Int(number) => {
                bytes.push(b'i');
                bytes.extend(number.to_be_bytes());
            }
            Value::Text(text) => {
                bytes.push(b't');
                bytes.extend(text.as_bytes());
            }
            Value::Null
            | Value::Bytes(_)
            | Value::Uuid(_)
            | Value::Bool(_)
            | Value::UuidArray(_)
            | Value::TextArray(_)
            | Value::IntArray(_) => bytes.push(b'n'),
        }
        let sum = sum(&bytes, tenant, list);
        bytes.extend(sum);
        hex(&bytes)
    }

    /// `None` for a text that was changed, or that belongs to another list or tenant.
    pub(crate) fn decode(text: &str, tenant: TenantId, list: [u8; SUM]) -> Option<Self> {
        let bytes = unhex(text)?;
        let (body, end) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        if sum(body, tenant, list) != end {
            return None;
        }
        let (&[FORM, backward, kind], rest) = body.split_first_chunk::<3>()? else {
            return None;
        };
        let (about, rest) = rest.split_first_chunk::<16>()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        let key = match rest.split_first()? {
            (b'i', number) => Value::Int(i64::from_be_bytes(number.try_into().ok()?)),
            (b't', text) => Value::Text(String::from_utf8(text.to_vec()).ok()?),
            (b'n', []) => Value::Null,
            _ => return None,
        };
        Some(Self {
            backward: backward == 1,
            tag: (kind, Uuid::from_bytes(*about)),
            position: Position {
                key,
                id: Uuid::from_bytes(*id),
            },
        })
    }
}

/// Not a secret: it tells a cursor of this list from others and from damaged ones. What a forged one
/// can reach is the list itself.
fn sum(body: &[u8], tenant: TenantId, list: [u8; SUM]) -> [u8; SUM] {
    let mut hash = Sha256::new();
    hash.update(tenant.as_uuid().as_bytes());
    hash.update(list);
    hash.update(body);
    first(&hash.finalize())
}

/// Tells a cursor of this list from those of others: `list` says all that is asked for.
pub(crate) fn fingerprint(list: &str) -> [u8; SUM] {
    first(&Sha256::digest(list))
}

fn first(hash: &[u8]) -> [u8; SUM] {
    std::array::from_fn(|place| hash.get(place).copied().unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(text.get(place..place + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_one_list_of_one_tenant() {
        let (ours, theirs) = (
            TenantId::from_uuid(Uuid::from_u128(1)),
            TenantId::from_uuid(Uuid::from_u128(2)),
        );
        let cursor = Cursor {
            backward: true,
            tag: (9, Uuid::from_u128(3)),
            position: Position {
                key: Value::Text("ž".into()),
                id: Uuid::from_u128(4),
            },
        };
        let text = cursor.encode(ours, [1; 8]);
        assert_eq!(Cursor::decode(&text, ours, [1; 8]), Some(cursor));
        assert_eq!(Cursor::decode(&text, theirs, [1; 8]), None);
        assert_eq!(Cursor::decode(&text, ours, [2; 8]), None);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            assert_eq!(
                Cursor::decode(&String::from_utf8(changed).unwrap(), ours, [1; 8]),
                None,
                "{place}"
            );
        }
        assert_eq!(Cursor::decode("", ours, [1; 8]), None);
        assert_eq!(Cursor::decode("\u{e9}\u{e9}", ours, [1; 8]), None);
    }
}
