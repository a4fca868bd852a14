//! Pages of the list of tokens, in both directions, at the same cost wherever they are.

use claviger_domain::ids::{OtpTokenId, TenantId};
use claviger_domain::otp::OtpToken;

use super::filter::{Filter, Sort};
use super::get::VISIBLE;
use super::plan::Criteria;
use super::row;
use crate::composed::Composed;
use crate::error::Error;
use crate::pages::{self, Asked, ListError};
use crate::row::Row;
use crate::tx::Reader;

/// The columns of a token, and the names that screens show beside it.
pub(super) const COLUMNS: &str = "t.id, t.revision, t.serial_number, t.kind, t.algorithm, t.digits, t.time_step,
    t.status, t.status_at, t.reason, t.user_id, t.next_counter, t.last_step, t.drift, t.failed_attempts, t.locked_at,
    t.resync_day, t.resync_tried, t.expires_at, t.manufacturer, t.model, t.batch_id, t.imported_at, t.updated_at,
    t.last_used_at,
    (SELECT u.user_name FROM users u WHERE u.tenant_id = t.tenant_id AND u.id = t.user_id) AS user_name,
    (SELECT b.file_name FROM batches b WHERE b.tenant_id = t.tenant_id AND b.id = t.batch_id) AS file_name";

/// A token and the names that screens show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The token.
    pub token: OtpToken,
    /// Who has it.
    pub user_name: Option<String>,
    /// The file that brought it.
    pub file_name: Option<String>,
}

/// A page of a list of tokens.
pub type Page = pages::Page<Listed>;

impl TryFrom<&Row> for Listed {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            token: row::token(row)?,
            user_name: row.get("user_name")?,
            file_name: row.get("file_name")?,
        })
    }
}

/// A token by id with its names.
///
/// # Errors
/// What the engine meets.
pub async fn listed(reader: &mut Reader, tenant: TenantId, id: OtpTokenId) -> Result<Option<Listed>, Error> {
    let mut sql = Composed::new("SELECT");
    sql.push(COLUMNS).push("FROM otp_tokens t WHERE t.tenant_id =");
    sql.bind(tenant.as_uuid())
        .push("AND t.id =")
        .bind(id.as_uuid())
        .push(VISIBLE);
    let rows = reader.select(&sql).await?;
    rows.first().map(Listed::try_from).transpose()
}

/// A page of the list. With words to search for and no order chosen the list is ranked: exact, prefix, anywhere.
///
/// # Errors
/// [`ListError::Cursor`] for a cursor of another list.
pub async fn page(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    sort: Option<Sort>,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Page, ListError> {
    let asked = Asked::new(tenant, filter.fingerprint(sort), cursor, limit)?;
    let criteria = Criteria::resolve(reader, tenant, filter).await?;
    pages::page(reader, &criteria, &criteria.stretches(sort), &asked).await
}
