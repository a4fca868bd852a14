//! The readers of this machine through PC/SC: which are there, and commands to the card in one of them.

use std::{ffi::CString, thread, time::Duration};

use pcsc::{Card as PcscCard, Context, Disposition, Error, Protocols, ReaderState, ShareMode, State, Status};

use super::Card;
use crate::{
    machine::Hold,
    place::{Cable, Content, Place},
    trouble::Trouble,
};

/// How often, and for how long each time, it is waited for a reader: 2 s.
const PATIENCE: u32 = 20;
const MOMENT: Duration = Duration::from_millis(100);
/// The bytes at the end of every answer.
const STATUS_WORD: usize = 2;

/// The name that PC/SC gives to the event of a new reader; it is not a reader.
const NEWS: &str = "\\\\?PnP?\\Notification";

/// A connection to the service for smart cards.
pub(crate) fn service() -> Result<Context, Trouble> {
    Context::establish(pcsc::Scope::User).map_err(of_service)
}

/// All readers and whether something is in them.
pub(crate) fn survey(context: &Context) -> Result<Vec<Place>, Trouble> {
    let names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => return Ok(Vec::new()),
        Err(error) => return Err(of_service(error)),
    };
    let mut states: Vec<ReaderState> = names
        .into_iter()
        .filter(|name| name.to_str() != Ok(NEWS))
        .map(|name| ReaderState::new(name, State::UNAWARE))
        .collect();
    if states.is_empty() {
        return Ok(Vec::new());
    }
    // With nothing known before, the answer comes at once. A reader that was unplugged meanwhile is missed next time.
    match context.get_status_change(Duration::ZERO, &mut states) {
        Ok(()) | Err(Error::Timeout | Error::UnknownReader) => {}
        Err(error) => return Err(of_service(error)),
    }
    Ok(states.iter().filter_map(place).collect())
}

fn place(state: &ReaderState) -> Option<Place> {
    let seen = state.event_state();
    if seen.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
        return None;
    }
    let content = if seen.contains(State::PRESENT) {
        Content::Card
    } else {
        Content::Empty
    };
    Some(Place {
        cable: Cable::Pcsc,
        name: state.name().to_string_lossy().into_owned(),
        product: None,
        usb_serial: None,
        content,
        visit: state.event_count(),
    })
}

/// The card in a reader, connected until it is dropped: a second connection would reset the first.
pub(crate) struct ReaderCard {
    card: Option<PcscCard>,
    reader: String,
    hold: Hold,
}

impl ReaderCard {
    /// Connects to the card in the reader.
    pub(crate) fn connect(context: &Context, reader: &str, hold: Hold) -> Result<Self, Trouble> {
        let name = CString::new(reader).map_err(|_| Trouble::NoReader {
            name: reader.to_owned(),
        })?;
        let mut tries = PATIENCE;
        let card = loop {
            match context.connect(&name, share(hold), Protocols::ANY) {
                // Programs that look at every card that comes, and ones that have just ended, let go soon.
                Err(Error::SharingViolation) if tries > 0 => {
                    tries -= 1;
                    thread::sleep(MOMENT);
                }
                connected => break connected.map_err(|error| of_reader(error, reader))?,
            }
        };
        Ok(Self {
            card: Some(card),
            reader: reader.to_owned(),
            hold,
        })
    }

    fn card(&mut self) -> Result<&mut PcscCard, Trouble> {
        let gone = Trouble::Gone {
            place: self.reader.clone(),
        };
        self.card.as_mut().ok_or(gone)
    }

    /// Whether the card leaves within the next moments.
    fn is_gone(&mut self) -> Result<bool, Trouble> {
        for _ in 0..PATIENCE {
            match self.card()?.status2_owned() {
                Ok(seen) if seen.status().contains(Status::ABSENT) => return Ok(true),
                Ok(_) => thread::sleep(MOMENT),
                Err(error) => return Err(of_reader(error, &self.reader)),
            }
        }
        Ok(false)
    }

