//! TLS from files, read again when they change and on SIGHUP. A file that cannot be used leaves the old one in place.

use std::{
    io,
    time::{Duration, SystemTime},
};

use axum_server::tls_rustls::RustlsConfig;

use crate::config::TlsFiles;

const LOOK: Duration = Duration::from_secs(30);

/// The files, watched since before they were first read: no change and no SIGHUP is missed, however early it comes.
pub(super) struct Watched {
    files: TlsFiles,
    seen: [Option<SystemTime>; 2],
    hangups: Hangups,
}

impl Watched {
    pub(super) fn begin(files: TlsFiles) -> Self {
        Self {
            seen: changed_at(&files),
            files,
            hangups: Hangups::begin(),
        }
    }

    pub(super) async fn load(&self) -> io::Result<RustlsConfig> {
        // Which provider is the default must not depend on what else is linked in.
        let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
        RustlsConfig::from_pem_file(&self.files.certificate, &self.files.key).await
    }

    pub(super) async fn keep_fresh(mut self, tls: RustlsConfig) {
        loop {
            let told = tokio::select! {
                () = tokio::time::sleep(LOOK) => false,
                () = self.hangups.next() => true,
            };
            let now = changed_at(&self.files);
            if !told && now == self.seen {
                continue;
            }
            self.seen = now;
            match tls.reload_from_pem_file(&self.files.certificate, &self.files.key).await {
                Ok(()) => tracing::info!("read the certificate again"),
                Err(error) => tracing::error!(%error, "the new certificate cannot be used; the old one stays"),
            }
        }
    }
}

fn changed_at(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|path| path.metadata().and_then(|data| data.modified()).ok())
}

#[cfg(unix)]
struct Hangups(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Hangups {
    fn begin() -> Self {
        Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok())
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    const fn begin() -> Self {
        Self
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
