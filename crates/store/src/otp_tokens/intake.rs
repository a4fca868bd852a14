//! Tokens going in and out again: one by hand, or hidden, in chunks, each chunk its own commit.

use std::collections::BTreeSet;

use claviger_domain::UserId;
use claviger_domain::otp::{OtpToken, Parameters, TimeStep};
use claviger_domain::text::{Manufacturer, Model};
use uuid::Uuid;

use super::index::{self, index_new};
use super::row::{ordered, tried};
use crate::batches::{self, Batch};
use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::security_keys::searchable;
use crate::tx::Tx;
use crate::users;
use crate::value::Value;

/// Columns of a new token; the first is SQLite's alone.
const COLUMNS: &[(&str, Kind)] = &[
    ("row_id", Kind::Int),
    ("tenant_id", Kind::Uuid),
    ("id", Kind::Uuid),
    ("serial_number", Kind::Text),
    ("serial_norm", Kind::Text),
    ("serial_short", Kind::Text),
    ("kind", Kind::Text),
    ("algorithm", Kind::Text),
    ("digits", Kind::Int),
    ("time_step", Kind::Int),
    ("seed", Kind::Bytes),
    ("key_version", Kind::Int),
    ("expires_at", Kind::Int),
    ("manufacturer", Kind::Text),
    ("model", Kind::Text),
    ("batch_id", Kind::Uuid),
    ("row_number", Kind::Int),
    ("imported_at", Kind::Int),
    ("holder", Kind::Text),
    ("search", Kind::Text),
    ("revision", Kind::Int),
    ("next_counter", Kind::Int),
    ("last_step", Kind::Int),
    ("drift", Kind::Int),
    ("failed_attempts", Kind::Int),
    ("locked_at", Kind::Int),
    ("last_used_at", Kind::Int),
    ("updated_at", Kind::Int),
    ("status", Kind::Text),
    ("status_at", Kind::Int),
    ("reason", Kind::Text),
    ("user_id", Kind::Uuid),
    ("resync_day", Kind::Int),
    ("resync_tried", Kind::Int),
];
/// Across tenants: the file's last row. There is one writer, so that nobody else takes the numbers behind it.
const SQLITE_LAST_ROW: &str = "SELECT COALESCE(MAX(row_id), 0) AS last FROM otp_tokens";
const UNINDEX: &str = "DELETE FROM otp_tokens_search WHERE rowid IN
    (SELECT row_id FROM otp_tokens WHERE tenant_id = $1 AND id >= $2 AND id <= $3)";
const REMOVE: &str = "DELETE FROM otp_tokens WHERE tenant_id = $1 AND id >= $2 AND id <= $3";
const FORGET: &str = "DELETE FROM otp_history WHERE tenant_id = $1 AND otp_token_id >= $2 AND otp_token_id <= $3";
const SOME: &str = "SELECT 1 AS found FROM otp_tokens WHERE tenant_id = $1 AND id >= $2 AND id <= $3 LIMIT 1";

/// A token that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The token; its id is of the batch's range when an import brings it.
    pub token: OtpToken,
    /// The folded name of its holder, where it has one; an import fills it in.
    pub holder: Option<String>,
    /// Its place in the file.
    pub row: Option<u32>,
    /// Its seed, sealed for its row.
    pub seed: Vec<u8>,
    /// Version of the data key that seals it.
    pub key_version: i64,
}

/// Writes tokens of an import; `written` is how many were written before. They stay hidden until
/// [`crate::batches::apply`]. At most 2,000 at once.
///
/// # Errors
/// [`Error::Stale`] when the import was stopped, this chunk is in already, or a holder is gone or disabled;
/// [`Error::Duplicate`] in `otp_tokens` when a serial number has come into the tenant since the check.
pub async fn insert_chunk(tx: &mut Tx, batch: &Batch, written: u64, mut tokens: Vec<NewToken>) -> Result<(), Error> {
    if tokens.is_empty() {
        return Ok(());
    }
    batches::advance(tx, batch, written, tokens.len()).await?;
    hand_out(tx, &mut tokens).await?;
    put(tx, tokens).await
}

