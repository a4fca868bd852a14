//! What an unlock hands out, and what it leaves to do.

use zeroize::Zeroizing;

use crate::code::Receipt;

/// What the person at the device is told. Showing it is for the caller to record first.
pub struct Answer {
    /// The text to be typed. Wiped when dropped.
    pub text: Zeroizing<String>,
    /// SHA-256 of the challenge in its normalised form: answered once, and kept in place of the challenge.
    pub challenge_hash: Option<[u8; 32]>,
    /// What a managed key says about itself, and will say when it was unlocked.
    pub expected: Option<Expected>,
    /// What follows.
    pub aftermath: Aftermath,
}

/// What a managed key's challenge told, and what it answers after a success.
#[derive(Clone, Copy)]
pub struct Expected {
    /// The receipt of this unlock.
    pub receipt: Receipt,
    /// The key's count of unlocks before this one, modulo 1,024. It is not authenticated until there is a receipt.
    pub unlock_seq: u16,
}

/// What an answer leaves to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Aftermath {
    /// Nothing: the answer is of no use for anything else.
    Nothing,
    /// The answer opens the whole admin role on that host: the key is changed at the next contact.
    RotateKey,
    /// The secret itself was shown and is burnt: it is changed at the next contact.
    RotateBurnt,
}

impl Aftermath {
    /// Whether the device is flagged for rotation.
    #[must_use]
    pub const fn needs_rotation(self) -> bool {
        match self {
            Self::Nothing => false,
            Self::RotateKey | Self::RotateBurnt => true,
        }
    }
}
