//! The managed-key command: managed-key protocol §3 and §4.

mod administration;
mod air;
mod continued;
mod enrolment;
mod policy;
mod states;
mod unlock;

use claviger_managed_key::message::Policy;

use crate::key::Key;
use crate::organisation::Organisation;

/// A managed key with a PIN, and whose it is.
fn managed() -> (Key, Organisation) {
    with_policy(&Policy::default())
}

fn with_policy(policy: &Policy) -> (Key, Organisation) {
    let mut key = Key::new();
    let organisation = Organisation::default();
    organisation.enrol(&mut key, policy);
    key.set_pin(crate::key::PIN).unwrap();
    (key, organisation)
}
