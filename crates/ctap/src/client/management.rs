//! `authenticatorCredentialManagement`, CTAP §6.8: which credentials a key holds. Keys of `FIDO_2_1_PRE` know it under
//! another command byte.

use super::{Client, Error, MOST_LISTED, Transport};
use crate::pin::PinUvAuthToken;
use crate::wire::cose::CredentialKey;
use crate::wire::credential_management::{CredentialManagement, Params, Response, SubCommand};
use crate::wire::entities::{Descriptor, RelyingParty, User};
use crate::wire::{Body as _, Command, Status};

/// How full a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// Discoverable credentials that it holds.
    pub existing: u32,
    /// How many more fit at most.
    pub remaining: u32,
}

/// A relying party that has credentials on a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What the key kept of it; a long id may be cut to its last bytes (§6.8.7).
    pub rp: RelyingParty,
    /// SHA-256 of the whole id.
    pub id_hash: [u8; 32],
}

/// A discoverable credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Whose it is.
    pub user: User,
    /// Which it is.
    pub id: Descriptor,
    /// Its public key.
    pub public_key: CredentialKey,
    /// Its level of `credProtect`.
    pub protection: Option<u8>,
}

impl<T: Transport> Client<T> {
    /// `getCredsMetadata`.
    pub fn credentials_metadata(&mut self, token: &PinUvAuthToken) -> Result<Metadata, Error<T::Error>> {
        let response = self.manage(SubCommand::Metadata, None, Some(token))?;
        Ok(Metadata {
            existing: there(response.existing_credentials)?,
            remaining: there(response.remaining_credentials)?,
        })
    }

    /// `enumerateRPsBegin` and what follows: the relying parties that have credentials here.
    pub fn relying_parties(&mut self, token: &PinUvAuthToken) -> Result<Vec<Party>, Error<T::Error>> {
        let first = self.manage(SubCommand::RelyingParties, None, Some(token));
        self.listed(first, SubCommand::NextRelyingParty, |response| response.total_rps)?
            .into_iter()
            .map(|response| {
                Ok(Party {
                    rp: there(response.rp)?,
                    id_hash: there(response.rp_id_hash)?,
                })
            })
            .collect()
    }

    /// `enumerateCredentialsBegin` and what follows: the credentials of a relying party.
    pub fn credentials(
        &mut self,
        id_hash: [u8; 32],
        token: &PinUvAuthToken,
    ) -> Result<Vec<Credential>, Error<T::Error>> {
        let params = Params {
            rp_id_hash: Some(id_hash),
            ..Params::default()
        };
        let first = self.manage(SubCommand::Credentials, Some(&params), Some(token));
        self.listed(first, SubCommand::NextCredential, |response| response.total_credentials)?
            .into_iter()
            .map(|response| {
                Ok(Credential {
                    user: there(response.user)?,
                    id: there(response.credential_id)?,
                    public_key: there(response.public_key)?,
                    protection: response.cred_protect,
                })
            })
            .collect()
    }

    /// `deleteCredential`: it is gone for good.
    pub fn delete_credential(&mut self, id: &Descriptor, token: &PinUvAuthToken) -> Result<(), Error<T::Error>> {
        let params = Params {
            credential_id: Some(id.clone()),
            ..Params::default()
        };
        self.manage(SubCommand::Delete, Some(&params), Some(token)).map(drop)
    }

    /// `updateUserInformation`: names anew; the id of the user has to be the one that is there.
    pub fn update_user(&mut self, id: &Descriptor, user: &User, token: &PinUvAuthToken) -> Result<(), Error<T::Error>> {
        if self.info.option("credMgmt") != Some(true) {
            return Err(Error::Unsupported("updating of user information"));
        }
        let params = Params {
            credential_id: Some(id.clone()),
            user: Some(user.clone()),
            ..Params::default()
        };
        self.manage(SubCommand::UpdateUser, Some(&params), Some(token))
            .map(drop)
    }

    /// The first response and as many more as its total says. A key without any refuses, which is an empty list.
    fn listed(
        &mut self,
        first: Result<Response, Error<T::Error>>,
        next: SubCommand,
        total: impl Fn(&Response) -> Option<u32>,
    ) -> Result<Vec<Response>, Error<T::Error>> {
        let first = match first {
            Err(error) if error.status() == Some(Status::NoCredentials) => return Ok(Vec::new()),
            answered => answered?,
        };
        let total = there(total(&first))?;
        if total > MOST_LISTED {
            return Err(absurd("more credentials than any key holds"));
        }
        let mut responses = vec![first];
        for _ in 1..total {
            responses.push(self.manage(next, None, None)?);
        }
        // Some keys answer a total of 0 instead of refusing.
        responses.truncate(usize::try_from(total).unwrap_or(usize::MAX));
        Ok(responses)
    }

    fn manage(
        &mut self,
        sub_command: SubCommand,
        params: Option<&Params>,
        token: Option<&PinUvAuthToken>,
    ) -> Result<Response, Error<T::Error>> {
        let command = if self.info.option("credMgmt") == Some(true) {
            Command::CredentialManagement
        } else if self.info.option("credentialMgmtPreview") == Some(true) {
            Command::CREDENTIAL_MANAGEMENT_PREVIEW
        } else {
            return Err(Error::Unsupported("credentialManagement"));
        };
        let mut request = CredentialManagement::new(sub_command, params);
        request.protocol = token.map(|token| token.protocol().number());
        request.pin_uv_auth_param = token.map(|token| token.authenticate(&request.authenticated()));
        let mut message = vec![command.byte()];
        message.extend(request.encode());
        self.ask_message::<CredentialManagement>(ASKED, &message)
    }
}

const ASKED: &str = "credentialManagement";

fn absurd<E>(what: &'static str) -> Error<E> {
    Error::Absurd { asked: ASKED, what }
}

fn there<M, E>(member: Option<M>) -> Result<M, Error<E>> {
    member.ok_or(absurd("a member that its subcommand answers is missing"))
}
