//! Command bytes.

/// A command of CTAP §6, or a byte of those that vendors may take (0x40–0xBF).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `authenticatorMakeCredential`, §6.1.
    MakeCredential,
    /// `authenticatorGetAssertion`, §6.2.
    GetAssertion,
    /// `authenticatorGetInfo`, §6.4.
    GetInfo,
    /// `authenticatorClientPIN`, §6.5.
    ClientPin,
    /// `authenticatorReset`, §6.6.
    Reset,
    /// `authenticatorGetNextAssertion`, §6.3.
    GetNextAssertion,
    /// `authenticatorBioEnrollment`, §6.7.
    BioEnrollment,
    /// `authenticatorCredentialManagement`, §6.8.
    CredentialManagement,
    /// `authenticatorSelection`, §6.9.
    Selection,
    /// `authenticatorLargeBlobs`, §6.10.
    LargeBlobs,
    /// `authenticatorConfig`, §6.11.
    Config,
    /// Any other byte.
    Other(u8),
}

const BYTES: [(Command, u8); 11] = [
    (Command::MakeCredential, 0x01),
    (Command::GetAssertion, 0x02),
    (Command::GetInfo, 0x04),
    (Command::ClientPin, 0x06),
    (Command::Reset, 0x07),
    (Command::GetNextAssertion, 0x08),
    (Command::BioEnrollment, 0x09),
    (Command::CredentialManagement, 0x0A),
    (Command::Selection, 0x0B),
    (Command::LargeBlobs, 0x0C),
    (Command::Config, 0x0D),
];

impl Command {
    /// `authenticatorCredentialManagement` as `FIDO_2_1_PRE` keys know it.
    pub const CREDENTIAL_MANAGEMENT_PREVIEW: Self = Self::Other(0x41);

    /// The byte on the wire.
    #[must_use]
    pub fn byte(self) -> u8 {
        if let Self::Other(byte) = self {
            return byte;
        }
        let known = BYTES.iter().find(|(command, _)| *command == self);
        known.map_or(0, |(_, byte)| *byte)
    }
}

impl From<u8> for Command {
    fn from(byte: u8) -> Self {
        let known = BYTES.iter().find(|(_, own)| *own == byte);
        known.map_or(Self::Other(byte), |(command, _)| *command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        assert!((0..=u8::MAX).all(|byte| Command::from(byte).byte() == byte));
        assert_eq!(Command::from(0x0D), Command::Config);
        assert_eq!(Command::from(0xB4), Command::Other(0xB4));
    }
}
