//! What other servers on the same PostgreSQL changed. They tell this one nothing: while consoles follow, the heads of
//! their lanes of the audit log are asked for twice a second, and the events behind a head that moved say what changed.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use claviger_domain::TenantId;
use claviger_store::{Change, Reader, Store, audit, jobs};
use uuid::Uuid;

use super::Hub;
use crate::App;

const PAUSE: Duration = Duration::from_millis(500);
/// Beyond so many events of a lane at once, consoles read their pages again.
const MOST: i64 = 200;
/// Kinds of objects whose event stands for a change of that object alone.
const SINGLE: [&str; 8] = [
    "security_key",
    "otp_token",
    "policy",
    "settings",
    "api_token",
    "administrator",
    "tenant",
    "user",
];

/// Sequences of a tenant's lanes, as far as they were told.
type Lanes = HashMap<i64, i64>;

/// How far other servers' lanes were told.
#[derive(Default)]
pub struct Elsewhere {
    told: Mutex<HashMap<TenantId, Lanes>>,
}

impl Elsewhere {
    /// Notes where a tenant's lanes stand, before its first console is answered.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn begin(&self, store: &Store, tenant: TenantId) -> Result<(), claviger_store::Error> {
        let known = self.lock().contains_key(&tenant);
        if known || store.own_lanes().is_none() {
            return Ok(());
        }
        let heads = store
            .read(async move |reader: &mut Reader| audit::heads_of(reader, &[tenant]).await)
            .await?;
        let lanes = heads.iter().map(|head| (head.lane, head.sequence)).collect();
        self.lock().entry(tenant).or_insert(lanes);
        Ok(())
    }

    /// Tells consoles until the server stops; on SQLite there is no other server.
    pub async fn carry(&self, app: &App) {
        let Some(own) = app.store().own_lanes() else { return };
        let mut progress = HashMap::new();
        while !app.is_stopping() {
            tokio::time::sleep(PAUSE).await;
            let tenants = app.events().tenants();
            if tenants.is_empty() {
                continue;
            }
            let asked = match self.changes(app, &tenants, &own).await {
                Ok(()) => self.work(app, tenants, &mut progress).await,
                Err(error) => Err(error),
            };
            if let Err(error) = asked {
                tracing::warn!(%error, "other servers' changes could not be asked for");
            }
        }
    }

    async fn changes(&self, app: &App, tenants: &[TenantId], own: &Range<i64>) -> Result<(), claviger_store::Error> {
        let ids = tenants.to_vec();
        let heads = app
            .store()
            .read(async move |reader: &mut Reader| audit::heads_of(reader, &ids).await)
            .await?;
        for head in heads.into_iter().filter(|head| !own.contains(&head.lane)) {
            let Some(told) = self.told(head.tenant, head.lane).filter(|told| *told < head.sequence) else {
                continue;
            };
            let touched = app
                .store()
                .read(async move |reader: &mut Reader| {
                    audit::touched(reader, head.tenant, head.lane, told, MOST + 1).await
                })
                .await?;
            self.lock()
                .entry(head.tenant)
                .or_default()
                .insert(head.lane, head.sequence);
            tell(app.events(), head.tenant, &touched);
        }
        Ok(())
    }

    /// Jobs of other servers: their rows change with their progress, without events of their own.
    async fn work(
        &self,
        app: &App,
        tenants: Vec<TenantId>,
        progress: &mut HashMap<Uuid, i64>,
    ) -> Result<(), claviger_store::Error> {
        let node = app.jobs().node();
        let running = app
            .store()
            .read(async move |reader: &mut Reader| jobs::elsewhere(reader, &tenants, node).await)
            .await?;
        let before = std::mem::take(progress);
        for (tenant, id, revision) in running {
            let id = id.as_uuid();
            progress.insert(id, revision);
            if before.get(&id) != Some(&revision) {
                let kind = "job";
                app.events().tell(tenant, vec![Change { kind, id, revision }]);
                app.events().tell_missed_to(tenant);
            }
        }
        Ok(())
    }

    /// How far a lane was told; a lane that began since counts from its beginning.
    fn told(&self, tenant: TenantId, lane: i64) -> Option<i64> {
        self.lock()
            .get(&tenant)
            .map(|lanes| lanes.get(&lane).copied().unwrap_or(0))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TenantId, Lanes>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells what single objects' events touched; of imports, jobs and floods only that much changed. The log knows no
/// revisions: 0 says that the console must ask.
fn tell(hub: &Hub, tenant: TenantId, touched: &[(String, Option<Uuid>)]) {
    let single: Option<Vec<Change>> = touched
        .iter()
        .map(|(kind, id)| {
            let kind = SINGLE.into_iter().find(|single| single == kind)?;
            Some(Change {
                kind,
                id: (*id)?,
                revision: 0,
            })
        })
        .collect();
    match single.filter(|all| i64::try_from(all.len()).is_ok_and(|count| count <= MOST)) {
        Some(changes) => hub.tell(tenant, changes),
        None => hub.tell_missed_to(tenant),
    }
}
