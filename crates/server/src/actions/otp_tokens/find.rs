//! Finding out whose token this is that lies on the desk: by the code that it shows. Nothing is used up.

use std::sync::Arc;

use claviger_domain::{OtpTokenId, PrivilegeSet, TenantId, Timestamp, otp::Status};
use claviger_store::{
    Reader, Tx,
    audit::AuditEntry,
    otp_tokens::{self, Filter, Kept},
    security_keys::Holders,
};
use serde_json::json;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::Shown;
use crate::{App, Failure, auth::Caller, rest::guard::OtpWrite, secrets::seeds};

/// Most tokens that are told.
const MOST: usize = 10;
/// Most tokens that are looked at: a second or two of work.
const BOUND: u64 = 100_000;
/// Tokens that are read at once.
const CHUNK: usize = 1_000;
/// One search at a time, so that it costs nobody who verifies more than a core.
static ONE: Semaphore = Semaphore::const_new(1);

/// Tokens that show a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The tokens.
    pub tokens: Vec<Shown>,
    /// How many were looked at.
    pub searched: u64,
    /// Whether that was all of them.
    pub complete: bool,
}

/// Looks for tokens, active or disabled, that show this code near now.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key.
pub async fn find(caller: &Caller<OtpWrite>, otp: String) -> Result<Found, Failure> {
    let _only = ONE.acquire().await.map_err(Failure::internal)?;
    let (tenant, privileges, now) = (caller.tenant(), caller.identity().privileges, caller.now());
    let sought = Sought {
        app: caller.app().clone(),
        tenant,
        otp: Arc::new(Zeroizing::new(otp)),
        now,
    };
    let scan = async move |reader: &mut Reader| sought.look(reader, privileges).await;
    let found = caller.app().store().scan(scan).await?;
    let told = json!({ "searched": found.searched, "found": found.tokens.len() });
    let note = async move |tx: &mut Tx| {
        tx.record(AuditEntry {
            action: "otp_tokens.searched",
            object_kind: "otp_token",
            after: Some(told.clone()),
            ..AuditEntry::default()
        });
        Ok(())
    };
    // What was found is told only once the log has it.
    caller.write_unkept(tenant.as_uuid(), note).await?;
    Ok(found)
}

/// What is looked for.
struct Sought {
    app: App,
    tenant: TenantId,
    otp: Arc<Zeroizing<String>>,
    now: Timestamp,
}

impl Sought {
    async fn look(&self, reader: &mut Reader, privileges: PrivilegeSet) -> Result<Found, Failure> {
        let filter = Filter {
            statuses: vec![Status::Active, Status::Disabled],
            holders: Holders::Hidden,
            ..Filter::default()
        };
        let mut found = Found {
            tokens: Vec::new(),
            searched: 0,
            complete: false,
        };
        let mut behind: Option<OtpTokenId> = None;
        while found.searched < BOUND && found.tokens.len() < MOST {
            let ids = otp_tokens::select_ids(reader, self.tenant, &filter, behind, CHUNK).await?;
            let Some(last) = ids.last() else {
                found.complete = true;
                break;
            };
            behind = Some(*last);
            found.searched += u64::try_from(ids.len()).unwrap_or(u64::MAX);
            for kept in otp_tokens::get_many(reader, self.tenant, &ids).await? {
                if found.tokens.len() < MOST && self.shows(reader, &kept).await? {
                    let listed = otp_tokens::listed(reader, self.tenant, kept.token.id()).await?;
                    found
                        .tokens
                        .extend(listed.map(|listed| Shown::listed(listed, privileges, self.now)));
                }
            }
        }
        Ok(found)
    }

    async fn shows(&self, reader: &mut Reader, kept: &Kept) -> Result<bool, Failure> {
        let key = seeds::opening(self.app.keyring(), reader, self.tenant, kept.key_version).await?;
        let seed = seeds::open_seed(&key, self.tenant, kept)?;
        Ok(seed.is_some_and(|seed| kept.token.shows(&seed, &self.otp, self.now)))
    }
}
