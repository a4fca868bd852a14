//! The CSV that Entra ID takes: `upn,serial number,secret key,time interval,manufacturer,model`. All tokens are TOTP;
//! keys are base32 unless the header, a column or the sender says otherwise.

use claviger_domain::otp::Kind;

use super::super::SeedRow;
use super::super::encoding::Encoding;
use super::super::given::{Judge, Settings};
use super::columns::{Field, Row};
use super::oath;

/// A row.
pub(super) fn row(line: u64, row: &Row<'_>, said: Option<Encoding>) -> SeedRow {
    let mut judge = Judge::default();
    let (column, serial_text) = row.get(Field::Serial);
    let serial = judge.serial(column, serial_text);
    let seed = oath::seed(&mut judge, row, said, Encoding::Base32);
    let kind = Some(Kind::Totp);
    let (column, algorithm) = row.get(Field::Algorithm);
    let settings = Settings {
        kind,
        algorithm: judge.algorithm(column, algorithm),
        digits: oath::digits(&mut judge, row.get(Field::Digits)),
        time_step: oath::step(&mut judge, kind, row.get(Field::Step)),
    };
    let rest = oath::rest(&mut judge, row, None);
    SeedRow {
        line,
        serial: serial_text.to_owned(),
        token: judge.decide(serial, settings, seed, rest),
    }
}
