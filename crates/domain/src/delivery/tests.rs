//! What may come in.

use proptest::prelude::*;

use super::*;
use crate::{
    FidoVersion, PolicyId, SerialNumber, Timestamp,
    policy::{Policy, PolicyDraft, PolicyKind, PolicyRules},
    text::{DeviceName, PolicyName},
};

const GIVEN: Given<'static> = Given {
    device_name: "Fusion",
    serial_number: "A-1",
    version: "fido 2.1",
};

fn read(given: Given<'_>, attributes: &[(&str, &str)]) -> Result<DeliveredKey, Vec<String>> {
    let said = |fault: Fault| format!("{}: {}", fault.column.unwrap_or_default(), fault.wrong);
    Rows::default()
        .read(given, attributes.iter().copied())
        .map_err(|faults| faults.into_iter().map(said).collect())
}

#[test]
fn a_row_becomes_a_key_with_its_attributes() {
    let key = read(GIVEN, &[("pallet", " 7 "), ("note", "a\nb"), ("none", " ")]).unwrap();
    assert_eq!((key.serial.normalised(), key.version.as_str()), ("a1", "FIDO_2_1"));
    let attributes: Vec<_> = key
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(attributes, [("note", "a\nb"), ("pallet", "7")]);
}

#[test]
fn all_faults_of_a_row_are_told_at_once() {
    let given = Given {
        serial_number: "1.23E+15",
        version: " ",
        ..Given::default()
    };
    assert_eq!(
        read(given, &[("pallet", "a\u{0}b")]).unwrap_err(),
        [
            "deviceName: the device name is empty",
            "serialNumber: a spreadsheet turned the serial number into 1.23E+15; format the column as text and fill it in again",
            "version: the version is empty",
            "pallet: the attribute has a control character at position 2",
        ]
    );
}

#[test]
fn rounded_numbers_are_told_from_serials_that_look_like_it() {
    for (serial, sound) in [
        ("1.23E+15", false),
        ("1,23E+15", false),
        ("1E+15", false),
        ("1.23457e15", false),
        ("12E5", true),
        ("E+15", true),
        ("1.2.3E+4", true),
        ("AE+15", true),
        ("1.E+5", true),
    ] {
        let given = Given {
            serial_number: serial,
            ..GIVEN
        };
        assert_eq!(read(given, &[]).is_ok(), sound, "{serial}");
    }
}

#[test]
fn the_attributes_of_a_key_are_bounded_together() {
    let value = "\"".repeat(4_000);
    let few = [("a", value.as_str()), ("b", &value), ("c", &value), ("d", &value)];
    assert!(read(GIVEN, &few).is_ok());
    let many = [
        ("a", value.as_str()),
        ("b", &value),
        ("c", &value),
        ("d", &value),
        ("e", &value),
    ];
    let said = ": the further columns of this row have more than 16384 bytes together; shorten them or take some out";
    assert_eq!(read(GIVEN, &many).unwrap_err(), [said]);
}

#[test]
fn names_of_attributes_are_bounded_and_readable() {
    assert!(attribute_name("Pallet no.").is_ok());
    assert_eq!(attribute_name("").unwrap_err().to_string(), "the column name is empty");
    assert!(attribute_name(&"n".repeat(81)).is_err());
    assert!(attribute_name("a\u{202e}b").is_err());
}

fn enterprise() -> Policy {
    let draft = PolicyDraft {
        kind: PolicyKind::Enterprise,
        ..PolicyDraft::default()
    };
    Policy::create(
        PolicyId::from_uuid(uuid::Uuid::from_u128(1)),
        PolicyName::new("Enterprise").unwrap(),
        PolicyRules::new(draft).unwrap(),
        Timestamp::from_micros(0),
    )
}

fn judged(version: &str, earlier: Option<u64>, present: Option<Present<'_>>, policy: Option<&Policy>) -> String {
    let incoming = Incoming {
        device_name: &DeviceName::new("Fusion").unwrap(),
        serial: &SerialNumber::new("A-1").unwrap(),
        version: &FidoVersion::new(version).unwrap(),
    };
    match judge(incoming, earlier, present, policy) {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Unchanged => "unchanged".to_owned(),
        Verdict::Rejected(fault) => format!("{}: {}", fault.column.unwrap_or_default(), fault.wrong),
    }
}

const fn present(status: Status) -> Present<'static> {
    Present {
        device_name: "Fusion",
        version: "FIDO_2_1",
        status,
        in_passage: false,
    }
}

#[test]
fn a_key_that_is_here_is_unchanged_only_while_it_lies_in_stock_as_delivered() {
    for status in Status::ALL {
        let expected = match status {
            Status::InStock | Status::Ready => "unchanged".to_owned(),
            Status::Quarantined
            | Status::Configured
            | Status::Enrolled
            | Status::Suspended
            | Status::Revoked
            | Status::Disposed => {
                format!("serialNumber: a key A-1 is here already and is {status}; take the row out of the file")
            }
        };
        assert_eq!(judged("FIDO_2_1", None, Some(present(*status)), None), expected);
    }
    let taken = "serialNumber: a key A-1 is here already and is READY; take the row out of the file";
    let renamed = Present {
        device_name: "Other",
        ..present(Status::Ready)
    };
    assert_eq!(judged("FIDO_2_1", None, Some(renamed), None), taken);
    assert_eq!(judged("FIDO_2_0", None, Some(present(Status::Ready)), None), taken);
    let in_passage = Present {
        in_passage: true,
        ..present(Status::InStock)
    };
    assert_eq!(
        judged("FIDO_2_1", None, Some(in_passage), None),
        "serialNumber: another import is bringing or taking out a key A-1 just now; wait until it has ended"
    );
}

#[test]
fn a_serial_comes_in_once_and_with_a_policy_that_fits() {
    let policy = enterprise();
    assert_eq!(
        judged("FIDO_2_1", Some(7), Some(present(Status::InStock)), None),
        "serialNumber: the serial number A-1 stands in line 7 already; keep one of the two"
    );
    assert_eq!(judged("FIDO_2_1", None, None, Some(&policy)), "accepted");
    assert_eq!(
        judged("FIDO_2_0", None, None, Some(&policy)),
        "version: the policy chosen does not fit a key of version FIDO_2_0; enterprise policies need FIDO_2_1 or later"
    );
    assert_eq!(
        judged("FIDO_2_1", None, Some(present(Status::InStock)), Some(&policy)),
        "unchanged",
        "a second import changes nothing, whatever policy is chosen"
    );
}

proptest! {
    #[test]
    fn any_cells_are_a_key_or_say_why_not(name in any::<String>(), serial in any::<String>(), version in any::<String>(), value in any::<String>()) {
        let given = Given { device_name: &name, serial_number: &serial, version: &version };
        match read(given, &[("x", &value)]) {
            Ok(key) => {
                let again = Given {
                    device_name: key.device_name.as_str(),
                    serial_number: key.serial.given(),
                    version: key.version.as_str(),
                };
                let attributes: Vec<_> = key.attributes.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                prop_assert_eq!(read(again, &attributes).unwrap(), key, "what was read reads otherwise a second time");
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn remembering_changes_nothing(texts in proptest::collection::vec("[AB\u{0}]{0,2}", 1..20)) {
        let mut rows = Rows::default();
        for text in &texts {
            let given = Given { device_name: text, version: text, ..GIVEN };
            prop_assert_eq!(rows.read(given, []), Rows::default().read(given, []));
        }
    }
}
