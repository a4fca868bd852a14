//! The drivers by name, as device records have them.

/// How a device is unlocked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Driver {
    /// This protocol.
    Clv1,
    /// AES in ECB mode over a challenge of 16 bytes.
    AesEcb,
    /// Triple DES in ECB mode over a challenge of 8 bytes.
    TdesEcb,
    /// A PUK that does not change.
    StaticPuk,
    /// An admin PIN, at the key itself.
    AdminPin,
    /// Nothing: a plain FIDO2 key.
    None,
}

impl Driver {
    /// Every driver.
    pub const ALL: [Self; 6] = [
        Self::Clv1,
        Self::AesEcb,
        Self::TdesEcb,
        Self::StaticPuk,
        Self::AdminPin,
        Self::None,
    ];

    /// The name in records and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clv1 => "clv1",
            Self::AesEcb => "aes-ecb",
            Self::TdesEcb => "tdes-ecb",
            Self::StaticPuk => "static-puk",
            Self::AdminPin => "admin-pin",
            Self::None => "none",
        }
    }

    /// The driver of a name, which is compared exactly.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|driver| driver.as_str() == name)
    }

    /// Whether the device shows a challenge that somebody has to pass on.
    #[must_use]
    pub const fn has_challenge(self) -> bool {
        match self {
            Self::Clv1 | Self::AesEcb | Self::TdesEcb => true,
            Self::StaticPuk | Self::AdminPin | Self::None => false,
        }
    }

    /// Whether it is off until a tenant enables legacy cryptography.
    #[must_use]
    pub const fn is_legacy(self) -> bool {
        match self {
            Self::TdesEcb => true,
            Self::Clv1 | Self::AesEcb | Self::StaticPuk | Self::AdminPin | Self::None => false,
        }
    }
}
