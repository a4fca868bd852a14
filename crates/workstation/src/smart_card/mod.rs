//! A key in a PC/SC reader: SELECT of the FIDO application, and CTAP2 in `NFCCTAP_MSG` (CTAP 2.1 §11.3).

mod link;
mod reader;

use crate::trouble::Trouble;

pub(crate) use link::CardLink;
pub(crate) use reader::{ReaderCard, service, survey};

/// A card in a reader.
pub(crate) trait Card {
    /// Sends one APDU and returns its answer.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble>;

    /// Connects again after somebody else reset the card.
    fn reconnect(&mut self) -> Result<(), Trouble>;

    /// Switches the card off and on.
    fn power_cycle(&mut self) -> Result<(), Trouble>;
}
