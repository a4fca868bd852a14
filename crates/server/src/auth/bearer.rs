//! API tokens as text: `clv_` + base64url(tenant ‖ 32 random bytes). Stored as SHA-256 of the text.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use claviger_api::headers::{API_TOKEN_PREFIX, api_token};
use claviger_domain::TenantId;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::ports::{self, NoEntropy};

/// A token's text as a request carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// The tenant that it claims.
    pub tenant: TenantId,
    /// SHA-256 of its text.
    pub hash: [u8; 32],
}

/// A new token's text for a tenant.
///
/// # Errors
/// When there is no randomness.
pub fn make(tenant: TenantId) -> Result<(Zeroizing<String>, [u8; 32]), NoEntropy> {
    let secret = Zeroizing::new(ports::random::<32>()?);
    let bytes = Zeroizing::new([&tenant.as_uuid().as_bytes()[..], &secret[..]].concat());
    let text = Zeroizing::new(format!(
        "{API_TOKEN_PREFIX}{}",
        URL_SAFE_NO_PAD.encode(bytes.as_slice())
    ));
    let hash = digest(&text);
    Ok((text, hash))
}

/// The bearer token of a request: `None` without an `Authorization` header, `Some(None)` when it is not one of ours.
#[must_use]
pub fn presented(headers: &HeaderMap) -> Option<Option<Presented>> {
    let value = headers.get(header::AUTHORIZATION)?;
    Some(value.to_str().ok().and_then(parse))
}

fn parse(authorization: &str) -> Option<Presented> {
    let (tenant, text) = api_token(authorization)?;
    Some(Presented {
        tenant: TenantId::from_uuid(tenant),
        hash: digest(text),
    })
}

/// SHA-256 of a secret's text: it is random, so no slow hash is needed.
#[must_use]
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use claviger_domain::TenantId;
    use uuid::Uuid;

    use super::{make, parse};

    #[test]
    fn a_token_names_its_tenant_and_nothing_else_parses() {
        let tenant = TenantId::from_uuid(Uuid::from_u128(7));
        let (text, hash) = make(tenant).unwrap();
        let presented = parse(&format!("Bearer {}", &*text)).unwrap();
        assert_eq!((presented.tenant, presented.hash), (tenant, hash));
        for wrong in ["", "clv_", "clv_AAAA", &text[4..], &format!("{}A", &*text)] {
            assert_eq!(parse(&format!("Bearer {wrong}")), None, "{wrong}");
        }
    }
}
