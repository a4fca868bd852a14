//! The subcommands of `0xB4`.

/// What a request asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SubCommand {
    /// State and counters; always allowed.
    GetStatus,
    /// Takes the key into management.
    Enrol,
    /// A challenge for an operation.
    GetChallenge,
    /// A new PIN against a response.
    Unlock,
    /// An administrative operation.
    AdminCommand,
    /// An admin token against the admin PIN.
    AdminPinLogin,
    /// An attested public key to encrypt to; always allowed.
    GetKeyAgreement,
}

impl SubCommand {
    /// Every subcommand, by ascending code.
    pub const ALL: [Self; 7] = [
        Self::GetStatus,
        Self::Enrol,
        Self::GetChallenge,
        Self::Unlock,
        Self::AdminCommand,
        Self::AdminPinLogin,
        Self::GetKeyAgreement,
    ];

    /// The byte on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::GetStatus => 0x01,
            Self::Enrol => 0x02,
            Self::GetChallenge => 0x03,
            Self::Unlock => 0x04,
            Self::AdminCommand => 0x05,
            Self::AdminPinLogin => 0x06,
            Self::GetKeyAgreement => 0x07,
        }
    }

    /// The subcommand of a byte.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.code() == code)
    }
}
