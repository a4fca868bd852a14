//! Delivery files of any size, the same in each run.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;

const MODELS: [(&str, &str); 5] = [
    ("eToken Fusion NFC PIV Enterprise", "FIDO_2_1"),
    ("YubiKey 5C NFC", "FIDO_2_1"),
    ("Nitrokey 3A Mini", "FIDO_2_1"),
    ("Crescendo C2300", "FIDO_2_0"),
    ("Titan Security Key USB-C", "FIDO_2_1_PRE"),
];

/// One key of a fleet.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) device_name: &'static str,
    pub(crate) serial_number: String,
    pub(crate) version: &'static str,
}

/// The key with this number, from 0.
pub(crate) fn row(number: u64) -> Row {
    let index = usize::try_from(number % 5).unwrap_or(0);
    let (device_name, version) = MODELS.get(index).copied().unwrap_or(MODELS[0]);
    Row {
        device_name,
        serial_number: format!("{:012}", scattered(number)),
        version,
    }
}

/// A one-to-one scattering of 0..10^12, so that serials neither ascend nor repeat.
fn scattered(number: u64) -> u64 {
    // 387,420,489 = 3^18 shares no factor with 10^12.
    let product = u128::from(number) * 387_420_489 + 77_003;
    u64::try_from(product % 1_000_000_000_000).unwrap_or(0)
}

/// Writes a delivery file of keys `from..to` as CSV.
pub(crate) fn write(path: &Path, from: u64, to: u64) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "deviceName,serialNumber,version")?;
    for number in from..to {
        let row = row(number);
        writeln!(file, "{},{},{}", row.device_name, row.serial_number, row.version)?;
    }
    Ok(file.flush()?)
}

/// A fixed sequence of numbers below `end`, for choosing what to ask for.
pub(crate) fn choices(end: u64) -> impl Iterator<Item = u64> {
    // The multiplier and the increment are Knuth's MMIX generator.
    std::iter::successors(Some(20_261_122_u64), |state| {
        Some(
            state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407),
        )
    })
    .map(move |state| (state >> 33) % end.max(1))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{choices, row};

    #[test]
    fn serials_do_not_repeat() {
        let serials: HashSet<String> = (0..50_000).map(|number| row(number).serial_number).collect();
        assert_eq!(serials.len(), 50_000);
    }

    #[test]
    fn choices_stay_in_range_and_repeat_between_runs() {
        let first: Vec<u64> = choices(1_000).take(100).collect();
        assert!(first.iter().all(|choice| *choice < 1_000));
        assert_eq!(first, choices(1_000).take(100).collect::<Vec<_>>());
    }
}
