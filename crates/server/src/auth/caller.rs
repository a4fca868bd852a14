//! `Caller<P>`: a request whose right to `P` is proven. Actions take it; only the guard makes it.

use std::{marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::StatusCode, http::request::Parts};
use claviger_api::SignInMethod;
use claviger_domain::{Privilege, PrivilegeSet, Revision, TenantId, Timestamp};
use claviger_store::{Reader, Scope, Tx};
use uuid::Uuid;

use super::{Identity, Who, identity::SignedIn, replay};
use crate::{
    App, Failure,
    rest::{
        entry::Entry,
        guard::Guard,
        reply::{self, Answer, Reply},
        retry::Retry,
    },
    secrets::Receipt,
};

/// A caller whose right to `P` is proven.
pub struct Caller<P> {
    app: App,
    standing: Arc<Standing>,
    privilege: PhantomData<fn() -> P>,
}

/// Who calls, from where, and what he says about repeating and revisions.
#[derive(Clone)]
pub(crate) struct Standing {
    identity: Arc<Identity>,
    source: Option<String>,
    request_id: Option<String>,
    expected: Option<Revision>,
    retry: Option<Retry>,
    success: StatusCode,
}

impl Standing {
    pub(crate) fn of_request(
        identity: Arc<Identity>,
        entry: &Entry,
        expected: Option<Revision>,
        retry: Option<Retry>,
        success: StatusCode,
    ) -> Self {
        let source = Some(entry.address().to_string());
        Self {
            identity,
            source,
            request_id: Some(entry.request_id().to_owned()),
            expected,
            retry,
            success,
        }
    }
}

/// The proof that the guard puts into a request.
pub(crate) struct Proof<P>(Caller<P>);

impl<P> Proof<P> {
    pub(crate) fn new(app: &App, standing: Standing) -> Self {
        Self(Caller {
            app: app.clone(),
            standing: Arc::new(standing),
            privilege: PhantomData,
        })
    }
}

impl<P> Clone for Proof<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P> Clone for Caller<P> {
    fn clone(&self) -> Self {
        Self {
            app: self.app.clone(),
            standing: Arc::clone(&self.standing),
            privilege: PhantomData,
        }
    }
}

impl<P: Guard> FromRequestParts<App> for Caller<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Failure> {
        let proof = parts.extensions.get::<Proof<P>>();
        proof
            .map(|proof| proof.0.clone())
            .ok_or_else(|| Failure::internal("the route is not mounted by this guard"))
    }
}

/// The revision that a caller expects, to be compared inside the job.
#[derive(Debug, Clone, Copy)]
pub struct Expected(Option<Revision>);

impl Expected {
    /// Compares with the revision that was read.
    ///
    /// # Errors
    /// [`Failure::Stale`] with the revision that stands.
    pub fn check(self, current: Revision) -> Result<(), Failure> {
        match self.0 {
            Some(expected) if expected != current => Err(Failure::Stale(Some(current))),
            _ => Ok(()),
        }
    }
}

/// Whether a caller proved lately who he is.
#[derive(Debug, Clone, Copy)]
pub struct ProvenLately(bool);

impl ProvenLately {
    /// Demands it of whoever hands out the right to see PINs: a borrowed browser, which may not see them, would hand it
    /// to itself.
    ///
    /// # Errors
    /// [`Failure::StepUpRequired`].
    pub fn to_hand_out(self, privileges: PrivilegeSet) -> Result<(), Failure> {
        let pins = [Privilege::DeviceUserPinRead, Privilege::DeviceAdminPinRead];
        if self.0 || !pins.iter().any(|pin| privileges.contains(*pin)) {
            Ok(())
        } else {
            Err(Failure::StepUpRequired)
        }
    }

    /// Demands it of whoever takes a protection away from the tenant, or agrees to that.
    ///
    /// # Errors
    /// [`Failure::StepUpRequired`].
    pub const fn to_lower_a_guard(self) -> Result<(), Failure> {
        if self.0 { Ok(()) } else { Err(Failure::StepUpRequired) }
    }
}

