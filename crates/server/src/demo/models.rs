//! The models that the demonstration's deliveries brought.

use super::dice::Dice;

/// A model of security key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub(super) device_name: &'static str,
    pub(super) version: &'static str,
    /// What a workstation reports once it has seen one.
    pub(super) aaguid: &'static str,
    pub(super) firmware: &'static [&'static str],
    /// How many of a thousand keys are of this model.
    pub(super) share: u64,
    serial: Serial,
}

/// How a maker prints serial numbers.
#[derive(Debug, Clone, Copy)]
enum Serial {
    /// Digits only, with this first number.
    Digits { first: u64, width: usize },
    /// A prefix, then hexadecimal digits.
    Hex { prefix: &'static str, width: usize },
}

/// Every model, the most frequent first.
pub(super) const MODELS: &[Model] = &[
    Model {
        device_name: "SafeNet eToken Fusion NFC PIV Enterprise",
        version: "FIDO_2_1",
        aaguid: "da776f39-f6c8-4a89-b252-1d86137a46ba",
        firmware: &["1.2.0", "1.2.1"],
        share: 420,
        serial: Serial::Hex {
            prefix: "0A4D-",
            width: 12,
        },
    },
    Model {
        device_name: "YubiKey 5C NFC",
        version: "FIDO_2_1",
        aaguid: "2fc0579f-8113-47ea-b116-bb5a8db9202a",
        firmware: &["5.4.3"],
        share: 250,
        serial: Serial::Digits {
            first: 21_400_017,
            width: 8,
        },
    },
    Model {
        device_name: "SafeNet eToken FIDO",
        version: "FIDO_2_0",
        aaguid: "efb96b10-a9ee-4b6c-a4a9-d32125ccd4a4",
        firmware: &["1.0.4"],
        share: 130,
        serial: Serial::Hex {
            prefix: "EF",
            width: 14,
        },
    },
    Model {
        device_name: "Nitrokey 3A NFC",
        version: "FIDO_2_1",
        aaguid: "2cd2f727-f6ca-44da-8f48-5c2e5da000a2",
        firmware: &["1.7.2", "1.8.0"],
        share: 90,
        serial: Serial::Hex { prefix: "", width: 32 },
    },
    Model {
        device_name: "Feitian ePass FIDO2",
        version: "FIDO_2_0",
        aaguid: "833b721a-ff5f-4d00-bb2e-bdda3ec01e29",
        firmware: &["1.0.0"],
        share: 60,
        // Printed with leading zeros, which count.
        serial: Serial::Digits {
            first: 4_711_200,
            width: 10,
        },
    },
    Model {
        device_name: "Google Titan Security Key",
        version: "FIDO_2_1_PRE",
        aaguid: "42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3",
        firmware: &["5.2.7"],
        share: 50,
        serial: Serial::Hex {
            prefix: "T-",
            width: 10,
        },
    },
];

impl Model {
    /// A model, as often as its share says.
    pub(super) fn draw(dice: &mut Dice) -> Option<&'static Self> {
        let mut left = dice.below(1_000);
        for model in MODELS {
            match left.checked_sub(model.share) {
                Some(rest) => left = rest,
                None => return Some(model),
            }
        }
        MODELS.first()
    }

    /// The serial number of the model's nth key: all differ.
    pub(super) fn serial(&self, nth: u64) -> String {
        match self.serial {
            // Cartons are opened in any order, so neighbours are a few apart.
            Serial::Digits { first, width } => format!("{:0width$}", first + nth * 7 + nth % 5),
            Serial::Hex { prefix, width } => format!("{prefix}{}", digits(nth, width)),
        }
    }
}

/// `width` hexadecimal digits that end in the number of the key, so that no two are alike.
fn digits(nth: u64, width: usize) -> String {
    let mixed = nth.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    let head: String = format!("{mixed:012X}")
        .chars()
        .cycle()
        .take(width.saturating_sub(4))
        .collect();
    format!("{head}{nth:04X}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_shares_make_a_whole() {
        assert_eq!(MODELS.iter().map(|model| model.share).sum::<u64>(), 1_000);
        for model in MODELS {
            assert!(uuid::Uuid::try_parse(model.aaguid).is_ok(), "{}", model.device_name);
        }
    }

    #[test]
    fn no_two_serial_numbers_are_alike() {
        let all: BTreeSet<String> = MODELS
            .iter()
            .flat_map(|model| (0..5_000).map(|nth| model.serial(nth)))
            .collect();
        assert_eq!(all.len(), MODELS.len() * 5_000);
    }
}
