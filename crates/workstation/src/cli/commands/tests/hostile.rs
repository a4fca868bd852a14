//! Keys that answer anything at all.

use std::{cell::RefCell, rc::Rc};

use claviger_workstation::Trouble;
use proptest::prelude::*;

use super::PIN;
use crate::{
    bench::{Bench, Device, Script, Virtual},
    exit::Exit,
};

/// A decent key whose answers somebody changes on the way, from the request of this number on.
struct Changed {
    key: Virtual,
    from: usize,
    how: Vec<(u16, u8)>,
}

impl Device for Changed {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble> {
        let mut answer = self.key.exchange(request)?;
        if self.from > 0 {
            self.from -= 1;
            return Ok(answer);
        }
        for (place, byte) in &self.how {
            let place = usize::from(*place) % (answer.len() + 1);
            match answer.get_mut(place) {
                Some(own) => *own = *byte,
                None => answer.truncate(usize::from(*byte)),
            }
        }
        Ok(answer)
    }

    fn power(&mut self, on: bool) {
        self.key.power(on);
    }
}

const COMMANDS: [&[&str]; 6] = [
    &["list"],
    &["info", "--output", "json"],
    &["pin", "change"],
    &["config", "always-uv", "on"],
    &["credentials", "list"],
    &["reset", "--yes", "--serial", "4711", "--by-reader"],
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_a_key_answers_a_command_ends_with_a_result_or_with_words(
        command in 0..COMMANDS.len(),
        from in 0_usize..8,
        how in prop::collection::vec((any::<u16>(), any::<u8>()), 1..6),
    ) {
        let key = Virtual::new("4711").with_credential("login.example.org", "ada").shared();
        let mut bench = Bench::new().in_reader("R", crate::bench::as_device(&key));
        let set = bench.run(&mut Script::piping(&[PIN]), &["pin", "set", "--pin-stdin"]);
        prop_assert!(set.result.is_ok());
        drop(bench);
        let key = Rc::into_inner(key).unwrap().into_inner();
        let changed = Rc::new(RefCell::new(Changed { key, from, how }));
        let mut bench = Bench::new().in_reader("R", changed);
        let mut script = Script::alone().with("CLAVIGER_PIN", PIN).with("CLAVIGER_NEW_PIN", "another-7");
        let told = bench.run(&mut script, COMMANDS[command]);
        let page = told.page();
        prop_assert!(!page.contains(PIN) && !page.contains("another-7"), "{}", page);
        if let Err(failure) = told.result {
            prop_assert!(failure.exit != Exit::Unexpected, "{}", page);
            prop_assert_eq!(failure.hints.len(), 2, "{}", page);
        }
    }
}
