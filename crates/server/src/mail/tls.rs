//! Certificates that a tenant trusts besides the machine's own.

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// Bytes of certificates that a tenant may keep.
const MOST: usize = 64 * 1024;

/// The certificates in a PEM text.
///
/// # Errors
/// Says what is wrong with the text.
pub(crate) fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    if pem.len() > MOST {
        return Err(format!("at most {MOST} bytes of certificates are taken"));
    }
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let certificates = read.map_err(|_| "this is no PEM text".to_owned())?;
    let mut trusted = rustls::RootCertStore::empty();
    let all = !certificates.is_empty() && certificates.iter().all(|one| trusted.add(one.clone()).is_ok());
    if all {
        Ok(certificates)
    } else {
        Err("certificates in PEM are wanted".to_owned())
    }
}
