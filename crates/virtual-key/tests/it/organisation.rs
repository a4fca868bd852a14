//! The organisation's side of the managed-key protocol: what the server makes and a workstation relays.

use claviger_ctap::pin::KeyPair;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::cose::KeyAgreement;
use claviger_managed_key::code::{AdminPin, Challenge};
use claviger_managed_key::keys::{Authorised, DeviceKey, KeyVersion};
use claviger_managed_key::message::{
    AdminLogin, AdminOrder, AnswerFault, AttestedAgreement, Challenged, Command, CoseKey, Enrol, Enrolled, Envelope,
    KeyStatus, Policy, Unlock, Unlocked,
};
use claviger_managed_key::pin_uv::SharedSecret;
use claviger_managed_key::{Operation, Serial};
use zeroize::Zeroizing;

use crate::key::{Key, SERIAL};

pub(crate) struct Organisation {
    pub(crate) device_key: DeviceKey,
    pub(crate) admin_pin: AdminPin,
    pub(crate) version: KeyVersion,
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            device_key: DeviceKey::new(Zeroizing::new([0x4B; 32])),
            admin_pin: AdminPin::read("0123-4567-89AB-CDEF").unwrap(),
            version: KeyVersion::FIRST,
        }
    }
}

pub(crate) fn serial() -> Serial {
    Serial::new(SERIAL).unwrap()
}

/// The status of an answer.
pub(crate) fn status(answer: &[u8]) -> Status {
    Status::from(answer[0])
}

impl Key {
    pub(crate) fn attested(&mut self, nonce: [u8; 32]) -> AttestedAgreement {
        let message = Envelope::new(&Command::GetKeyAgreement { nonce }).encode();
        AttestedAgreement::parse(&self.send(&message)).unwrap()
    }

    /// Agrees on a secret with the managed-key command.
    pub(crate) fn managed_secret(&mut self) -> (CoseKey, SharedSecret) {
        let CoseKey { x, y } = self.attested([9; 32]).key_agreement;
        let platform = self.platform.clone();
        let pair = KeyPair::generate(&mut |target: &mut [u8]| platform.fill(target));
        let point = pair.shared_point(&KeyAgreement { x, y }).unwrap();
        let KeyAgreement { x, y } = pair.public();
        (CoseKey { x, y }, SharedSecret::of_point(&point))
    }

    pub(crate) fn key_status(&mut self) -> KeyStatus {
        KeyStatus::parse(&self.send(&Envelope::new(&Command::GetStatus).encode())).unwrap()
    }

    pub(crate) fn ask_challenge(&mut self, operation: Operation, renew: bool) -> Result<Challenge, Status> {
        let answer = self.send(&Envelope::new(&Command::GetChallenge { operation, renew }).encode());
        match Challenged::parse(&answer) {
            Ok(challenged) => Ok(challenged.challenge),
            Err(AnswerFault::Refused(_)) => Err(status(&answer)),
            Err(fault) => panic!("{fault}"),
        }
    }

    pub(crate) fn challenge(&mut self, operation: Operation) -> Challenge {
        self.ask_challenge(operation, false).unwrap()
    }
}

impl Organisation {
    pub(crate) fn enrolment(&self, key: &mut Key, policy: &Policy) -> Envelope {
        let (ours, secret) = key.managed_secret();
        let enrol = Enrol {
            key_enc: secret.seal_key(key.platform.bytes(), &self.device_key),
            admin_pin_enc: secret.seal_admin_pin(key.platform.bytes(), &self.admin_pin),
            key_version: self.version,
            policy: policy.clone(),
        };
        let envelope = Envelope::new(&Command::Enrol(Box::new(enrol)));
        envelope.key_agreement(&ours).authenticated(secret.mac_key())
    }

    /// Enrols a key and checks that it holds this organisation's key.
    pub(crate) fn enrol(&self, key: &mut Key, policy: &Policy) {
        let message = self.enrolment(key, policy).encode();
        let enrolled = Enrolled::parse(&key.send(&message)).unwrap();
        assert_eq!(enrolled.kcv, self.device_key.kcv());
    }

