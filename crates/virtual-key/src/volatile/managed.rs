//! The managed-key protocol's part of what a key knows while it has power (managed-key protocol §4).

use std::time::Duration;

use claviger_ctap::pin::KeyPair;
use claviger_managed_key::Operation;
use claviger_managed_key::code::{Challenge, Receipt};

use crate::{Machine, Secret};

/// How long a challenge may be answered.
const CHALLENGE: Duration = Duration::from_mins(30);
/// How long an admin token is good.
const ADMIN_SESSION: Duration = Duration::from_mins(10);
/// Failures after which the key wants to be unplugged, of unlocks and of admin PINs each.
const FAILURES: u8 = 3;

/// Challenges, failures of this power cycle, and what an admin PIN opened.
pub(crate) struct Managed {
    /// The key pair of the managed-key command, apart from those of the PIN.
    pub(crate) agreement: KeyPair,
    /// An unlock's challenge has a slot of its own: administration does not break a phone call.
    unlock: Option<Pending>,
    other: Option<Pending>,
    unlock_failures: u8,
    admin_pin_failures: u8,
    /// What the admin PIN opened.
    pub(crate) session: Option<AdminSession>,
    /// The receipt of the last unlock, until the next challenge for one.
    pub(crate) receipt: Option<Receipt>,
    /// Somebody touched the key so that it tells over the air which one it is.
    pub(crate) is_known: bool,
}

/// A challenge that waits for its answer.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) operation: Operation,
    pub(crate) challenge: Challenge,
    pub(crate) since: Duration,
}

/// An admin token and when it was given out.
pub(crate) struct AdminSession {
    secret: Secret<32>,
    since: Duration,
}

impl Managed {
    pub(crate) fn new(machine: &mut dyn Machine) -> Self {
        Self {
            agreement: pair(machine),
            unlock: None,
            other: None,
            unlock_failures: 0,
            admin_pin_failures: 0,
            session: None,
            receipt: None,
            is_known: false,
        }
    }

    /// Failures belong to the power cycle, and the receipt to the next challenge: a reset does not take them away.
    pub(crate) const fn keep_through_reset(&mut self, old: &Self) {
        self.unlock_failures = old.unlock_failures;
        self.admin_pin_failures = old.admin_pin_failures;
        self.receipt = old.receipt;
    }

    /// The challenge that waits for an operation.
    pub(crate) fn pending(&self, operation: Operation, now: Duration) -> Option<&Pending> {
        let slot = if operation == Operation::Unlock {
            &self.unlock
        } else {
            &self.other
        };
        let is_alive = |pending: &&Pending| now.saturating_sub(pending.since) < CHALLENGE;
        slot.as_ref()
            .filter(is_alive)
            .filter(|pending| pending.operation == operation)
    }

    /// Lets a challenge wait, in place of the one in its slot.
    pub(crate) fn issue(&mut self, pending: Pending) {
        if pending.operation == Operation::Unlock {
            self.receipt = None;
            self.unlock = Some(pending);
        } else {
            self.other = Some(pending);
        }
    }

    /// Drops the challenge of an operation.
    pub(crate) fn drop_challenge(&mut self, operation: Operation) {
        if operation == Operation::Unlock {
            self.unlock = None;
        } else {
            self.other = None;
        }
    }

    /// Drops what hung on the management key that was: enrolment, release and another key do this.
    pub(crate) fn forget(&mut self, machine: &mut dyn Machine) {
        self.unlock = None;
        self.other = None;
        self.session = None;
        self.agreement = pair(machine);
    }

    /// After a failure whatever was begun ends, and the key pair is another one.
    pub(crate) fn fail(&mut self, machine: &mut dyn Machine) {
        self.session = None;
        self.agreement = pair(machine);
    }

    /// A wrong response.
    pub(crate) fn count_unlock_failure(&mut self, machine: &mut dyn Machine) {
        self.unlock_failures = self.unlock_failures.saturating_add(1);
        self.fail(machine);
    }

    /// A wrong admin PIN.
    pub(crate) fn count_admin_pin_failure(&mut self, machine: &mut dyn Machine) {
        self.admin_pin_failures = self.admin_pin_failures.saturating_add(1);
        self.fail(machine);
    }

    /// Whether no response is compared until the key was without power.
    pub(crate) const fn refuses_unlocks(&self) -> bool {
        self.unlock_failures >= FAILURES
    }

    /// Whether no admin PIN is compared until the key was without power.
    pub(crate) const fn refuses_admin_pins(&self) -> bool {
        self.admin_pin_failures >= FAILURES
    }

    /// Begins what an admin PIN opened, and gives its token.
    pub(crate) fn begin_session(&mut self, machine: &mut dyn Machine) -> Secret<32> {
        let secret = Secret::random(machine);
        self.admin_pin_failures = 0;
        self.session = Some(AdminSession {
            secret: secret.clone(),
            since: machine.now(),
        });
        secret
    }
}

impl AdminSession {
    /// The token, while it is good.
    pub(crate) fn secret(&self, now: Duration) -> Option<&Secret<32>> {
        (now.saturating_sub(self.since) < ADMIN_SESSION).then_some(&self.secret)
    }
}

fn pair(machine: &mut dyn Machine) -> KeyPair {
    KeyPair::generate(&mut |target: &mut [u8]| machine.entropy(target))
}
