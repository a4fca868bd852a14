//! Receipts: 40 bits by which a key says that it was unlocked. Without parity: one that does not fit is asked for again.

use subtle::ConstantTimeEq;

use super::fault::CodeFault;
use super::symbols::{gather, number, spread, written};
use super::typed;

/// What a key shows after an unlock, and what the server expects for its answer.
#[derive(Clone, Copy)]
pub struct Receipt([u8; 5]);

impl Receipt {
    /// Takes the 40 bits of the MAC.
    #[must_use]
    pub const fn new(mac: [u8; 5]) -> Self {
        Self(mac)
    }

    /// Reads 8 symbols as somebody typed them.
    pub fn read(typed: &str) -> Result<Self, CodeFault> {
        let symbols = typed::symbols::<8>(typed)?;
        let [_, _, _, _, _, _, _, _, _, _, _, mac @ ..] = gather(symbols.as_slice()).to_be_bytes();
        Ok(Self(mac))
    }

    /// The receipt as it is shown: 8 symbols.
    #[must_use]
    pub fn shown(&self) -> String {
        written(&spread::<8>(number(&self.0)))
    }

    /// The 40 bits, for the wire.
    #[must_use]
    pub const fn using(&self) -> &[u8; 5] {
        &self.0
    }

    /// Whether both are the same; takes as long wherever they differ.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}
