//! Keys, policies, users, imports and jobs.

mod backfill;
mod finding_people;
mod imports;
mod jobs;
mod listing;
mod model;
mod people_and_policies;
mod searching;
mod undoing;
mod untold;

use std::collections::BTreeMap;

use claviger_domain::fido_version::FidoVersion;
use claviger_domain::ids::{BatchId, PolicyId, SecurityKeyId, TenantId, UserId};
use claviger_domain::policy::{Policy, PolicyDraft, PolicyRules};
use claviger_domain::role::Standing;
use claviger_domain::security_key::{Command, PolicyToLink, RevocationReason, RevokeOrder, SecurityKey};
use claviger_domain::text::{DeviceName, DisplayName, Email, PolicyName, Reason, UserName};
use claviger_domain::user::{User, UserDetails, UserStatus};
use claviger_domain::{Revision, SerialNumber, Timestamp};
use claviger_store::batches::{self, Batch, Counts, Goods, KeyRange, Mode, NewKey, Status};
use claviger_store::pages::{ListError, Total};
use claviger_store::security_keys::{self, Filter, Sort};
use claviger_store::{Error, Reader, Scope, Store, Tx, policies, users};
use serde_json::json;
use uuid::Uuid;

use crate::{Done, at, scope, tenant};

/// A tenant's scope at a time, for an object.
pub(crate) fn acting_in(owner: TenantId, object: u128, now: Timestamp) -> Scope {
    Scope {
        tenant: owner,
        now,
        ..scope(object)
    }
}

pub(crate) fn new_key(row: u32, name: &str, serial: &str) -> NewKey {
    NewKey {
        row,
        device_name: DeviceName::new(name).unwrap(),
        serial: SerialNumber::new(serial).unwrap(),
        version: FidoVersion::new(if row.is_multiple_of(3) { "FIDO_2_0" } else { "FIDO_2_1" }).unwrap(),
        attributes: BTreeMap::new(),
    }
}

pub(crate) fn batch(number: u64, policy: Option<&Policy>, keys: u64) -> Batch {
    let created_at = at(i64::try_from(number).unwrap());
    Batch {
        id: BatchId::from_uuid(Uuid::from_u128(u128::from(number) + 1_000)),
        revision: Revision::FIRST,
        goods: Goods::SecurityKeys,
        status: Status::Applying,
        ending: None,
        file_name: "delivery.csv".to_owned(),
        file_size: 100,
        sha256: [7; 32],
        format: "csv".to_owned(),
        mode: Mode::AllOrNothing,
        policy: policy.map(|policy| (policy.id(), policy.version())),
        created_at,
        created_by: "Ada".to_owned(),
        created_by_id: None,
        updated_at: created_at,
        counts: Counts {
            accepted: keys,
            rejected: 0,
            unchanged: 0,
        },
        written: 0,
        errors: json!([]),
        errors_truncated: false,
        columns: json!([]),
        preview: json!([]),
        job: None,
        keys: KeyRange::new(created_at, number),
    }
}

