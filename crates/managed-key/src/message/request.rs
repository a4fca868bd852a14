//! Requests as a key reads them: in the order in which the protocol says what is wrong.

use super::cbor::{Fields, MapWriter, needed};
use super::{
    AdminOrder, COMMAND, CoseKey, Enrol, MAGIC, MessageFault, NO_PARAMETERS, PIN_UV_PROTOCOL, SubCommand, Unlock,
    check_canonical,
};
use crate::Operation;
use crate::pin_uv;

/// What a request asks, with its parameters.
#[derive(Clone)]
pub enum Command {
    /// State and counters.
    GetStatus,
    /// Into management.
    Enrol(Box<Enrol>),
    /// A challenge.
    GetChallenge {
        /// What for.
        operation: Operation,
        /// Whether a pending one is dropped for a new one, which needs touch.
        renew: bool,
    },
    /// A new PIN against a response.
    Unlock(Box<Unlock>),
    /// An administrative operation.
    Admin(Box<AdminOrder>),
    /// An admin token against the admin PIN.
    AdminPinLogin {
        /// The first 16 bytes of the admin PIN's hash, encrypted to the key agreement.
        admin_pin_hash_enc: [u8; 32],
    },
    /// A public key to agree with.
    GetKeyAgreement {
        /// What the key signs with it.
        nonce: [u8; 32],
    },
}

impl Command {
    /// The subcommand that carries it.
    #[must_use]
    pub const fn sub(&self) -> SubCommand {
        match self {
            Self::GetStatus => SubCommand::GetStatus,
            Self::Enrol(_) => SubCommand::Enrol,
            Self::GetChallenge { .. } => SubCommand::GetChallenge,
            Self::Unlock(_) => SubCommand::Unlock,
            Self::Admin(_) => SubCommand::AdminCommand,
            Self::AdminPinLogin { .. } => SubCommand::AdminPinLogin,
            Self::GetKeyAgreement { .. } => SubCommand::GetKeyAgreement,
        }
    }

    /// The parameters as canonical CBOR; none where a subcommand has none.
    #[must_use]
    pub fn params(&self) -> Option<Vec<u8>> {
        match self {
            Self::GetStatus => None,
            Self::Enrol(enrol) => Some(enrol.encode()),
            // A flag that is absent is false; an absent one and a false one are the same request.
            Self::GetChallenge { operation, renew } => {
                let map = MapWriter::new().number(1, operation.code());
                Some(map.given(renew.then_some(true), |map, renew| map.flag(2, renew)).end())
            }
            Self::Unlock(unlock) => Some(unlock.encode()),
            Self::Admin(order) => {
                let map = MapWriter::new().number(1, order.operation().code());
                Some(map.raw(2, &order.parameters()).end())
            }
            Self::AdminPinLogin { admin_pin_hash_enc } => Some(MapWriter::new().bytes(1, admin_pin_hash_enc).end()),
            Self::GetKeyAgreement { nonce } => Some(MapWriter::new().bytes(1, nonce).end()),
        }
    }

    fn of_params(sub: SubCommand, params: &[u8]) -> Result<Self, MessageFault> {
        let mut fields = Fields::read(params, 2)?;
        let command = match sub {
            SubCommand::GetStatus => Self::GetStatus,
            SubCommand::Enrol => Self::Enrol(Box::new(Enrol::of_fields(&mut fields)?)),
            SubCommand::GetChallenge => Self::GetChallenge {
                operation: operation(&mut fields)?,
                renew: fields.flag(2)?.unwrap_or(false),
            },
            SubCommand::Unlock => Self::Unlock(Box::new(Unlock::of_fields(&mut fields)?)),
            SubCommand::AdminCommand => {
                let operation = operation(&mut fields)?;
                let parameters = fields.raw(2).unwrap_or(&NO_PARAMETERS);
                Self::Admin(Box::new(AdminOrder::of_field(operation, parameters, 2)?))
            }
            SubCommand::AdminPinLogin => Self::AdminPinLogin {
                admin_pin_hash_enc: needed(fields.array(1)?, 1)?,
            },
            SubCommand::GetKeyAgreement => Self::GetKeyAgreement {
                nonce: needed(fields.array(1)?, 1)?,
            },
        };
        fields.none_left()?;
        Ok(command)
    }
}

fn operation(fields: &mut Fields<'_>) -> Result<Operation, MessageFault> {
    Operation::of_code(needed(fields.number(1)?, 1)?).ok_or(MessageFault::Invalid(1))
}

