//! What the readers of seed files promise.

mod bad;
mod book;
mod figures;
mod json;
mod makers;
mod otpauth;
mod privacyidea;
mod random;
mod tables;

use std::fmt::Write as _;

use claviger_domain::otp::Kind;
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::*;

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 64 * 1024,
};

/// The seed of the RFCs: the ASCII digits 1 to 0, twice.
const SEED: &str = "3132333435363738393031323334353637383930";

fn read(file: &[u8], said: Said) -> Result<Vec<SeedRow>, SeedFileFault> {
    let mut reader = SeedReader::open(file, said, LIMITS)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        assert!(
            row.token.as_ref().err().is_none_or(|faults| !faults.is_empty()),
            "refused without a reason"
        );
        rows.push(row);
    }
    Ok(rows)
}

fn under(key: Option<&str>, password: Option<&str>) -> Said {
    Said {
        keys: Keys::new(
            key.map(|key| PreSharedKey::parse(key).unwrap()),
            password.map(|word| Zeroizing::new(word.to_owned())),
        ),
        ..Said::default()
    }
}

/// A row in words.
fn words(row: &SeedRow) -> String {
    let token = match &row.token {
        Ok(token) => token,
        Err(faults) => {
            let said = |fault: &SeedFault| format!("{}: {}", fault.column.as_deref().unwrap_or("row"), fault.wrong);
            return faults.iter().map(said).collect::<Vec<_>>().join("; ");
        }
    };
    let parameters = token.parameters;
    let mut words = format!(
        "{} {} {} {}",
        token.serial,
        parameters.kind().as_str(),
        parameters.algorithm().as_str(),
        parameters.digits().get(),
    );
    if let Some(step) = parameters.time_step() {
        write!(words, " {}s", step.seconds()).unwrap();
    }
    if parameters.kind() == Kind::Hotp || token.counter > 0 {
        write!(words, " #{}", token.counter).unwrap();
    }
    if token.drift != 0 {
        write!(words, " drift {}", token.drift).unwrap();
    }
    write!(words, " {}", HEXLOWER.encode(token.seed.using())).unwrap();
    for text in [&token.holder, &token.manufacturer, &token.model].into_iter().flatten() {
        write!(words, " | {text}").unwrap();
    }
    if let Some(at) = token.expires_at {
        write!(words, " until {at}").unwrap();
    }
    if token.disabled {
        words.push_str(" disabled");
    }
    words
}

fn all(file: &str, said: Said) -> Vec<String> {
    read(file.as_bytes(), said).unwrap().iter().map(words).collect()
}

fn refused(file: &str, said: Said) -> String {
    let fault = read(file.as_bytes(), said).unwrap_err();
    match &fault.column {
        Some(column) => format!("line {}, {column}: {fault}", fault.line),
        None => format!("line {}: {fault}", fault.line),
    }
}
