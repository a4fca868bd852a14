//! The platform's side: a command goes out whole and its answer comes back whole, in as many APDUs as it takes.

use std::ops::ControlFlow;

use super::{Command, Form, GET_RESPONSE, NFCCTAP_GETRESPONSE, Response, StatusWord, Unreadable, Waiting, ctap};
use crate::hid::Keepalive;

/// Sends one APDU and gives back what the card answers.
pub type Sending<'a, E> = dyn FnMut(&[u8]) -> Result<Vec<u8>, E> + 'a;

/// No answer is longer.
const LONGEST: usize = 65_535;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure<E> {
    /// Sending failed.
    #[error(transparent)]
    Send(E),
    /// What came back is no response APDU.
    #[error("the card answered fewer than two bytes")]
    Unreadable,
    /// The card refuses.
    #[error("the card refuses with {0}")]
    Refused(StatusWord),
    /// The card promises more and more, or more than it gives.
    #[error("the card's answer does not end")]
    Endless,
}

/// Sends a command and collects the answer behind 61xx. The status word of the end comes with it, whatever it is; in the
/// middle of a chain only 9000 goes on.
pub fn exchange<E>(command: &Command, form: Form, send: &mut Sending<'_, E>) -> Result<Response, Failure<E>> {
    let apdus = command.apdus(form);
    let (last, links) = apdus.split_last().ok_or(Failure::Unreadable)?;
    for link in links {
        let response = once(link, send)?;
        if response.status != StatusWord::OK {
            return Err(Failure::Refused(response.status));
        }
    }
    let mut response = once(last, send)?;
    if let Some(wanted) = response.status.exactly() {
        let again = Command {
            wanted: Some(wanted),
            ..command.clone()
        };
        let apdus = again.apdus(form);
        response = once(apdus.last().ok_or(Failure::Unreadable)?, send)?;
    }
    while let Some(more) = response.status.more() {
        let next = Command::new([0x00, GET_RESPONSE, 0x00, 0x00], &[]).answered(more);
        let part = next
            .apdus(Form::Short)
            .iter()
            .map(|apdu| once(apdu, send))
            .next_back()
            .ok_or(Failure::Unreadable)??;
        if part.data.is_empty() && part.status.more().is_some() || response.data.len() > LONGEST {
            return Err(Failure::Endless);
        }
        response.data.extend(part.data);
        response.status = part.status;
    }
    Ok(response)
}

fn once<E>(apdu: &[u8], send: &mut Sending<'_, E>) -> Result<Response, Failure<E>> {
    let answered = send(apdu).map_err(Failure::Send)?;
    Response::decode(&answered).map_err(|Unreadable| Failure::Unreadable)
}

/// Sends a message of CTAP2 and gives back its answer: status and body. With [`Waiting::Polled`] the card may say that it
/// is still at it, and is asked again until `notice` breaks off, which cancels (P1 = 0x11; CTAP §11.3). `notice` is
/// the one who takes the time between two questions.
pub fn exchange_ctap<E>(
    message: &[u8],
    (form, waiting): (Form, Waiting),
    send: &mut Sending<'_, E>,
    notice: &mut dyn FnMut(Keepalive) -> ControlFlow<()>,
) -> Result<Vec<u8>, Failure<E>> {
    let mut response = exchange(&ctap(message, waiting), form, send)?;
    while response.status == StatusWord::UNDER_WAY && waiting == Waiting::Polled {
        let state = response.data.first().copied().unwrap_or(1);
        let p1 = match notice(state.into()) {
            ControlFlow::Continue(()) => 0x00,
            ControlFlow::Break(()) => 0x11,
        };
        let ask = Command::new([0x80, NFCCTAP_GETRESPONSE, p1, 0x00], &[]).answered(65_536);
        response = exchange(&ask, form, send)?;
    }
    if response.status == StatusWord::OK {
        Ok(response.data)
    } else {
        Err(Failure::Refused(response.status))
    }
}
