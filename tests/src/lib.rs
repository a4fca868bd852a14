//! Tests of the real server through HTTP, on SQLite and on PostgreSQL; the tree mirrors the tree of URLs.
#![cfg(test)]

mod audit;
mod beginning;
mod compatible;
mod configuration;
mod coverage;
mod demo;
mod downloads;
mod escalation;
mod events;
mod examples;
mod guessing;
mod hands;
mod hostile;
mod imports;
mod initial_pins;
mod jobs;
mod mail;
mod million;
mod oidc;
mod operating;
mod otp_alike;
mod otp_broken;
mod otp_clocks;
mod otp_figures;
mod otp_imports;
mod otp_orders;
mod otp_people;
mod otp_tokens;
mod overview;
mod policies;
mod radius;
mod reach;
mod references;
mod removals;
mod retention;
mod roles;
mod rotation;
mod security;
mod security_keys;
mod seed_files;
mod separation;
mod server;
mod session;
mod settings;
mod showing;
mod sight;
mod smtp;
mod standing;
mod stock;
mod takeover;
mod users;
mod verifications;

/// Makes two tests of one: against a server on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! served {
    ($($(#[$meta:meta])* async fn $name:ident($server:ident) $body:block)+) => {$(
        mod $name {
            #[allow(clippy::allow_attributes, unused_imports, clippy::wildcard_imports, reason = "the body's names come from around the macro")]
            use super::*;

            async fn body($server: &$crate::server::TestServer) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                claviger_testkit::run(|| async {
                    let server = $crate::server::TestServer::start_on_sqlite().await;
                    body(&server).await;
                    server.stop().await;
                });
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                claviger_testkit::run(|| async {
                    let server = $crate::server::TestServer::start_on_postgres().await;
                    body(&server).await;
                    server.stop().await;
                });
            }
        }
    )+};
}
