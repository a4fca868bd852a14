use std::{cell::RefCell, rc::Rc};

use claviger_workstation::Trouble;

use super::{PIN, knowing, with_key, with_pin};
use crate::{
    bench::{Bench, Device, Script, Virtual},
    exit::Exit,
};

fn three() -> Virtual {
    Virtual::new("4711")
        .with_credential("login.example.org", "ada")
        .with_credential("login.example.org", "grace")
        .with_credential("mail.example.com", "ada")
}

fn listed(bench: &mut Bench) -> Vec<serde_json::Value> {
    let told = bench.run(&mut knowing(), &["credentials", "list", "-o", "json"]).json();
    told.as_array().unwrap().clone()
}

#[test]
fn credentials_are_listed_by_service_and_user() {
    let (mut bench, _) = with_pin(three());
    let mut all: Vec<String> = listed(&mut bench)
        .iter()
        .map(|one| format!("{} {} {}", one["rp_id"], one["user_name"], one["display_name"]))
        .collect();
    all.sort();
    assert_eq!(
        all,
        [
            r#""login.example.org" "ada" "ADA""#,
            r#""login.example.org" "grace" "GRACE""#,
            r#""mail.example.com" "ada" "ADA""#,
        ]
    );
    let page = bench.run(&mut knowing(), &["credentials", "list"]).page();
    assert!(page.starts_with("ID "), "{page}");
    assert_eq!(page.lines().count(), 4);
}

#[test]
fn one_credential_is_deleted_after_a_question_and_the_others_stay() {
    let (mut bench, key) = with_pin(three());
    let before = listed(&mut bench);
    let id = before[0]["id"].as_str().unwrap().to_owned();
    let no = bench.run(&mut Script::typing(&[PIN, "n"]), &["credentials", "delete", &id]);
    assert_eq!((no.exit(), key.borrow().credentials()), (Some(Exit::NotConfirmed), 3));
    assert!(no.err.contains("for good"), "{}", no.err);
    let alone = bench.run(&mut knowing(), &["credentials", "delete", &id]);
    assert_eq!(
        (alone.exit(), key.borrow().credentials()),
        (Some(Exit::NotConfirmed), 3)
    );
    let yes = bench.run(&mut Script::typing(&[PIN, "y"]), &["credentials", "delete", &id]);
    assert!(yes.result.is_ok(), "{}", yes.page());
    assert_eq!(listed(&mut bench), before[1..]);
}

#[test]
fn an_id_that_fits_none_or_several_deletes_nothing() {
    let (mut bench, key) = with_pin(three());
    let none = bench.run(&mut knowing(), &["credentials", "delete", "--yes", "zz"]);
    assert_eq!(none.exit(), Some(Exit::NotFound));
    let empty = bench.run(&mut knowing(), &["credentials", "delete", "--yes", ""]);
    assert_eq!(empty.exit(), Some(Exit::NotFound));
    let ids: Vec<String> = listed(&mut bench)
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    let shared = common(&ids);
    assert!(!shared.is_empty(), "the ids of this key begin alike: {ids:?}");
    let several = bench.run(&mut knowing(), &["credentials", "delete", "--yes", shared]);
    assert_eq!(several.exit(), Some(Exit::Usage));
    assert_eq!(key.borrow().credentials(), 3);
}

#[test]
fn a_key_without_credentials_or_without_a_pin_says_so() {
    let (mut bench, _) = with_pin(Virtual::new("4711"));
    assert!(listed(&mut bench).is_empty());
    let page = bench.run(&mut knowing(), &["credentials", "list"]).page();
    assert_eq!(page, "No credentials are on the key.\n");
    let (mut bench, _) = with_key(Virtual::new("4711"));
    let told = bench.run(&mut knowing(), &["credentials", "list"]);
    assert_eq!(told.exit(), Some(Exit::Refused));
    assert!(
        told.page().contains("Set one with `claviger-key pin set`"),
        "{}",
        told.page()
    );
}

/// The longest beginning that all share.
fn common(ids: &[String]) -> &str {
    let fits = |length: &usize| ids.iter().all(|id| id.get(..*length) == ids[0].get(..*length));
    let length = (0..=ids[0].len()).take_while(fits).last().unwrap();
    &ids[0][..length]
}

/// A key that gives one fixed answer to credentialManagement.
struct Lying(Rc<RefCell<Virtual>>, Vec<u8>);

impl Device for Lying {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble> {
        if request[0] == 0x0A {
            return Ok(self.1.clone());
        }
        self.0.borrow_mut().exchange(request)
    }

    fn power(&mut self, on: bool) {
        self.0.borrow_mut().power(on);
    }
}

#[test]
fn hostile_lists_are_refused_and_end() {
    let total = [0x1A, 0xFF, 0xFF, 0xFF, 0xFF];
    let party = [0x03, 0xA1, 0x62, b'i', b'd', 0x61, b'x'];
    let flood = [&[0x00, 0xA2][..], &party, &[0x05], &total].concat();
    let nobody = [&[0x00, 0xA2][..], &party, &[0x05, 0x01]].concat();
    for answer in [flood, nobody, vec![0x00], vec![0x00, 0xA0], vec![]] {
        let (_, key) = with_pin(Virtual::new("4711"));
        let lying = Lying(key, answer.clone());
        let mut bench = Bench::new().in_reader("R", Rc::new(RefCell::new(lying)));
        let told = bench.run(&mut knowing(), &["credentials", "list"]);
        assert_eq!(told.exit(), Some(Exit::Malformed), "{answer:02x?}: {}", told.page());
    }
}

#[test]
fn a_credential_does_not_speak_in_the_programs_name() {
    let (mut bench, _) = with_pin(Virtual::new("4711").with_credential("login.example.org", "ada\nerror: no"));
    let id = listed(&mut bench)[0]["id"].as_str().unwrap().to_owned();
    let no = bench.run(&mut Script::typing(&[PIN, "n"]), &["credentials", "delete", &id]);
    let question = "Delete the credential of ada\\u{a}error: no for login.example.org for good?";
    assert!(no.err.lines().any(|line| line.starts_with(question)), "{}", no.err);
    let page = bench.run(&mut knowing(), &["credentials", "list"]).page();
    assert_eq!(page.lines().count(), 2, "{page}");
}
