//! The container's own facts: its form and version, and how its values are protected (RFC 6030 §4.1, §6).

use super::super::encoding::base64;
use super::super::fault::{SeedFault, SeedFileFault, SeedFileWrong};
use super::super::given::shown;
use super::cipher::{Cipher, Hash};
use super::protection::{Derivation, Opener, Protection};
use super::xml::Element;

/// The most rounds of a derivation: a file may not keep a processor for minutes.
const ROUNDS: u32 = 2_000_000;
/// The longest salt.
const SALT: usize = 1_024;

/// Refuses a root that is no container.
pub(super) fn check(root: &Element) -> Result<(), SeedFileFault> {
    let namespaces = ["keyprov", "pskc", "openauthentication.org"];
    let namespace = root.namespace().to_ascii_lowercase();
    let known = namespace.is_empty() || namespaces.iter().any(|part| namespace.contains(part));
    let version = root.attribute(&["version"]);
    match root.name.as_str() {
        "keycontainer" | "secretcontainer" if !known => Err(SeedFileFault::at(root.line, SeedFileWrong::OtherRoot)),
        "keycontainer" if version.is_some_and(|version| !["1", "1.0"].contains(&version)) => Err(SeedFileFault::of(
            root.line,
            "KeyContainer/@Version",
            SeedFileWrong::Version,
        )),
        // The first draft counted its versions otherwise.
        "keycontainer" | "secretcontainer" => Ok(()),
        _ => Err(SeedFileFault::at(root.line, SeedFileWrong::OtherRoot)),
    }
}

/// Takes a child of the container that says how values are protected.
pub(super) fn protect(element: &Element, protection: &mut Protection) -> Result<(), SeedFileFault> {
    match element.name.as_str() {
        "encryptionkey" if protection.opener.is_none() => protection.opener = Some(encryption_key(element)?),
        "encryptionmethod" if protection.opener.is_none() => legacy(element, protection)?,
        "macmethod" | "digestmethod" if protection.hash.is_none() => mac(element, protection)?,
        "macalgorithm" if protection.hash.is_none() => {
            protection.hash = Some(hash(element.text(), element.line)?);
        }
        _ => {
            return Err(SeedFileFault::of(
                element.line,
                element.called(),
                SeedFileWrong::Misplaced,
            ));
        }
    }
    if let Some(iv) = element.children().find(|child| child.name == "iv") {
        let iv = base64(iv.text()).filter(|iv| iv.len() == 16);
        protection.iv = Some(iv.ok_or_else(|| incomplete(element, "the initialisation vector (IV)"))?);
    }
    Ok(())
}

fn encryption_key(element: &Element) -> Result<Opener, SeedFileFault> {
    let twice = |fault: SeedFault| {
        SeedFileFault::of(
            element.line,
            &fault.column.unwrap_or_default(),
            SeedFileWrong::Misplaced,
        )
    };
    if let Some(derived) = element.one(&["derivedkey"]).map_err(twice)? {
        let names = ["masterkeyname", "carriedkeyname"];
        let name = derived.children().find(|child| names.contains(&child.name.as_str()));
        return Ok(Opener::Password {
            name: name.map_or_else(|| "a password".to_owned(), |name| shown(name.text())),
            derivation: derivation(derived)?,
        });
    }
    if element
        .children()
        .any(|child| child.name.starts_with("x509") || child.name == "encryptedkey")
    {
        return Ok(Opener::Certificate);
    }
    let name = element.children().find(|child| child.name == "keyname");
    Ok(Opener::PreShared {
        name: name.map_or_else(|| "a pre-shared key".to_owned(), |name| shown(name.text())),
    })
}

/// The oldest forms: the cipher is said once for the whole file.
fn legacy(element: &Element, protection: &mut Protection) -> Result<(), SeedFileFault> {
    let algorithm = element.attribute(&["algorithm"]).unwrap_or_default();
    if algorithm.is_empty() || algorithm.eq_ignore_ascii_case("none") {
        return Ok(());
    }
    protection.cipher = Some(cipher(algorithm, element.line)?);
    protection.opener = Some(Opener::PreShared {
        name: "a pre-shared key".to_owned(),
    });
    Ok(())
}

