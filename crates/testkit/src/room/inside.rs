//! What goes on inside a room: the reader, then the card, then the judge; and then the end of all three.

use std::ffi::OsString;
use std::process::{Child, Command, ExitCode, Stdio};

use super::reader::Reader;
use super::{Order, PORT, READER};

/// Carries out an order in the namespaces that this process is already in.
#[must_use]
pub fn run(order: &Order) -> ExitCode {
    match judged(order) {
        Ok(code) => ExitCode::from(code),
        Err(reason) => broken(&reason),
    }
}

fn judged(order: &Order) -> Result<u8, String> {
    let mut reader = Reader::start()?;
    let _card = Card::insert(&order.card, &mut reader)?;
    let mut judge = command(&order.judge)?;
    let status = judge.status().map_err(|error| format!("{judge:?}: {error}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

/// A card's program; the card is pulled out when this value is dropped.
struct Card(Option<Child>);

impl Card {
    fn insert(card: &[OsString], reader: &mut Reader) -> Result<Self, String> {
        if card.is_empty() {
            return Ok(Self(None));
        }
        let mut program = command(card)?;
        let child = program.stdin(Stdio::null()).spawn();
        let card = Self(Some(child.map_err(|error| format!("{program:?}: {error}"))?));
        reader.wait_for_card()?;
        Ok(card)
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ended_before = child.kill();
            let _status = child.wait();
        }
    }
}

/// A program that is told which reader it has.
fn command(line: &[OsString]) -> Result<Command, String> {
    let (program, arguments) = line.split_first().ok_or("no program is named")?;
    let mut command = Command::new(program);
    command.args(arguments);
    command
        .env("CLAVIGER_READER", READER)
        .env("CLAVIGER_READER_PORT", PORT.to_string());
    Ok(command)
}

#[expect(clippy::print_stderr, reason = "what broke is told where the judge's errors go")]
fn broken(reason: &str) -> ExitCode {
    eprintln!("the room for the smart-card reader broke: {reason}");
    ExitCode::from(super::BROKEN)
}
