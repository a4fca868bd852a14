//! A key and the platform that it is plugged into.

use claviger_ctap::pin::{KeyPair, Pin, PinUvAuthToken, Protocol, SharedSecret};
use claviger_ctap::wire::client_pin::{ClientPin, Permissions, SubCommand};
use claviger_ctap::wire::cose::KeyAgreement;
use claviger_ctap::wire::{Body as _, Request, Status, part_response};
use claviger_virtual_key::{Authenticator, Link, State};

use crate::disk::Memory;
use crate::world::World;

pub(crate) const PIN: &str = "a1b2c3";
pub(crate) const SERIAL: &str = "CLV0000001";

pub(crate) struct Key {
    pub(crate) world: World,
    pub(crate) disk: Memory,
    pub(crate) authenticator: Authenticator,
    /// What the test sends with; the key has its own.
    pub(crate) platform: World,
}

impl Key {
    /// A new key with the power on.
    pub(crate) fn new() -> Self {
        Self::seeded(1)
    }

    pub(crate) fn seeded(seed: u64) -> Self {
        Self::on(Memory::default(), seed).unwrap()
    }

    /// A key with what a disk holds.
    pub(crate) fn on(disk: Memory, seed: u64) -> Option<Self> {
        let world = World::seeded(seed);
        let opened = Authenticator::open(Box::new(disk.clone()), Box::new(world.clone()), SERIAL);
        let mut authenticator = opened.ok()?;
        authenticator.power_on();
        Some(Self {
            world,
            disk,
            authenticator,
            platform: World::seeded(seed + 1_000),
        })
    }

    /// A new key with [`PIN`].
    pub(crate) fn with_pin() -> Self {
        let mut key = Self::new();
        key.set_pin(PIN).unwrap();
        key
    }

    pub(crate) fn state(&self) -> &State {
        self.authenticator.state()
    }

    pub(crate) fn power_cycle(&mut self) {
        self.authenticator.power_off();
        self.authenticator.power_on();
    }

    /// Sends bytes and gives back the status and the body.
    pub(crate) fn send(&mut self, message: &[u8]) -> Vec<u8> {
        self.authenticator.exchange(message, Link::Contact).unwrap()
    }

    pub(crate) fn status(&mut self, message: &[u8]) -> Status {
        Status::from(self.send(message)[0])
    }

    pub(crate) fn call<Q: Request>(&mut self, request: &Q) -> Result<Q::Response, Status> {
        let answer = self.send(&request.message());
        match part_response(&answer).unwrap() {
            (Status::Ok, body) => Ok(Q::Response::decode_response(body).unwrap()),
            (status, _) => Err(status),
        }
    }

    fn entropy(&self) -> impl FnMut(&mut [u8]) + use<> {
        let platform = self.platform.clone();
        move |target: &mut [u8]| platform.fill(target)
    }

    /// Agrees on a secret.
    pub(crate) fn agree(&mut self, protocol: Protocol) -> (KeyAgreement, SharedSecret) {
        let mut request = ClientPin::new(SubCommand::GetKeyAgreement);
        request.protocol = Some(protocol.number());
        let theirs = self.call(&request).unwrap().key_agreement.unwrap();
        let pair = KeyPair::generate(&mut self.entropy());
        (pair.public(), pair.agree(protocol, &theirs).unwrap())
    }

    pub(crate) fn encrypt(&self, secret: &SharedSecret, plain: &[u8]) -> Vec<u8> {
        secret.encrypt(plain, &mut self.entropy()).unwrap()
    }

    pub(crate) fn set_pin(&mut self, pin: &str) -> Result<(), Status> {
        let (ours, secret) = self.agree(Protocol::Two);
        let new = self.encrypt(&secret, &padded(pin));
        let mut request = ClientPin::new(SubCommand::SetPin);
        request.protocol = Some(2);
        request.key_agreement = Some(ours);
        request.pin_uv_auth_param = Some(secret.authenticate(&new));
        request.new_pin_enc = Some(new);
        self.call(&request).map(drop)
    }

    pub(crate) fn change_pin(&mut self, old: &str, new: &str) -> Result<(), Status> {
        let (ours, secret) = self.agree(Protocol::Two);
        let new = self.encrypt(&secret, &padded(new));
        let hash = self.encrypt(&secret, Pin::new(old).unwrap().hash().as_slice());
        let mut request = ClientPin::new(SubCommand::ChangePin);
        request.protocol = Some(2);
        request.key_agreement = Some(ours);
        request.pin_uv_auth_param = Some(secret.authenticate(&[new.as_slice(), &hash].concat()));
        request.new_pin_enc = Some(new);
        request.pin_hash_enc = Some(hash);
        self.call(&request).map(drop)
    }

    /// A token with permissions, or without any the one of CTAP 2.0.
    pub(crate) fn token_of(
        &mut self,
        protocol: Protocol,
        pin: &str,
        permissions: Option<Permissions>,
        rp_id: Option<&str>,
    ) -> Result<PinUvAuthToken, Status> {
        let (ours, secret) = self.agree(protocol);
        let sub = if permissions.is_some() {
            SubCommand::GetTokenUsingPin
        } else {
            SubCommand::GetPinToken
        };
        let mut request = ClientPin::new(sub);
        request.protocol = Some(protocol.number());
        request.key_agreement = Some(ours);
        request.pin_hash_enc = Some(self.encrypt(&secret, Pin::new(pin).unwrap().hash().as_slice()));
        request.permissions = permissions;
        request.rp_id = rp_id.map(str::to_owned);
        let encrypted = self.call(&request)?.pin_uv_auth_token.unwrap();
        Ok(PinUvAuthToken::from_bytes(protocol, secret.decrypt(&encrypted).unwrap()).unwrap())
    }

    pub(crate) fn token(&mut self, permissions: Permissions, rp_id: Option<&str>) -> PinUvAuthToken {
        self.token_of(Protocol::Two, PIN, Some(permissions), rp_id).unwrap()
    }

    /// Tries a PIN and gives back what the key says.
    pub(crate) fn try_pin(&mut self, pin: &str) -> Status {
        let acfg = Some(Permissions::AUTHENTICATOR_CONFIG);
        self.token_of(Protocol::Two, pin, acfg, None)
            .map_or_else(|status| status, |_| Status::Ok)
    }

    /// Uses up the tries of the PIN.
    pub(crate) fn block_pin(&mut self) {
        while self.state().pin_retries > 0 {
            if self.try_pin("wrong!") == Status::PinAuthBlocked {
                self.power_cycle();
            }
        }
    }
}

/// A PIN as it travels; also one that platforms would refuse.
pub(crate) fn padded(pin: &str) -> [u8; 64] {
    let mut padded = [0; 64];
    padded[..pin.len()].copy_from_slice(pin.as_bytes());
    padded
}
