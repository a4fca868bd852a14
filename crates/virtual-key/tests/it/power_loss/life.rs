//! A random life of a managed key, and the judge of what a power loss left of it.

use claviger_ctap::pin::{Pin, PinUvAuthToken, Protocol};
use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::AuthenticatorData;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::credential_management::{CredentialManagement, Params, SubCommand};
use claviger_ctap::wire::entities::Descriptor;
use claviger_managed_key::Operation;
use claviger_managed_key::code::Response;
use claviger_managed_key::keys::DeviceKey;
use claviger_managed_key::message::{AdminOrder, Policy, Unlock};
use zeroize::Zeroizing;

use super::ledger::{Ledger, is_numbered, numbered};
use crate::disk::{Left, Memory};
use crate::key::{Key, PIN};
use crate::organisation::{Organisation, status, unlock_message};
use crate::services::{HASH, RP, Registered, creation_with, discoverable, is_signed, judged, sign_in};

const COMMANDS: usize = 14;

/// A key, its organisation, what it answered, and what a power loss would have left at every moment.
pub(super) struct Life {
    key: Key,
    organisation: Organisation,
    books: Books,
    moments: Vec<Moment>,
    commands: usize,
}

/// What the key answered, and what will hold when the command under way has happened.
#[derive(Clone)]
struct Books {
    held: Ledger,
    next: Ledger,
}

/// What a power loss would have left, and what it must be judged by.
pub(super) struct Moment {
    pub(super) left: Left,
    /// How many moments leave just this.
    pub(super) times: usize,
    books: Books,
}

impl Life {
    /// A managed key with a PIN and a policy.
    pub(super) fn begun(disk: Memory, seed: u64) -> Self {
        let mut key = Key::on(disk, seed).unwrap();
        let organisation = Organisation::default();
        organisation.enrol(&mut key, &Policy::default());
        key.set_pin(PIN).unwrap();
        assert_eq!(
            organisation.order(&mut key, &AdminOrder::SetPolicy(numbered(0)), None),
            Status::Ok
        );
        key.disk.watch();
        let held = Ledger {
            credentials: Vec::new(),
            pin: PIN.to_owned(),
            pin_retries: 8,
            admin_retries: 16,
            signatures: 0,
            unlock_seq: 0,
            policy: 0,
            key_version: 1,
        };
        let books = Books {
            next: held.clone(),
            held,
        };
        Self {
            key,
            organisation,
            books,
            moments: Vec::new(),
            commands: 0,
        }
    }

    pub(super) const fn commands(&self) -> usize {
        self.commands
    }

    pub(super) fn moments(self) -> Vec<Moment> {
        self.moments
    }

    /// Lives to the end.
    pub(super) fn lived(mut self) -> Self {
        for number in 0..COMMANDS {
            let [chance] = self.key.platform.bytes::<1>();
            self.live(if number == 0 { 0 } else { chance % 9 }, u8::try_from(number).unwrap());
            self.done();
            self.commands += 1;
        }
        self
    }

    /// Writes down what will hold. What happened until here is judged by the books as they were.
    fn expect(&mut self, change: impl FnOnce(&mut Ledger)) {
        self.settle();
        change(&mut self.books.next);
    }

    /// What was expected was answered.
    fn done(&mut self) {
        self.settle();
        self.books.held = self.books.next.clone();
    }

    /// Many moments leave the same; each is judged once.
    fn settle(&mut self) {
        let mut judged: Vec<Moment> = Vec::new();
        for left in self.key.disk.moments() {
            if let Some(same) = judged.iter_mut().find(|moment| moment.left == left) {
                same.times += 1;
            } else {
                let books = self.books.clone();
                judged.push(Moment { left, books, times: 1 });
            }
        }
        self.moments.extend(judged);
    }

    fn live(&mut self, what: u8, number: u8) {
        match what {
            0 | 1 => self.register(number),
            2 => self.sign_in(),
            3 => self.delete(),
            4 => self.guess(),
            5 => self.change_pin(number),
            6 => self.set_policy(number),
            7 => self.unlock(number),
            _ => self.change_key(),
        }
    }

    /// A token, for which the PIN is tried.
    fn token(&mut self, permissions: Permissions) -> PinUvAuthToken {
        self.expect(|next| next.pin_retries = 8);
        let pin = self.books.held.pin.clone();
        let token = self
            .key
            .token_of(Protocol::Two, &pin, Some(permissions), Some(RP))
            .unwrap();
        self.done();
        token
    }

    fn register(&mut self, number: u8) {
        let token = self.token(Permissions::MAKE_CREDENTIAL);
        let own = self
            .key
            .register(&creation_with(discoverable(RP, &[number]), &token))
            .unwrap();
        self.expect(|next| next.credentials.push(own));
    }

    fn sign_in(&mut self) {
        let Some(own) = self.books.held.credentials.last().cloned() else {
            return;
        };
        let response = self.key.call(&sign_in(RP, &[&own])).unwrap();
        self.expect(|next| next.signatures = judged(&own, &response).sign_count);
    }

