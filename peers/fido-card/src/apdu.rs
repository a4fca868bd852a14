//! ISO 7816-4 between the reader and the key: short and extended commands, chains of commands, and answers that are
//! fetched in parts.

use crate::key::{Answer, Key};

/// What a card without power would say if it could.
pub(crate) const NOT_POWERED: [u8; 2] = [0x6F, 0x00];

const DONE: [u8; 2] = [0x90, 0x00];
const WRONG_LENGTH: [u8; 2] = [0x67, 0x00];
const NOT_SELECTED: [u8; 2] = [0x69, 0x85];
const NO_SUCH_APPLICATION: [u8; 2] = [0x6A, 0x82];

/// The FIDO applet (CTAP 2.1 §11.3.3).
const FIDO: [u8; 8] = [0xA0, 0x00, 0x00, 0x06, 0x47, 0x2F, 0x00, 0x01];
const SELECT: u8 = 0xA4;
const GET_RESPONSE: u8 = 0xC0;
/// Class bit 5: more commands of this chain follow.
const CHAINED: u8 = 0x10;
/// The longest request that a chain may make.
const LONGEST: usize = 7_609;

/// What was said by halves: a chain of commands, and an answer that was fetched in part.
#[derive(Default)]
pub(crate) struct Framing {
    is_selected: bool,
    chain: Vec<u8>,
    rest: Vec<u8>,
    rest_status: [u8; 2],
}

/// A command's parts (ISO 7816-4 §5.1).
struct Command<'a> {
    header: [u8; 4],
    data: &'a [u8],
    /// How many bytes the answer may have.
    expected: usize,
}

impl Framing {
    /// Answers one command.
    pub(crate) fn answer(&mut self, key: &Key, bytes: &[u8]) -> Vec<u8> {
        let Some(command) = Command::of(bytes) else {
            return WRONG_LENGTH.to_vec();
        };
        let [class, instruction, ..] = command.header;
        if instruction == GET_RESPONSE {
            return self.part(command.expected);
        }
        self.chain.extend_from_slice(command.data);
        if self.chain.len() > LONGEST {
            self.chain.clear();
            return WRONG_LENGTH.to_vec();
        }
        if class & CHAINED != 0 {
            return DONE.to_vec();
        }
        let data = std::mem::take(&mut self.chain);
        let answer = if instruction == SELECT {
            self.select(key, command.header, &data)
        } else if self.is_selected {
            key.ask(whole(command.header, &data))
        } else {
            Answer::status(NOT_SELECTED)
        };
        self.rest = answer.data;
        self.rest_status = answer.status;
        self.part(command.expected)
    }

    fn select(&mut self, key: &Key, header: [u8; 4], name: &[u8]) -> Answer {
        self.is_selected = name == FIDO;
        if self.is_selected {
            key.select(whole(header, name))
        } else {
            Answer::status(NO_SUCH_APPLICATION)
        }
    }

    /// As much of the answer as fits, and how much is left (61xx, ISO 7816-4 §5.3.4).
    fn part(&mut self, expected: usize) -> Vec<u8> {
        let left = self.rest.split_off(expected.min(self.rest.len()));
        let mut part = std::mem::replace(&mut self.rest, left);
        if self.rest.is_empty() {
            part.extend(self.rest_status);
        } else {
            part.extend([0x61, u8::try_from(self.rest.len()).unwrap_or(0)]);
        }
        part
    }
}

impl<'a> Command<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (header, body) = bytes.split_first_chunk::<4>()?;
        let (data, expected) = match *body {
            [] => (&[][..], 0),
            [short] => (&[][..], length(usize::from(short), 256)),
            [0, high, low] => (&[][..], length(usize::from(u16::from_be_bytes([high, low])), 65_536)),
            [0, high, low, ref rest @ ..] => data(rest, usize::from(u16::from_be_bytes([high, low])))?,
            [short, ref rest @ ..] => data(rest, usize::from(short))?,
        };
        Some(Self {
            header: *header,
            data,
            expected,
        })
    }
}

/// The data, and the length of the answer that may stand behind them. A command with data and no length of its answer
/// is one whose answer has none in the standard; readers ask so all the same, and mean as much as fits.
fn data(rest: &[u8], count: usize) -> Option<(&[u8], usize)> {
    let (data, expected) = rest.split_at_checked(count)?;
    let expected = match *expected {
        [] => 256,
        [short] => length(usize::from(short), 256),
        [high, low] => length(usize::from(u16::from_be_bytes([high, low])), 65_536),
        _ => return None,
    };
    Some((data, expected))
}

/// Zero stands for the greatest length.
fn length(given: usize, greatest: usize) -> usize {
    if given == 0 { greatest } else { given }
}

/// One extended command in place of the chain, as the key's own parser reads it.
fn whole([class, instruction, first, second]: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut command = vec![class & !CHAINED, instruction, first, second];
    if !data.is_empty() {
        let count = u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes();
        command.extend([0, count[0], count[1]]);
        command.extend_from_slice(data);
    }
    command
}
