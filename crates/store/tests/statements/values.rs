//! Distinct values for parameters and rows: a column's value depends on its name and the row alone, so that what
//! a statement looks for is there to be found, and a value bound in another's place is not.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use claviger_store::Value;
use uuid::Uuid;

/// The value of a column in a row, of a PostgreSQL type as `information_schema` or the driver names it.
pub(crate) fn value(column: &str, row: i64, kind: &str) -> Value {
    let number = number(column, row);
    match kind {
        "bigint" | "int8" => Value::Int(number),
        "integer" | "int4" => Value::Int(number % 1_000_000),
        "text" => Value::Text(format!("{column} {row}")),
        "uuid" => Value::Uuid(id(number)),
        "bytea" => Value::Bytes(number.to_be_bytes().repeat(4)),
        "boolean" | "bool" => Value::Bool(row % 2 == 1),
        "uuid[]" => Value::from([id(number)].as_slice()),
        "text[]" => Value::from(vec![format!("{column} {row}")]),
        "int8[]" => Value::from(vec![number]),
        other => panic!("{column}: no value is a {other}"),
    }
}

fn id(number: i64) -> Uuid {
    Uuid::from_u128(u128::from(number.unsigned_abs()))
}

fn number(column: &str, row: i64) -> i64 {
    let mut hasher = DefaultHasher::new();
    column.hash(&mut hasher);
    let spread = i64::try_from(hasher.finish() % 1_000_000_000).unwrap();
    spread * 1_000 + row
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) column: String,
    /// How far from the row's own value: none where it is looked for, a little where it bounds.
    pub(crate) shift: i64,
}

/// What a statement writes is told from what it looks for; odd, so that a boolean is turned round.
const WRITTEN: i64 = 51;

/// The meaning of each parameter that is written into a column or compared with one.
pub(crate) fn meanings(sql: &str) -> HashMap<usize, Meaning> {
    let mut found = HashMap::new();
    inserted(sql, &mut found);
    let written = sql.find(" SET ").map(|from| {
        let length = sql[from..].find("WHERE").unwrap_or(sql.len() - from);
        from..from + length
    });
    for (place, _) in sql.match_indices('$') {
        let Some(number) = number_at(sql, place) else { continue };
        let Some((column, mut shift)) = compared(&sql[..place]) else {
            continue;
        };
        if written.as_ref().is_some_and(|range| range.contains(&place)) {
            shift = WRITTEN;
        }
        let known = found.entry(number).or_insert_with(|| Meaning {
            column: column.clone(),
            shift,
        });
        if known.shift == WRITTEN && shift != WRITTEN {
            *known = Meaning { column, shift };
        }
    }
    found
}

pub(crate) fn number_at(sql: &str, place: usize) -> Option<usize> {
    let digits: String = sql[place + 1..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `INSERT INTO t (a, b) VALUES ($1, $2)`: by place.
fn inserted(sql: &str, found: &mut HashMap<usize, Meaning>) {
    let Some((head, tail)) = sql.split_once("VALUES") else {
        return;
    };
    let (Some((_, names)), Some((_, marks))) = (head.split_once('('), tail.split_once('(')) else {
        return;
    };
    let names = names.split(')').next().unwrap_or_default().split(',');
    for (name, mark) in names.zip(marks.split(')').next().unwrap_or_default().split(',')) {
        let mark = mark.trim();
        if let Some(number) = mark.strip_prefix('$').and_then(|number| number.parse().ok()) {
            let column = name.trim().to_owned();
            found.insert(number, Meaning { column, shift: 0 });
        }
    }
}

/// The column before `= `, `= ANY(`, `<` and the like, and where a value must lie to be met by its rows.
fn compared(before: &str) -> Option<(String, i64)> {
    let before = before.trim_end();
    let before = before.strip_suffix("ANY(").map_or(before, str::trim_end);
    let column = before.trim_end_matches(['=', '<', '>', '!']).trim_end();
    let shift = match before[column.len()..].trim() {
        "" => return None,
        "<" | "<=" => 5,
        ">" | ">=" => -1,
        "<>" => 7,
        _ => 0,
    };
    let from = column.rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let name = &column[from.map_or(0, |place| place + 1)..];
    (!name.is_empty()).then(|| (name.to_owned(), shift))
}

/// What the rows must hold beside the parameters, as assignments: `status = 'waiting'`, `revoked_at = NULL`.
pub(crate) fn conditions(sql: &str, columns: &[(String, String)]) -> Vec<String> {
    let Some((_, sql)) = sql.split_once("WHERE") else {
        return Vec::new();
    };
    let is_column = |word: &str| columns.iter().any(|(name, _)| name == word);
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let column = words[at].trim_start_matches('(');
        let (Some(sign), Some(other)) = (words.get(at + 1), words.get(at + 2)) else {
            break;
        };
        let other = other.trim_matches(['(', ')', ',']);
        let literal = other.starts_with('\'') || other.parse::<i64>().is_ok();
        let value = match *sign {
            "=" | "IN" if literal => other,
            "=" if is_column(other) => other,
            "IS" if other == "NULL" => other,
            _ => continue,
        };
        let named = |one: &String| one.starts_with(&format!("{column} ="));
        if is_column(column) && !found.iter().any(named) {
            found.push(format!("{column} = {value}"));
        }
    }
    found
}

#[test]
fn parameters_are_told_by_what_stands_beside_them() {
    let found = meanings("UPDATE t SET a = $3, b = $1 WHERE t.c = $2 AND b = $1 AND d = ANY($4)");
    let of = |number| (found[&number].column.as_str(), found[&number].shift);
    assert_eq!(
        [of(1), of(2), of(3), of(4)],
        [("b", 0), ("c", 0), ("a", WRITTEN), ("d", 0)]
    );
    let found = meanings("INSERT INTO t (a, b) VALUES ($2, $1)");
    assert_eq!((found[&1].column.as_str(), found[&2].column.as_str()), ("b", "a"));
}
