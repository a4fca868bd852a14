//! `pcscd` in the foreground with one virtual reader, on a socket that only this mount namespace sees.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The TCP port at which a card connects to the reader.
pub const PORT: u16 = 0x8C7B;
/// The reader's name as PC/SC programs see it.
pub const READER: &str = "Virtual PCD 00 00";

pub(super) const PCSCD: &str = "/usr/sbin/pcscd";
pub(super) const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// Where `pcscd` keeps its socket; the folder is built into it.
const SOCKETS: &str = "/run/pcscd";
/// Where programs keep locks, by the names of readers: those of all rooms have the same name.
const LOCKS: &str = "/run/lock";
/// How long anything here may take before it counts as broken; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `pcscd`; it ends when this value is dropped.
pub(super) struct Reader {
    pcscd: Child,
    log: PathBuf,
}

impl Reader {
    /// Prepares this namespace and starts `pcscd` in it; returns when the reader waits for a card.
    pub(super) fn start() -> Result<Self, String> {
        run(Command::new("ip").args(["link", "set", "lo", "up"]))?;
        for folder in [SOCKETS, LOCKS] {
            fs::create_dir_all(folder).map_err(|error| format!("{folder}: {error}"))?;
            run(Command::new("mount").args(["-t", "tmpfs", "tmpfs", folder]))?;
        }
        let configuration = Path::new(SOCKETS).join("reader.conf");
        fs::write(&configuration, self::configuration()).map_err(|error| error.to_string())?;
        let log = Path::new(SOCKETS).join("log");
        let output = File::create(&log).map_err(|error| error.to_string())?;
        let pcscd = Command::new(PCSCD)
            .args(["--foreground", "--info", "--config"])
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(output)
            .spawn()
            .map_err(|error| format!("{PCSCD}: {error}"))?;
        let mut reader = Self { pcscd, log };
        reader.wait_until("pcscd waits for a card", |_| {
            Ok(is_listening(&fs::read_to_string("/proc/net/tcp")?))
        })?;
        Ok(reader)
    }

    /// Waits until `pcscd` has noticed the card and read its ATR.
    pub(super) fn wait_for_card(&mut self) -> Result<(), String> {
        self.wait_until("pcscd notices the card", |log| Ok(has_card(&fs::read_to_string(log)?)))
    }

    /// Waits for something to come true, unless `pcscd` ends before.
    fn wait_until(&mut self, what: &str, is_true: impl Fn(&Path) -> std::io::Result<bool>) -> Result<(), String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.pcscd.try_wait() {
                return Err(format!("pcscd ended ({status})"));
            }
            if is_true(&self.log).map_err(|error| error.to_string())? {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let seconds = PATIENCE.as_secs();
        Err(format!("{what}: not within {seconds} seconds; its log:\n{log}"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ended_before = self.pcscd.kill();
        let _status = self.pcscd.wait();
    }
}

fn configuration() -> String {
    format!("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{PORT:#06X}\nLIBPATH {DRIVER}\nCHANNELID {PORT:#06X}\n")
}

/// Whether the kernel's table of TCP sockets has one that listens at [`PORT`]. A connection would be a card.
fn is_listening(table: &str) -> bool {
    let port = format!(":{PORT:04X}");
    table.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (local, state) = (columns.next(), columns.nth(1));
        local.is_some_and(|address| address.ends_with(&port)) && state == Some("0A")
    })
}

/// Whether `pcscd` has written a card's ATR, and not that the card went. That the card came it writes only of one that
/// was not there from the start.
fn has_card(log: &str) -> bool {
    let read = log.rfind("Card ATR: ");
    read.is_some() && read > log.rfind(&format!("Card Removed From {READER}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let ended = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?}: {}",
        String::from_utf8_lossy(&ended.stderr).trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";

    #[test]
    fn a_reader_that_listens_is_seen_in_the_kernels_table() {
        let line = |local: &str, state: &str| format!("{HEAD}   0: {local} 00000000:0000 {state} 00000000:00000000\n");
        assert!(is_listening(&line("00000000:8C7B", "0A")));
        assert!(
            !is_listening(&line("00000000:8C7B", "01")),
            "connected is not listening"
        );
        assert!(!is_listening(&line("00000000:8C7C", "0A")), "another port");
        assert!(!is_listening(HEAD));
    }

    #[test]
    fn a_card_is_there_from_its_coming_to_its_going() {
        let came = "01299323 eventhandler.c:423:EHStatusHandlerThread() Card inserted into Virtual PCD 00 00\n\
            00000026 Card ATR: 3B 95 13 81 01 80 73 FF 01 00 0B\n";
        let went = "01776017 eventhandler.c:358:EHStatusHandlerThread() Card Removed From Virtual PCD 00 00\n";
        assert!(has_card(came));
        assert!(!has_card(&[came, went].concat()));
        assert!(has_card(&[came, went, came].concat()));
        assert!(
            has_card("00154618 Card ATR: 3B 95 13 81 01 80 73 FF 01 00 0B\n"),
            "there from the start"
        );
        assert!(!has_card(""));
    }

    #[test]
    fn the_configuration_names_the_port_for_the_driver() {
        assert!(
            configuration().contains("DEVICENAME /dev/null:0x8C7B\n"),
            "{}",
            configuration()
        );
    }
}
