//! Sums kept in the transaction of what they count, so that a total is never counted.

use std::collections::BTreeMap;

use claviger_domain::ids::TenantId;

use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::tx::{Reader, Tx};

const ADD: Bulk = Bulk {
    table: "counters",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("name", Kind::Text),
        ("lane", Kind::Int),
        ("count", Kind::Int),
    ],
    on_conflict: "ON CONFLICT (tenant_id, name, lane) DO UPDATE SET count = counters.count + excluded.count",
};
const SUM: &str = "SELECT CAST(COALESCE(SUM(count), 0) AS bigint) AS count FROM counters
    WHERE tenant_id = $1 AND name = $2";
const BY_PREFIX: &str = "SELECT name, CAST(SUM(count) AS bigint) AS count FROM counters
    WHERE tenant_id = $1 AND name >= $2 AND name < $3 GROUP BY name ORDER BY name";
const DROP: &str = "DELETE FROM counters WHERE tenant_id = $1 AND name = $2";

/// Changes of counters, folded before they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deltas(BTreeMap<String, i64>);

impl Deltas {
    /// Adds to one counter.
    pub(crate) fn add(&mut self, name: String, by: i64) {
        *self.0.entry(name).or_default() += by;
    }

    /// Writes what does not cancel out, in the order of the names: two writers cannot wait for each other crosswise.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        let (tenant, lane) = (tx.tenant().as_uuid(), lane(tx));
        let changed = self.0.into_iter().filter(|(_, by)| *by != 0);
        let rows = changed
            .map(|(name, by)| vec![tenant.into(), name.into(), lane.into(), by.into()])
            .collect();
        ADD.insert(tx, rows).await.map(drop)
    }
}

/// Writers add in their own lane and do not wait for one another.
fn lane(tx: &Tx) -> i64 {
    match tx.dialect() {
        Dialect::Sqlite => 0,
        Dialect::Postgres => i64::try_from(tx.scope().writer()).unwrap_or_default(),
    }
}

/// The counter's sum over all lanes.
pub(crate) async fn sum(reader: &mut Reader, tenant: TenantId, name: String) -> Result<i64, Error> {
    let row = reader.query_one(SUM, &[tenant.as_uuid().into(), name.into()]).await?;
    row.get("count")
}

/// All counters whose name begins so, by the rest of their name.
pub(crate) async fn by_prefix(
    reader: &mut Reader,
    tenant: TenantId,
    prefix: &'static str,
) -> Result<Vec<(String, i64)>, Error> {
    // Names are ASCII, so that `~` is behind all of them.
    let values = [tenant.as_uuid().into(), prefix.into(), format!("{prefix}~").into()];
    let rows = reader.query(BY_PREFIX, &values).await?;
    rows.iter()
        .map(|row| {
            let name = row.text("name")?;
            let rest = name.strip_prefix(prefix).unwrap_or(name);
            Ok((rest.to_owned(), row.get("count")?))
        })
        .collect()
}

/// Forgets a counter whose object is gone.
pub(crate) async fn forget(tx: &mut Tx, name: String) -> Result<(), Error> {
    let tenant = tx.tenant().as_uuid();
    tx.execute(DROP, &[tenant.into(), name.into()]).await.map(drop)
}
