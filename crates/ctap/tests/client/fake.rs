//! A key in a few lines: real PIN/UV auth protocols, scripted everything else.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;

use claviger_ctap::client::{Client, Notice, Transport};
use claviger_ctap::hid::Keepalive;
use claviger_ctap::pin::{KeyPair, PADDED, Pin, PinUvAuthToken, Protocol, code_points, unpad};
use claviger_ctap::wire::cbor::Fault;
use claviger_ctap::wire::client_pin::{ClientPin, Permissions, Response, SubCommand};
use claviger_ctap::wire::config::{self, Config, SetMinPinLength};
use claviger_ctap::wire::get_info::Info;
use claviger_ctap::wire::{Body, Command, Nothing, Status, part_request, success};
use sha2::{Digest as _, Sha256};

/// Why the cable carried nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the key was pulled out")]
    Pulled,
    #[error("no application is selected")]
    NotSelected,
}

/// What the key keeps.
pub(crate) struct Key {
    pub(crate) info: Info,
    pub(crate) retries: u32,
    pub(crate) token: Option<PinUvAuthToken>,
    /// What a token was last asked for.
    pub(crate) asked_for: (Option<Permissions>, Option<String>),
    /// Every message that came.
    pub(crate) log: Vec<Vec<u8>>,
    /// Answers to what this key does not know itself.
    pub(crate) script: VecDeque<Vec<u8>>,
    pub(crate) touched: bool,
    pub(crate) is_pulled: bool,
    /// The key is pulled out after it has answered as many messages.
    pub(crate) pulled_after: Option<usize>,
    is_selected: bool,
    misses: u32,
    pair: KeyPair,
    pin: Option<([u8; 16], u32)>,
}

/// The cable to a key, which the test holds by another hand.
#[derive(Clone)]
pub(crate) struct Cable(pub(crate) Rc<RefCell<Key>>);

pub(crate) fn info(protocols: &[u8], options: &[(&str, bool)]) -> Info {
    Info {
        versions: vec!["FIDO_2_0".to_owned(), "FIDO_2_1".to_owned()],
        options: options.iter().map(|(name, set)| ((*name).to_owned(), *set)).collect(),
        pin_uv_auth_protocols: protocols.to_vec(),
        max_msg_size: Some(1_200),
        ..Info::default()
    }
}

/// A key of CTAP 2.1 without a PIN.
pub(crate) fn fresh() -> Cable {
    let options = [
        ("clientPin", false),
        ("pinUvAuthToken", true),
        ("authnrCfg", true),
        ("setMinPINLength", true),
        ("alwaysUv", false),
        ("ep", false),
        ("credMgmt", true),
        ("largeBlobs", true),
    ];
    Cable::with(info(&[2, 1], &options))
}

impl Cable {
    pub(crate) fn with(info: Info) -> Self {
        let key = Key {
            info,
            retries: 8,
            token: None,
            asked_for: (None, None),
            log: Vec::new(),
            script: VecDeque::new(),
            touched: true,
            is_pulled: false,
            pulled_after: None,
            is_selected: true,
            misses: 0,
            pair: KeyPair::from_bytes(&[9; 32]).unwrap(),
            pin: None,
        };
        Self(Rc::new(RefCell::new(key)))
    }

    /// A client whose entropy counts and who breaks off when the key waits for a touch that does not come.
    pub(crate) fn client(&self) -> Client<Self> {
        let mut next = 0_u8;
        let entropy = move |into: &mut [u8]| {
            for byte in into {
                next = next.wrapping_add(1);
                *byte = next;
            }
        };
        Client::open(self.clone(), entropy, |_| ControlFlow::Break(())).unwrap()
    }

    /// A client of the key after its first PIN was set.
    pub(crate) fn with_pin(&self, pin: &str) -> Client<Self> {
        let mut client = self.client();
        client.set_pin(&Pin::new(pin).unwrap()).unwrap();
        client
    }

    pub(crate) fn power_cycle(&self) {
        let mut key = self.0.borrow_mut();
        key.misses = 0;
        key.token = None;
    }

    pub(crate) fn answers(&self, script: impl IntoIterator<Item = Vec<u8>>) {
        self.0.borrow_mut().script.extend(script);
    }

