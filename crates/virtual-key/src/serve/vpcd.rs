//! The protocol of vsmartcard-vpcd: two bytes of length, then either one byte of control or an APDU.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::slot::Slot;
use crate::card::{ATR, Card, Processor};

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GET_ATR: u8 = 4;

/// How long a reader may take to listen, at first and after it went away.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the card until the reader goes away for good; tells each time that it is in the reader.
pub(super) fn serve(address: &str, card: &mut Card<impl Processor>, slot: &Slot, tell: impl Fn()) -> io::Result<()> {
    loop {
        slot.wait_for_insertion();
        let mut reader = connect(address)?;
        if slot.connect(Box::new(reader.try_clone()?)) {
            tell();
            let ended = answer_all(&mut reader, card);
            card.power_off();
            let is_pulled_out = slot.is_removed();
            if let (Err(error), false) = (ended, is_pulled_out) {
                // A card that is pulled out ends like this; a reader that ends a connection is tried again.
                if error.kind() != ErrorKind::UnexpectedEof && error.kind() != ErrorKind::ConnectionReset {
                    return Err(error);
                }
            }
        }
    }
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let started = Instant::now();
    loop {
        match TcpStream::connect(address) {
            Ok(reader) => {
                reader.set_nodelay(true)?;
                return Ok(reader);
            }
            Err(error) if started.elapsed() > PATIENCE => return Err(error),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

fn answer_all(reader: &mut TcpStream, card: &mut Card<impl Processor>) -> io::Result<()> {
    loop {
        let message = receive(reader)?;
        match message.as_slice() {
            [POWER_OFF] => card.power_off(),
            [POWER_ON] => card.power_on(),
            [RESET] => card.warm_reset(),
            [GET_ATR] => send(reader, &ATR)?,
            [] | [_] => {}
            apdu => send(reader, &card.transmit(apdu))?,
        }
    }
}

fn receive(reader: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    reader.read_exact(&mut length)?;
    let mut message = vec![0; u16::from_be_bytes(length).into()];
    reader.read_exact(&mut message)?;
    Ok(message)
}

fn send(reader: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(io::Error::other)?;
    reader.write_all(&[&length.to_be_bytes(), message].concat())
}
