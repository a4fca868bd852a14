//! Pages of the list, in both directions, at the same cost wherever they are.

use std::collections::HashMap;

use claviger_domain::ids::{BatchId, TenantId, UserId};
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::{Drift, SecurityKey};

use super::criteria::Criteria;
use super::filter::{Filter, Sort};
use super::plan::plan;
use super::row;
use super::segment::Segment;
use crate::batches;
use crate::error::Error;
use crate::pages::{self, Asked, Cursor, Found, ListError};
use crate::row::Row;
use crate::tx::Reader;
use crate::users;

/// A key with the names that a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The key.
    pub key: SecurityKey,
    /// Name of its policy.
    pub policy_name: Option<String>,
    /// Newest version of its policy.
    pub policy_version: Option<PolicyVersion>,
    /// Name of its holder.
    pub user_name: Option<String>,
    /// Name of the file that brought it.
    pub file_name: Option<String>,
}

impl Listed {
    /// How the policy on the key differs from the one it should have.
    #[must_use]
    pub fn drift(&self) -> Drift {
        self.policy_version
            .map_or(Drift::None, |version| self.key.drift(version))
    }
}

/// A page of a list of keys.
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
    let mut criteria = Criteria::resolve(reader, tenant, filter).await?;
    let segments = plan(reader, &mut criteria, sort).await?;
    let found = read(reader, &criteria, &segments, asked.from(), asked.rows()).await?;
    let mut page = asked.page(found);
    let items = listed(reader, &criteria, std::mem::take(&mut page.items)).await?;
    Ok(page.with(items))
}

/// Up to `limit` rows behind a cursor, across stretches.
pub(super) async fn read(
    reader: &mut Reader,
    criteria: &Criteria,
    segments: &[Segment],
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Found>, ListError> {
    let backward = from.is_some_and(|cursor| cursor.backward);
    let order = pages::behind(segments, |segment| segment.tag, from)?;
    let mut found = Vec::new();
    for together in Segment::journeys(criteria, &order) {
        let wanted = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        let after = |segment: &Segment| {
            from.filter(|cursor| cursor.tag == segment.tag)
                .map(|cursor| &cursor.position)
        };
        let (tags, statements): (Vec<_>, Vec<_>) = together
            .iter()
            .filter_map(|segment| {
                Some((
                    segment.tag,
                    segment.statement(criteria, after(segment), backward, wanted)?,
                ))
            })
            .unzip();
        let answers = reader.select_each(&statements).await?;
        for (tag, row) in tags
            .into_iter()
            .zip(answers)
            .flat_map(|(tag, rows)| rows.into_iter().map(move |row| (tag, row)))
        {
            found.push(Found::of(tag, row)?);
        }
        found.truncate(limit);
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

/// Rows with the names of their policies, holders and deliveries.
pub(super) async fn listed(reader: &mut Reader, criteria: &Criteria, rows: Vec<Row>) -> Result<Vec<Listed>, Error> {
    let keys: Vec<SecurityKey> = rows.iter().map(row::security_key).collect::<Result<_, _>>()?;
    let mut holders: Vec<UserId> = keys
        .iter()
        .filter_map(|key| key.holder().map(|holder| holder.user))
        .collect();
    holders.sort_unstable();
    holders.dedup();
    let mut names = HashMap::new();
    for chunk in holders.chunks(2_000) {
        let users = users::by_ids(reader, criteria.tenant, chunk).await?;
        names.extend(
            users
                .into_iter()
                .map(|user| (user.id(), user.user_name().as_str().to_owned())),
        );
    }
    let mut deliveries: Vec<BatchId> = keys.iter().filter_map(SecurityKey::batch).collect();
    deliveries.sort_unstable();
    deliveries.dedup();
    let mut files = HashMap::new();
    for chunk in deliveries.chunks(2_000) {
        files.extend(batches::file_names(reader, criteria.tenant, chunk).await?);
    }
    let policies: HashMap<_, _> = criteria.named.iter().map(|policy| (policy.id, policy)).collect();
    let listed = |key: SecurityKey| {
        let policy = key.policy().and_then(|linked| policies.get(&linked.id));
        Listed {
            policy_name: policy.map(|policy| policy.name.clone()),
            policy_version: policy.and_then(|policy| PolicyVersion::new(u32::try_from(policy.version).ok()?)),
            user_name: key.holder().and_then(|holder| names.get(&holder.user).cloned()),
            file_name: key.batch().and_then(|batch| files.get(&batch).cloned()),
            key,
        }
    };
    Ok(keys.into_iter().map(listed).collect())
}