fn mac(element: &Element, protection: &mut Protection) -> Result<(), SeedFileFault> {
    let algorithm = element.attribute(&["algorithm"]).unwrap_or_default();
    protection.hash = Some(hash(algorithm, element.line)?);
    let Some(key) = element.children().find(|child| child.name == "mackey") else {
        return Ok(());
    };
    let sealed = super::value::sealed(key).map_err(|_| incomplete(element, "the MAC key"))?;
    let (named, bytes) = sealed.ok_or_else(|| incomplete(element, "the MAC key"))?;
    protection.mac_key = Some((cipher(&named, key.line)?, bytes));
    protection.line = key.line;
    Ok(())
}

fn cipher(name: &str, line: u64) -> Result<Cipher, SeedFileFault> {
    Cipher::parse(name).ok_or_else(|| {
        let wrong = SeedFileWrong::Algorithm {
            what: "cipher",
            name: shown(name),
            wanted: "aes128-cbc, aes192-cbc and aes256-cbc are",
        };
        SeedFileFault::at(line, wrong)
    })
}

fn hash(name: &str, line: u64) -> Result<Hash, SeedFileFault> {
    Hash::parse(name).ok_or_else(|| {
        let wrong = SeedFileWrong::Algorithm {
            what: "hash",
            name: shown(name),
            wanted: "hmac-sha1 and hmac-sha224 to hmac-sha512 are",
        };
        SeedFileFault::at(line, wrong)
    })
}

fn derivation(derived: &Element) -> Result<Derivation, SeedFileFault> {
    let missing = |what| incomplete(derived, what);
    let find = |element: &Element, path: &[&str]| -> Result<String, SeedFileFault> {
        let found = element.at(path).ok().flatten();
        Ok(found.map(|found| found.text().to_owned()).unwrap_or_default())
    };
    let method = derived.one(&["keyderivationmethod"]).ok().flatten();
    let method = method.ok_or_else(|| missing("the key derivation"))?;
    let algorithm = method.attribute(&["algorithm"]).unwrap_or_default();
    if !algorithm.to_ascii_lowercase().ends_with("pbkdf2") {
        let wrong = SeedFileWrong::Algorithm {
            what: "key derivation",
            name: shown(algorithm),
            wanted: "PBKDF2 is",
        };
        return Err(SeedFileFault::at(method.line, wrong));
    }
    let params = method.one(&["pbkdf2-params"]).ok().flatten();
    let params = params.ok_or_else(|| missing("PBKDF2-params"))?;
    let salt = base64(&find(params, &["salt", "specified"])?).filter(|salt| (1..=SALT).contains(&salt.len()));
    let rounds: u64 = find(params, &["iterationcount"])?.parse().unwrap_or_default();
    let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
    if rounds > ROUNDS {
        return Err(SeedFileFault::at(params.line, SeedFileWrong::Rounds { most: ROUNDS }));
    }
    let length = find(params, &["keylength"])?
        .parse()
        .ok()
        .filter(|length| [16, 24, 32].contains(length));
    let prf = params.children().find(|child| child.name == "prf");
    let prf = prf
        .and_then(|prf| prf.attribute(&["algorithm"]))
        .filter(|name| !name.is_empty());
    Ok(Derivation {
        salt: salt.ok_or_else(|| missing("the salt"))?,
        rounds: Some(rounds)
            .filter(|rounds| *rounds > 0)
            .ok_or_else(|| missing("IterationCount"))?,
        length: length.ok_or_else(|| missing("KeyLength"))?,
        // RFC 8018 §A.2: SHA-1 when nothing is said.
        hash: prf.map_or(Ok(Hash::Sha1), |name| hash(name, params.line))?,
    })
}

fn incomplete(element: &Element, what: &'static str) -> SeedFileFault {
    SeedFileFault::of(element.line, element.called(), SeedFileWrong::Incomplete { what })
}
