//! What Yubico's personalization Tool logs. Traditional: `OATH-HOTP,time,slot,identifier,,key,,,0,0,0,digits,factor,…`;
//! Yubico's: `serial,identifier,0,key,…,time,`. Keys are hexadecimal in both. Only OATH-HOTP makes tokens.

use claviger_domain::otp::Kind;

use super::super::SeedRow;
use super::super::encoding::Encoding;
use super::super::fault::{SeedFault, SeedWrong};
use super::super::given::{Judge, Rest, Settings};
use super::{cell, oath, refused};

/// What stands first in a row of the traditional log, and what it is.
const EVENTS: [(&str, Option<&str>); 6] = [
    ("oath-hotp", None),
    ("yubico otp", Some("Yubico OTP")),
    ("static password", Some("a static password")),
    (
        "challenge-response: yubico otp",
        Some("a challenge-response configuration"),
    ),
    (
        "challenge-response: hmac-sha1",
        Some("a challenge-response configuration"),
    ),
    ("challenge-response", Some("a challenge-response configuration")),
];
const BEGIN: &str = "logging start";

/// Whether a first row is one of such a log.
pub(super) fn is_a_log(first: &[String]) -> bool {
    let word = cell(first, 0).to_ascii_lowercase();
    word == BEGIN || EVENTS.iter().any(|(event, _)| *event == word) || is_of_yubicos_own(first)
}

/// A serial number, then three cells of identifiers and a hexadecimal key, and a time.
fn is_of_yubicos_own(cells: &[String]) -> bool {
    let hex = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let serial = cell(cells, 0);
    let private = cell(cells, 2);
    !serial.is_empty()
        && serial.bytes().all(|byte| byte.is_ascii_digit())
        && (private.is_empty() || private == "0" || hex(private, &[12]))
        && hex(cell(cells, 3), &[32, 40])
}

/// A row; none for what only says when logging began.
pub(super) fn row(line: u64, cells: &[String]) -> Option<SeedRow> {
    let word = cell(cells, 0).to_ascii_lowercase();
    if word == BEGIN {
        return None;
    }
    let known = EVENTS.iter().find(|(event, _)| *event == word);
    Some(match known {
        Some((_, None)) => traditional(line, cells),
        Some((_, Some(given))) => other(line, cell(cells, 3), given),
        None if !is_of_yubicos_own(cells) => other(line, "", "this row"),
        None => match cell(cells, 2) {
            "0" => own(line, cells),
            "" => other(line, cell(cells, 0), "a static password"),
            _ => other(line, cell(cells, 0), "Yubico OTP"),
        },
    })
}

fn other(line: u64, serial: &str, given: &'static str) -> SeedRow {
    SeedRow {
        serial: serial.to_owned(),
        ..refused(line, vec![SeedFault::row(SeedWrong::Configuration { given })])
    }
}

fn traditional(line: u64, cells: &[String]) -> SeedRow {
    let mut judge = Judge::default();
    let identifier = cell(cells, 3);
    let serial = if identifier.is_empty() {
        let remedy =
            "this log has a serial number only where a token identifier was programmed; send the tokens as OATH CSV";
        judge.missing("token identifier", "serial number", remedy);
        None
    } else {
        judge.serial("token identifier", identifier)
    };
    let seed = judge.seed_text("secret key", cell(cells, 5), Encoding::Hex, true);
    let settings = hotp(&mut judge, cell(cells, 11));
    let factor = Some(cell(cells, 12)).filter(|factor| !factor.is_empty());
    let rest = Rest {
        counter: factor.and_then(|text| judge.number("moving factor", text)),
        ..yubico()
    };
    SeedRow {
        line,
        serial: identifier.to_owned(),
        token: judge.decide(serial, settings, seed, rest),
    }
}

fn own(line: u64, cells: &[String]) -> SeedRow {
    let mut judge = Judge::default();
    let serial = judge.serial("serial", cell(cells, 0));
    let seed = judge.seed_text("secret key", cell(cells, 3), Encoding::Hex, true);
    // This log does not say how many digits; six is what the tool sets unless told otherwise.
    let settings = hotp(&mut judge, "");
    SeedRow {
        line,
        serial: cell(cells, 0).to_owned(),
        token: judge.decide(serial, settings, seed, yubico()),
    }
}

fn hotp(judge: &mut Judge, digits: &str) -> Settings {
    Settings {
        kind: Some(Kind::Hotp),
        algorithm: judge.algorithm("type", ""),
        digits: oath::digits(judge, ("digits", digits)),
        time_step: None,
    }
}

fn yubico() -> Rest {
    Rest {
        manufacturer: Some("Yubico".to_owned()),
        ..Rest::default()
    }
}
