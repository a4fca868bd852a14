//! What CBOR may be: RFC 8949's examples, and the rules of CTAP §8 that it may break.

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.replace(' ', "").as_bytes()).unwrap()
}

fn what(text: &str) -> String {
    Value::read(&hex(text)).unwrap_err().to_string()
}

#[test]
fn the_examples_of_rfc_8949_are_read_and_written() {
    let entries = Value::Map(vec![(1.into(), 2.into()), (3.into(), 4.into())]);
    let nested = Value::Array(vec![1.into(), Value::array([2, 3]), Value::array([4, 5])]);
    let examples = [
        ("00", Value::from(0)),
        ("17", 23.into()),
        ("1818", 24.into()),
        ("1903e8", 1_000.into()),
        ("1a000f4240", 1_000_000.into()),
        ("1b000000e8d4a51000", Value::Unsigned(1_000_000_000_000)),
        ("1bffffffffffffffff", Value::Unsigned(u64::MAX)),
        ("20", (-1).into()),
        ("3863", (-100).into()),
        ("3903e7", (-1_000).into()),
        ("3bffffffffffffffff", Value::Negative(u64::MAX)),
        ("f4", false.into()),
        ("f5", true.into()),
        ("f6", Value::Null),
        ("40", Vec::new().into()),
        ("4401020304", [1, 2, 3, 4].into()),
        ("6449455446", "IETF".into()),
        ("63e6b0b4", "水".into()),
        ("80", Value::Array(Vec::new())),
        ("8301820203820405", nested),
        ("a201020304", entries),
    ];
    for (bytes, value) in examples {
        assert_eq!(Value::read_canonical(&hex(bytes)), Ok(value.clone()), "{bytes}");
        assert_eq!(value.encode(), hex(bytes), "{bytes}");
    }
}

#[test]
fn keys_are_sorted_by_type_then_length_then_bytes() {
    let keys = [
        Value::from("aa"),
        "z".into(),
        (-1).into(),
        100.into(),
        10.into(),
        vec![9].into(),
        false.into(),
    ];
    let map = Value::Map(keys.into_iter().map(|key| (key, Value::Null)).collect());
    assert_eq!(map.encode(), hex("a7 0af6 1864f6 20f6 4109f6 617af6 626161f6 f4f6"));
}

#[test]
fn what_is_not_canonical_is_forgiven_in_responses_alone() {
    for bytes in [
        "1800",
        "190017",
        "1a00000001",
        "1b0000000000000001",
        "3800",
        "580100",
        "780161",
        "980100",
        "b80100f6",
        "a203f601f6",
    ] {
        assert!(Value::read(&hex(bytes)).is_ok(), "{bytes}");
        assert_eq!(Value::read_canonical(&hex(bytes)), Err(Fault::NotCanonical), "{bytes}");
    }
}

#[test]
fn a_map_that_came_out_of_order_is_the_one_that_came_in_order() {
    let (one, other) = (Value::read(&hex("a203f601f6")), Value::read(&hex("a201f603f6")));
    assert_eq!(one, other);
    let mut fields = Fields::of(Value::read(&hex("a4 04f6 03f6 01f6 02f6")).unwrap(), "the map").unwrap();
    fields.take::<Value>(1, "one").unwrap();
    let rest: Vec<_> = fields.rest().into_iter().filter_map(|(key, _)| key.as_i64()).collect();
    assert_eq!(rest, [2, 3, 4]);
}

#[test]
fn what_ctap2_does_not_have_is_said() {
    for bytes in ["9f01ff", "bf01f6ff", "5f4100ff", "7f6161ff"] {
        assert!(what(bytes).ends_with("an indefinite length"), "{bytes}");
    }
    assert!(what("c000").ends_with("a tag"));
    for bytes in ["f7", "f93c00", "fa47c35000", "fb3ff199999999999a", "f0", "f8ff"] {
        assert!(
            what(bytes).ends_with("a kind of value that CTAP2 does not have"),
            "{bytes}"
        );
    }
    assert_eq!(what("a2 01f6 01f6"), "no CBOR of CTAP2 at byte 3: the same key twice");
    assert_eq!(what("0000"), "no CBOR of CTAP2 at byte 1: bytes after the end");
    assert!(what("61ff").ends_with("not well-formed"));
    assert!(what("1c").contains("no CBOR of CTAP2 at byte 0"));
}

