//! S7: a ciphertext opens only in its own row.

use uuid::Uuid;

use super::{Place, SealingKey, Secret};

struct Row {
    tenant: Uuid,
    table: &'static str,
    column: &'static str,
    key: Vec<u8>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
}

impl Row {
    fn place(&self) -> Place<'_> {
        Place {
            tenant: self.tenant,
            table: self.table,
            column: self.column,
            row: &self.key,
        }
    }
}

fn rows(key: &SealingKey) -> Vec<Row> {
    let mut rows = Vec::new();
    for number in 0..320_u32 {
        let mut row = Row {
            tenant: Uuid::from_u128(u128::from(number % 4)),
            table: ["secrets", "passkeys"][usize::try_from(number / 4 % 2).unwrap()],
            column: ["sealed", "previous"][usize::try_from(number / 8 % 2).unwrap()],
            key: (number / 16).to_be_bytes().to_vec(),
            plain: number.to_be_bytes().to_vec(),
            sealed: Vec::new(),
        };
        row.sealed = key.seal(row.place(), &row.plain).unwrap();
        rows.push(row);
    }
    rows
}

#[test]
fn a_ciphertext_opens_only_in_its_own_row() {
    let key = SealingKey::new(1, Secret::new([7; 32]));
    let rows = rows(&key);
    let (mut tampers, mut rejected) = (0_u32, 0_u32);
    let mut tamper = |place: Place<'_>, sealed: &[u8]| {
        tampers += 1;
        rejected += u32::from(key.open(place, sealed).is_err());
    };
    for from in &rows {
        for to in rows.iter().filter(|to| to.place() != from.place()) {
            tamper(to.place(), &from.sealed);
        }
    }
    for row in &rows {
        for bit in 0..row.sealed.len() * 8 {
            let mut changed = row.sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            tamper(row.place(), &changed);
        }
        for cut in 0..row.sealed.len() {
            tamper(row.place(), &row.sealed[..cut]);
        }
    }
    let control = rows
        .iter()
        .filter(|row| {
            key.open(row.place(), &row.sealed)
                .is_ok_and(|plain| *plain.using() == row.plain)
        })
        .count();
    println!(
        "S7 tampers={tampers} rejected={rejected} control_opened={control}/{}",
        rows.len()
    );
    assert!(tampers >= 100_000);
    assert_eq!(tampers, rejected);
    assert_eq!(
        control,
        rows.len(),
        "the control must open, or rejecting proves nothing"
    );
}

#[test]
fn places_whose_parts_run_together_are_still_different() {
    let key = SealingKey::new(1, Secret::new([7; 32]));
    let place = |table, column| Place {
        tenant: Uuid::nil(),
        table,
        column,
        row: b"1",
    };
    let sealed = key.seal(place("ab", "c"), b"secret").unwrap();
    assert!(key.open(place("a", "bc"), &sealed).is_err());
}

#[test]
fn another_key_and_another_version_do_not_open() {
    let place = Place {
        tenant: Uuid::nil(),
        table: "t",
        column: "c",
        row: b"1",
    };
    let sealed = SealingKey::new(1, Secret::new([7; 32])).seal(place, b"secret").unwrap();
    assert!(SealingKey::new(1, Secret::new([8; 32])).open(place, &sealed).is_err());
    assert!(SealingKey::new(2, Secret::new([7; 32])).open(place, &sealed).is_err());
}
