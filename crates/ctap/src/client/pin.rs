//! PINs and tokens: `authenticatorClientPIN`, CTAP §6.5.5, with the traps of older and newer keys.

use super::{Client, Error, PinRefusal, Transport};
use crate::pin::{KeyPair, LEAST_CODE_POINTS, Pin, PinUvAuthToken, Protocol, SharedSecret};
use crate::wire::Status;
use crate::wire::client_pin::{ClientPin, Permissions, Response, SubCommand};
use crate::wire::cose::KeyAgreement;

/// How many wrong PINs a key still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinRetries {
    /// How many are left; with 0 the PIN is blocked.
    pub left: u32,
    /// Nothing is tried until the key was without power, whatever is left (CTAP §6.5.5.2, `powerCycleState`). Keys of
    /// CTAP 2.0 do not say.
    pub needs_power_cycle: bool,
}

impl<T: Transport> Client<T> {
    /// `getPINRetries`: needs no PIN and costs nothing.
    pub fn pin_retries(&mut self) -> Result<PinRetries, Error<T::Error>> {
        let asked = "getPINRetries";
        let response = self.ask(asked, &ClientPin::new(SubCommand::GetPinRetries))?;
        let what = "pinRetries (0x03) is missing";
        Ok(PinRetries {
            left: response.pin_retries.ok_or(Error::Absurd { asked, what })?,
            needs_power_cycle: response.power_cycle_state.unwrap_or(false),
        })
    }

    /// `getUVRetries`: how many failed verifications a key with a sensor still takes.
    pub fn uv_retries(&mut self) -> Result<u32, Error<T::Error>> {
        let asked = "getUVRetries";
        let response = self.ask(asked, &ClientPin::new(SubCommand::GetUvRetries))?;
        let what = "uvRetries (0x05) is missing";
        response.uv_retries.ok_or(Error::Absurd { asked, what })
    }

    /// `setPIN`: the first PIN of a key that has none.
    pub fn set_pin(&mut self, new: &Pin) -> Result<(), Error<T::Error>> {
        if self.has_pin()? {
            return Err(PinRefusal::AlreadySet.into());
        }
        self.fits(new)?;
        let (ours, secret) = self.agree()?;
        let new_pin_enc = secret.encrypt(new.padded().as_ref(), &mut self.entropy)?;
        let request = ClientPin {
            pin_uv_auth_param: Some(secret.authenticate(&new_pin_enc)),
            new_pin_enc: Some(new_pin_enc),
            ..with(SubCommand::SetPin, &secret, ours)
        };
        let answered = self.ask("setPIN", &request);
        self.explained(answered, PinRefusal::Policy)?;
        self.reread()
    }

    /// `changePIN`: another PIN, for who knows the one that is set. It is taken also where a change is forced.
    pub fn change_pin(&mut self, current: &Pin, new: &Pin) -> Result<(), Error<T::Error>> {
        if !self.has_pin()? {
            return Err(PinRefusal::NotSet.into());
        }
        self.fits(new)?;
        let (ours, secret) = self.agree()?;
        let new_pin_enc = secret.encrypt(new.padded().as_ref(), &mut self.entropy)?;
        let pin_hash_enc = secret.encrypt(current.hash().as_ref(), &mut self.entropy)?;
        let both = [new_pin_enc.as_slice(), &pin_hash_enc].concat();
        let request = ClientPin {
            pin_uv_auth_param: Some(secret.authenticate(&both)),
            new_pin_enc: Some(new_pin_enc),
            pin_hash_enc: Some(pin_hash_enc),
            ..with(SubCommand::ChangePin, &secret, ours)
        };
        let answered = self.ask("changePIN", &request);
        self.explained(answered, PinRefusal::Policy)?;
        self.reread()
    }

    /// A pinUvAuthToken for who knows the PIN: with permissions where the key has them (0x09), else the one of CTAP 2.0
    /// (0x05), which is good for everything. `mc` and `ga` need a relying party.
    pub fn pin_token(
        &mut self,
        pin: &Pin,
        permissions: Permissions,
        rp_id: Option<&str>,
    ) -> Result<PinUvAuthToken, Error<T::Error>> {
        if !self.has_pin()? {
            return Err(PinRefusal::NotSet.into());
        }
        // The key would refuse, some as if the PIN were wrong (CTAP §6.5.5.7.1); it is not asked.
        if self.info.force_pin_change == Some(true) {
            return Err(PinRefusal::ChangeForced.into());
        }
        let (ours, secret) = self.agree()?;
        let pin_hash_enc = Some(secret.encrypt(pin.hash().as_ref(), &mut self.entropy)?);
        let request = if self.info.option("pinUvAuthToken") == Some(true) {
            ClientPin {
                pin_hash_enc,
                permissions: Some(permissions),
                rp_id: rp_id.map(str::to_owned),
                ..with(SubCommand::GetTokenUsingPin, &secret, ours)
            }
        } else {
            ClientPin {
                pin_hash_enc,
                ..with(SubCommand::GetPinToken, &secret, ours)
            }
        };
        let answered = self.ask("getPinToken", &request);
        let response = self.explained(answered, PinRefusal::ChangeForced)?;
        opened(response, &secret)
    }