/// A request that was read, with the bytes that authentications cover.
#[derive(Clone)]
pub struct Request<'a> {
    /// What it asks.
    pub command: Command,
    /// Field 5: the caller's public key.
    pub key_agreement: Option<CoseKey>,
    /// Field 7: `adminAuth`.
    pub admin_auth: Option<[u8; 32]>,
    /// Field 4: `AUTH` by the shared secret or by an admin token.
    pub auth: Option<[u8; 32]>,
    /// Field 8: `AUTH` by a PIN token.
    pub pin_token_auth: Option<[u8; 32]>,
    params: &'a [u8],
    raw_key_agreement: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads a whole message, its command byte included. A fault says which status the key answers.
    pub fn parse(message: &'a [u8]) -> Result<Self, MessageFault> {
        let (command, cbor) = message.split_first().ok_or(MessageFault::Unreadable)?;
        if *command != COMMAND {
            return Err(MessageFault::Magic);
        }
        check_canonical(cbor)?;
        let mut fields = Fields::read(cbor, 0).map_err(|_| MessageFault::Unreadable)?;
        if fields.array(6).ok().flatten() != Some(MAGIC) {
            return Err(MessageFault::Magic);
        }
        let sub = u8::try_from(needed(fields.number::<u64>(1)?, 1)?).ok();
        let sub = sub.and_then(SubCommand::of_code).ok_or(MessageFault::SubCommand)?;
        let params = fields.raw(2);
        let protocol = fields.number::<u64>(3)?;
        let (auth, raw_key_agreement) = (fields.array(4)?, fields.raw(5));
        let (admin_auth, pin_token_auth) = (fields.array(7)?, fields.array(8)?);
        fields.none_left()?;
        if protocol.is_some_and(|protocol| protocol != u64::from(PIN_UV_PROTOCOL)) {
            return Err(MessageFault::Invalid(3));
        }
        let request = Self {
            command: Command::of_params(sub, params.unwrap_or(&NO_PARAMETERS))?,
            key_agreement: raw_key_agreement.map(|cbor| CoseKey::of_field(cbor, 5)).transpose()?,
            admin_auth,
            auth,
            pin_token_auth,
            params: params.unwrap_or(&NO_PARAMETERS),
            raw_key_agreement: raw_key_agreement.unwrap_or_default(),
        };
        let uses_protocol = auth.is_some() || pin_token_auth.is_some() || request.key_agreement.is_some();
        if uses_protocol && protocol.is_none() {
            return Err(MessageFault::Missing(3));
        }
        request.complete()
    }

    /// Refuses a request without what its subcommand needs beside the parameters.
    fn complete(self) -> Result<Self, MessageFault> {
        let (agreement, auth, admin) = (
            self.key_agreement.is_some(),
            self.auth.is_some(),
            self.admin_auth.is_some(),
        );
        let missing = match &self.command {
            Command::Enrol(_) | Command::Unlock(_) if !auth => Some(4),
            Command::Enrol(_) | Command::Unlock(_) | Command::AdminPinLogin { .. } if !agreement => Some(5),
            Command::Admin(order) if order.needs_key_agreement() && !agreement => Some(5),
            Command::Admin(order) if !(admin || auth && order.operation().takes_admin_token()) => Some(7),
            Command::GetStatus
            | Command::Enrol(_)
            | Command::GetChallenge { .. }
            | Command::Unlock(_)
            | Command::Admin(_)
            | Command::AdminPinLogin { .. }
            | Command::GetKeyAgreement { .. } => None,
        };
        missing.map_or(Ok(self), |field| Err(MessageFault::Missing(field)))
    }

    /// The operation's parameters as they were received, for `adminAuth`; the map `a0` when there are none.
    #[must_use]
    pub fn operation_parameters(&self) -> &'a [u8] {
        let fields = Fields::read(self.params, 2);
        fields
            .ok()
            .and_then(|mut fields| fields.raw(2))
            .unwrap_or(&NO_PARAMETERS)
    }

    /// Field 5 as it was received, for `adminAuth`; empty when absent.
    #[must_use]
    pub const fn raw_key_agreement(&self) -> &'a [u8] {
        self.raw_key_agreement
    }

    /// Whether field 4 is `AUTH` by this key; the comparison takes as long wherever they differ.
    #[must_use]
    pub fn is_authenticated_by(&self, key: &[u8; 32]) -> bool {
        self.auth
            .is_some_and(|given| pin_uv::verifies(key, self.command.sub(), self.params, &given))
    }

    /// Whether field 8 is `AUTH` by this PIN token.
    #[must_use]
    pub fn is_authenticated_by_pin_token(&self, token: &[u8; 32]) -> bool {
        self.pin_token_auth
            .is_some_and(|given| pin_uv::verifies(token, self.command.sub(), self.params, &given))
    }
}
