//! Bad PSKC: cut, misnested, doubled, encoded twice, with entities, under the wrong MAC. Nothing of it comes in, and no
//! message repeats a seed.

use super::figures::{figure_6, figure_7};
use super::*;

const ROOT: &str = "<KeyContainer Version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">";
const ALGORITHM: &str = "urn:ietf:params:xml:ns:keyprov:pskc:hotp";
const FORMAT: &str = "<AlgorithmParameters><ResponseFormat Length=\"6\" Encoding=\"DECIMAL\"/></AlgorithmParameters>";
const DATA: &str = "<Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data>";

fn file(inside: &str) -> String {
    format!("{ROOT}\n<KeyPackage><DeviceInfo><SerialNo>A</SerialNo></DeviceInfo>{inside}</KeyPackage></KeyContainer>")
}

fn key(inside: &str) -> String {
    file(&format!("<Key Id=\"1\" Algorithm=\"{ALGORITHM}\">{inside}</Key>"))
}

fn good() -> String {
    key(&format!("{FORMAT}{DATA}"))
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let good = good();
    assert_eq!(all(&good, Said::default()), [format!("A hotp sha1 6 #0 {SEED}")]);
    for cut in 0..good.len() {
        assert!(read(&good.as_bytes()[..cut], Said::default()).is_err(), "cut at {cut}");
    }
    let (six, key) = (figure_6(), "12345678901234567890123456789012");
    for cut in (0..six.trim_end().len()).step_by(7) {
        assert!(
            read(&six.as_bytes()[..cut], under(Some(key), None)).is_err(),
            "cut at {cut}"
        );
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    let good = good();
    for (file, said) in [
        (
            good.replace("</Secret></Data>", "</Data></Secret>"),
            "an end tag does not belong to the element that is open",
        ),
        (
            format!("{good}\n</KeyContainer>"),
            "an end tag does not belong to the element that is open",
        ),
        (format!("{good}\n<more/>"), "something follows the last end tag"),
        (format!("{good}\nmore"), "something follows the last end tag"),
        (format!("<!-- a --b -->{good}"), "a comment holds two hyphens"),
        (
            good.replace("Id=\"1\"", "Id=\"1\" Id=\"2\""),
            "an attribute is not well written, or there twice",
        ),
        (
            good.replace("Id=\"1\"", "Id=1"),
            "an attribute is not well written, or there twice",
        ),
        (good.replace(">A<", "> & <"), "an ampersand is not written as &amp;"),
    ] {
        let fault = refused(&file, Said::default());
        assert!(fault.contains(said), "{file}: {fault}");
        assert!(fault.starts_with("line ") && !fault.starts_with("line 0"), "{fault}");
    }
    let latin = good.replace(">A<", ">\u{e9}<");
    let latin: Vec<u8> = latin.bytes().filter(|byte| *byte != 0xC3).collect();
    assert!(
        read(&latin, Said::default())
            .unwrap_err()
            .to_string()
            .contains("not UTF-8")
    );
    let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{good}");
    assert!(refused(&declared, Said::default()).contains("something else than UTF-8, as its first line says"));
}

#[test]
fn entities_are_neither_expanded_nor_fetched() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY c \"&b;&b;\">]>";
    let external = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let parameter = "<!DOCTYPE l SYSTEM \"http://127.0.0.1/x.dtd\">";
    for definition in [laughs, external, parameter, "<!doctype l>"] {
        for used in ["A", "&a;", "&c;"] {
            let file = format!("{definition}{}", good().replace(">A<", &format!(">{used}<")));
            let fault = refused(&file, Said::default());
            assert!(
                fault.starts_with("line 1: the file has a document type definition (DOCTYPE)"),
                "{fault}"
            );
        }
    }
    for used in ["&a;", "&unknown;", "&#0;", "&#x110000;"] {
        let in_text = good().replace(">A<", &format!(">{used}<"));
        let in_attribute = good().replace("Id=\"1\"", &format!("Id=\"{used}\""));
        for file in [in_text, in_attribute] {
            let fault = refused(&file, Said::default());
            assert!(fault.contains("entities are not expanded"), "{used}: {fault}");
        }
    }
    assert_eq!(
        all(&good().replace(">A<", ">&#65;&#x42;&lt;<"), Said::default()),
        [format!("AB< hotp sha1 6 #0 {SEED}")]
    );
}

