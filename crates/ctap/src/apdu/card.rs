//! The card's side: links of a chain become one command, and a long answer waits for GET RESPONSE.

use super::{Command, GET_RESPONSE, Response, StatusWord};

/// What became of an APDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is answered already: a link of a chain, a part of an answer, or no APDU at all.
    Answered(Vec<u8>),
    /// A whole command, which [`Card::answer`] answers.
    Command(Command),
}

/// What a card keeps between two APDUs. It is made anew at every reset.
#[derive(Debug)]
pub struct Card {
    longest: usize,
    chain: Option<Command>,
    left: Vec<u8>,
    status: StatusWord,
}

impl Card {
    /// A card that takes commands with at most as many bytes of data.
    #[must_use]
    pub const fn new(longest: usize) -> Self {
        Self {
            longest,
            chain: None,
            left: Vec::new(),
            status: StatusWord::OK,
        }
    }

    /// Takes an APDU.
    pub fn receive(&mut self, apdu: &[u8]) -> Received {
        let Ok(command) = Command::decode(apdu) else {
            return self.refuse(StatusWord::WRONG_LENGTH);
        };
        if command.instruction() == GET_RESPONSE && !command.is_chained() {
            self.chain = None;
            return Received::Answered(self.part(&command));
        }
        self.left.clear();
        // A command of another kind ends a chain that was not finished, so that SELECT always works.
        let begun = self.chain.take().filter(|begun| begun.header == command.unchained());
        let mut data = begun.map(|begun| begun.data).unwrap_or_default();
        data.extend(&command.data);
        if data.len() > self.longest {
            return self.refuse(StatusWord::WRONG_LENGTH);
        }
        let whole = Command {
            header: command.unchained(),
            data,
            wanted: command.wanted,
        };
        if command.is_chained() {
            self.chain = Some(whole);
            return Received::Answered(Response::bare(StatusWord::OK).encode());
        }
        Received::Command(whole)
    }

    /// The APDU that answers a command: all of the answer if as much was wanted, else its beginning and 61xx.
    pub fn answer(&mut self, command: &Command, response: Response) -> Vec<u8> {
        self.left = response.data;
        self.status = response.status;
        self.part(command)
    }

    fn refuse(&mut self, status: StatusWord) -> Received {
        self.chain = None;
        self.left.clear();
        Received::Answered(Response::bare(status).encode())
    }

    /// As much of what is left as is wanted. Who wants nothing gets as much as a short answer has.
    fn part(&mut self, command: &Command) -> Vec<u8> {
        if self.left.is_empty() && command.instruction() == GET_RESPONSE {
            return Response::bare(StatusWord::CONDITIONS).encode();
        }
        let wanted = usize::try_from(command.wanted.unwrap_or(256)).unwrap_or(usize::MAX);
        let rest = self.left.split_off(wanted.min(self.left.len()));
        let data = std::mem::replace(&mut self.left, rest);
        let status = match self.left.len() {
            0 => self.status,
            more => StatusWord(0x6100 | u16::try_from(more).ok().filter(|more| *more < 256).unwrap_or(0)),
        };
        Response::new(data, status).encode()
    }
}
