//! The outbox: what a change owes to others is put down with it, and sent beside the requests. What is down holds
//! nobody up but its own kind of message of its own tenant.

mod lane;
mod runner;
mod settle;

use tokio::sync::Notify;

pub(crate) use claviger_store::outbox::REVOKED_MAIL;
pub(crate) use runner::run;

/// Kind of the order to an identity provider to remove a credential.
pub(crate) const REMOVAL: &str = "identity_provider.remove_credential";

/// How long mail is tried.
pub(crate) const MAIL_HOURS: i64 = 24;

/// The outbox of this process.
#[derive(Default)]
pub struct Outbox {
    wake: Notify,
}

impl Outbox {
    /// Looks for messages now rather than soon.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) async fn until_woken(&self) {
        self.wake.notified().await;
    }
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It will never be taken; says why.
    Refused(String),
    /// Not this time; says why.
    Later(String),
    /// What stands in its way stands in the way of all of its lane; says what.
    Down(String),
    /// There is nobody to ask, which is no failure of anyone.
    Nobody(String),
}

/// Seconds until a message is tried again.
pub(crate) const fn pause_seconds(attempts: i64) -> i64 {
    60 * match attempts {
        ..=1 => 1,
        2 => 2,
        3 => 5,
        4 => 15,
        _ => 60,
    }
}

#[cfg(test)]
mod tests {
    use super::pause_seconds;

    #[test]
    fn pauses_grow_to_an_hour() {
        let minutes: Vec<i64> = (1..8).map(|attempts| pause_seconds(attempts) / 60).collect();
        assert_eq!(minutes, [1, 2, 5, 15, 60, 60, 60]);
    }
}
