//! Ids of an import's keys: one unbroken range, so that a whole import is hidden, found or taken out by its bounds.

use claviger_domain::Timestamp;
use claviger_domain::ids::{SecurityKeyId, TenantId};
use uuid::Uuid;

use crate::error::Error;
use crate::tx::Reader;

const HIDDEN: &str = "SELECT first_key, last_key FROM batches
    WHERE tenant_id = $1 AND status IN ('applying', 'undoing') ORDER BY first_key";

/// Ids of a batch's keys, as many as rows fit in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyRange(u128);

/// An unbroken range of ids, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) first: Uuid,
    pub(crate) last: Uuid,
}

const ROWS: u128 = 0xFFFF_FFFF;

impl KeyRange {
    /// A range for a batch of this time: UUIDv7 (RFC 9562 §5.7) with 42 bits of `entropy` and the row below them.
    #[must_use]
    pub fn new(at: Timestamp, entropy: u64) -> Self {
        let millis = u128::from(at.as_micros().div_euclid(1_000).unsigned_abs()) & 0xFFFF_FFFF_FFFF;
        let entropy = u128::from(entropy);
        let (high, low) = (entropy >> 30 & 0xFFF, entropy & 0x3FFF_FFFF);
        Self(millis << 80 | 7 << 76 | high << 64 | 2 << 62 | low << 32)
    }

    /// Id of the key of this row.
    #[must_use]
    pub fn key(self, row: u32) -> SecurityKeyId {
        SecurityKeyId::from_uuid(Uuid::from_u128(self.0 | u128::from(row)))
    }

    /// The lowest id.
    #[must_use]
    pub fn first(self) -> Uuid {
        Uuid::from_u128(self.0)
    }

    /// The highest id.
    #[must_use]
    pub fn last(self) -> Uuid {
        Uuid::from_u128(self.0 | ROWS)
    }

    pub(crate) fn span(self) -> Span {
        Span {
            first: self.first(),
            last: self.last(),
        }
    }

    pub(super) fn stored(first: Uuid, last: Uuid) -> Option<Self> {
        let range = Self(first.as_u128());
        (first.as_u128() & ROWS == 0 && range.last() == last).then_some(range)
    }
}

/// Ids that no list may show: keys of imports that are going in or out. Few, in rising order.
pub(crate) async fn hidden(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Span>, Error> {
    let rows = reader.query(HIDDEN, &[tenant.as_uuid().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Span {
                first: row.get(0)?,
                last: row.get(1)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_7_and_rise_with_the_row() {
        let range = KeyRange::new(Timestamp::from_seconds(1_795_336_200), u64::MAX);
        let id = range.key(7).as_uuid();
        assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        assert_eq!(id.get_timestamp().unwrap().to_unix().0, 1_795_336_200);
        assert!(range.first() == range.key(0).as_uuid() && range.key(6) < range.key(7));
        assert!(range.key(u32::MAX).as_uuid() == range.last());
        assert_eq!(KeyRange::stored(range.first(), range.last()), Some(range));
        assert_eq!(KeyRange::stored(range.last(), range.first()), None);
    }

    #[test]
    fn later_batches_have_higher_ids() {
        let earlier = KeyRange::new(Timestamp::from_micros(1_000_000), u64::MAX);
        let later = KeyRange::new(Timestamp::from_micros(1_001_000), 0);
        assert!(earlier.last() < later.first());
    }
}