/// Writes a batch and its keys, hidden, two to a chunk.
pub(crate) async fn write_hidden(store: &Store, owner: TenantId, batch: &Batch, keys: Vec<NewKey>) {
    let job = batch.clone();
    let done: Done = store
        .write(acting_in(owner, 1, batch.created_at), async move |tx: &mut Tx| {
            batches::insert(tx, &job).await?;
            for (place, chunk) in keys.chunks(2).enumerate() {
                let written = u64::try_from(place * 2).unwrap();
                batches::insert_chunk(tx, &job, written, chunk.to_vec()).await?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
}

pub(crate) async fn apply(store: &Store, owner: TenantId, batch: &Batch) {
    let job = batch.clone();
    let done: Done = store
        .write(acting_in(owner, 1, batch.created_at), async move |tx: &mut Tx| {
            batches::apply(tx, &job).await
        })
        .await;
    done.unwrap();
}

/// Imports keys and makes them visible.
pub(crate) async fn import(
    store: &Store,
    owner: TenantId,
    number: u64,
    policy: Option<&Policy>,
    keys: Vec<NewKey>,
) -> Batch {
    let batch = batch(number, policy, keys.len().try_into().unwrap());
    write_hidden(store, owner, &batch, keys).await;
    apply(store, owner, &batch).await;
    batch
}

pub(crate) async fn add_policy(store: &Store, owner: TenantId, number: u128, name: &str) -> Policy {
    let rules = PolicyRules::new(PolicyDraft::default()).unwrap();
    let id = PolicyId::from_uuid(Uuid::from_u128(number));
    let policy = Policy::create(id, PolicyName::new(name).unwrap(), rules, at(0));
    let kept = policy.clone();
    let done: Done = store
        .write(acting_in(owner, number, at(0)), async move |tx: &mut Tx| {
            policies::insert(tx, &kept).await
        })
        .await;
    done.unwrap();
    policy
}

pub(crate) async fn add_user(store: &Store, owner: TenantId, number: u128, name: &str) -> User {
    let details = UserDetails {
        user_name: UserName::new(name).unwrap(),
        display_name: DisplayName::new("Somebody").unwrap(),
        email: Some(Email::new("a@example.com").unwrap()),
        locale: None,
    };
    let user = User::create(UserId::from_uuid(Uuid::from_u128(number)), details, at(0));
    let kept = user.clone();
    let done: Done = store
        .write(acting_in(owner, number, at(0)), async move |tx: &mut Tx| {
            users::insert(tx, &kept).await
        })
        .await;
    done.unwrap();
    user
}

/// Carries a command out as an action does: load, decide, save.
pub(crate) async fn command(store: &Store, owner: TenantId, id: SecurityKeyId, order: Command, now: Timestamp) -> bool {
    let done: Done<bool> = store
        .write(acting_in(owner, id.as_u128(), now), async move |tx: &mut Tx| {
            let key = security_keys::get(tx, owner, id).await?.ok_or(Error::Stale)?;
            let Ok(after) = key.apply(&order, now) else {
                return Ok(false);
            };
            security_keys::save(tx, &key, &after).await?;
            Ok(true)
        })
        .await;
    done.unwrap()
}

pub(crate) fn link(policy: &Policy) -> Command {
    Command::LinkPolicy(PolicyToLink::of(policy))
}

pub(crate) fn assign(user: &User) -> Command {
    Command::Assign {
        user: user.id(),
        status: UserStatus::Active,
        standing: Standing::NotAbove,
    }
}

pub(crate) fn quarantine() -> Command {
    Command::Quarantine {
        reason: Reason::new("wet").unwrap(),
    }
}

pub(crate) fn revoke() -> Command {
    Command::Revoke(RevokeOrder {
        reason: RevocationReason::Lost,
        note: None,
        standing: Standing::NotAbove,
    })
}

/// All keys of a list, page by page forward; and backward again, which must be the same pages.
pub(crate) async fn list(
    store: &Store,
    owner: TenantId,
    filter: &Filter,
    sort: Option<Sort>,
    limit: u16,
) -> Vec<SecurityKey> {
    let mut pages = Vec::new();
    let mut cursor = None;
    let mut previous = None;
    loop {
        let page = page(store, owner, filter, sort, cursor, limit).await.unwrap();
        pages.push(page.items.clone());
        cursor = page.next;
        if cursor.is_none() {
            previous = page.previous.or(previous);
            break;
        }
        previous = page.previous;
    }
    for expected in pages.iter().rev().skip(1) {
        let page = page(store, owner, filter, sort, previous.take(), limit).await.unwrap();
        assert_eq!(page.items.len(), expected.len(), "backward {filter:?} {sort:?}");
        assert_eq!(&page.items, expected, "backward {filter:?} {sort:?}");
        previous = page.previous;
    }
    assert_eq!(previous, None, "the first page has none before it: {filter:?} {sort:?}");
    pages.into_iter().flatten().map(|listed| listed.key).collect()
}

pub(crate) async fn page(
    store: &Store,
    owner: TenantId,
    filter: &Filter,
    sort: Option<Sort>,
    cursor: Option<String>,
    limit: u16,
) -> Result<security_keys::Page, ListError> {
    let filter = filter.clone();
    store
        .read(async move |reader: &mut Reader| {
            security_keys::page(reader, owner, &filter, sort, cursor.as_deref(), limit).await
        })
        .await
}

pub(crate) async fn serials(store: &Store, owner: TenantId, filter: &Filter, sort: Option<Sort>) -> Vec<String> {
    let keys = list(store, owner, filter, sort, 3).await;
    keys.iter().map(|key| key.serial_number().given().to_owned()).collect()
}

pub(crate) async fn total(store: &Store, owner: TenantId, filter: &Filter) -> Total {
    let filter = filter.clone();
    let total: Done<_> = store
        .read(async move |reader: &mut Reader| security_keys::total(reader, owner, &filter).await)
        .await;
    total.unwrap()
}

pub(crate) fn search(q: &str) -> Filter {
    Filter {
        q: Some(q.to_owned()),
        ..Filter::default()
    }
}

pub(crate) fn ours() -> TenantId {
    tenant(7)
}
