//! What a challenge is asked for: the operations, by the one byte that enters every MAC.

/// An operation that a challenge authorises. Its code is part of the MAC, so that no answer serves another operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operation {
    /// A new PIN without losing a credential; the only one whose answer travels by voice.
    Unlock,
    /// Another management key, wrapped under the one that is replaced.
    ChangeKey,
    /// Another admin PIN, for physical admin mode.
    SetAdminPin,
    /// Out of management; credentials and PIN stay.
    Release,
    /// Another policy; what is not named stays.
    SetPolicy,
    /// Credentials and PIN cleared; management stays.
    FactoryReset,
    /// A new PIN set by the organisation.
    SetPinByAdmin,
}

impl Operation {
    /// Every operation, by ascending code.
    pub const ALL: [Self; 7] = [
        Self::Unlock,
        Self::ChangeKey,
        Self::SetAdminPin,
        Self::Release,
        Self::SetPolicy,
        Self::FactoryReset,
        Self::SetPinByAdmin,
    ];

    /// The byte on the wire and in MACs.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unlock => 0x01,
            Self::ChangeKey => 0x10,
            Self::SetAdminPin => 0x11,
            Self::Release => 0x12,
            Self::SetPolicy => 0x13,
            Self::FactoryReset => 0x14,
            Self::SetPinByAdmin => 0x15,
        }
    }

    /// The operation of a byte; none when the protocol has no such operation.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.code() == code)
    }

    /// Whether somebody has to touch the key before anything is counted or written.
    #[must_use]
    pub const fn needs_touch(self) -> bool {
        match self {
            Self::Unlock
            | Self::ChangeKey
            | Self::SetAdminPin
            | Self::Release
            | Self::FactoryReset
            | Self::SetPinByAdmin => true,
            Self::SetPolicy => false,
        }
    }

    /// Whether an admin token will do in place of an answered challenge.
    #[must_use]
    pub const fn takes_admin_token(self) -> bool {
        match self {
            Self::SetPolicy | Self::FactoryReset | Self::SetPinByAdmin => true,
            Self::Unlock | Self::ChangeKey | Self::SetAdminPin | Self::Release => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_and_others_are_none() {
        let known: Vec<u8> = (0..=255).filter(|code| Operation::of_code(*code).is_some()).collect();
        assert_eq!(known, [0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15]);
        assert!(
            Operation::ALL
                .iter()
                .all(|own| Operation::of_code(own.code()) == Some(*own))
        );
    }

    #[test]
    fn what_needs_touch_and_what_an_admin_token_opens() {
        let codes = |is: fn(Operation) -> bool| -> Vec<u8> {
            Operation::ALL
                .into_iter()
                .filter(|own| is(*own))
                .map(Operation::code)
                .collect()
        };
        assert_eq!(codes(Operation::needs_touch), [0x01, 0x10, 0x11, 0x12, 0x14, 0x15]);
        assert_eq!(codes(Operation::takes_admin_token), [0x13, 0x14, 0x15]);
    }
}