#[test]
fn other_xml_and_other_versions_are_refused() {
    for (file, said) in [
        ("<SomethingElse></SomethingElse>", "line 1: the XML is no PSKC"),
        ("<KeyContainer xmlns=\"urn:other\"/>", "line 1: the XML is no PSKC"),
        (
            "\n<KeyContainer Version=\"2.0\"/>",
            "line 2, KeyContainer/@Version: the file is of another version of PSKC",
        ),
        ("<KeyContainer/>", "line 0: the file has no tokens"),
        ("&lt;KeyContainer&gt;", "line 1: this is no seed file that is known"),
        ("<?xml version=\"1.0\"?>", "line 1: the file is not well-formed XML"),
        ("<", "line 1: the file is not well-formed XML"),
    ] {
        let fault = refused(file, Said::default());
        assert!(fault.starts_with(said), "{file}: {fault}");
    }
    let said = Said {
        format: Some(SeedFormat::Json),
        ..Said::default()
    };
    assert!(refused(&good(), said).contains("not of the format json; leave the format out"));
    let said = Said {
        format: Some(SeedFormat::Pskc),
        ..Said::default()
    };
    assert!(refused("serial,key,type\nA,B,hotp\n", said).contains("not of the format pskc"));
}

#[test]
fn what_is_wrong_with_a_key_is_its_rows_own() {
    for (file, said) in [
        (file(""), "KeyPackage: there is no key in this package"),
        (
            file(&format!("<Key Id=\"1\">{FORMAT}{DATA}</Key>")),
            "Key/@Algorithm: the type is missing",
        ),
        (
            good().replace(":hotp", ":ocra"),
            "Key/@Algorithm: tokens of the type “urn:ietf:params:xml:ns:keyprov:pskc:ocra”",
        ),
        (
            good().replace(">A<", "><").replace("Id=\"1\"", ""),
            "SerialNo: the serial number is empty",
        ),
        (key(DATA), "ResponseFormat/@Length: the number of digits is missing"),
        (
            good().replace("\"6\"", "\"9\""),
            "ResponseFormat/@Length: codes of 9 digits are not supported",
        ),
        (
            good().replace("\"6\"", "\"six\""),
            "ResponseFormat/@Length: this is no whole number",
        ),
        (
            good().replace("DECIMAL", "HEXADECIMAL"),
            "ResponseFormat: codes of this token are not plain decimal numbers",
        ),
        (
            good().replace("Encoding=", "CheckDigits=\"true\" Encoding="),
            "ResponseFormat: codes of this token",
        ),
        (
            good().replace("<ResponseFormat", "<Suite>MD5</Suite><ResponseFormat"),
            "Suite: the algorithm “MD5” is not supported",
        ),
        (
            good().replace("</Data>", "<Counter><PlainValue>x</PlainValue></Counter></Data>"),
            "Counter: this is no whole number",
        ),
        (
            good().replace(
                "</Data>",
                "<Counter><PlainValue>9223372036854775808</PlainValue></Counter></Data>",
            ),
            "Counter: this is no",
        ),
        (
            good().replace("</Data>", "</Data><Policy><KeyUsage>CR</KeyUsage></Policy>"),
            "Policy: the policy of this key",
        ),
        (
            good().replace("</Data>", "</Data><Policy><Foo/></Policy>"),
            "Policy: the policy of this key",
        ),
        (
            good().replace("</Data>", "</Data><Policy><ExpiryDate>soon</ExpiryDate></Policy>"),
            "ExpiryDate: this is no time; times look like",
        ),
    ] {
        is_said(&file, said);
    }
}

#[test]
fn what_is_wrong_with_a_seed_is_said_without_it() {
    let two = "<Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>";
    let data = |secret: &str| key(&format!("{FORMAT}<Data><Secret>{secret}</Secret></Data>"));
    for (file, said) in [
        (key(FORMAT), "Secret: the seed is missing"),
        (
            key(&format!("{FORMAT}<Data>{two}{two}</Data>")),
            "Secret: this is there twice in one token; keep one",
        ),
        (
            key(&format!("{FORMAT}{DATA}{DATA}")),
            "Secret: this is there twice in one token; keep one",
        ),
        (
            key(&format!("{FORMAT}{FORMAT}{DATA}")),
            "AlgorithmParameters: this is there twice in one token; keep one",
        ),
        (
            data("<PlainValue>MTIz</PlainValue><PlainValue>MTIz</PlainValue>"),
            "PlainValue: this is there twice",
        ),
        (
            data("<PlainValue>MTIz</PlainValue><Value>MTIz</Value>"),
            "Secret: this is there twice",
        ),
        (
            data("<PlainValue>not base64!</PlainValue>"),
            "Secret: this is not base64",
        ),
        (
            data("<PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA</PlainValue>"),
            "Secret: this is not base64",
        ),
        (data("<PlainValue/>"), "Secret: the seed has 0 bytes"),
        (
            data("<PlainValue>R0VaREdOQlZHWTNUUU9KUUdFWkRHTkJWR1kzVFFPSlE=</PlainValue>"),
            "Secret: the seed is a base32 text once",
        ),
        (
            data("<PlainValue>TVRJek5EVTJOemc1TURFeU16UTFOamM0T1RBPQ==</PlainValue>"),
            "Secret: the seed is a base64 text once",
        ),
        (data("<EncryptedValue/>"), "Secret: the encrypted value is missing"),
    ] {
        is_said(&file, said);
    }
}

