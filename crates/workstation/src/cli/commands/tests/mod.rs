//! Commands as people and scripts give them, on a bench.

use std::{cell::RefCell, rc::Rc};

use crate::bench::{Bench, Script, Virtual, as_device};

mod asking;
mod configuring;
mod credentials;
mod finding;
mod hostile;
mod looking;
mod pins;
mod resetting;

const PIN: &str = "lantern-7";

/// A new key in a reader.
fn with_key(key: Virtual) -> (Bench, Rc<RefCell<Virtual>>) {
    let key = key.shared();
    (Bench::new().in_reader("R 00", as_device(&key)), key)
}

/// A new key in a reader, with a PIN.
fn with_pin(key: Virtual) -> (Bench, Rc<RefCell<Virtual>>) {
    let (mut bench, key) = with_key(key);
    let set = bench.run(&mut Script::piping(&[PIN]), &["pin", "set", "--pin-stdin"]);
    assert!(set.result.is_ok(), "{}", set.page());
    (bench, key)
}

/// A script that has the PIN.
fn knowing() -> Script {
    Script::alone().with("CLAVIGER_PIN", PIN)
}

/// The same key taken out of the reader and put back.
fn replugged(bench: &mut Bench, key: &Rc<RefCell<Virtual>>) {
    bench.moves(crate::bench::Hand::TakeOut(0));
    bench.moves(crate::bench::Hand::PutIn(0, as_device(key)));
}
