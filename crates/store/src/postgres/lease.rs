//! A node's lease: servers on one database take numbers, so that each writes lanes of its own.
//!
//! The lease only keeps lanes apart; what keeps a lane whole is the compare-and-set of its head.

use std::time::Duration;

use claviger_domain::ids::TenantId;
use deadpool_postgres::Pool;
use uuid::Uuid;

use super::connect::{Target, reader};
use crate::error::{Error, Fault};
use crate::migrations;
use crate::scope::Scope;
use crate::scope::WRITERS;
use crate::tx::{Reader, Tx};

/// A number that is leased to this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) number: i64,
    holder: Uuid,
}

/// More servers than this on one database are refused.
const NODES: i64 = 1_000;

/// The database's clock is the one clock that all servers share.
const TAKE: &str = "INSERT INTO leases (tenant_id, name, number, holder, expires_at)
    VALUES ($1, $2, $3, $4, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 60000000)
    ON CONFLICT (tenant_id, name, number) DO UPDATE
    SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE leases.expires_at < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
        OR leases.holder = excluded.holder";
const RELEASE: &str = "DELETE FROM leases WHERE tenant_id = $1 AND name = $2 AND number = $3 AND holder = $4";
const HOLDER: &str = "SELECT gen_random_uuid()";

/// The lane of a node's writer.
pub(super) fn lane(node: i64, writer: usize) -> i64 {
    let (writers, writer) = (
        i64::try_from(WRITERS).unwrap_or(i64::MAX),
        i64::try_from(writer).unwrap_or(0),
    );
    node * writers + writer
}

/// Brings the schema up to date and takes a number.
pub(super) async fn prepare(target: Target, migrate: bool) -> Result<Node, Error> {
    let pool = target.pool(1)?;
    let mut tx = Tx::new(reader(&pool).await?, Scope::idle());
    let holder: Uuid = tx.query_one(HOLDER, &[]).await?.get(0)?;
    migrations::postgres::prepare(&mut tx, migrate, holder).await?;
    for number in 0..NODES {
        if take(&mut tx, "node", number, holder).await? {
            return Ok(Node { number, holder });
        }
    }
    Err(Error::driver(
        Fault::Other,
        "too many servers hold a lease on this database",
    ))
}

/// Takes or renews a lease; `false` when another holds it.
pub(crate) async fn take(reader: &mut Reader, name: &str, number: i64, holder: Uuid) -> Result<bool, Error> {
    let values = [TenantId::SYSTEM.into(), name.into(), number.into(), holder.into()];
    Ok(reader.change(TAKE, &values).await? == 1)
}

/// Gives a lease back.
pub(crate) async fn give_back(reader: &mut Reader, name: &str, number: i64, holder: Uuid) -> Result<(), Error> {
    let values = [TenantId::SYSTEM.into(), name.into(), number.into(), holder.into()];
    reader.change(RELEASE, &values).await.map(drop)
}

/// Renews the node's lease for as long as the process lives.
pub(super) async fn keep(pool: Pool, node: Node) {
    loop {
        tokio::time::sleep(Duration::from_secs(20)).await;
        let renewed = match reader(&pool).await {
            Ok(mut reader) => take(&mut reader, "node", node.number, node.holder).await,
            Err(error) => Err(error),
        };
        match renewed {
            Ok(true) => {}
            Ok(false) => tracing::warn!(node = node.number, "another server took over this node's number"),
            Err(error) => tracing::warn!(%error, node = node.number, "the node's lease was not renewed"),
        }
    }
}

/// Gives the node's number back.
pub(super) async fn release(pool: &Pool, node: Node) {
    let released = match reader(pool).await {
        Ok(mut reader) => give_back(&mut reader, "node", node.number, node.holder).await,
        Err(error) => Err(error),
    };
    if let Err(error) = released {
        tracing::debug!(%error, node = node.number, "the node's lease was not given back; it expires");
    }
}
