//! What a row of a seed file may bring in.

use super::fixtures::{pressed, timed};
use crate::{SerialNumber, otp::*};

fn said(judgement: &Judgement) -> String {
    match judgement {
        Judgement::Accepted => "accepted".to_owned(),
        Judgement::Unchanged => "unchanged".to_owned(),
        Judgement::Rejected(fault) => format!("{}: {}", fault.column.unwrap_or("row"), fault.wrong),
    }
}

#[test]
fn a_row_is_judged_beside_the_file_and_the_tenant() {
    let serial = SerialNumber::new("A-1").unwrap();
    let present = |untouched, in_passage| {
        Some(Present {
            status: Status::Active,
            untouched,
            in_passage,
        })
    };
    let cases = [
        (None, None, "accepted"),
        (None, present(true, false), "unchanged"),
        (
            Some(3),
            None,
            "serial: the serial number A-1 stands in line 3 already; keep one of the two",
        ),
        (
            None,
            present(false, false),
            "serial: a token A-1 is here already and is active; take the row out of the file",
        ),
        (
            None,
            present(true, true),
            "serial: another import is bringing or taking out a token A-1 just now; wait until it has ended",
        ),
    ];
    for (earlier, present, expected) in cases {
        assert_eq!(said(&judge(&serial, earlier, present)), expected);
    }
}

#[test]
fn all_that_is_wrong_with_a_row_is_said() {
    let faults = readable(" ", pressed(), Some(1 << 62)).unwrap_err();
    let said: Vec<_> = faults
        .iter()
        .map(|fault| (fault.column, fault.wrong.to_string()))
        .collect();
    let expected = [
        (Some("serial"), "the serial number is empty".to_owned()),
        (
            Some("counter"),
            "the counter 4611686018427387904 is higher than any token counts; fill in the token's own".to_owned(),
        ),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_counter_begins_where_the_file_says() {
    let counted = readable("1", pressed(), Some(42)).unwrap();
    assert_eq!(counted.progress, Progress::Hotp { next_counter: 42 });
    let clock = readable("1", timed(), None).unwrap();
    assert_eq!(
        clock.progress,
        Progress::Totp {
            last_step: None,
            drift: 0
        }
    );
}
