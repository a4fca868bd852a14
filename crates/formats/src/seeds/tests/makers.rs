//! PSKC as makers and drafts had it: other namespaces, other names, other places.

use super::*;

const SECRET: &str = "<PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue>";

#[test]
fn prefixes_marks_declarations_and_comments_make_no_difference() {
    let file = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<!-- a remark -->\r\n<?note x?>\r\n\
         <p:KeyContainer Version=\"1\" xmlns:p=\"urn:ietf:params:xml:ns:keyprov:pskc\">\r\n<p:KeyPackage><p:DeviceInfo>\
         <p:Manufacturer>FeiTian &amp; Technology&#x20;Co.,Ltd</p:Manufacturer><p:SerialNo><![CDATA[2600215704919]]></p:SerialNo>\
         <p:Model>c200</p:Model></p:DeviceInfo>\r\n\
         <p:Key Id='1' Algorithm='urn:ietf:params:xml:ns:keyprov:pskc:totp'><p:AlgorithmParameters><p:Suite>HMAC-SHA256</p:Suite>\
         <p:ResponseFormat Length='6' Encoding='DECIMAL'/></p:AlgorithmParameters><p:Data><p:Secret><p:PlainValue>\r\n\
         MTIzNDU2Nzg5MDEy <!-- here --> MzQ1Njc4OTA=</p:PlainValue></p:Secret><p:Time><p:PlainValue>0</p:PlainValue></p:Time>\
         <p:TimeInterval><p:PlainValue>60</p:PlainValue></p:TimeInterval></p:Data>\
         <p:Policy><p:ExpiryDate>2022-09-01T00:00:00Z</p:ExpiryDate></p:Policy></p:Key></p:KeyPackage>\r\n\
         <p:Signature><p:SignedInfo>ignored</p:SignedInfo></p:Signature></p:KeyContainer>\r\n<!-- the end -->\r\n";
    let expected = format!(
        "2600215704919 totp sha256 6 60s {SEED} | FeiTian & Technology Co.,Ltd | c200 until 2022-09-01T00:00:00Z"
    );
    assert_eq!(all(file, Said::default()), [expected]);
    let rows = read(file.as_bytes(), Said::default()).unwrap();
    assert_eq!(rows[0].line, 6);
}

#[test]
fn the_oldest_drafts_are_read() {
    for (root, key, algorithm) in [
        (
            "SecretContainer version=\"1.2\" xmlns=\"http://www.openauthentication.org/OATH/2006/08/PSKC\"",
            "Secret",
            "SecretAlgorithm=\"HOTP\" SecretId",
        ),
        (
            "KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:container\"",
            "Key",
            "KeyAlgorithm=\"HOTP\" KeyId",
        ),
        (
            "KeyContainer version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:container:1.0\"",
            "Key",
            "KeyAlgorithm=\"http://www.ietf.org/keyprov/pskc#hotp\" KeyId",
        ),
    ] {
        let name = root.split(' ').next().unwrap();
        let file = format!(
            "<{root}><EncryptionMethod algorithm=\"NONE\"/><DigestMethod algorithm=\"HMAC-SHA1\"></DigestMethod><Device><DeviceId>\
             <Manufacturer>Token Manufacturer</Manufacturer><SerialNo>98765432187</SerialNo><Expiry>01/01/2008</Expiry></DeviceId>\
             <{key} {algorithm}=\"98765432187\"><Issuer>Credential Issuer</Issuer>\
             <Usage><ResponseFormat format=\"DECIMAL\" length=\"6\"/></Usage><FriendlyName>MyFirstToken</FriendlyName>\
             <Data Name=\"SECRET\"><Value>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</Value><ValueDigest>WldjTHZwRm9YTkhBRytseDM=</ValueDigest></Data>\
             <Data Name=\"COUNTER\"><Value>AAAAAAAAAAw=</Value></Data></{key}></Device></{name}>"
        );
        let expected = format!("98765432187 hotp sha1 6 #12 {SEED} | Token Manufacturer until 2008-01-01T00:00:00Z");
        assert_eq!(all(&file, Said::default()), [expected], "{root}");
    }
}

#[test]
fn the_drafts_between_are_read() {
    let file = format!(
        "<KeyContainer Version=\"1.0\" id=\"x\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc:1.0\"><Device><DeviceInfo>\
         <Manufacturer>TokenVendorAcme</Manufacturer><SerialNo>987654323</SerialNo></DeviceInfo>\
         <Key KeyAlgorithm=\"urn:ietf:params:xml:ns:keyprov:pskc#totp\" KeyId=\"987654323\">\
         <Usage OTP=\"true\"><ResponseFormat Length=\"6\" Format=\"DECIMAL\"/></Usage><ExpiryDate>2030-01-01</ExpiryDate>\
         <Data><Secret>{SECRET}</Secret><Time><PlainValue>0</PlainValue></Time>\
         <TimeDrift><PlainValue>4</PlainValue></TimeDrift></Data></Key></Device></KeyContainer>"
    );
    assert_eq!(
        all(&file, Said::default()),
        [format!(
            "987654323 totp sha1 6 30s {SEED} | TokenVendorAcme until 2030-01-01T00:00:00Z"
        )]
    );
}