#[test]
fn whatever_is_cut_short_is_said_to_be() {
    let whole = hex("a301820203024401020304036449455446");
    assert!(Value::read(&whole).is_ok());
    for end in 0..whole.len() {
        let cut = Value::read(&whole[..end]).unwrap_err();
        assert!(matches!(cut, Fault::Syntax { what: "cut short", .. }), "{end}: {cut}");
    }
}

#[test]
fn a_length_that_lies_costs_no_memory() {
    for bytes in [
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "5bffffffffffffffff",
        "7bffffffffffffffff",
        "9a7fffffff00",
        "ba0fffffff0000",
    ] {
        assert!(what(bytes).ends_with("cut short"), "{bytes}: {}", what(bytes));
    }
    assert_eq!(Value::read(&vec![0; LONGEST + 1]), Err(Fault::TooLong(LONGEST + 1)));
    assert_eq!(
        Value::read_first(&vec![0; LONGEST + 1]),
        Err(Fault::TooLong(LONGEST + 1))
    );
}

#[test]
fn the_depth_is_bounded() {
    let nested = |levels: usize| [vec![0x81; levels - 1], vec![0x80]].concat();
    assert!(Value::read_canonical(&nested(DEEPEST_CANONICAL)).is_ok());
    assert_eq!(
        Value::read_canonical(&nested(DEEPEST_CANONICAL + 1)),
        Err(Fault::TooDeep(DEEPEST_CANONICAL))
    );
    assert!(Value::read(&nested(DEEPEST)).is_ok());
    assert_eq!(Value::read(&nested(DEEPEST + 1)), Err(Fault::TooDeep(DEEPEST)));
    assert_eq!(Value::read(&nested(60_000)), Err(Fault::TooDeep(DEEPEST)));
}

#[test]
fn members_say_what_they_should_be() {
    let mut fields = Fields::of(
        Value::read(&hex("a5 01 00 02 f5 03 6161 04 190100 05 4101")).unwrap(),
        "the map",
    )
    .unwrap();
    let said = fields.take::<String>(1, "name").unwrap_err();
    assert_eq!(said.to_string(), "name is not a text");
    assert_eq!(said.status(), crate::wire::Status::CborUnexpectedType);
    assert_eq!(
        fields.take::<u64>(2, "count").unwrap_err().to_string(),
        "count is not an unsigned number"
    );
    assert_eq!(
        fields.list::<u8>(3, "list").unwrap_err().to_string(),
        "list is not a list"
    );
    assert_eq!(
        fields.take::<u8>(4, "small").unwrap_err().to_string(),
        "small is a number that is too big"
    );
    assert!(
        fields
            .take::<[u8; 2]>(5, "aaguid")
            .unwrap_err()
            .to_string()
            .starts_with("aaguid has another length")
    );
    let missing = fields.need::<u8>(6, "protocol").unwrap_err();
    assert_eq!(
        (missing.to_string().as_str(), missing.status().byte()),
        ("protocol is missing", 0x14)
    );
    assert!(
        Fields::of(Value::Null, "the response")
            .unwrap_err()
            .to_string()
            .contains("the response is not a map")
    );
}

pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::Unsigned),
        any::<u64>().prop_map(Value::Negative),
        any::<i64>().prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        ".{0,20}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 40, 6, |inner| {
        let key = prop_oneof![any::<i64>().prop_map(Value::from), ".{0,9}".prop_map(Value::Text)];
        let entries = prop::collection::vec((key, inner.clone()), 0..6).prop_map(|mut entries| {
            entries.sort_by_key(|(key, _)| key.encode());
            entries.dedup_by(|one, other| one.0 == other.0);
            Value::Map(entries)
        });
        prop_oneof![prop::collection::vec(inner, 0..6).prop_map(Value::Array), entries]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_canonical_and_reads_back(value in any_value()) {
        let bytes = value.encode();
        prop_assert_eq!(Value::read_canonical(&bytes), Ok(value.clone()));
        prop_assert_eq!(Value::read_first(&[bytes.as_slice(), &[0]].concat()), Ok((value, bytes.len())));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(value) = Value::read(&bytes) {
            prop_assert!(value.encode().len() <= bytes.len());
        }
        if let Ok(value) = Value::read_canonical(&bytes) {
            prop_assert_eq!(value.encode(), bytes);
        }
    }
}
