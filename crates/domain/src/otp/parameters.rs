//! What a token is set to: what moves its codes, how they are computed, how long they are.

/// What moves from code to code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A counter of presses (RFC 4226).
    Hotp,
    /// A clock (RFC 6238).
    Totp,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hotp, Self::Totp];

    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hotp => "hotp",
            Self::Totp => "totp",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The hash inside HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// HMAC-SHA-1, the only one of RFC 4226.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == word)
    }
}

/// A number that no token of this product can be set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownParameter {
    /// RFC 4226 §5.3 asks for at least six digits; more than eight would repeat what is already known.
    #[error("codes of {0} digits are not supported; 6, 7 and 8 are")]
    Digits(u64),
    /// Other steps are not in use.
    #[error("a time step of {0} seconds is not supported; 30 and 60 are")]
    TimeStep(u64),
}

/// How many digits a code has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digits {
    /// 000000 to 999999.
    Six,
    /// 0000000 to 9999999.
    Seven,
    /// 00000000 to 99999999.
    Eight,
}

impl Digits {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Six, Self::Seven, Self::Eight];

    /// Takes a number of digits.
    pub fn new(number: u64) -> Result<Self, UnknownParameter> {
        let known = Self::ALL.into_iter().find(|digits| u64::from(digits.get()) == number);
        known.ok_or(UnknownParameter::Digits(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
            Self::Eight => 8,
        }
    }

    /// How many different codes there are.
    pub(super) const fn codes(self) -> u32 {
        match self {
            Self::Six => 1_000_000,
            Self::Seven => 10_000_000,
            Self::Eight => 100_000_000,
        }
    }
}

/// How long a TOTP code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeStep {
    /// 30 seconds.
    Thirty,
    /// 60 seconds.
    Sixty,
}

impl TimeStep {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Thirty, Self::Sixty];

    /// Takes a number of seconds.
    pub fn new(seconds: u64) -> Result<Self, UnknownParameter> {
        let known = Self::ALL.into_iter().find(|step| u64::from(step.seconds()) == seconds);
        known.ok_or(UnknownParameter::TimeStep(seconds))
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u8 {
        match self {
            Self::Thirty => 30,
            Self::Sixty => 60,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Movement {
    Counter,
    Clock(TimeStep),
}

/// What a token is set to. Only a TOTP token has a time step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parameters {
    movement: Movement,
    algorithm: Algorithm,
    digits: Digits,
}

impl Parameters {
    /// Of a token that counts presses.
    #[must_use]
    pub const fn hotp(algorithm: Algorithm, digits: Digits) -> Self {
        Self {
            movement: Movement::Counter,
            algorithm,
            digits,
        }
    }

    /// Of a token with a clock.
    #[must_use]
    pub const fn totp(algorithm: Algorithm, digits: Digits, time_step: TimeStep) -> Self {
        Self {
            movement: Movement::Clock(time_step),
            algorithm,
            digits,
        }
    }

    /// What moves its codes.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self.movement {
            Movement::Counter => Kind::Hotp,
            Movement::Clock(_) => Kind::Totp,
        }
    }

    /// The hash inside HMAC.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    /// How many digits its codes have.
    #[must_use]
    pub const fn digits(self) -> Digits {
        self.digits
    }

    /// How long a code is shown; none for HOTP.
    #[must_use]
    pub const fn time_step(self) -> Option<TimeStep> {
        match self.movement {
            Movement::Counter => None,
            Movement::Clock(step) => Some(step),
        }
    }
}
