//! Command APDUs: ISO 7816-3 §12.1.

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// CLA, INS, P1, P2.
    pub header: [u8; 4],
    /// At most 65,535 bytes.
    pub data: Vec<u8>,
    /// How many bytes are wanted at most, 1 to 65,536; none where no answer but a status is.
    pub wanted: Option<u32>,
}

/// How long lengths are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One byte: at most 255 bytes of data, 256 of answer.
    Short,
    /// Three and two bytes.
    Extended,
}

/// Bytes that are no command APDU; a card answers 6700.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no command APDU: the lengths do not add up")]
pub struct Unreadable;

/// In CLA: more of the command follows (ISO 7816-4 §5.4.1).
const CHAINED: u8 = 0x10;
/// What one link of a chain carries; some readers get no full 255 bytes through.
const LINK: usize = 240;

impl Command {
    /// A command that wants nothing but a status.
    #[must_use]
    pub fn new(header: [u8; 4], data: &[u8]) -> Self {
        let data = data.to_vec();
        Self {
            header,
            data,
            wanted: None,
        }
    }

    /// The command with as many bytes of answer, 1 to 65,536.
    #[must_use]
    pub fn answered(mut self, most: u32) -> Self {
        self.wanted = Some(most);
        self
    }

    /// INS.
    #[must_use]
    pub const fn instruction(&self) -> u8 {
        let [_, instruction, _, _] = self.header;
        instruction
    }

    /// Whether it is a link of a chain that goes on.
    #[must_use]
    pub const fn is_chained(&self) -> bool {
        let [class, ..] = self.header;
        class & CHAINED != 0
    }

    /// The header without the mark of a chain.
    #[must_use]
    pub const fn unchained(&self) -> [u8; 4] {
        let [class, instruction, p1, p2] = self.header;
        [class & !CHAINED, instruction, p1, p2]
    }

    /// The APDUs that carry it: one in the extended form, several links of a chain in the short one if need be.
    #[must_use]
    pub fn apdus(&self, form: Form) -> Vec<Vec<u8>> {
        match form {
            Form::Extended => vec![self.extended()],
            Form::Short => self.links().map(|link| link.short()).collect(),
        }
    }

    fn links(&self) -> impl Iterator<Item = Self> {
        let count = self.data.len().div_ceil(LINK).max(1);
        let [class, instruction, p1, p2] = self.unchained();
        (1..=count).map(move |number| {
            let part = self.data.chunks(LINK).nth(number - 1).unwrap_or_default();
            if number == count {
                return Self {
                    wanted: self.wanted,
                    ..Self::new(self.unchained(), part)
                };
            }
            Self::new([class | CHAINED, instruction, p1, p2], part)
        })
    }

    fn short(&self) -> Vec<u8> {
        let mut apdu = self.header.to_vec();
        if let Ok(length @ 1..) = u8::try_from(self.data.len()) {
            apdu.push(length);
            apdu.extend(&self.data);
        }
        // 256 is written as 0 (ISO 7816-3 §12.1.2); more than that comes by GET RESPONSE.
        apdu.extend(self.wanted.map(|wanted| u8::try_from(wanted).unwrap_or(0)));
        apdu
    }

    fn extended(&self) -> Vec<u8> {
        let mut apdu = self.header.to_vec();
        if let Ok(length @ 1..) = u16::try_from(self.data.len()) {
            apdu.push(0);
            apdu.extend(length.to_be_bytes());
            apdu.extend(&self.data);
        } else if self.wanted.is_some() {
            apdu.push(0);
        }
        let wanted = self.wanted.map(|wanted| u16::try_from(wanted).unwrap_or(0));
        apdu.extend(wanted.into_iter().flat_map(u16::to_be_bytes));
        apdu
    }

    /// Reads a command of either form; a length of 0 means as many bytes as the form has.
    pub fn decode(apdu: &[u8]) -> Result<Self, Unreadable> {
        let (header, body) = apdu.split_first_chunk().ok_or(Unreadable)?;
        let (data, wanted) = match body {
            [] => (&[][..], None),
            [wanted] => (&[][..], Some(short(*wanted))),
            [0, high, low] => (&[][..], Some(long(*high, *low))),
            [0, high, low, rest @ ..] => match rest.split_at_checked(u16::from_be_bytes([*high, *low]).into()) {
                Some((data @ [_, ..], [])) => (data, None),
                Some((data @ [_, ..], [high, low])) => (data, Some(long(*high, *low))),
                _ => return Err(Unreadable),
            },
            [length, rest @ ..] => match rest.split_at_checked(usize::from(*length)) {
                Some((data @ [_, ..], [])) => (data, None),
                Some((data @ [_, ..], [wanted])) => (data, Some(short(*wanted))),
                _ => return Err(Unreadable),
            },
        };
        let data = data.to_vec();
        Ok(Self {
            header: *header,
            data,
            wanted,
        })
    }
}

fn short(wanted: u8) -> u32 {
    if wanted == 0 { 256 } else { wanted.into() }
}

fn long(high: u8, low: u8) -> u32 {
    match u16::from_be_bytes([high, low]) {
        0 => 65_536,
        wanted => wanted.into(),
    }
}
