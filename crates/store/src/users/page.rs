//! Pages of the list of users, in both directions, at the same cost wherever they are.

use claviger_domain::ids::TenantId;
use claviger_domain::user::User;

use super::filter::{Filter, Sort};
use super::plan::Criteria;
use super::row;
use crate::error::Error;
use crate::pages::{self, Asked, ListError};
use crate::row::Row;
use crate::tx::Reader;

/// Columns of a row `u`: the user's, and how many keys in use he has, neither revoked nor disposed of, whose shelves are
/// from 12 on. A user has few; who has very many is told 10,000.
pub(super) const COLUMNS: &str =
    "u.id, u.revision, u.user_name, u.display_name, u.email, u.locale, u.status, u.disabled_at,
    u.created_at, u.updated_at, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM security_keys k
    WHERE k.tenant_id = u.tenant_id AND k.user_id = u.id AND k.shelf < 12 LIMIT 10000) held) AS keys";

/// A user and how many keys he has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The user.
    pub user: User,
    /// Keys in use: assigned to him and neither revoked nor disposed of.
    pub keys: u64,
}

impl TryFrom<&Row> for Listed {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row::user(row)?,
            keys: row.get("keys")?,
        })
    }
}

/// A page of a list of users.
pub type Page = pages::Page<Listed>;

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
