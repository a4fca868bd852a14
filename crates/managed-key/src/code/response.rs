//! Responses: 80 bits of a MAC and four symbols of parity, to be read aloud once.

use zeroize::Zeroizing;

use super::fault::CodeFault;
use super::parity::{parity, syndromes, wrong_group};
use super::symbols::{gather, grouped, number, spread};
use super::typed;

/// The answer to a challenge. Whoever has it sets a new PIN on that key, once. Wiped when dropped.
#[derive(Clone)]
pub struct Response(Zeroizing<[u8; 10]>);

impl Response {
    /// Takes the 80 bits of the MAC.
    #[must_use]
    pub const fn new(mac: Zeroizing<[u8; 10]>) -> Self {
        Self(mac)
    }

    /// Reads what somebody typed. A mistake is named, never mended, and costs no try.
    pub fn read(typed: &str) -> Result<Self, CodeFault> {
        let symbols = typed::symbols::<20>(typed)?;
        match syndromes(symbols.as_slice()) {
            [0, 0, 0, 0] => {
                let [data @ .., _, _, _, _] = *symbols;
                let [_, _, _, _, _, _, mac @ ..] = gather(&data).to_be_bytes();
                Ok(Self(Zeroizing::new(mac)))
            }
            wrong => {
                Err(wrong_group(wrong, symbols.len(), 0).map_or(CodeFault::Whole, |group| CodeFault::Group { group }))
            }
        }
    }

    /// The response as it is shown: 5 groups of 4.
    #[must_use]
    pub fn shown(&self) -> Zeroizing<String> {
        let data: Zeroizing<[u8; 16]> = Zeroizing::new(spread(number(self.0.as_slice())));
        let word = Zeroizing::new([data.as_slice(), &parity(data.as_slice())].concat());
        Zeroizing::new(grouped(&word))
    }

    /// The 80 bits, for the wire.
    #[must_use]
    pub fn using(&self) -> &[u8; 10] {
        &self.0
    }
}
