//! Jobs as the engines see them: run, kept or undone, answered once.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use claviger_domain::Timestamp;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::error::{Error, Fault};
use crate::otp_tokens::{Decided, Found, Sought, attempt};
use crate::scope::Scope;
use crate::tx::{Reader, Tx};

pub(crate) type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What is to become of what a job wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The job succeeded: keep it.
    Keep,
    /// The job refused or failed: undo it. The fault is what a statement met, if one failed.
    Undo(Option<Fault>),
}

/// A write job of any type.
pub(crate) trait WriteJob: Send {
    fn scope(&self) -> &Scope;
    /// Runs the job and holds back its outcome. May be called again after an undone transaction.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalFuture<'a, Verdict>;
    /// The job as an attempt at a code, of which many are carried out together.
    fn trying(&mut self) -> Option<&mut dyn Trying> {
        None
    }
    /// Answers the caller: with the outcome, or with the error that befell the commit of a kept one.
    fn answer(self: Box<Self>, commit: Result<(), Error>);
}

/// An attempt at a code.
pub(crate) trait Trying: Send {
    fn scope(&self) -> &Scope;
    fn sought(&self) -> &Sought;
    /// Decides and holds back the outcome; nothing is to be kept of an attempt that failed.
    fn decide(&mut self, found: &Found, now: Timestamp) -> Option<Decided>;
}

/// A read job of any type.
pub(crate) trait ReadJob: Send {
    /// Runs the job and answers its caller; `false` when the reader must not be used again.
    fn run<'a>(self: Box<Self>, reader: &'a mut Reader) -> LocalFuture<'a, bool>
    where
        Self: 'a;
    /// Answers without running.
    fn fail(self: Box<Self>, error: Error);
}

pub(crate) struct Write<T, E, F> {
    scope: Scope,
    job: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Write<T, E, F> {
    pub(crate) fn new(scope: Scope, job: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (
            Self {
                scope,
                job,
                outcome: None,
                reply,
            },
            answer,
        )
    }
}

impl<T, E, F> WriteJob for Write<T, E, F>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalFuture<'a, Verdict> {
        Box::pin(async move {
            tx.begin(self.scope.clone());
            tx.take_failure();
            let run = AssertUnwindSafe((self.job)(tx)).catch_unwind().await;
            let (failed, fault) = tx.take_failure();
            let outcome = match run {
                Ok(Ok(_)) if failed => Err(E::from(Error::inconsistent(
                    "a job went on after a statement had failed",
                ))),
                Ok(outcome) => outcome,
                Err(_) => Err(E::from(Error::Panicked)),
            };
            let verdict = if outcome.is_ok() {
                Verdict::Keep
            } else {
                Verdict::Undo(fault)
            };
            self.outcome = Some(outcome);
            verdict
        })
    }

    fn answer(self: Box<Self>, commit: Result<(), Error>) {
        self.settle(commit);
    }
}

impl<T, E: From<Error>, F> Write<T, E, F> {
    fn settle(self, commit: Result<(), Error>) {
        let outcome = match (self.outcome, commit) {
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Err(error)) => Err(E::from(error)),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(E::from(Error::inconsistent("a job was answered without having run"))),
        };
        // The caller may have gone away; the change is kept all the same.
        let _ = self.reply.send(outcome);
    }
}

/// A write job that only decides: what it decides on is loaded for it, and what it decides is kept for it.
pub(crate) struct Attempt<T, E, F> {
    write: Write<T, E, F>,
    sought: Sought,
}

impl<T, E, F> Attempt<T, E, F> {
    pub(crate) fn new(scope: Scope, sought: Sought, decide: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (write, answer) = Write::new(scope, decide);
        (Self { write, sought }, answer)
    }
}

impl<T, E, F> Trying for Attempt<T, E, F>
where
    F: Fn(&Found, Timestamp) -> Result<(Decided, T), E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    fn scope(&self) -> &Scope {
        &self.write.scope
    }

    fn sought(&self) -> &Sought {
        &self.sought
    }

    fn decide(&mut self, found: &Found, now: Timestamp) -> Option<Decided> {
        let decide = AssertUnwindSafe(|| (self.write.job)(found, now));
        let decided = std::panic::catch_unwind(decide).unwrap_or_else(|_| Err(E::from(Error::Panicked)));
        let (decided, outcome) = match decided {
            Ok((decided, answer)) => (Some(decided), Ok(answer)),
            Err(error) => (None, Err(error)),
        };
        self.write.outcome = Some(outcome);
        decided
    }
}

impl<T, E, F> WriteJob for Attempt<T, E, F>
where
    F: Fn(&Found, Timestamp) -> Result<(Decided, T), E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    fn scope(&self) -> &Scope {
        &self.write.scope
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalFuture<'a, Verdict> {
        Box::pin(async move {
            tx.begin(self.write.scope.clone());
            tx.take_failure();
            self.write.outcome = None;
            let run = attempt::one(tx, self).await;
            let (_, fault) = tx.take_failure();
            if let Err(error) = run {
                self.write.outcome = Some(Err(E::from(error)));
            }
            match self.write.outcome {
                Some(Ok(_)) => Verdict::Keep,
                Some(Err(_)) | None => Verdict::Undo(fault),
            }
        })
    }

    fn trying(&mut self) -> Option<&mut dyn Trying> {
        Some(self)
    }

    fn answer(self: Box<Self>, commit: Result<(), Error>) {
        self.write.settle(commit);
    }
}

pub(crate) struct Read<T, E, F> {
    job: F,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Read<T, E, F> {
    pub(crate) fn new(job: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { job, reply }, answer)
    }
}

impl<T, E, F> ReadJob for Read<T, E, F>
where
    F: AsyncFn(&mut Reader) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    fn run<'a>(self: Box<Self>, reader: &'a mut Reader) -> LocalFuture<'a, bool>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let Self { job, reply } = *self;
            let run = AssertUnwindSafe(job(reader)).catch_unwind().await;
            let lost = reader.take_failure().1 == Some(Fault::Connection);
            let whole = run.is_ok() && !lost;
            let outcome = run.unwrap_or_else(|_| Err(E::from(Error::Panicked)));
            let _ = reply.send(outcome);
            whole
        })
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.reply.send(Err(E::from(error)));
    }
}
