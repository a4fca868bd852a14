//! Seeds of OTP tokens and digests of emergency codes: sealed in their own rows, opened to be compared with and for
//! nothing else. No function here shows one.

use claviger_domain::otp::Seed;
use claviger_domain::{OtpTokenId, TenantId};
use claviger_store::{
    Reader, Tx,
    emergency_codes::{self, Kept as KeptCode},
    otp_tokens::{self, Kept},
};

use super::{Keyring, Place, SealingKey, Secret, Unsealable};
use crate::Failure;

/// Seals a seed for the row of its token; the version of the key stands in the row too.
///
/// # Errors
/// When there is no randomness.
pub fn seal_seed(key: &SealingKey, tenant: TenantId, token: OtpTokenId, seed: &Seed) -> Result<Vec<u8>, Unsealable> {
    key.seal(seed_place(tenant, token.as_uuid().as_bytes()), seed.using())
}

/// Opens the seed of a token with a key that is at hand. `None` once it is shredded.
///
/// # Errors
/// [`Unsealable`] when it was moved or changed.
pub(crate) fn open_seed(key: &SealingKey, tenant: TenantId, kept: &Kept) -> Result<Option<Seed>, Unsealable> {
    let id = kept.token.id().as_uuid();
    let sealed = kept.seed.as_deref();
    sealed
        .map(|sealed| opened_seed(key, tenant, id.as_bytes(), sealed))
        .transpose()
}

fn opened_seed(key: &SealingKey, tenant: TenantId, row: &[u8], sealed: &[u8]) -> Result<Seed, Unsealable> {
    let plain = key.open(seed_place(tenant, row), sealed)?;
    Seed::new(plain.using().clone()).map_err(|_| Unsealable::Truncated)
}

/// Opens the digest of an emergency code.
///
/// # Errors
/// [`Unsealable`] when it was moved or changed.
pub(crate) fn open_digest(key: &SealingKey, tenant: TenantId, kept: &KeptCode) -> Result<Secret<Vec<u8>>, Unsealable> {
    key.open(digest_place(tenant, &digest_row(kept)), &kept.digest)
}

/// Seals the digest of an emergency code for its row; what stands there as its digest does not count.
///
/// # Errors
/// When there is no randomness.
pub fn seal_digest(
    key: &SealingKey,
    tenant: TenantId,
    kept: &KeptCode,
    digest: &[u8; 32],
) -> Result<Vec<u8>, Unsealable> {
    key.seal(digest_place(tenant, &digest_row(kept)), digest)
}

/// Seals some of what a retired key seals anew; answers how many, none at the end.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key; [`Failure::Stale`] when something was changed meanwhile.
pub(crate) async fn reseal(keyring: &Keyring, tx: &mut Tx, version: i64, limit: i64) -> Result<usize, Failure> {
    let tenant = tx.tenant();
    let old = opening(keyring, tx, tenant, version).await?;
    let new = keyring.sealing(tx, tenant).await?;
    let number = i64::from(new.version());
    let some = otp_tokens::under_key(tx, tenant, version, None, limit).await?;
    for (id, sealed) in &some {
        let seed = opened_seed(&old, tenant, id.as_uuid().as_bytes(), sealed)?;
        let anew = seal_seed(&new, tenant, *id, &seed)?;
        otp_tokens::reseal(tx, *id, sealed, number, &anew).await?;
    }
    if !some.is_empty() {
        return Ok(some.len());
    }
    let codes = emergency_codes::under_key(tx, tenant, version, limit).await?;
    for kept in &codes {
        let plain = open_digest(&old, tenant, kept)?;
        let digest = plain.using().as_slice().try_into().map_err(|_| Unsealable::Truncated)?;
        let anew = seal_digest(&new, tenant, kept, &digest)?;
        emergency_codes::reseal(tx, kept, number, &anew).await?;
    }
    Ok(codes.len())
}

/// How many seeds and digests a data key seals, and how many of them do not open.
///
/// # Errors
/// What the store meets.
pub(crate) async fn unopened(
    keyring: &Keyring,
    reader: &mut Reader,
    tenant: TenantId,
    version: i64,
) -> Result<(usize, usize), Failure> {
    const CHUNK: i64 = 1_000;
    let key = opening(keyring, reader, tenant, version).await.ok();
    let (mut all, mut shut, mut after) = (0, 0, None);
    loop {
        let some = otp_tokens::under_key(reader, tenant, version, after, CHUNK).await?;
        let Some((last, _)) = some.last() else { break };
        after = Some(*last);
        all += some.len();
        let opens = |(id, sealed): &&(OtpTokenId, Vec<u8>)| {
            let row = id.as_uuid();
            let opened = key.as_ref().map(|key| opened_seed(key, tenant, row.as_bytes(), sealed));
            !matches!(opened, Some(Ok(_)))
        };
        shut += some.iter().filter(opens).count();
    }
    for kept in emergency_codes::under_key(reader, tenant, version, i64::MAX).await? {
        all += 1;
        let opened = key.as_ref().map(|key| open_digest(key, tenant, &kept));
        shut += usize::from(!matches!(opened, Some(Ok(_))));
    }
    Ok((all, shut))
}

/// The key of that version, to open what it sealed.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key.
pub(crate) async fn opening(
    keyring: &Keyring,
    reader: &mut Reader,
    tenant: TenantId,
    version: i64,
) -> Result<SealingKey, Failure> {
    let version = u32::try_from(version).map_err(Failure::internal)?;
    keyring.opening(reader, tenant, version).await
}

const fn seed_place(tenant: TenantId, row: &[u8]) -> Place<'_> {
    Place {
        tenant: tenant.as_uuid(),
        table: "otp_tokens",
        column: "seed",
        row,
    }
}

const fn digest_place(tenant: TenantId, row: &[u8]) -> Place<'_> {
    Place {
        tenant: tenant.as_uuid(),
        table: "emergency_codes",
        column: "digest",
        row,
    }
}

/// Whose it is, which, and of which set: a code of an old set does not open among the new ones.
fn digest_row(kept: &KeptCode) -> Vec<u8> {
    let user = kept.user.as_uuid();
    let made = kept.created_at.as_micros().to_be_bytes();
    [user.as_bytes().as_slice(), &kept.number.to_be_bytes(), &made].concat()
}
