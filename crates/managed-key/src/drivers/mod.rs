//! How a kind of device is unlocked. The device's record chooses the driver; the shape of a typed text never does, because 32
//! hexadecimal digits are also 32 symbols of Crockford's alphabet.

mod admin_pin;
mod aes_ecb;
mod answer;
mod clv1;
mod factory_default;
mod hexadecimal;
mod name;
mod none;
mod refusal;
mod static_puk;
mod tdes_ecb;

#[cfg(test)]
mod tests;

pub use aes_ecb::AesEcbKey;
pub use answer::{Aftermath, Answer, Expected};
pub use name::Driver;
pub use refusal::{SecretFault, UnlockRefusal};
pub use static_puk::{Puk, PukForm};
pub use tdes_ecb::TdesEcbKey;

use crate::Serial;
use crate::code::AdminPin;
use crate::keys::DeviceKey;

/// Whether a tenant takes the responsibility for ciphers that are no longer advised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LegacyCryptography {
    /// Off, as it is until somebody enables it.
    Off,
    /// Enabled by the tenant.
    Enabled,
}

/// What unlocks one device: the driver of its record, with the secret that this driver has. Wiped when dropped.
#[derive(Clone)]
pub enum UnlockSecret {
    /// A managed key of this protocol.
    Clv1 {
        /// Its management key.
        key: DeviceKey,
        /// The serial that it reported at enrolment.
        serial: Serial,
    },
    /// Challenge and response as smart-card minidrivers and PIV's management key do it, with AES.
    AesEcb(AesEcbKey),
    /// The same with triple DES.
    TdesEcb(TdesEcbKey),
    /// A PUK that is the same each time.
    StaticPuk {
        /// The PUK.
        puk: Puk,
        /// How it is to be typed.
        form: PukForm,
    },
    /// An admin PIN, typed at the key.
    AdminPin(AdminPin),
    /// A plain FIDO2 key.
    None,
}

impl UnlockSecret {
    /// The driver that it is for.
    #[must_use]
    pub const fn driver(&self) -> Driver {
        match self {
            Self::Clv1 { .. } => Driver::Clv1,
            Self::AesEcb(_) => Driver::AesEcb,
            Self::TdesEcb(_) => Driver::TdesEcb,
            Self::StaticPuk { .. } => Driver::StaticPuk,
            Self::AdminPin(_) => Driver::AdminPin,
            Self::None => Driver::None,
        }
    }

    /// Whether it is one that makers deliver or manuals print: whoever reads the manual unlocks the device.
    #[must_use]
    pub fn is_factory_default(&self) -> bool {
        match self {
            Self::Clv1 { key, .. } => factory_default::is_well_known(key.using()),
            Self::AesEcb(key) => factory_default::is_well_known(key.using()),
            Self::TdesEcb(key) => factory_default::is_well_known(key.using()),
            Self::StaticPuk { puk, .. } => factory_default::is_well_known(puk.using().as_bytes()),
            Self::AdminPin(pin) => factory_default::is_well_known(pin.text().as_bytes()),
            Self::None => false,
        }
    }

    /// What is told to the person at the device, for the challenge that it shows; none for drivers that have no challenge.
    ///
    /// It refuses rather than answering for another device, or with a secret that everybody knows.
    pub fn answer(&self, typed: Option<&str>, legacy: LegacyCryptography) -> Result<Answer, UnlockRefusal> {
        if self.driver().is_legacy() && legacy == LegacyCryptography::Off {
            return Err(UnlockRefusal::LegacyOff);
        }
        if self.is_factory_default() {
            return Err(UnlockRefusal::FactoryDefault);
        }
        match self {
            Self::Clv1 { key, serial } => clv1::answer(key, serial, asked(typed)?),
            Self::AesEcb(key) => key.answer(asked(typed)?),
            Self::TdesEcb(key) => key.answer(asked(typed)?),
            Self::StaticPuk { puk, form } => not_asked(typed).map(|()| puk.answer(*form)),
            Self::AdminPin(_) => Err(admin_pin::refusal()),
            Self::None => Err(none::refusal()),
        }
    }
}

fn asked(typed: Option<&str>) -> Result<&str, UnlockRefusal> {
    typed.ok_or(UnlockRefusal::ChallengeMissing)
}

const fn not_asked(typed: Option<&str>) -> Result<(), UnlockRefusal> {
    match typed {
        None => Ok(()),
        Some(_) => Err(UnlockRefusal::ChallengeNotTaken),
    }
}
