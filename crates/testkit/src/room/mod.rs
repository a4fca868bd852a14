//! A smart-card reader in a room of its own: `pcscd` with the virtual reader of vsmartcard, for as long as one program
//! runs in there.
//!
//! `pcscd` has one socket on a machine, and the virtual reader listens on all addresses. So both live in mount, network
//! and process namespaces that are made for them: outside nothing is changed, the machine's own `pcscd` is neither
//! seen nor disturbed, several rooms may be open at a time, and whatever was started in a room ends with it.
//!
//! ```text
//! claviger-testkit room [CARD [ARGUMENT]…] -- JUDGE [ARGUMENT]…
//! ```
//!
//! The card, when one is named, is started first and inserted when the judge starts. A judge that pulls the card out and
//! puts it back starts the card itself: a card is inserted when it connects to [`PORT`] on 127.0.0.1, and pulled out
//! when that connection closes. Ends with the judge's exit code, with [`CLOSED`] when no room can be made here,
//! or with [`BROKEN`].

mod inside;
mod reader;

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

pub use inside::run as run_inside;
pub use reader::{PORT, READER};

/// The exit code that says that there is no room to be had on this machine; standard error has the reason. The same as
/// automake's for a test that was skipped.
const CLOSED: u8 = 77;

/// The exit code that says that something broke before the judge could judge; standard error says what.
const BROKEN: u8 = 70;

/// The word after which a room's program finds itself inside.
pub const INSIDE: &str = "inside-room";

/// What happens in a room.
#[derive(Debug)]
pub struct Order {
    /// The card in the reader with its arguments; empty when the judge brings one.
    pub card: Vec<OsString>,
    /// The program that uses the reader, with its arguments.
    pub judge: Vec<OsString>,
}

impl Order {
    /// Reads `[CARD…] -- JUDGE…`; none without a judge.
    #[must_use]
    pub fn of(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let mut arguments = arguments.into_iter();
        let card = arguments.by_ref().take_while(|part| part != "--").collect();
        let judge: Vec<OsString> = arguments.collect();
        (!judge.is_empty()).then_some(Self { card, judge })
    }

    fn arguments(&self) -> impl Iterator<Item = OsString> {
        let parts = self.card.iter().cloned();
        parts.chain([OsString::from("--")]).chain(self.judge.iter().cloned())
    }
}

/// Opens a room and becomes it: this process goes on as `unshare`, whose end ends everything in the room. Returns only
/// when that cannot be done.
#[must_use]
pub fn open(order: &Order) -> ExitCode {
    let reason = lacking().unwrap_or_else(|| become_room(order));
    closed(&reason)
}

/// Why no room can be made on this machine; none when one can.
#[must_use]
pub fn lacking() -> Option<String> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !root {
        return Some("only root may make a mount and a network namespace".to_owned());
    }
    let needed = [
        (reader::DRIVER, "vsmartcard-vpcd"),
        (reader::PCSCD, "pcscd"),
        ("/usr/bin/unshare", "util-linux"),
    ];
    let missing = needed.iter().find(|(path, _)| !Path::new(path).exists());
    missing.map(|(path, package)| format!("{path} is missing: `apt-get install {package}`"))
}

fn become_room(order: &Order) -> String {
    let myself = match std::env::current_exe() {
        Ok(path) => path,
        Err(error) => return format!("cannot find this program: {error}"),
    };
    // A process namespace besides the two: when its first process ends, the kernel ends all others in it.
    let namespaces = [
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--",
    ];
    let mut room = Command::new("unshare");
    room.args(namespaces).arg(myself).arg(INSIDE).args(order.arguments());
    format!("cannot start unshare: {}", room.exec())
}

/// Says aloud that nothing was tried, and why.
#[expect(clippy::print_stderr, reason = "the reason on standard error is what it is for")]
fn closed(reason: &str) -> ExitCode {
    eprintln!("no smart-card reader can be tried here: {reason}");
    ExitCode::from(CLOSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(line: &str) -> Option<Order> {
        Order::of(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn a_card_is_what_stands_before_the_judge() {
        let both = order("card --vpcd here -- judge -- --loud").unwrap();
        assert_eq!(both.card, ["card", "--vpcd", "here"]);
        assert_eq!(both.judge, ["judge", "--", "--loud"]);
        assert!(order("-- judge").unwrap().card.is_empty());
    }

    #[test]
    fn there_is_no_room_without_a_judge() {
        assert!(order("card").is_none());
        assert!(order("card --").is_none());
    }
}