fn is_said(file: &str, said: &str) {
    let rows = all(file, Said::default());
    assert!(rows.len() == 1 && rows[0].starts_with(said), "{file}: {rows:?}");
    assert!(!rows[0].contains("MTIz"), "{rows:?}");
}

#[test]
fn a_wrong_or_missing_mac_and_an_unknown_cipher_are_noticed() {
    const KEY: &str = "12345678901234567890123456789012";
    let good = figure_6();
    let row = |file: &str| all(file, under(Some(KEY), None)).remove(0);
    let mac = "Secret: the MAC does not match: the file was changed, or the key or password is another one";
    assert_eq!(row(&good.replace(">Su+NvtQ", ">Au+NvtQ")), mac);
    assert_eq!(
        row(&good.replace("AAECAwQF", "AQECAwQF")),
        mac,
        "the initialisation vector is covered too"
    );
    assert_eq!(row(&good.replace("UqGv", "UqGw")), mac);
    assert_eq!(row(&good.replace(">Su+NvtQfmvfJzF6bmQiJqoLRExc=", ">NONEmissing")), mac);
    let without = good.replace("<ValueMAC>", "<Other>").replace("</ValueMAC>", "</Other>");
    assert!(row(&without).starts_with("Secret: the value is encrypted without a MAC"));
    let unknown =
        good.replacen("xmlenc#aes128-cbc", "xmlenc#unknown", 2)
            .replacen("xmlenc#unknown", "xmlenc#aes128-cbc", 1);
    assert_eq!(
        row(&unknown),
        "Secret: the cipher “http://www.w3.org/2001/04/xmlenc#unknown” is not supported; aes128-cbc, aes192-cbc and aes256-cbc are"
    );
    let said = |file: &str| refused(file, under(Some(KEY), None));
    assert!(
        said(&good.replace("#hmac-sha1", "#hmac-zha9"))
            .contains("the hash “http://www.w3.org/2000/09/xmldsig#hmac-zha9”")
    );
    assert!(
        said(&good.replacen("#aes128-cbc", "#tripledes-cbc", 1))
            .contains("the cipher “http://www.w3.org/2001/04/xmlenc#tripledes-cbc”")
    );
    assert!(
        said(&good.replacen("CipherValue>", "Cut>", 2)).contains("MACKey")
            || said(&good.replacen("CipherValue>", "Cut>", 2)).contains("MAC key is missing")
    );
    let end = good.find("<MACMethod").unwrap()..good.find("</MACMethod>").unwrap() + 12;
    let mut unprotected = good.clone();
    let method: String = unprotected.drain(end).collect();
    assert!(row(&unprotected).starts_with("Secret: the value is encrypted without a MAC"));
    let late = unprotected.replace("</KeyContainer>", &format!("{method}</KeyContainer>"));
    assert!(said(&late).contains("this element has to stand once, before the first key"));
    let twice = good.replace("<MACMethod", &format!("{method}<MACMethod"));
    assert!(said(&twice).contains("this element has to stand once, before the first key"));
    let certificate = good.replace(
        "<ds:KeyName>Pre-shared-key</ds:KeyName>",
        "<ds:X509Data>MII</ds:X509Data>",
    );
    assert!(said(&certificate).contains("encrypted for a certificate"));
    let seven = figure_7().replace(">LP6xMvjt", ">MP6xMvjt");
    assert!(all(&seven, under(None, Some("qwerty")))[0].starts_with("Secret: the MAC does not match"));
}

#[test]
fn depth_length_and_number_are_limited() {
    let deep = good().replace("</Key>", &format!("{}{}</Key>", "<x>".repeat(40), "</x>".repeat(40)));
    assert!(refused(&deep, Said::default()).contains("more than 24 deep"));
    let long = good().replace(">A<", &format!(">{}<", "A".repeat(70_000)));
    assert!(refused(&long, Said::default()).contains("longer than 64 KiB"));
    let split = good().replace(">A<", &format!(">{}<", "A<!-- -->".repeat(70_000)));
    assert!(refused(&split, Said::default()).contains("longer than 64 KiB"));
    let many = good().replace("</Key>", &format!("{}</Key>", "<x/>".repeat(3_000)));
    assert!(refused(&many, Said::default()).contains("holds more than 2000 others"));
    let names: Vec<String> = (0..3_000).map(|number| format!("a{number}='1'")).collect();
    let attributes = format!(" {}", names.join(" "));
    assert!(refused(&good().replace("Id=\"1\"", &attributes), Said::default()).contains("holds more than 2000 others"));
    let package = &good()[ROOT.len()..good().len() - "</KeyContainer>".len()];
    let file = format!("{ROOT}{}</KeyContainer>", package.repeat(1_001));
    assert!(refused(&file, Said::default()).contains("more than 1000 rows; split it"));
}
