//! CTAP2 to a card in a reader: SELECT of the FIDO application, requests in `NFCCTAP_MSG`, answers in parts.

use std::{cell::Cell, ops::ControlFlow, thread, time::Duration};

use claviger_ctap::{
    apdu::{FIDO_AID, Failure, Form, StatusWord, Waiting as Way, exchange, exchange_ctap, select},
    client::Notice,
    hid::Keepalive,
    wire::Command,
};

use super::Card;
use crate::{
    link::{Link, is_stopped},
    place::Place,
    trouble::Trouble,
};

/// How long a card is left alone between two questions whether it is done.
const BETWEEN: Duration = Duration::from_millis(50);
/// How often a card may say that it is not done yet: some five minutes.
const QUESTIONS: u32 = 6_000;
/// How often a card may go on saying so after it was told to stop.
const AFTER_STOP: u32 = 40;

/// A connection to the FIDO application of a card.
pub(crate) struct CardLink<C> {
    card: C,
    place: Place,
}

impl<C: Card> CardLink<C> {
    /// Selects the FIDO application.
    pub(crate) fn open(card: C, place: &Place) -> Result<Self, Trouble> {
        let mut link = Self {
            card,
            place: place.clone(),
        };
        link.select()?;
        Ok(link)
    }

    fn select(&mut self) -> Result<(), Trouble> {
        let card = &mut self.card;
        let answer = exchange(&select(&FIDO_AID), Form::Short, &mut |apdu| card.transmit(apdu));
        match answer {
            Ok(answer) if answer.status == StatusWord::OK => Ok(()),
            Ok(_) | Err(Failure::Refused(_)) => Err(Trouble::NotAKey {
                place: self.place.shown(),
            }),
            Err(failure) => Err(Self::failed(failure)),
        }
    }

    fn asked(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        let questions = Cell::new(0);
        let stopped = Cell::new(None);
        let (card, place) = (&mut self.card, &self.place);
        let mut send = |apdu: &[u8]| {
            let since = stopped.get().map_or(0, |at| questions.get() - at);
            if since > AFTER_STOP {
                return Err(Trouble::Silent { place: place.shown() });
            }
            card.transmit(apdu)
        };
        let mut notice = |state: Keepalive| {
            questions.set(questions.get() + 1);
            let breaks = notice(state).is_break() || questions.get() > QUESTIONS;
            if breaks && stopped.get().is_none() {
                stopped.set(Some(questions.get()));
            }
            thread::sleep(BETWEEN);
            match stopped.get() {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        };
        let answer = exchange_ctap(request, (Form::Short, Way::Polled), &mut send, &mut notice);
        match answer {
            Ok(answer) if stopped.get().is_some() && is_stopped(&answer) => Err(Trouble::Stopped),
            Ok(answer) if answer.is_empty() => Err(Trouble::Malformed {
                what: "an answer without a status".to_owned(),
            }),
            Ok(answer) => Ok(answer),
            Err(failure) => Err(Self::failed(failure)),
        }
    }

    fn failed(failure: Failure<Trouble>) -> Trouble {
        match failure {
            Failure::Send(trouble) => trouble,
            // Another program selected another application on the card meanwhile.
            Failure::Refused(StatusWord::UNKNOWN_INSTRUCTION | StatusWord::UNKNOWN_CLASS) => Trouble::Interrupted,
            Failure::Refused(status) => Trouble::Malformed {
                what: format!("the card refuses the message with {status}"),
            },
            Failure::Unreadable => Trouble::Malformed {
                what: "the card answered fewer than two bytes".to_owned(),
            },
            Failure::Endless => Trouble::Malformed {
                what: "the card's answer does not end".to_owned(),
            },
        }
    }
}

impl<C: Card> Link for CardLink<C> {
    fn exchange(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        let answer = self.asked(request, notice);
        if answer != Err(Trouble::Interrupted) {
            return answer;
        }
        // Whoever comes next finds the application selected. What the key is can be asked again; everything else builds
        // upon what the key has forgotten.
        self.renew()?;
        if request == [Command::GetInfo.byte()] {
            self.asked(request, notice)
        } else {
            answer
        }
    }

    fn renew(&mut self) -> Result<(), Trouble> {
        match self.select() {
            Err(Trouble::Interrupted) => {
                self.card.reconnect()?;
                self.select()
            }
            other => other,
        }
    }

    fn power_cycle(&mut self) -> Result<bool, Trouble> {
        self.card.power_cycle()?;
        self.select()?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod virtual_card;
