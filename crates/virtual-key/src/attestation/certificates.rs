//! Certificates of the virtual key: WebAuthn §8.2.1, and the serial number of an enterprise attestation.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, IsCa, KeyUsagePurpose,
    PublicKeyData, SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use sha2::{Digest as _, Sha256};

use super::{AAGUID, constant_key};

/// `id-fido-gen-ce-aaguid`: which model (WebAuthn §8.2.1).
const MODEL: &[u64] = &[1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];
/// `id-fido-gen-ce-sernum`: which key (CTAP §7.1.4).
const KEY_SERIAL: &[u64] = &[1, 3, 6, 1, 4, 1, 45724, 1, 1, 2];

/// The certificate of the root under which all virtual keys stand, in DER.
///
/// # Errors
/// When the certificate cannot be written.
pub fn root_certificate() -> Result<Vec<u8>, rcgen::Error> {
    let root = constant_key("root");
    let certificate = root_params().self_signed(&Pair::of(&root))?;
    Ok(certificate.der().to_vec())
}

/// The same certificate as text.
///
/// # Errors
/// When the certificate cannot be written.
pub fn root_certificate_pem() -> Result<String, rcgen::Error> {
    Ok(root_params().self_signed(&Pair::of(&constant_key("root")))?.pem())
}

/// The root, as it signs.
pub(super) struct Issuer(rcgen::Issuer<'static, Pair>);

impl Issuer {
    pub(super) fn root() -> Self {
        Self(rcgen::Issuer::new(root_params(), Pair::of(&constant_key("root"))))
    }

    /// The model's certificate.
    pub(super) fn model(&self, key: &SigningKey) -> Result<Vec<u8>, rcgen::Error> {
        self.leaf(key, "Claviger virtual key", Vec::new())
    }

    /// The certificate of one key.
    pub(super) fn key(&self, key: &SigningKey, serial: &str) -> Result<Vec<u8>, rcgen::Error> {
        let serial_number = CustomExtension::from_oid_content(KEY_SERIAL, octet_string(serial.as_bytes()));
        self.leaf(key, "Claviger virtual key, enterprise", vec![serial_number])
    }

    fn leaf(&self, key: &SigningKey, name: &str, more: Vec<CustomExtension>) -> Result<Vec<u8>, rcgen::Error> {
        let mut params = params(name);
        params
            .distinguished_name
            .push(DnType::OrganizationalUnitName, "Authenticator Attestation");
        params.is_ca = IsCa::ExplicitNoCa;
        params.custom_extensions = vec![CustomExtension::from_oid_content(MODEL, octet_string(&AAGUID))];
        params.custom_extensions.extend(more);
        let pair = Pair::of(key);
        params.serial_number = Some(serial_number(&pair.public));
        Ok(params.signed_by(&pair, &self.0)?.der().to_vec())
    }
}

fn root_params() -> CertificateParams {
    let mut params = params("Claviger virtual key root");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(SerialNumber::from(1));
    params
}

/// Fixed dates: the same key has the same certificate every time.
fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2055, 1, 1);
    params.distinguished_name = DistinguishedName::new();
    let subject = &mut params.distinguished_name;
    if let Ok(country) = "CZ".try_into() {
        subject.push(DnType::CountryName, DnValue::PrintableString(country));
    }
    subject.push(DnType::OrganizationName, "Claviger");
    subject.push(DnType::CommonName, name);
    params
}

/// A serial number for the certificate that differs by public key and is positive.
fn serial_number(public: &[u8]) -> SerialNumber {
    let digest = Sha256::digest(public);
    let start = digest.iter().take(15).copied();
    SerialNumber::from(std::iter::once(1).chain(start).collect::<Vec<u8>>())
}

/// An OCTET STRING of fewer than 128 bytes.
fn octet_string(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap_or(0x7F);
    [&[0x04, length], bytes].concat()
}

/// A P-256 key as the certificate writer wants it.
struct Pair {
    key: SigningKey,
    public: Vec<u8>,
}

impl Pair {
    fn of(key: &SigningKey) -> Self {
        Self {
            key: key.clone(),
            public: key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }
}

impl PublicKeyData for Pair {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: Signature = self.key.sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}
