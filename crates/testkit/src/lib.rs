//! What tests stand on: a PostgreSQL server of their own, fresh databases of both engines, and a smart-card reader.
//!
//! Servers come from Debian's binaries, listen on a spare port and a socket in a temporary directory, and
//! stop when dropped. `CLAVIGER_TEST_POSTGRES` names a server that runs already
//! (`postgres://user@host:port/postgres`), whose role may create databases.

mod binaries;
mod database;
mod postgres;
mod python;
pub mod room;
pub mod transcript;

pub use binaries::PostgresMissing;
pub use database::{Fresh, postgres, sqlite};
pub use postgres::{Durability, Postgres, dump, shared};
pub use python::{environment, sources};

/// Makes two tests of one: on SQLite and on PostgreSQL, each with a fresh store.
///
/// ```text
/// both_databases! {
///     async fn a_name_is_taken_once(store: Store) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident: Store) $body:block)+) => {$(
        mod $name {
            #[expect(unused_imports, clippy::wildcard_imports, reason = "the body's names come from around the macro")]
            use super::*;

            async fn body($store: ::claviger_store::Store) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                $crate::run(|| async {
                    let fresh = $crate::sqlite().await;
                    body(fresh.store()).await;
                    fresh.close().await;
                });
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                $crate::run(|| async {
                    let fresh = $crate::postgres().await;
                    body(fresh.store()).await;
                    fresh.close().await;
                });
            }
        }
    )+};
}

/// Drives a test on a runtime with two threads.
///
/// # Panics
/// When no runtime can be made.
#[expect(clippy::expect_used, reason = "a test cannot go on without")]
pub fn run<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(test());
}
