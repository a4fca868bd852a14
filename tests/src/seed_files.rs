//! Seed files of makers and drafts, as the source package of python-pskc collects them: each is read, or refused for
//! the reason that its maker meant or that our book gives. The files are fetched, not kept here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use claviger_domain::otp::Kind;
use claviger_formats::delivery::Limits;
use claviger_formats::seeds::{Keys, PreSharedKey, Said, SeedReader, SeedRow};

const LIMITS: Limits = Limits {
    rows: 1_000,
    columns: 64,
    line: 64 * 1024,
};

/// The key that most of the files are sealed with, and the password of the others.
const KEY: &str = "12345678901234567890123456789012";
const PASSWORD: &str = "qwerty";
/// The seed of most examples: the digits 1 to 0 twice.
const DIGITS: &str = "3132333435363738393031323334353637383930";

const OCRA: &str = "Key/@Algorithm: tokens of the type “urn:ietf:params:xml:ns:keyprov:pskc:ocra” are not supported";
const NO_DIGITS: &str = "ResponseFormat/@Length: the number of digits is missing";

/// What becomes of each file: the beginnings of its rows, or of its refusal behind `!`.
const FILES: &[(&str, &[&str])] = &[
    (
        "actividentity/test.pskcxml",
        &["0950380269 hotp sha1 8 #837830147 dce70c2a0c1f5806f316ca8d09456eb4765ad053"],
    ),
    (
        "draft-hoyer-keyprov-portable-symmetric-key-container-00/non-encrypted.pskcxml",
        &["98765432187 hotp sha1 6 #12 "],
    ),
    (
        "draft-hoyer-keyprov-portable-symmetric-key-container-00/password-encrypted.pskcxml",
        &["!the cipher “PBE-3DES112-CBC” is not supported"],
    ),
    (
        "draft-hoyer-keyprov-portable-symmetric-key-container-01/non-encrypted.pskcxml",
        &["98765432187 hotp sha1 6 #42 "],
    ),
    (
        "draft-hoyer-keyprov-portable-symmetric-key-container-01/password-encrypted.pskcxml",
        &["!the cipher “PBE-3DES112-CBC” is not supported"],
    ),
    (
        "draft-hoyer-keyprov-pskc-algorithm-profiles-01/actividentity-3des.pskcxml",
        &["Key/@Algorithm: tokens of the type"],
    ),
    (
        "draft-hoyer-keyprov-pskc-algorithm-profiles-01/ocra.pskcxml",
        &["Key/@Algorithm: tokens of the type"],
    ),
    (
        "draft-hoyer-keyprov-pskc-algorithm-profiles-01/securid-aes-counter.pskcxml",
        &["Key/@Algorithm: tokens of the type"],
    ),
    (
        "draft-hoyer-keyprov-pskc-algorithm-profiles-01/totp.pskcxml",
        &["987654323 totp sha1 6 30s DIGITS"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure2.pskcxml",
        &["987654321 hotp sha1 8 #0 DIGITS"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure3.pskcxml",
        &["987654321 hotp sha1 8 #0 DIGITS"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure4.pskcxml",
        &["987654321 hotp sha1 8 #0 DIGITS"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure5.pskcxml",
        &["Secret: the value is encrypted without a MAC"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure6.pskcxml",
        &["Secret: the cipher “http://www.w3.org/2001/04/xmlenc#rsa_1_5”"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure7.pskcxml",
        &["Secret: the seed is missing; keys that are made from other keys"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure8.pskcxml",
        &["0755225266 hotp sha1 6 #0 DIGITS"],
    ),
    (
        "draft-ietf-keyprov-pskc-02/figure9.pskcxml",
        &[
            "654321 hotp sha1 8 #0",
            "123456 hotp",
            "9999999 hotp",
            "9999999 hotp sha1 8 #0 DIGITS until 2006-04-30",
        ],
    ),
    ("encryption/aes128-cbc.pskcxml", &["1 hotp sha1 6 #0 DIGITS"]),
    // The initialisation vector is nowhere in the file.
    (
        "encryption/aes128-cbc-noiv.pskcxml",
        &["Secret: the MAC does not match"],
    ),
    ("encryption/aes192-cbc.pskcxml", &["1 hotp sha1 6 #0 DIGITS"]),
    ("encryption/aes256-cbc.pskcxml", &["1 hotp sha1 6 #0 DIGITS"]),
    (
        "encryption/camellia128-cbc.pskcxml",
        &["!the cipher “http://www.w3.org/2001/04/xmlenc#camellia128-cbc”"],
    ),
    (
        "encryption/camellia192-cbc.pskcxml",
        &["!the cipher “http://www.w3.org/2001/04/xmlenc#camellia192-cbc”"],
    ),
    (
        "encryption/camellia256-cbc.pskcxml",
        &["!the cipher “http://www.w3.org/2001/04/xmlenc#camellia256-cbc”"],
    ),
    ("encryption/kw-aes128.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-aes192.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-aes256.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-camellia128.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-camellia192.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-camellia256.pskcxml", &["Secret: the cipher"]),
    ("encryption/kw-tripledes.pskcxml", &["Secret: the cipher"]),
    ("encryption/mac-over-plaintext.pskcxml", &["1 hotp sha1 6 #0 DIGITS"]),
    ("encryption/no-mac-key.pskcxml", &["1 hotp sha1 6 #0 DIGITS"]),
    (
        "encryption/tripledes-cbc.pskcxml",
        &["!the cipher “http://www.w3.org/2001/04/xmlenc#tripledes-cbc”"],
    ),
    (
        "feitian/20120919-test001-4282.xml",
        &[
            "2600215704919 totp sha1 6 60s cd22b780",
            "1000117803294 hotp sha1 6 #0 4dfa5f4f",
        ],
    ),
    (
        "feitian/file1.pskcxml",
        &[
            "1000133508267 hotp sha1 6 #0",
            "1000133508255 hotp sha1 6 #0",
            "2600124809778 totp sha1 6 60s",
            "2600124809787 totp sha1 6 60s",
            "2600135004012 totp sha1 6 60s",
            "2600135004013 totp sha1 6 60s",
        ],
    ),
    ("invalid/incomplete-derivation.pskcxml", &["!PBKDF2-params is missing"]),
    (
        "invalid/mac-algorithm.pskcxml",
        &["!the hash “http://www.w3.org/2000/09/xmldsig#hmac-zha9” is not supported"],
    ),
    ("invalid/mac-value.pskcxml", &["Secret: the MAC does not match"]),
    (
        "invalid/missing-encryption-method.pskcxml",
        &["!the MAC key is missing"],
    ),
    ("invalid/missing-encryption.pskcxml", &[NO_DIGITS]),
    ("invalid/no-mac-method.pskcxml", &[NO_DIGITS]),
    (
        "invalid/not-boolean.pskcxml",
        &["ResponseFormat: codes of this token are not plain decimal numbers"],
    ),
    ("invalid/not-integer.pskcxml", &["Secret: the seed is missing"]),
    ("invalid/not-integer2.pskcxml", &["Secret: the seed is missing"]),
    ("invalid/notxml.pskcxml", &["!the XML is no PSKC"]),
    ("invalid/unknown-encryption.pskcxml", &[NO_DIGITS]),
    ("invalid/wrongelement.pskcxml", &["!the XML is no PSKC"]),
    (
        "invalid/wrongversion.pskcxml",
        &["!the file is of another version of PSKC"],
    ),
    (
        "misc/SampleFullyQualifiedNS.xml",
        &["!the pre-shared key or password does not open this file"],
    ),
    (
        "misc/checkdigits.pskcxml",
        &[
            "1 hotp sha1 8 #0 DIGITS",
            "ResponseFormat: codes",
            "ResponseFormat: codes",
            "ResponseFormat: codes",
        ],
    ),
    ("misc/integers.pskcxml", &["Secret: the seed is missing"; 5]),
    ("misc/odd-namespace.pskcxml", &[NO_DIGITS]),
    (
        "misc/partialxml.pskcxml",
        &[
            "KeyPackage: there is no key in this package",
            "Secret: the seed is missing",
            "Secret: the seed is missing",
            "Secret: the seed is missing",
            "Secret: the seed is missing",
            "Secret: the seed is missing",
        ],
    ),
    ("misc/policy.pskcxml", &["SerialNo: the serial number is empty"; 4]),
    (
        "multiotp/pskc-hotp-aes.txt",
        &["ZZ0000000000 hotp sha1 6 #0 DIGITS", "ZZ0100000000 hotp sha1 8 #0 "],
    ),
    (
        "multiotp/pskc-hotp-pbe.txt",
        &["ZZ0000000002 hotp sha1 6 #0 3031323334353637383930313233343536373839"],
    ),
    (
        "multiotp/pskc-totp-aes.txt",
        &[
            "ZZ1000000000 totp sha1 6 30s DIGITS",
            "ZZ1100000000 totp sha1 8 30s ",
            "ZZ1000000001 totp sha256 6 30s DIGITS313233343536373839303132",
            "ZZ1100000001 totp sha256 8 30s ",
        ],
    ),
    (
        "multiotp/pskc-totp-pbe.txt",
        &["ZZ1000000002 totp sha1 6 30s 3031323334353637383930313233343536373839"],
    ),
    (
        "multiotp/tokens_hotp_aes.pskc",
        &[
            "ZZ7000000001 hotp sha256 8 #16887061004979670 91f0dc4e",
            "ZZ7000000002 hotp sha512 8 #33134002894009587 ",
        ],
    ),
    (
        "multiotp/tokens_hotp_pbe.pskc",
        &["ZZ7000000000 hotp sha1 8 #3175185617134465 5d3a38bf"],
    ),
    ("multiotp/tokens_ocra_aes.pskc", &[OCRA; 32]),
    ("multiotp/tokens_ocra_pbe.pskc", &[OCRA]),
    (
        "multiotp/tokens_totp_aes.pskc",
        &[
            "ZZ8000000001 totp sha256 8 30s 38c2506a",
            "ZZ8000000002 totp sha512 8 30s ",
        ],
    ),
    (
        "multiotp/tokens_totp_pbe.pskc",
        &["ZZ8000000000 totp sha1 8 30s 2c8792d3"],
    ),
    ("nagraid/file1.pskcxml", &[OCRA; 3]),
    ("rfc6030/figure2.pskcxml", &[NO_DIGITS]),
    ("rfc6030/figure3.pskcxml", &["987654321 hotp sha1 8 #0 DIGITS jsmith"]),
    (
        "rfc6030/figure4.pskcxml",
        &["Secret: the seed is missing; keys that are made from other keys"],
    ),
    ("rfc6030/figure5.pskcxml", &["987654321 hotp sha1 8 #0 DIGITS"]),
    ("rfc6030/figure6.pskcxml", &["987654321 hotp sha1 8 #0 DIGITS"]),
    ("rfc6030/figure7.pskcxml", &["987654321 hotp sha1 8 #0 DIGITS"]),
    (
        "rfc6030/figure8.pskcxml",
        &["Secret: the cipher “http://www.w3.org/2001/04/xmlenc#rsa_1_5”"],
    ),
    ("rfc6030/figure9.pskcxml", &["0755225266 hotp sha1 6 #0 DIGITS"]),
    (
        "rfc6030/figure10.pskcxml",
        &[
            "654321 hotp sha1 8 #0 DIGITS until 2006-05-31",
            "123456 hotp",
            "9999999 hotp",
            "9999999 hotp sha1 8 #0 DIGITS until 2006-04-30",
        ],
    ),
    (
        "yubico/example1.pskcxml",
        &["Key/@Algorithm: tokens of the type “http://www.yubico.com/#yubikey-aes”"],
    ),
    (
        "yubico/example2.pskcxml",
        &["Key/@Algorithm: tokens of the type “http://www.yubico.com/#yubikey-aes”"; 2],
    ),
    (
        "yubico/example3.pskcxml",
        &["Key/@Algorithm: tokens of the type “http://www.yubico.com/#yubikey-aes”"],
    ),
];

pub(crate) fn samples() -> PathBuf {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("pskc/requirements.txt");
    let folder = claviger_testkit::sources("pskc", &requirements);
    let folder = folder.unwrap_or_else(|why| panic!("there are no seed files to test with: {why}"));
    folder.join("python_pskc-1.4/tests")
}

fn key_of(name: &str) -> String {
    match name {
        "actividentity/test.pskcxml" => "fe0de6b806c09b762c4b49a666a27b72".to_owned(),
        "nagraid/file1.pskcxml" => "4A057F6AB6FCB57AB5408E46A9835E68".to_owned(),
        "encryption/aes192-cbc.pskcxml" => "1234567890".repeat(5)[..48].to_owned(),
        "encryption/aes256-cbc.pskcxml" => "1234567890".repeat(7)[..64].to_owned(),
        _ => KEY.to_owned(),
    }
}

fn read(name: &str, file: &[u8]) -> Vec<String> {
    let key = PreSharedKey::parse(&key_of(name)).unwrap();
    let said = Said {
        keys: Keys::new(Some(key), Some(PASSWORD.to_owned().into())),
        ..Said::default()
    };
    let mut reader = match SeedReader::open(file, said, LIMITS) {
        Ok(reader) => reader,
        Err(fault) => return vec![format!("!{fault}")],
    };
    let mut rows = Vec::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => rows.push(words(&row)),
            Ok(None) => return rows,
            Err(fault) => return vec![format!("!{fault}")],
        }
    }
}

fn words(row: &SeedRow) -> String {
    let token = match &row.token {
        Ok(token) => token,
        Err(faults) => {
            return format!(
                "{}: {}",
                faults[0].column.as_deref().unwrap_or_default(),
                faults[0].wrong
            );
        }
    };
    let parameters = token.parameters;
    let (kind, algorithm) = (parameters.kind(), parameters.algorithm().as_str());
    let mut words = format!(
        "{} {} {algorithm} {} ",
        token.serial,
        kind.as_str(),
        parameters.digits().get()
    );
    match parameters.time_step() {
        Some(step) => write!(words, "{}s ", step.seconds()).unwrap(),
        None => write!(words, "#{} ", token.counter).unwrap(),
    }
    assert_eq!(kind == Kind::Totp, parameters.time_step().is_some());
    for byte in token.seed.using() {
        write!(words, "{byte:02x}").unwrap();
    }
    if let Some(holder) = &token.holder {
        write!(words, " {holder}").unwrap();
    }
    if let Some(at) = token.expires_at {
        write!(words, " until {at}").unwrap();
    }
    words
}

/// Files that show one feature and leave out what makes a token: it is put in.
fn completed(name: &str, file: Vec<u8>) -> Vec<u8> {
    const FORMAT: &str = "<AlgorithmParameters><ResponseFormat Length=\"6\"/></AlgorithmParameters>";
    let bare = [
        "encryption/",
        "misc/checkdigits",
        "misc/integers",
        "misc/partialxml",
        "invalid/not-",
    ];
    if !bare.iter().any(|bare| name.starts_with(bare)) {
        return file;
    }
    let text = String::from_utf8(file).unwrap();
    let key = "<Key Id=\"1\" Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:hotp\">";
    let with_format = if text.contains("<ResponseFormat") {
        key.to_owned()
    } else {
        format!("{key}{FORMAT}")
    };
    text.replace("<Key>", &with_format).into_bytes()
}

#[test]
fn the_files_of_makers_and_drafts_are_read_or_refused_for_their_reason() {
    let samples = samples();
    let mut wrong = BTreeMap::new();
    let mut tokens = 0;
    for (name, expected) in FILES {
        let file = std::fs::read(samples.join(name)).unwrap();
        let rows = read(name, &completed(name, file));
        let expected: Vec<String> = expected.iter().map(|row| row.replace("DIGITS", DIGITS)).collect();
        let fits =
            rows.len() == expected.len() && rows.iter().zip(&expected).all(|(row, begin)| row.starts_with(begin));
        if !fits {
            wrong.insert(name, rows.clone());
        }
        tokens += rows.iter().filter(|row| row.contains(" sha")).count();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("SEED FILES files={} tokens={tokens}", FILES.len());
}

#[test]
fn no_sample_is_left_out() {
    let samples = samples();
    let mut missing = Vec::new();
    for folder in std::fs::read_dir(&samples).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() || folder.ends_with("certificate") {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let name = file.strip_prefix(&samples).unwrap().display().to_string();
            if !FILES.iter().any(|(known, _)| **known == name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
