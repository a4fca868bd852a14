//! authenticatorCredentialManagement (CTAP 2.1 §6.8): the credentials that a key keeps.

use claviger_ctap::wire::{client_pin::Permissions, entities::Descriptor};

use super::Key;
use crate::trouble::{Failed, Stage, Trouble};

/// A credential that a key keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub id: Vec<u8>,
    /// The relying party that it is for; a key may cut a long one short.
    pub rp_id: String,
    /// The user's handle at the relying party.
    pub user_id: Vec<u8>,
    /// The user's account name.
    pub user_name: Option<String>,
    /// The user's name for people.
    pub display_name: Option<String>,
    /// When the key shows that it has it (`credProtect`, 1 to 3).
    pub protection: Option<u8>,
}

impl Credential {
    /// Whose it is, in words.
    #[must_use]
    pub fn user(&self) -> &str {
        let known = [&self.user_name, &self.display_name];
        let told = known.into_iter().flatten().find(|name| !name.is_empty());
        told.map_or("a user without a name", String::as_str)
    }
}

impl Key {
    /// Whether the key can list its credentials.
    #[must_use]
    pub fn lists_credentials(&self) -> bool {
        let options = ["credMgmt", "credentialMgmtPreview"];
        options.iter().any(|option| self.info().option(option) == Some(true))
    }

    /// That the key can list its credentials, and has the PIN that this needs.
    pub fn manages_credentials(&mut self) -> Result<(), Trouble> {
        if !self.lists_credentials() {
            return Err(Trouble::Unsupported {
                what: "listing its credentials".to_owned(),
            });
        }
        self.takes_pin()
    }

    /// The credentials on the key, by relying party in the key's order.
    pub fn credentials(&mut self, pin: &str) -> Result<Vec<Credential>, Failed> {
        let token = self.token(pin, Permissions::CREDENTIAL_MANAGEMENT)?;
        self.during(Stage::Reading, |client| {
            let mut found = Vec::new();
            for party in client.relying_parties(&token)? {
                let credentials = client.credentials(party.id_hash, &token)?;
                found.extend(credentials.into_iter().map(|one| Credential {
                    id: one.id.id,
                    rp_id: party.rp.id.clone(),
                    user_id: one.user.id,
                    user_name: one.user.name,
                    display_name: one.user.display_name,
                    protection: one.protection,
                }));
            }
            Ok(found)
        })
    }

    /// Deletes one of them for good.
    pub fn delete_credential(&mut self, pin: &str, credential: &Credential) -> Result<(), Failed> {
        let token = self.token(pin, Permissions::CREDENTIAL_MANAGEMENT)?;
        let id = Descriptor::public_key(credential.id.clone());
        self.during(Stage::Deleting, |client| client.delete_credential(&id, &token))
    }
}