/// Fills in the names of the holders, who stay as they are until the commit.
async fn hand_out(tx: &mut Tx, tokens: &mut [NewToken]) -> Result<(), Error> {
    let holders: BTreeSet<UserId> = tokens.iter().filter_map(|new| new.token.holder()).collect();
    if holders.is_empty() {
        return Ok(());
    }
    let holding = users::holding(tx, holders.into_iter().collect()).await?;
    for new in tokens {
        let Some(user) = new.token.holder() else { continue };
        let holder = holding.get(&user).filter(|holding| !holding.disabled);
        new.holder = Some(holder.ok_or(Error::Stale)?.folded.clone());
    }
    Ok(())
}

/// Writes the rows and SQLite's index.
pub(super) async fn put(tx: &mut Tx, tokens: Vec<NewToken>) -> Result<(), Error> {
    let searched: Vec<String> = tokens.iter().map(search).collect();
    let rows: Vec<Vec<Value>> = tokens.into_iter().map(|token| row(tx, token)).collect();
    if tx.dialect() == Dialect::Postgres {
        let columns = COLUMNS.get(1..).unwrap_or_default();
        return inserting(columns).insert(tx, rows).await.map(drop);
    }
    let last: i64 = tx.query_one(SQLITE_LAST_ROW, &[]).await?.get("last")?;
    let numbered = (last + 1..).zip(rows).map(|(number, mut row)| {
        row.insert(0, number.into());
        row
    });
    inserting(COLUMNS).insert(tx, numbered.collect()).await?;
    let searched = (last + 1..).zip(searched);
    index_new(
        tx,
        searched
            .map(|(number, text)| vec![number.into(), text.into()])
            .collect(),
    )
    .await
}

const fn inserting(columns: &'static [(&'static str, Kind)]) -> Bulk {
    Bulk {
        table: "otp_tokens",
        columns,
        on_conflict: "",
    }
}

fn search(new: &NewToken) -> String {
    searchable(new.token.serial_number().normalised(), new.holder.as_deref())
}

fn row(tx: &Tx, new: NewToken) -> Vec<Value> {
    let (facts, search) = (new.token.facts(), search(&new));
    let (serial, parameters): (_, Parameters) = (&facts.serial_number, facts.parameters);
    let short = serial.without_leading_zeros();
    let mut row: Vec<Value> = vec![
        tx.tenant().as_uuid().into(),
        facts.id.as_uuid().into(),
        serial.given().into(),
        serial.normalised().into(),
        short.filter(|short| *short != serial.normalised()).into(),
        parameters.kind().as_str().into(),
        parameters.algorithm().as_str().into(),
        i64::from(parameters.digits().get()).into(),
        parameters.time_step().map(TimeStep::seconds).map(i64::from).into(),
        new.seed.into(),
        new.key_version.into(),
        facts.expires_at.into(),
        facts.manufacturer.as_ref().map(Manufacturer::as_str).into(),
        facts.model.as_ref().map(Model::as_str).into(),
        facts.batch.map(|batch| batch.as_uuid()).into(),
        new.row.into(),
        facts.imported_at.into(),
        new.holder.unwrap_or_default().into(),
        search.into(),
    ];
    row.extend(tried(facts));
    row.extend(ordered(facts));
    row
}

/// Takes tokens out for good; answers how many there were.
pub(crate) async fn remove_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<u64, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    if tx.dialect() == Dialect::Sqlite {
        let tokens = tx.execute(UNINDEX, &range).await?;
        index::merge(tx, usize::try_from(tokens).unwrap_or_default()).await?;
    }
    tx.execute(FORGET, &range).await?;
    tx.execute(REMOVE, &range).await
}

/// Whether any token has an id in the range.
pub(crate) async fn some_in_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<bool, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    Ok(tx.query_opt(SOME, &range).await?.is_some())
}