    /// A pinUvAuthToken for who verifies on the key's own sensor (0x06). `mc` and `ga` need a relying party.
    pub fn uv_token(
        &mut self,
        permissions: Permissions,
        rp_id: Option<&str>,
    ) -> Result<PinUvAuthToken, Error<T::Error>> {
        if self.info.option("uv") != Some(true) || self.info.option("pinUvAuthToken") != Some(true) {
            return Err(Error::Unsupported("verification of its own that is set up"));
        }
        let (ours, secret) = self.agree()?;
        let request = ClientPin {
            permissions: Some(permissions),
            rp_id: rp_id.map(str::to_owned),
            ..with(SubCommand::GetTokenUsingUv, &secret, ours)
        };
        let response = self.ask("getUvToken", &request)?;
        opened(response, &secret)
    }

    /// Whether a PIN is set; an error where the key takes none.
    fn has_pin(&self) -> Result<bool, Error<T::Error>> {
        self.info.option("clientPin").ok_or(Error::Unsupported("PIN"))
    }

    /// Refuses what the key would, before it is asked.
    fn fits(&self, new: &Pin) -> Result<(), PinRefusal> {
        new.at_least(self.info.min_pin_length.unwrap_or(LEAST_CODE_POINTS))?;
        match self.info.max_pin_length {
            Some(most) if new.code_points() > most => Err(PinRefusal::TooLong(most)),
            Some(_) | None => Ok(()),
        }
    }

    /// `getKeyAgreement`, with a new key pair of ours, in the protocol that the key likes best among those known here.
    /// Keys that list none have protocol one (CTAP §6.4).
    fn agree(&mut self) -> Result<(KeyAgreement, SharedSecret), Error<T::Error>> {
        let listed = &self.info.pin_uv_auth_protocols;
        let known = listed.iter().find_map(|number| Protocol::of(*number));
        let protocol = known.or(listed.is_empty().then_some(Protocol::One));
        let protocol = protocol.ok_or(Error::Unsupported("PIN/UV auth protocol that is known here"))?;
        let asked = "getKeyAgreement";
        let request = ClientPin {
            protocol: Some(protocol.number()),
            ..ClientPin::new(SubCommand::GetKeyAgreement)
        };
        let what = "keyAgreement (0x01) is missing";
        let theirs = self
            .ask(asked, &request)?
            .key_agreement
            .ok_or(Error::Absurd { asked, what })?;
        let pair = KeyPair::generate(&mut self.entropy);
        Ok((pair.public(), pair.agree(protocol, &theirs)?))
    }

    /// Says what a refusal of a PIN means; 0x37 means `policy` here.
    fn explained(
        &mut self,
        answered: Result<Response, Error<T::Error>>,
        policy: PinRefusal,
    ) -> Result<Response, Error<T::Error>> {
        let Err(error) = answered else { return answered };
        let refusal = match error.status() {
            Some(Status::PinInvalid) => match self.tries_left() {
                Some(0) => PinRefusal::Blocked,
                left => PinRefusal::Wrong(left),
            },
            Some(Status::PinAuthBlocked) => match self.tries_left() {
                Some(0) => PinRefusal::Blocked,
                left => PinRefusal::PowerCycle(left),
            },
            Some(Status::PinBlocked) => PinRefusal::Blocked,
            Some(Status::PinNotSet) => PinRefusal::NotSet,
            Some(Status::PinPolicyViolation) => policy,
            _ => return Err(error),
        };
        Err(refusal.into())
    }

    /// The tries that are left, if the key says: what went wrong before is the news, not that this failed.
    fn tries_left(&mut self) -> Option<u32> {
        self.pin_retries().ok().map(|retries| retries.left)
    }
}

/// A request in a protocol, with our half of the key agreement.
fn with(sub_command: SubCommand, secret: &SharedSecret, ours: KeyAgreement) -> ClientPin {
    ClientPin {
        protocol: Some(secret.protocol().number()),
        key_agreement: Some(ours),
        ..ClientPin::new(sub_command)
    }
}

/// The token in a response.
fn opened<E>(response: Response, secret: &SharedSecret) -> Result<PinUvAuthToken, Error<E>> {
    let absurd = |what| Error::Absurd {
        asked: "getPinToken",
        what,
    };
    let encrypted = response
        .pin_uv_auth_token
        .ok_or(absurd("pinUvAuthToken (0x02) is missing"))?;
    let token = secret.decrypt(&encrypted)?;
    PinUvAuthToken::from_bytes(secret.protocol(), token).ok_or(absurd("the token has a length that cannot be"))
}
