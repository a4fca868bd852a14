//! Example deliveries: what a manufacturer sends with a pallet of keys. The same every time, so that tests may rely on it.

use std::fmt::Write as _;

use serde_json::json;

/// How many keys are in the CSV delivery.
const KEYS: u32 = 1_000;
/// How many keys are in the JSON delivery.
const KEYS_IN_JSON: u32 = 25;

/// A box of one model: name, beginning of the serial numbers, width of their running part, version, how many per 100.
struct Model {
    name: &'static str,
    prefix: &'static str,
    width: usize,
    version: &'static str,
    share: u32,
}

const MODELS: [Model; 5] = [
    Model {
        name: "SafeNet eToken Fusion NFC PIV Enterprise",
        prefix: "001000",
        width: 6,
        version: "FIDO_2_1",
        share: 40,
    },
    Model {
        name: "SafeNet eToken FIDO NFC",
        prefix: "00210",
        width: 7,
        version: "FIDO_2_1",
        share: 25,
    },
    Model {
        name: "YubiKey 5C NFC",
        prefix: "31",
        width: 6,
        version: "FIDO_2_1",
        share: 20,
    },
    Model {
        name: "Feitian ePass K9 Plus",
        prefix: "K9P-",
        width: 8,
        version: "FIDO_2_1_PRE",
        share: 10,
    },
    Model {
        name: "Token2 T2F2, USB-C",
        prefix: "T2-0",
        width: 6,
        version: "FIDO_2_0",
        share: 5,
    },
];

/// 1,000 keys of five models, as a spreadsheet would hold them.
pub(super) fn csv() -> String {
    let mut csv = "deviceName,serialNumber,version\n".to_owned();
    for number in 0..KEYS {
        let (model, serial) = key(number);
        let name = if model.name.contains(',') {
            format!("\"{}\"", model.name)
        } else {
            model.name.to_owned()
        };
        // Writing into a String cannot fail.
        let _written = writeln!(csv, "{name},{serial},{}", model.version);
    }
    csv
}

/// 25 other keys, as a program would send them.
pub(super) fn json() -> String {
    let devices: Vec<_> = (KEYS..KEYS + KEYS_IN_JSON)
        .map(key)
        .map(|(model, serial)| json!({"deviceName": model.name, "serialNumber": serial, "version": model.version}))
        .collect();
    format!("{:#}\n", json!({ "devices": devices }))
}

/// Boxes come one after the other; serial numbers within a box run, with the gaps of keys that failed in the factory.
fn key(number: u32) -> (&'static Model, String) {
    let place = number % 100;
    let mut end = 0;
    let model = MODELS.iter().find(|model| {
        end += model.share;
        place < end
    });
    let model = model.unwrap_or(&MODELS[0]);
    let running = 4_000 + number + number / 7;
    (model, format!("{}{running:0width$}", model.prefix, width = model.width))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_delivery_has_a_thousand_different_serial_numbers() {
        let serials: BTreeSet<String> = (0..KEYS + KEYS_IN_JSON).map(|number| key(number).1).collect();
        assert_eq!(serials.len(), usize::try_from(KEYS + KEYS_IN_JSON).unwrap());
        assert_eq!(csv().lines().count(), 1_001);
    }

    #[test]
    fn every_model_has_its_share() {
        assert_eq!(MODELS.iter().map(|model| model.share).sum::<u32>(), 100);
        for model in &MODELS {
            assert!(csv().contains(model.version) && (0..100).any(|number| key(number).0.name == model.name));
        }
    }
}