impl<P> Caller<P> {
    /// The server.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Who calls.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.standing.identity
    }

    /// The tenant worked in.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.standing.identity.tenant
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.app.clock().now()
    }

    /// Where the request came from.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.standing.source.as_deref()
    }

    /// The revision in `If-Match`.
    #[must_use]
    pub fn expected(&self) -> Expected {
        Expected(self.standing.expected)
    }

    /// Demands one more privilege, where the operation's own depends on what is asked.
    ///
    /// # Errors
    /// [`Failure::Lacks`].
    pub fn require(&self, privilege: Privilege) -> Result<(), Failure> {
        if self.identity().may(privilege) {
            Ok(())
        } else {
            Err(Failure::Lacks(privilege))
        }
    }

    /// The administrator in his session; programs have none.
    ///
    /// # Errors
    /// [`Failure::Forbidden`] for an API token.
    pub fn signed_in(&self) -> Result<&SignedIn, Failure> {
        self.identity().signed_in().ok_or(Failure::Forbidden(
            "This is for people in a session, not for API tokens.",
        ))
    }

    /// Demands of a session that it began with a password or passkey. A provider's word holds in its tenant alone, and
    /// whoever it no longer lets in must not have left himself another way.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn require_own_means(&self) -> Result<(), Failure> {
        match self.identity().signed_in() {
            Some(signed_in) if signed_in.method == SignInMethod::Oidc => Err(Failure::Forbidden(
                "Sign in by a password or passkey of your own for this.",
            )),
            _ => Ok(()),
        }
    }

    /// Demands of a session that its holder proved who he is within 5 minutes, or what the tenant's settings say.
    /// API tokens are exempt.
    ///
    /// # Errors
    /// [`Failure::StepUpRequired`].
    pub fn require_step_up(&self) -> Result<(), Failure> {
        match &self.identity().who {
            Who::Administrator(signed_in) if !signed_in.is_proven(self.now()) => Err(Failure::StepUpRequired),
            Who::Administrator(_) | Who::ApiToken { .. } | Who::System(_) => Ok(()),
        }
    }

    /// Whether the caller passes [`Self::require_step_up`], for jobs that learn only later whether they need it.
    #[must_use]
    pub fn proven_lately(&self) -> ProvenLately {
        ProvenLately(self.require_step_up().is_ok())
    }

    /// Runs a job in one commit with its audit events, its changes and its answer for replay. Jobs of one tenant
    /// that name no object are decided in the order they came.
    ///
    /// # Errors
    /// What the job refuses; [`Failure::Replay`] when the same request was carried out before.
    pub async fn write<T, F>(&self, job: F) -> Result<T, Failure>
    where
        F: AsyncFn(&mut Tx) -> Result<T, Failure> + Send + 'static,
        T: Reply + Send + 'static,
    {
        self.write_on(self.tenant().as_uuid(), job).await
    }

    /// As [`Self::write`], for one object: jobs for the same object are decided in the order they came, jobs for
    /// others may run beside them.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_on<T, F>(&self, object: Uuid, job: F) -> Result<T, Failure>
    where
        F: AsyncFn(&mut Tx) -> Result<T, Failure> + Send + 'static,
        T: Reply + Send + 'static,
    {
        let scope = self.scope(object);
        let Some(retry) = self.standing.retry.clone() else {
            return self.app.store().write(scope, job).await;
        };
        let (caller, status) = (self.identity().caller_id(), self.standing.success.as_u16());
        let (kept, tenant, now) = (retry.clone(), scope.tenant, scope.now);
        let job = async move |tx: &mut Tx| {
            replay::refuse_repeat(tx, caller, &kept).await?;
            let done = job(tx).await?;
            replay::keep(tx, caller, &kept, status, &done).await?;
            Ok(done)
        };
        match self.app.store().write(scope, job).await {
            // Another writer, or another server, may have carried out the same request meanwhile: what this one ran
            // into is then its own work.
            Err(failure) if !matches!(failure, Failure::Replay(_)) => {
                let look = async move |reader: &mut Reader| replay::answered(reader, tenant, caller, &retry, now).await;
                let meanwhile = self.app.store().read(look).await;
                Err(meanwhile.ok().flatten().unwrap_or(failure))
            }
            settled => settled,
        }
    }

    /// As [`Self::write_on`], for changes that may be repeated without harm: no answer is kept for replay.
    ///
    /// # Errors
    /// What the job refuses.
    pub async fn write_unkept<T, F>(&self, object: Uuid, job: F) -> Result<T, Failure>
    where
        F: AsyncFn(&mut Tx) -> Result<T, Failure> + Send + 'static,
        T: Send + 'static,
    {
        self.app.store().write(self.scope(object), job).await
    }

    /// As [`Self::write_on`], with the receipt without which no secret can be shown.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_to_show<T, F>(&self, object: Uuid, job: F) -> Result<(T, Receipt), Failure>
    where
        F: AsyncFn(&mut Tx) -> Result<T, Failure> + Send + 'static,
        T: Reply + Send + 'static,
    {
        let done = self.write_on(object, job).await?;
        Ok((done, Receipt::of_commit()))
    }

    /// Runs a short read.
    ///
    /// # Errors
    /// What the job refuses.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Failure>
    where
        F: AsyncFn(&mut Reader) -> Result<T, Failure> + Send + 'static,
        T: Send + 'static,
    {
        self.app.store().read(job).await
    }

    /// The answer, with the status that the operation declares.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    #[expect(clippy::needless_pass_by_value, reason = "an answer is the end of its value")]
    pub fn answer<T: Reply>(&self, value: T) -> Answer {
        Ok(reply::json(self.standing.success, reply::bytes(&value)?))
    }

    /// The same caller, whose answer has another success status than the operation's first.
    pub(crate) fn answering(&self, success: StatusCode) -> Self {
        let standing = Standing {
            success,
            ..self.standing.as_ref().clone()
        };
        Self {
            app: self.app.clone(),
            standing: Arc::new(standing),
            privilege: PhantomData,
        }
    }

    /// The same caller, whose request is known by the upload's content too when it is repeated.
    pub(crate) fn uploading(&self, file_name: &str, sha256: &[u8; 32]) -> Self {
        let retry = self
            .standing
            .retry
            .as_ref()
            .map(|retry| retry.of_upload(file_name, sha256));
        let standing = Standing {
            retry,
            ..self.standing.as_ref().clone()
        };
        Self {
            app: self.app.clone(),
            standing: Arc::new(standing),
            privilege: PhantomData,
        }
    }

    /// On whose behalf a job writes.
    #[must_use]
    pub fn scope(&self, object: Uuid) -> Scope {
        Scope {
            tenant: self.tenant(),
            actor: self.identity().actor(),
            source: self.standing.source.clone(),
            request_id: self.standing.request_id.clone(),
            lane_key: object.as_u128(),
            now: self.now(),
        }
    }
}
