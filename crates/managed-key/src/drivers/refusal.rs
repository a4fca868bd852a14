//! Why a device is not unlocked, in words that name the next step.

use crate::code::CodeFault;

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnlockRefusal {
    /// The challenge is mistyped. It costs nothing.
    #[error(transparent)]
    Mistyped(#[from] CodeFault),
    /// The challenge is not of the device that was chosen.
    #[error("the challenge comes from another device: compare the Device ID")]
    OtherDevice,
    /// The driver needs a challenge.
    #[error("the device shows a challenge, which is needed")]
    ChallengeMissing,
    /// The driver has no challenge: the device is not what it was taken for.
    #[error("a device of this kind shows no challenge")]
    ChallengeNotTaken,
    /// Everybody knows the secret.
    #[error("the device still has a factory-default key: change it at the device before it can be unlocked from afar")]
    FactoryDefault,
    /// The tenant has not enabled the cipher.
    #[error("the device needs triple DES, and legacy cryptography is off for this tenant")]
    LegacyOff,
    /// The admin PIN is typed at the key.
    #[error("the admin PIN is typed at the key itself and not passed on: bring the key to an administrator")]
    PhysicalOnly,
    /// Nothing can unlock it.
    #[error(
        "a plain FIDO2 key cannot be unlocked: a reset makes it usable and deletes every credential on it; enrol it again"
    )]
    NothingToUnlock,
}

/// Why a secret is not one of its driver. Says lengths and nothing of its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SecretFault {
    /// AES has keys of three lengths.
    #[error("an AES key has 16, 24 or 32 bytes, this one has {0}")]
    AesLength(usize),
    /// A PUK is short text.
    #[error("a PUK has 6 to 8 printable ASCII characters without blanks")]
    Puk,
}