    /// An unlock with the right response.
    pub(crate) fn unlock(&self, key: &mut Key, challenge: &Challenge, pin: &str) -> Vec<u8> {
        let response = self
            .device_key
            .unlock_key(&serial())
            .response(Operation::Unlock, &serial(), challenge);
        let message = unlock_message(
            key,
            Unlock {
                response,
                new_pin_enc: [0; 80],
            },
            pin,
        );
        key.send(&message)
    }

    pub(crate) fn unlocked(&self, key: &mut Key, pin: &str) -> Unlocked {
        let challenge = key.challenge(Operation::Unlock);
        Unlocked::parse(&self.unlock(key, &challenge, pin)).unwrap()
    }

    /// An order with the answer to the challenge that waits for it.
    pub(crate) fn order(&self, key: &mut Key, order: &AdminOrder, agreement: Option<&CoseKey>) -> Status {
        let operation = order.operation();
        let challenge = key.challenge(operation);
        let message = self.authorised(order, &challenge, agreement).encode();
        key.status(&message)
    }

    pub(crate) fn authorised(
        &self,
        order: &AdminOrder,
        challenge: &Challenge,
        agreement: Option<&CoseKey>,
    ) -> Envelope {
        let key_agreement = agreement.map(CoseKey::encode).unwrap_or_default();
        let authorised = Authorised {
            operation: order.operation(),
            serial: &serial(),
            challenge,
            parameters: &order.parameters(),
            key_agreement: &key_agreement,
        };
        let admin_auth = self.device_key.admin_key(&serial()).authorise(&authorised);
        let envelope = Envelope::new(&Command::Admin(Box::new(order.clone()))).authorised(admin_auth);
        agreement.map_or(envelope.clone(), |agreement| envelope.key_agreement(agreement))
    }

    /// The next management key under the present one.
    pub(crate) fn next_key(&self, key: &Key, next: &DeviceKey, version: u32) -> AdminOrder {
        AdminOrder::ChangeKey {
            key_enc: self.device_key.wrap_key(&serial()).seal_key(key.platform.bytes(), next),
            version: KeyVersion::new(version).unwrap(),
        }
    }
}

/// An unlock with a response, encrypted and authenticated with a fresh agreement.
pub(crate) fn unlock_message(key: &mut Key, unlock: Unlock, pin: &str) -> Vec<u8> {
    let (ours, secret) = key.managed_secret();
    let new_pin_enc = secret.seal_pin(key.platform.bytes(), pin).unwrap();
    let command = Command::Unlock(Box::new(Unlock { new_pin_enc, ..unlock }));
    Envelope::new(&command)
        .key_agreement(&ours)
        .authenticated(secret.mac_key())
        .encode()
}

/// A new PIN by the organisation, encrypted.
pub(crate) fn set_pin(key: &mut Key, pin: &str, force_pin_change: bool) -> (AdminOrder, CoseKey) {
    let (ours, secret) = key.managed_secret();
    let new_pin_enc = secret.seal_pin(key.platform.bytes(), pin).unwrap();
    (
        AdminOrder::SetPinByAdmin {
            new_pin_enc,
            force_pin_change,
        },
        ours,
    )
}

/// An admin token for an admin PIN.
pub(crate) fn log_in(key: &mut Key, pin: &AdminPin) -> Result<Zeroizing<[u8; 32]>, Status> {
    let (ours, secret) = key.managed_secret();
    let command = Command::AdminPinLogin {
        admin_pin_hash_enc: secret.seal_admin_pin_hash(key.platform.bytes(), &pin.hash()),
    };
    let answer = key.send(&Envelope::new(&command).key_agreement(&ours).encode());
    let login = AdminLogin::parse(&answer).map_err(|_| status(&answer))?;
    Ok(secret.open_admin_token(&login.admin_token_enc))
}