    /// The command bytes that came, and the byte behind the map's first key for `clientPIN`.
    pub(crate) fn commands(&self) -> Vec<u8> {
        self.0.borrow().log.iter().map(|message| message[0]).collect()
    }
}

impl Transport for Cable {
    type Error = Broken;

    fn exchange(&mut self, message: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Broken> {
        let mut key = self.0.borrow_mut();
        if key.is_pulled {
            return Err(Broken::Pulled);
        }
        if !key.is_selected {
            return Err(Broken::NotSelected);
        }
        key.log.push(message.to_vec());
        if !key.touched && notice(Keepalive::UserPresenceNeeded).is_break() {
            return Ok(vec![Status::KeepaliveCancel.byte()]);
        }
        key.is_pulled = key.pulled_after == Some(key.log.len());
        Ok(key.handle(message).unwrap_or_else(|status| vec![status.byte()]))
    }

    fn renew(&mut self) -> Result<(), Broken> {
        if self.0.borrow().is_pulled {
            return Err(Broken::Pulled);
        }
        self.0.borrow_mut().is_selected = true;
        Ok(())
    }
}

type Handled = Result<Vec<u8>, Status>;

impl Key {
    fn handle(&mut self, message: &[u8]) -> Handled {
        let (command, body) = part_request(message).map_err(Fault::status)?;
        match command {
            Command::GetInfo => Ok(success(&self.info)),
            Command::ClientPin => {
                let request = ClientPin::decode_request(body).map_err(Fault::status)?;
                self.client_pin(&request).map(|response| success(&response))
            }
            Command::Config => {
                let request = Config::decode_request(body).map_err(Fault::status)?;
                self.verified(&request.authenticated(), request.pin_uv_auth_param.as_deref())?;
                self.config(&request)
            }
            Command::Reset => {
                self.set("clientPin", false);
                self.set("ep", false);
                (self.pin, self.retries, self.is_selected) = (None, 8, false);
                self.info.min_pin_length = None;
                self.info.force_pin_change = None;
                Ok(success(&Nothing))
            }
            Command::Selection => Ok(success(&Nothing)),
            Command::MakeCredential
            | Command::GetAssertion
            | Command::GetNextAssertion
            | Command::BioEnrollment
            | Command::CredentialManagement
            | Command::LargeBlobs
            | Command::Other(_) => self.script.pop_front().ok_or(Status::InvalidCommand),
        }
    }

    fn set(&mut self, option: &str, to: bool) {
        self.info
            .options
            .iter_mut()
            .filter(|(name, _)| name == option)
            .for_each(|(_, set)| *set = to);
    }

    /// CTAP §6.11: a protected key wants the token's signature.
    pub(crate) fn verified(&self, message: &[u8], param: Option<&[u8]>) -> Result<(), Status> {
        if self.pin.is_none() {
            return Ok(());
        }
        let param = param.ok_or(Status::PuatRequired)?;
        let fits = self.token.as_ref().is_some_and(|token| token.verify(message, param));
        fits.then_some(()).ok_or(Status::PinAuthInvalid)
    }

    fn client_pin(&mut self, request: &ClientPin) -> Result<Response, Status> {
        let is_blocked = self.misses == 3;
        match request.sub_command {
            SubCommand::GetPinRetries => Ok(Response {
                pin_retries: Some(self.retries),
                power_cycle_state: Some(is_blocked),
                ..Response::default()
            }),
            SubCommand::GetUvRetries => Ok(Response {
                uv_retries: Some(3),
                ..Response::default()
            }),
            SubCommand::GetKeyAgreement => Ok(Response {
                key_agreement: Some(self.pair.public()),
                ..Response::default()
            }),
            SubCommand::SetPin => self.new_pin(request, &[]),
            SubCommand::ChangePin => {
                let hash = request.pin_hash_enc.clone().unwrap();
                self.check_pin(request)?;
                self.new_pin(request, &hash)
            }
            SubCommand::GetPinToken | SubCommand::GetTokenUsingPin => {
                self.check_pin(request)?;
                self.give_token(request)
            }
            SubCommand::GetTokenUsingUv => self.give_token(request),
            SubCommand::Other(_) => Err(Status::InvalidSubcommand),
        }
    }