    fn delete(&mut self) {
        let token = self.token(Permissions::CREDENTIAL_MANAGEMENT);
        let Some(own) = self.books.held.credentials.first().cloned() else {
            return;
        };
        self.expect(|next| next.credentials.retain(|kept| kept.id != own.id));
        let params = Params {
            credential_id: Some(Descriptor::public_key(own.id.clone())),
            ..Params::default()
        };
        let mut request = CredentialManagement::new(SubCommand::Delete, Some(&params));
        request.protocol = Some(2);
        request.pin_uv_auth_param = Some(token.authenticate(&request.authenticated()));
        self.key.call(&request).unwrap();
    }

    fn guess(&mut self) {
        self.expect(|next| next.pin_retries -= 1);
        assert_eq!(self.key.try_pin("wrong!"), Status::PinInvalid);
        self.done();
        self.token(Permissions::CREDENTIAL_MANAGEMENT);
    }

    fn change_pin(&mut self, number: u8) {
        let (old, new) = (self.books.held.pin.clone(), format!("pin-{number:03}"));
        self.expect(|next| {
            next.pin.clone_from(&new);
            next.pin_retries = 8;
        });
        self.key.change_pin(&old, &new).unwrap();
    }

    fn set_policy(&mut self, number: u8) {
        self.expect(|next| next.policy = number);
        let order = AdminOrder::SetPolicy(numbered(number));
        assert_eq!(self.organisation.order(&mut self.key, &order, None), Status::Ok);
    }

    /// Blocks the PIN, answers once wrongly, then rightly.
    fn unlock(&mut self, number: u8) {
        self.key.power_cycle();
        while self.books.held.pin_retries > 0 {
            self.expect(|next| next.pin_retries -= 1);
            if self.key.try_pin("wrong!") == Status::PinAuthBlocked {
                self.key.power_cycle();
            }
            self.done();
        }
        self.expect(|next| next.admin_retries -= 1);
        self.key.challenge(Operation::Unlock);
        let wrong = Unlock {
            response: Response::new(Zeroizing::new([0; 10])),
            new_pin_enc: [0; 80],
        };
        let message = unlock_message(&mut self.key, wrong, "newpin99");
        assert_eq!(self.key.status(&message), Status::Other(0xF1));
        self.done();
        let pin = format!("new-{number:03}");
        self.expect(|next| {
            next.pin.clone_from(&pin);
            (next.pin_retries, next.admin_retries) = (8, 16);
            next.unlock_seq += 1;
        });
        let challenge = self.key.challenge(Operation::Unlock);
        assert_eq!(
            status(&self.organisation.unlock(&mut self.key, &challenge, &pin)),
            Status::Ok
        );
    }

    fn change_key(&mut self) {
        let version = self.books.held.key_version + 1;
        let next_key = DeviceKey::new(Zeroizing::new([u8::try_from(version).unwrap(); 32]));
        let order = self.organisation.next_key(&self.key, &next_key, version);
        self.expect(|next| (next.key_version, next.admin_retries) = (version, 16));
        assert_eq!(self.organisation.order(&mut self.key, &order, None), Status::Ok);
        self.organisation.device_key = next_key;
    }
}

impl Moment {
    /// Whether it has something of each kind that a power loss could take.
    pub(super) fn is_rich(&self) -> bool {
        let Books { held, next } = &self.books;
        let stays = |own: &Registered| next.credentials.iter().any(|kept| kept.id == own.id);
        held.signatures > 0 && held.unlock_seq > 0 && held.credentials.iter().any(stays)
    }

    /// Whether a key after the power loss is the one that answered, or the one that was about to.
    pub(super) fn holds(&self, mut key: Key) -> bool {
        let state = key.state().clone();
        let (Some(management), Some(pin)) = (&state.management, &state.pin) else {
            return false;
        };
        let Books { held, next } = &self.books;
        let counters = state.signatures >= held.signatures
            && (held.unlock_seq..=next.unlock_seq).contains(&state.unlock_seq)
            && state.pin_retries <= held.pin_retries.max(next.pin_retries)
            && management.admin_retries <= held.admin_retries.max(next.admin_retries)
            && [held.key_version, next.key_version].contains(&management.key_version);
        let policies = [held, next].map(|books| is_numbered(books.policy, &management.policy, &state.settings));
        let is = |books: &Ledger| pin.hash.bytes() == &*Pin::new(&books.pin).unwrap().hash();
        // An unlock is counted exactly when its PIN is set and both counts of tries are full again.
        let is_counted = next.unlock_seq > held.unlock_seq && state.unlock_seq == next.unlock_seq;
        let is_full = state.pin_retries == 8 && management.admin_retries == 16;
        let is_whole = if is_counted {
            is(next) && is_full
        } else {
            is(held) || next.unlock_seq == held.unlock_seq
        };
        counters && policies.contains(&true) && (is(held) || is(next)) && is_whole && self.all_sign(&mut key)
    }

    /// Every credential that was answered and is not being deleted signs, and its counter is a new one.
    fn all_sign(&self, key: &mut Key) -> bool {
        let Books { held, next } = &self.books;
        let stays = |own: &&Registered| next.credentials.iter().any(|kept| kept.id == own.id);
        held.credentials.iter().filter(stays).all(|own| {
            let Ok(response) = key.call(&sign_in(RP, &[own])) else {
                return false;
            };
            let message = [response.auth_data.as_slice(), &HASH].concat();
            let data = AuthenticatorData::decode(&response.auth_data).unwrap();
            is_signed(&own.key, &message, &response.signature) && data.sign_count > held.signatures
        })
    }
}
