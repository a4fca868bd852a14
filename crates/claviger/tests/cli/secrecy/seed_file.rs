//! PSKC files (RFC 6030) with seeds, pre-shared keys and passwords that nobody has seen before.

use aes::Aes128;
use cbc::{
    Encryptor,
    cipher::{BlockEncryptMut as _, KeyIvInit as _, block_padding::Pkcs7},
};
use data_encoding::BASE64;
use hmac::{Hmac, Mac as _};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;

const PSKC: &str = "urn:ietf:params:xml:ns:keyprov:pskc";
const DERIVATION: &str = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#";
const SALT: &[u8; 8] = b"saltsalt";
const ROUNDS: u32 = 1_000;

/// A token of a file.
pub(super) struct Row {
    pub(super) serial: String,
    pub(super) seed: Vec<u8>,
}

/// A file whose seeds stand there as they are.
pub(super) fn plain(rows: &[Row]) -> String {
    let secret = |row: &Row| format!("<PlainValue>{}</PlainValue>", BASE64.encode(&row.seed));
    container("", rows, secret)
}

/// A file sealed with a pre-shared key (RFC 6030 §6.1).
pub(super) fn sealed(rows: &[Row], key: &[u8; 16]) -> String {
    protected(
        rows,
        key,
        "<EncryptionKey><ds:KeyName>Transport</ds:KeyName></EncryptionKey>",
    )
}

/// A file sealed with a key made from a password (RFC 6030 §6.2).
pub(super) fn locked(rows: &[Row], password: &str) -> String {
    let mut key = [0; 16];
    pbkdf2_hmac::<Sha1>(password.as_bytes(), SALT, ROUNDS, &mut key);
    let salt = BASE64.encode(SALT);
    let derived = format!(
        "<EncryptionKey><xenc11:DerivedKey xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\"><xenc11:KeyDerivationMethod \
         Algorithm=\"{DERIVATION}pbkdf2\"><pkcs5:PBKDF2-params xmlns:pkcs5=\"{DERIVATION}\"><Salt><Specified>{salt}</Specified></Salt>\
         <IterationCount>{ROUNDS}</IterationCount><KeyLength>16</KeyLength><PRF/></pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>\
         </xenc11:DerivedKey></EncryptionKey>"
    );
    protected(rows, &key, &derived)
}

fn protected(rows: &[Row], key: &[u8; 16], opener: &str) -> String {
    // Every file has a MAC key of its own; it is sealed like the seeds.
    let mac_key = *rows[0].seed.first_chunk::<16>().unwrap();
    let method = format!(
        "<MACMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><MACKey>{}</MACKey></MACMethod>",
        cipher(&seal(key, &mac_key))
    );
    container(&format!("{opener}{method}"), rows, |row| {
        let bytes = seal(key, &row.seed);
        let mac = Hmac::<Sha1>::new_from_slice(&mac_key).unwrap().chain_update(&bytes);
        let mac = BASE64.encode(&mac.finalize().into_bytes());
        format!(
            "<EncryptedValue>{}</EncryptedValue><ValueMAC>{mac}</ValueMAC>",
            cipher(&bytes)
        )
    })
}

fn seal(key: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    let iv = [0x5a; 16];
    let cipher = Encryptor::<Aes128>::new(key.into(), &iv.into());
    [iv.to_vec(), cipher.encrypt_padded_vec_mut::<Pkcs7>(plain)].concat()
}

fn cipher(bytes: &[u8]) -> String {
    format!(
        "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/><xenc:CipherData>\
         <xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData>",
        BASE64.encode(bytes)
    )
}

fn container(protection: &str, rows: &[Row], secret: impl Fn(&Row) -> String) -> String {
    let packages = rows.iter().map(|row| {
        format!(
            "<KeyPackage><DeviceInfo><Manufacturer>Acme</Manufacturer><SerialNo>{}</SerialNo></DeviceInfo>\
             <Key Id=\"1\" Algorithm=\"{PSKC}:hotp\"><AlgorithmParameters><ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/>\
             </AlgorithmParameters><Data><Secret>{}</Secret><Counter><PlainValue>0</PlainValue></Counter></Data></Key></KeyPackage>",
            row.serial,
            secret(row)
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><KeyContainer Version=\"1.0\" xmlns=\"{PSKC}\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">{protection}{}</KeyContainer>",
        packages.collect::<String>()
    )
}
