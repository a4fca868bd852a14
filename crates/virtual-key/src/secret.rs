//! Byte strings that are secrets: wiped when dropped, compared in constant time, never printed.

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret of `N` bytes.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes the bytes over.
    #[must_use]
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// A secret of random bytes.
    pub(crate) fn random(machine: &mut dyn crate::Machine) -> Self {
        let mut bytes = [0; N];
        machine.entropy(&mut bytes);
        Self(bytes)
    }

    /// The bytes, for a computation.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// Whether `other` is the same secret; takes as long for a near miss as for a far one.
    pub(crate) fn is(&self, other: &[u8]) -> bool {
        self.0.ct_eq(other).into()
    }
}

impl<const N: usize, C> minicbor::Encode<C> for Secret<N> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, const N: usize, C> minicbor::Decode<'b, C> for Secret<N> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let bytes = d.bytes()?;
        let bytes = bytes
            .try_into()
            .map_err(|_| decode::Error::message("a secret of another length"))?;
        Ok(Self(bytes))
    }
}
