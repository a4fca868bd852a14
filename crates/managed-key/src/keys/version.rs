//! Versions of a management key, and the check value that tells them apart.

use std::num::NonZeroU32;

use crate::code::{spread, written};

/// The version of a device's management key, from 1. One never repeats for a device, across its generations too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyVersion(NonZeroU32);

impl KeyVersion {
    /// The version that a device begins with.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The version of a number; there is no version 0.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// The number of the version.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The version after this one; none after four thousand million.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

/// The key check value: tells which of two live keys a device holds, and nothing else about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Kcv([u8; 3]);

impl Kcv {
    /// Takes what a key reported.
    #[must_use]
    pub const fn new(bytes: [u8; 3]) -> Self {
        Self(bytes)
    }

    /// The three bytes, for the wire.
    #[must_use]
    pub const fn using(&self) -> &[u8; 3] {
        &self.0
    }

    /// The value as people say it: 24 bits and a zero, in five symbols.
    #[must_use]
    pub fn spoken(&self) -> String {
        let [high, middle, low] = self.0;
        written(&spread::<5>(
            u128::from(u32::from_be_bytes([0, high, middle, low])) << 1,
        ))
    }
}