    fn secret(&self, request: &ClientPin) -> claviger_ctap::pin::SharedSecret {
        let protocol = Protocol::of(request.protocol.unwrap()).unwrap();
        self.pair.agree(protocol, &request.key_agreement.unwrap()).unwrap()
    }

    fn check_pin(&mut self, request: &ClientPin) -> Result<(), Status> {
        if self.retries == 0 {
            return Err(Status::PinBlocked);
        }
        if self.misses == 3 {
            return Err(Status::PinAuthBlocked);
        }
        self.retries -= 1;
        let hash = self
            .secret(request)
            .decrypt(request.pin_hash_enc.as_ref().unwrap())
            .unwrap();
        if self.pin.is_some_and(|(own, _)| own[..] == hash[..]) {
            (self.retries, self.misses) = (8, 0);
            return Ok(());
        }
        // CTAP §6.5.5.6: a new key pair after a wrong PIN, and none is tried after three.
        self.misses += 1;
        self.pair = KeyPair::from_bytes(&[u8::try_from(self.misses).unwrap(); 32]).unwrap();
        Err(match (self.retries, self.misses) {
            (0, _) => Status::PinBlocked,
            (_, 3) => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        })
    }

    fn new_pin(&mut self, request: &ClientPin, hash: &[u8]) -> Result<Response, Status> {
        let (secret, sent) = (self.secret(request), request.new_pin_enc.clone().unwrap());
        if !secret.verify(
            &[sent.as_slice(), hash].concat(),
            request.pin_uv_auth_param.as_ref().unwrap(),
        ) {
            return Err(Status::PinAuthInvalid);
        }
        let padded = secret.decrypt(&sent).map_err(|_| Status::PinAuthInvalid)?;
        assert_eq!(padded.len(), PADDED);
        let pin = unpad(&padded).ok_or(Status::InvalidParameter)?;
        if pin == b"123456" || code_points(pin) < self.info.min_pin_length.unwrap_or(4) {
            return Err(Status::PinPolicyViolation);
        }
        self.pin = Sha256::digest(pin).first_chunk().map(|hash| (*hash, code_points(pin)));
        self.info.force_pin_change = self.info.force_pin_change.map(|_| false);
        self.set("clientPin", true);
        Ok(Response::default())
    }

    fn give_token(&mut self, request: &ClientPin) -> Result<Response, Status> {
        if self.info.force_pin_change == Some(true) {
            return Err(Status::PinPolicyViolation);
        }
        let secret = self.secret(request);
        let token = PinUvAuthToken::generate(secret.protocol(), &mut |into| into.fill(0x5A));
        let encrypted = secret.encrypt(token.as_bytes(), &mut |iv| iv.fill(1)).unwrap();
        self.token = Some(token);
        self.asked_for = (request.permissions, request.rp_id.clone());
        Ok(Response {
            pin_uv_auth_token: Some(encrypted),
            ..Response::default()
        })
    }

    fn config(&mut self, request: &Config) -> Handled {
        match request.sub_command {
            config::SubCommand::EnableEnterpriseAttestation => self.set("ep", true),
            config::SubCommand::ToggleAlwaysUv => {
                let is_on = self.info.option("alwaysUv") == Some(true);
                self.set("alwaysUv", !is_on);
            }
            config::SubCommand::SetMinPinLength => {
                let order: SetMinPinLength = request.params().map_err(Fault::status)?;
                self.set_min_pin_length(&order)?;
            }
            config::SubCommand::VendorPrototype => {}
            config::SubCommand::Other(_) => return Err(Status::InvalidSubcommand),
        }
        Ok(success(&Nothing))
    }

    fn set_min_pin_length(&mut self, order: &SetMinPinLength) -> Result<(), Status> {
        let least = order.new_min_pin_length.unwrap_or(4);
        if least < self.info.min_pin_length.unwrap_or(4) {
            return Err(Status::PinPolicyViolation);
        }
        self.info.min_pin_length = Some(least);
        let is_short = self.pin.is_some_and(|(_, length)| length < least);
        if is_short || order.force_change_pin == Some(true) {
            self.info.force_pin_change = Some(true);
            self.token = None;
        }
        Ok(())
    }
}
