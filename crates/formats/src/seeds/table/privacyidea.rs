//! What privacyIDEA exports as `csv`: `owner, serial, otpkey, type, otplen, timestep`, without a header. It says neither
//! counter nor hash: tokens that moved on want a resynchronisation, and only SHA-1 can be brought along so.

use claviger_domain::otp::Kind;

use super::super::SeedRow;
use super::super::encoding::Encoding;
use super::super::fault::SeedWrong;
use super::super::given::{Judge, Rest, Settings};
use super::{cell, oath};

/// A row.
pub(super) fn row(line: u64, cells: &[String], said: Option<Encoding>) -> SeedRow {
    let mut judge = Judge::default();
    let holder = Some(cell(cells, 0)).filter(|owner| !owner.eq_ignore_ascii_case("n/a"));
    let serial_text = cell(cells, 1);
    let serial = judge.serial("serial", serial_text);
    let seed = judge.seed_text("otpkey", cell(cells, 2), said.unwrap_or(Encoding::Hex), said.is_some());
    let kind = judge.kind("type", cell(cells, 3));
    let step = Some(cell(cells, 5)).filter(|_| kind == Some(Kind::Totp));
    let settings = Settings {
        kind,
        algorithm: judge.algorithm("hashlib", ""),
        digits: oath::digits(&mut judge, ("otplen", cell(cells, 4))),
        time_step: oath::step(&mut judge, kind, ("timestep", step.unwrap_or_default())),
    };
    if cells.len() > 6 {
        let wrong = SeedWrong::TooManyCells {
            cells: cells.len(),
            columns: 6,
        };
        judge.take::<(), _>("row", Err(wrong));
    }
    let rest = Rest {
        holder: holder.and_then(|holder| judge.user_name("owner", holder)),
        ..Rest::default()
    };
    SeedRow {
        line,
        serial: serial_text.to_owned(),
        token: judge.decide(serial, settings, seed, rest),
    }
}