    fn reconnect(&mut self, disposition: Disposition) -> Result<(), Trouble> {
        let share = share(self.hold);
        let done = self.card()?.reconnect(share, Protocols::ANY, disposition);
        done.map_err(|error| of_reader(error, &self.reader))
    }
}

impl Card for ReaderCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble> {
        // The longest extended answer and its status word.
        let mut buffer = vec![0; 65_538];
        let sent = self.card()?.transmit(command, &mut buffer).map(<[u8]>::to_vec);
        let answer = sent.map_err(|error| of_reader(error, &self.reader));
        // A card that leaves is first an empty answer or a broken transmission, and a moment later gone.
        let may_have_left = match &answer {
            Ok(answer) => answer.len() < STATUS_WORD,
            Err(trouble) => matches!(trouble, Trouble::Silent { .. }),
        };
        if may_have_left && self.is_gone()? {
            return Err(Trouble::Gone {
                place: self.reader.clone(),
            });
        }
        answer
    }

    fn reconnect(&mut self) -> Result<(), Trouble> {
        Self::reconnect(self, Disposition::LeaveCard)
    }

    fn power_cycle(&mut self) -> Result<(), Trouble> {
        Self::reconnect(self, Disposition::UnpowerCard)
    }
}

impl Drop for ReaderCard {
    fn drop(&mut self) {
        // A key that was held alone forgets its PIN tokens; one that others use too is left as it is, so that looking
        // at a key never disturbs a challenge that somebody is reading over the phone.
        let after = match self.hold {
            Hold::Alone => Disposition::ResetCard,
            Hold::Shared => Disposition::LeaveCard,
        };
        if let Some(card) = self.card.take() {
            // Nothing can be done about a card that is gone already.
            let _ = card.disconnect(after);
        }
    }
}

const fn share(hold: Hold) -> ShareMode {
    match hold {
        Hold::Alone => ShareMode::Exclusive,
        Hold::Shared => ShareMode::Shared,
    }
}

fn of_service(error: Error) -> Trouble {
    if matches!(error, Error::NoService | Error::ServiceStopped | Error::Shutdown) {
        return Trouble::NoCardService;
    }
    if matches!(error, Error::SecurityViolation | Error::NoAccess) {
        return Trouble::NoPermission {
            what: "the service for smart cards".to_owned(),
            card_service: true,
        };
    }
    Trouble::Machine {
        what: format!("the service for smart cards says: {error}"),
    }
}

/// What an error of PC/SC means for the card in this reader.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "PC/SC has ninety errors; those that are not about the card are about the service"
)]
fn of_reader(error: Error, reader: &str) -> Trouble {
    let name = || reader.to_owned();
    match error {
        Error::NoSmartcard | Error::RemovedCard | Error::UnpoweredCard => Trouble::Gone { place: name() },
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => {
            Trouble::ReaderGone { name: name() }
        }
        Error::SharingViolation => Trouble::ReaderBusy { name: name() },
        Error::ResetCard => Trouble::Interrupted,
        Error::UnresponsiveCard | Error::ProtoMismatch | Error::UnsupportedCard | Error::CardUnsupported => {
            Trouble::NotAKey { place: name() }
        }
        Error::CommError | Error::NotTransacted | Error::CommDataLost | Error::Timeout | Error::InternalError => {
            Trouble::Silent { place: name() }
        }
        error => of_service(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_service_are_told_apart() {
        let said = [
            Error::NoService,
            Error::SecurityViolation,
            Error::RemovedCard,
            Error::ReaderUnavailable,
            Error::SharingViolation,
            Error::ResetCard,
            Error::UnresponsiveCard,
            Error::NotTransacted,
            Error::NoMemory,
        ]
        .map(|error| format!("{:?}", of_reader(error, "R 00")));
        insta::assert_snapshot!(said.join("\n"));
    }
}
