//! Discoverable credentials.

use minicbor::{Decode, Encode};

use crate::secret::Secret;

/// A credential that the key finds by itself. Its private key is derived from its id, as that of any other is.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct Credential {
    /// The credential id as relying parties know it.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: Vec<u8>,
    /// The relying party.
    #[n(1)]
    pub rp_id: String,
    /// What the relying party called itself.
    #[n(2)]
    pub rp_name: Option<String>,
    /// The relying party's handle for the account.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub user_id: Vec<u8>,
    /// The account's name.
    #[n(4)]
    pub user_name: Option<String>,
    /// The name that the account shows.
    #[n(5)]
    pub user_display_name: Option<String>,
    /// Opens the credential's large blobs; made when the relying party asked for it.
    #[n(6)]
    pub large_blob_key: Option<Secret<32>>,
    /// What the relying party left with the credential (`credBlob`).
    #[cbor(n(7), with = "minicbor::bytes")]
    pub blob: Vec<u8>,
}
