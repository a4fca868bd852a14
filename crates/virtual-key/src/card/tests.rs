use super::*;

#[test]
fn the_answer_to_reset_checks_itself() {
    assert_eq!(ATR[1..].iter().fold(0, |sum, byte| sum ^ byte), 0);
}