/// The names in lower case, as a parser of HTML leaves them, the hash in an attribute, the counter of a TOTP token.
#[test]
fn what_privacyidea_exports_as_pskc_is_read() {
    let (key, iv) = ([7_u8; 16], [9_u8; 16]);
    let mac_key = seal(&key, &iv, b"MacMacMacMacMacMacMa");
    let secret = seal(&key, &iv, b"12345678901234567890");
    let mac = mac_of(b"MacMacMacMacMacMacMa", &secret);
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let sealed = |bytes: &[u8]| {
        format!(
            "<xenc:encryptionmethod algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"></xenc:encryptionmethod>\
             <xenc:cipherdata><xenc:ciphervalue>{}</xenc:ciphervalue></xenc:cipherdata>",
            base64(bytes)
        )
    };
    let file = format!(
        "<keycontainer version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"><encryptionkey><ds:keyname>Pre-shared-key</ds:keyname></encryptionkey>\
         <macmethod algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><mackey>{}</mackey></macmethod>\
         <keypackage><deviceinfo><manufacturer>batch 7</manufacturer><serialno>TOTP0001</serialno></deviceinfo>\
         <key algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:totp\" id=\"TOTP0001\"><issuer>privacyIDEA</issuer>\
         <algorithmparameters><responseformat encoding=\"DECIMAL\" length=\"8\"></responseformat><suite hashalgo=\"sha512\"></suite>\
         </algorithmparameters><data><secret><encryptedvalue>{}</encryptedvalue><valuemac>{}</valuemac></secret>\
         <time><plainvalue>0</plainvalue></time><timeinterval><plainvalue>60</plainvalue></timeinterval>\
         <counter><plainvalue>52000000</plainvalue></counter><timedrift><plainvalue>-3.5</plainvalue></timedrift></data></key>\
         </keypackage></keycontainer>",
        sealed(&mac_key),
        sealed(&secret),
        base64(&mac),
    );
    let key = HEXLOWER.encode(&key);
    assert_eq!(
        all(&file, under(Some(&key), None)),
        [format!("TOTP0001 totp sha512 8 60s {SEED} | batch 7")]
    );
    // Versions before 3.5 wrote this in its place.
    let old = file.replace(&format!("<valuemac>{}</valuemac>", base64(&mac)), "");
    assert!(all(&old, under(Some(&key), None))[0].starts_with("Secret: the value is encrypted without a MAC"));
}

pub(super) fn seal(key: &[u8], iv: &[u8], plain: &[u8]) -> Vec<u8> {
    use aes::cipher::{BlockEncryptMut as _, KeyIvInit as _, block_padding::Pkcs7};
    let sealed = cbc::Encryptor::<aes::Aes128>::new_from_slices(key, iv)
        .unwrap()
        .encrypt_padded_vec_mut::<Pkcs7>(plain);
    [iv, &sealed].concat()
}

pub(super) fn mac_of(key: &[u8], text: &[u8]) -> Vec<u8> {
    use hmac::Mac as _;
    let mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(key).unwrap();
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

#[test]
fn a_mac_over_the_plain_text_under_the_one_key_is_taken_as_actividentity_has_it() {
    let (key, iv) = ([3_u8; 16], [5_u8; 16]);
    let sealed = seal(&key, &iv, b"12345678901234567890");
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let file = format!(
        "<KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:container:1.0\" version=\"1.0\">\
         <EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"><IV>{}</IV></EncryptionMethod>\
         <DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"/><Device><DeviceId>\
         <Manufacturer>ActivIdentity</Manufacturer><SerialNo>0950380269</SerialNo></DeviceId>\
         <Key KeyAlgorithm=\"http://www.ietf.org/keyprov/pskc#hotp\" KeyId=\"0950380269\"><Usage OTP=\"true\">\
         <ResponseFormat Format=\"DECIMAL\" Length=\"8\"/></Usage>\
         <Data Name=\"SECRET\"><Value>{}</Value><ValueDigest>{}</ValueDigest></Data>\
         <Data Name=\"COUNTER\"><Value>AAAAADHwRgM=</Value></Data></Key></Device></KeyContainer>",
        base64(&iv),
        base64(&sealed[16..]),
        base64(&mac_of(&key, b"12345678901234567890")),
    );
    let said = || under(Some(&HEXLOWER.encode(&key)), None);
    assert_eq!(
        all(&file, said()),
        [format!("0950380269 hotp sha1 8 #837830147 {SEED} | ActivIdentity")]
    );
    let wrong = file.replace(
        &base64(&mac_of(&key, b"12345678901234567890")),
        &base64(&mac_of(&key, b"x")),
    );
    assert!(all(&wrong, said())[0].starts_with("SECRET: the MAC does not match"));
    let without = wrong
        .replace("<ValueDigest>", "<Other>")
        .replace("</ValueDigest>", "</Other>");
    assert!(all(&without, said())[0].starts_with("SECRET: the value is encrypted without a MAC"));
    let triple = file.replace("xmlenc#aes128-cbc", "xmlenc#tripledes-cbc");
    assert!(refused(&triple, said()).contains("tripledes-cbc” is not supported"));
}
