//! The values of a key: plain, or sealed with a MAC; the oldest forms call both `Value` (RFC 6030 §4.2, §6.1).

use zeroize::Zeroizing;

use super::super::encoding::base64;
use super::super::fault::{SeedFault, SeedFileFault, SeedWrong};
use super::super::given::shown;
use super::cipher::Cipher;
use super::protection::{Protection, Sealed};
use super::xml::Element;

/// A value as it was read.
pub(super) enum Value<'a> {
    /// As it stands in the file: base64 for seeds, a number for others.
    Plain(&'a str),
    /// The bytes that were sealed.
    Opened(Zeroizing<Vec<u8>>),
}

/// Reads a value; the inner errors are the key's own.
pub(super) fn value<'a>(
    element: &'a Element,
    protection: &mut Protection,
) -> Result<Result<Option<Value<'a>>, SeedFault>, SeedFileFault> {
    let parts = match Parts::of(element) {
        Ok(parts) => parts,
        Err(fault) => return Ok(Err(fault)),
    };
    let (cipher, bytes) = match (parts.plain, parts.encrypted, parts.legacy) {
        (None, None, None) => return Ok(Ok(None)),
        (Some(plain), None, None) => return Ok(Ok(Some(Value::Plain(plain.text())))),
        (None, Some(encrypted), None) => match sealed(encrypted) {
            Ok(Some((name, bytes))) => match Cipher::parse(&name) {
                Some(cipher) => (cipher, bytes),
                None => return Ok(Err(of(element, SeedWrong::Cipher { given: shown(&name) }))),
            },
            Ok(None) => {
                let wrong = SeedWrong::Missing {
                    what: "encrypted value",
                    remedy: "EncryptionMethod and CipherValue are wanted",
                };
                return Ok(Err(of(element, wrong)));
            }
            Err(fault) => return Ok(Err(fault)),
        },
        // A counter without a digest is not sealed, also where the seed is.
        (None, None, Some(value)) => match protection.cipher {
            Some(cipher) if parts.mac.is_some() || is_secret(element) => match base64(value.text()) {
                Some(bytes) => (cipher, bytes),
                None => return Ok(Err(of(element, SeedWrong::Base64))),
            },
            _ => return Ok(Ok(Some(Value::Plain(value.text())))),
        },
        _ => return Ok(Err(of(element, SeedWrong::Twice))),
    };
    let mac = match parts
        .mac
        .map(|mac| base64(mac.text()).ok_or_else(|| of(element, SeedWrong::Mac)))
    {
        Some(Err(fault)) => return Ok(Err(fault)),
        Some(Ok(mac)) => Some(mac),
        None => None,
    };
    let sealed = Sealed {
        cipher,
        bytes: &bytes,
        mac: mac.as_deref().map(Vec::as_slice),
        line: element.line,
    };
    let opened = protection.open(&sealed)?;
    Ok(opened
        .map(|bytes| Some(Value::Opened(bytes)))
        .map_err(|wrong| of(element, wrong)))
}

struct Parts<'a> {
    plain: Option<&'a Element>,
    encrypted: Option<&'a Element>,
    legacy: Option<&'a Element>,
    mac: Option<&'a Element>,
}

impl<'a> Parts<'a> {
    fn of(element: &'a Element) -> Result<Self, SeedFault> {
        Ok(Self {
            plain: element.one(&["plainvalue"])?,
            encrypted: element.one(&["encryptedvalue"])?,
            legacy: element.one(&["value"])?,
            mac: element.one(&["valuemac", "valuedigest"])?,
        })
    }
}

/// The name of a cipher, and what it sealed.
type Named = (String, Zeroizing<Vec<u8>>);

/// The name of the cipher and the sealed bytes of an encrypted value (XML encryption §3.1).
pub(super) fn sealed(element: &Element) -> Result<Option<Named>, SeedFault> {
    let Some(method) = element.one(&["encryptionmethod"])? else {
        return Ok(None);
    };
    let scheme = method.one(&["encryptionscheme"])?;
    let named = scheme.and_then(|scheme| scheme.attribute(&["algorithm"]));
    let Some(name) = named.or_else(|| method.attribute(&["algorithm"])) else {
        return Ok(None);
    };
    let Some(bytes) = element.at(&["cipherdata", "ciphervalue"])? else {
        return Ok(None);
    };
    let bytes = base64(bytes.text()).ok_or_else(|| of(element, SeedWrong::Base64))?;
    Ok(Some((name.to_owned(), bytes)))
}

fn is_secret(element: &Element) -> bool {
    let name = element.attribute(&["name"]).unwrap_or(&element.name);
    name.eq_ignore_ascii_case("secret")
}

fn of(element: &Element, wrong: SeedWrong) -> SeedFault {
    SeedFault::of(element.attribute(&["name"]).unwrap_or(element.called()), wrong)
}

impl Value<'_> {
    /// As a seed.
    pub(super) fn bytes(self) -> Result<Zeroizing<Vec<u8>>, SeedWrong> {
        match self {
            Self::Plain(text) => base64(text).ok_or(SeedWrong::Base64),
            Self::Opened(bytes) => Ok(bytes),
        }
    }

    /// As a number: decimal digits, or base64 of digits or of big-endian bytes, as makers have it.
    pub(super) fn number(self) -> Result<u64, SeedWrong> {
        let number = match self {
            Self::Plain(text) => text.parse().ok().or_else(|| of_bytes(&base64(text)?)),
            Self::Opened(bytes) => of_bytes(&bytes),
        };
        number
            .filter(|number| *number <= i64::MAX.unsigned_abs())
            .ok_or(SeedWrong::Number)
    }
}

fn of_bytes(bytes: &[u8]) -> Option<u64> {
    if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        return std::str::from_utf8(bytes).ok()?.parse().ok();
    }
    let mut whole = [0; 8];
    let begin = whole.len().checked_sub(bytes.len()).filter(|_| !bytes.is_empty())?;
    whole.get_mut(begin..)?.copy_from_slice(bytes);
    Some(u64::from_be_bytes(whole))
}
