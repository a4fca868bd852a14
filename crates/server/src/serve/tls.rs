//! TLS from files, read again when they change and on SIGHUP. A file that cannot be used leaves the old one in place.

use std::{
    io,
    time::{Duration, SystemTime},
};

use axum_server::tls_rustls::RustlsConfig;

use crate::config::TlsFiles;

const LOOK: Duration = Duration::from_secs(30);

pub(super) async fn load(files: &TlsFiles) -> io::Result<RustlsConfig> {
    // Which provider is the default must not depend on what else is linked in.
    let _already = rustls::crypto::aws_lc_rs::default_provider().install_default();
    RustlsConfig::from_pem_file(&files.certificate, &files.key).await
}

pub(super) async fn keep_fresh(tls: RustlsConfig, files: TlsFiles) {
    let mut seen = changed_at(&files);
    loop {
        let told = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            () = hung_up() => true,
        };
        let now = changed_at(&files);
        if !told && now == seen {
            continue;
        }
        seen = now;
        match tls.reload_from_pem_file(&files.certificate, &files.key).await {
            Ok(()) => tracing::info!("read the certificate again"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the old one stays"),
        }
    }
}

fn changed_at(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|path| path.metadata().and_then(|data| data.modified()).ok())
}

#[cfg(unix)]
async fn hung_up() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn hung_up() {
    std::future::pending().await
}
