//! Writing in the name of others and at times that are past.

use std::{collections::VecDeque, pin::Pin, task::Poll};

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{Actor, Scope, Store, Tx};
use futures_util::poll;

use crate::local::LocalError;

/// How many jobs wait at most: what waits together is one commit.
const AHEAD: usize = 64;

type Writing = Pin<Box<dyn Future<Output = Result<(), LocalError>> + Send>>;

/// The tenant that is being filled.
pub(super) struct Stage {
    pub(super) store: Store,
    pub(super) tenant: TenantId,
    writing: VecDeque<Writing>,
}

impl Stage {
    pub(super) const fn new(store: Store, tenant: TenantId) -> Self {
        Self {
            store,
            tenant,
            writing: VecDeque::new(),
        }
    }

    /// Writes as if this had been done by him at that time, and waits until it is kept.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        at: Timestamp,
        actor: Actor,
        job: impl AsyncFn(&mut Tx) -> Result<T, LocalError> + Send + 'static,
    ) -> Result<T, LocalError> {
        self.store.write(self.scope(at, actor), job).await
    }

    /// As [`Self::write`], without waiting: what is handed in first is decided first.
    pub(super) async fn hand_in(
        &mut self,
        at: Timestamp,
        actor: Actor,
        job: impl AsyncFn(&mut Tx) -> Result<(), LocalError> + Send + Sync + 'static,
    ) -> Result<(), LocalError> {
        if self.writing.len() >= AHEAD
            && let Some(oldest) = self.writing.pop_front()
        {
            oldest.await?;
        }
        let (store, scope) = (self.store.clone(), self.scope(at, actor));
        let mut writing: Writing = Box::pin(async move { store.write(scope, job).await });
        // The first look at it hands the job over.
        match poll!(writing.as_mut()) {
            Poll::Ready(outcome) => outcome?,
            Poll::Pending => self.writing.push_back(writing),
        }
        Ok(())
    }

    /// Waits until all is kept.
    pub(super) async fn settle(&mut self) -> Result<(), LocalError> {
        while let Some(oldest) = self.writing.pop_front() {
            oldest.await?;
        }
        Ok(())
    }

    /// All jobs share a lane, so that its times rise.
    fn scope(&self, at: Timestamp, actor: Actor) -> Scope {
        Scope {
            tenant: self.tenant,
            actor,
            source: None,
            request_id: None,
            lane_key: 0,
            now: at,
        }
    }
}
