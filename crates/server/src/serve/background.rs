//! What runs beside the requests: the events hub, audit checkpoints, tidying up, metrics.

use std::time::Duration;

use claviger_domain::TenantId;
use claviger_store::{Actor, Scope, Tx, ceremonies, guesses, idempotency, sessions};
use tokio::{task::JoinHandle, time::interval};

use crate::{
    App, Failure,
    actions::audit::{self, Signer},
    retention,
};

const TIDY: Duration = Duration::from_mins(5);
const RETAIN: Duration = Duration::from_hours(1);
const FOLD: Duration = Duration::from_secs(5);

pub(super) fn start(app: &App) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(carry(app.clone())),
        tokio::spawn(listen(app.clone())),
        tokio::spawn(sign(app.clone())),
        tokio::spawn(tidy(app.clone())),
        tokio::spawn(retain(app.clone())),
        tokio::spawn(fold(app.clone())),
    ]
}

async fn carry(app: App) {
    app.events().carry(app.store()).await;
}

async fn listen(app: App) {
    app.elsewhere().carry(&app).await;
}

async fn sign(app: App) {
    if app.keyring().is_sealed() {
        tracing::warn!("sealed: the audit log gets no checkpoints");
        return;
    }
    let mut turn = interval(app.config().checkpoints);
    let mut signer = None;
    loop {
        turn.tick().await;
        if signer.is_none() {
            signer = Signer::load(&app)
                .await
                .inspect_err(|failure| tracing::error!(?failure, "no signing key"))
                .ok();
        }
        let Some(signer) = &signer else { continue };
        match audit::sign(&app, signer).await {
            // Another server on the same database was first: its checkpoint covers the same heads.
            Ok(_) | Err(Failure::Store(claviger_store::Error::Duplicate { .. })) => {}
            Err(failure) => tracing::error!(?failure, "the audit log's heads were not signed"),
        }
    }
}

async fn tidy(app: App) {
    let mut turn = interval(TIDY);
    loop {
        turn.tick().await;
        let scope = Scope {
            tenant: TenantId::SYSTEM,
            actor: Actor::System("tidying up".to_owned()),
            source: None,
            request_id: None,
            lane_key: 0,
            now: app.clock().now(),
        };
        let job = async |tx: &mut Tx| {
            sessions::delete_expired(tx).await?;
            idempotency::delete_expired(tx).await?;
            ceremonies::delete_expired(tx).await?;
            guesses::delete_empty(tx).await?;
            Ok::<(), Failure>(())
        };
        if let Err(failure) = app.store().write(scope, job).await {
            tracing::error!(?failure, "expired rows were not removed");
        }
        if let Err(failure) = crate::actions::downloads::sweep(&app).await {
            tracing::error!(?failure, "files left behind were not removed");
        }
    }
}

async fn retain(app: App) {
    let mut turn = interval(RETAIN);
    loop {
        turn.tick().await;
        if let Err(failure) = retention::apply(&app).await {
            tracing::error!(?failure, "what is past its time was not removed");
        }
    }
}

async fn fold(app: App) {
    let mut turn = interval(FOLD);
    loop {
        turn.tick().await;
        app.metrics().upkeep();
        let followers = app.events().followers();
        metrics::gauge!("event_streams").set(f64::from(u32::try_from(followers).unwrap_or(u32::MAX)));
    }
}
