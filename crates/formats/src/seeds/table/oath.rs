//! `serial,key,type,digits,counter|step`: what authentication servers exchange. Keys are hexadecimal unless the header,
//! a column or the sender says otherwise; codes have six digits and steps thirty seconds unless a cell says otherwise.

use claviger_domain::otp::{Digits, Kind, Seed, TimeStep};

use super::super::SeedRow;
use super::super::encoding::Encoding;
use super::super::fault::SeedWrong;
use super::super::given::{Judge, Rest, Settings};
use super::cell;
use super::columns::{Field, Row};

/// A row under a header.
pub(super) fn row(line: u64, row: &Row<'_>, said: Option<Encoding>) -> SeedRow {
    let mut judge = Judge::default();
    let (column, serial_text) = row.get(Field::Serial);
    let serial = judge.serial(column, serial_text);
    let kind = kind(&mut judge, row.get(Field::Kind));
    let seed = seed(&mut judge, row, said, Encoding::Hex);
    let either = row.get(Field::CounterOrStep);
    let first = |field: Field| {
        Some(row.get(field))
            .filter(|(_, cell)| !cell.is_empty())
            .unwrap_or(either)
    };
    let (column, algorithm) = row.get(Field::Algorithm);
    let settings = Settings {
        kind,
        algorithm: judge.algorithm(column, algorithm),
        digits: digits(&mut judge, row.get(Field::Digits)),
        time_step: step(&mut judge, kind, first(Field::Step)),
    };
    let counter = counter(&mut judge, kind, first(Field::Counter));
    let rest = rest(&mut judge, row, counter);
    SeedRow {
        line,
        serial: serial_text.to_owned(),
        token: judge.decide(serial, settings, seed, rest),
    }
}

/// A row of a file without a header: the order is fixed, and what is last may be left out.
pub(super) fn bare(line: u64, cells: &[String], said: Option<Encoding>) -> SeedRow {
    let mut judge = Judge::default();
    let serial_text = cell(cells, 0);
    let serial = judge.serial("serial", serial_text);
    let seed = judge.seed_text("key", cell(cells, 1), said.unwrap_or(Encoding::Hex), said.is_some());
    let kind = kind(&mut judge, ("type", cell(cells, 2)));
    let last = ("counter|step", cell(cells, 4));
    let settings = Settings {
        kind,
        algorithm: judge.algorithm("algorithm", ""),
        digits: digits(&mut judge, ("digits", cell(cells, 3))),
        time_step: step(&mut judge, kind, last),
    };
    let rest = Rest {
        counter: counter(&mut judge, kind, last),
        ..Rest::default()
    };
    if cells.len() > 5 {
        let wrong = SeedWrong::TooManyCells {
            cells: cells.len(),
            columns: 5,
        };
        judge.take::<(), _>("row", Err(wrong));
    }
    SeedRow {
        line,
        serial: serial_text.to_owned(),
        token: judge.decide(serial, settings, seed, rest),
    }
}

fn kind(judge: &mut Judge, (column, text): (&str, &str)) -> Option<Kind> {
    if text.is_empty() {
        judge.missing(column, "type", "say hotp or totp");
        return None;
    }
    judge.kind(column, text)
}

/// The seed in the encoding that a cell, the header or the sender says, or else by the rule of the format.
pub(super) fn seed(judge: &mut Judge, row: &Row<'_>, said: Option<Encoding>, rule: Encoding) -> Option<Seed> {
    let (column, word) = row.get(Field::Encoding);
    let of_cell = match word {
        "" => None,
        word => Some(judge.take(column, Encoding::parse(word).ok_or(SeedWrong::Encoding))?),
    };
    let told = of_cell.or(row.encoding_of_header()).or(said);
    let (column, text) = row.get(Field::Key);
    judge.seed_text(column, text, told.unwrap_or(rule), told.is_some())
}

pub(super) fn digits(judge: &mut Judge, (column, text): (&str, &str)) -> Option<Digits> {
    if text.is_empty() {
        return Some(Digits::Six);
    }
    judge.digits(column, text)
}

pub(super) fn step(judge: &mut Judge, kind: Option<Kind>, (column, text): (&str, &str)) -> Option<TimeStep> {
    if kind != Some(Kind::Totp) || text.is_empty() {
        return Some(TimeStep::Thirty);
    }
    judge.time_step(column, text)
}

fn counter(judge: &mut Judge, kind: Option<Kind>, (column, text): (&str, &str)) -> Option<u64> {
    if kind != Some(Kind::Hotp) || text.is_empty() {
        return None;
    }
    judge.number(column, text)
}

pub(super) fn rest(judge: &mut Judge, row: &Row<'_>, counter: Option<u64>) -> Rest {
    let (user, holder) = row.get(Field::User);
    let (maker, manufacturer) = row.get(Field::Manufacturer);
    let (kind, model) = row.get(Field::Model);
    let (end, expires_at) = row.get(Field::Expires);
    Rest {
        counter,
        holder: judge.user_name(user, holder),
        manufacturer: judge.manufacturer(maker, manufacturer),
        model: judge.model(kind, model),
        expires_at: judge.time(end, expires_at),
        ..Rest::default()
    }
}
