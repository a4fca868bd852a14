//! The examples of RFC 6030 that a token can come of: figures 2 to 7 and 10, with the values that stand there.

use std::fmt::Write as _;

use super::*;

const PSKC: &str = "urn:ietf:params:xml:ns:keyprov:pskc";
const PLAIN: &str = "<Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=\n </PlainValue></Secret>";
const ZERO: &str = "<Counter><PlainValue>0</PlainValue></Counter>";
const EIGHT: &str = "<AlgorithmParameters><ResponseFormat Length=\"8\" Encoding=\"DECIMAL\"/></AlgorithmParameters>";
const DEVICE: &str = "<DeviceInfo><Manufacturer>Manufacturer</Manufacturer><SerialNo>987654321</SerialNo></DeviceInfo>";

fn container(packages: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KeyContainer Version=\"1.0\" Id=\"exampleID1\"\n xmlns=\"{PSKC}\"\n \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">\n{packages}\n</KeyContainer>\n"
    )
}

fn package(device: &str, id: &str, algorithm: &str, inside: &str) -> String {
    format!(
        "<KeyPackage>{device}<CryptoModuleInfo><Id>CM_ID_001</Id></CryptoModuleInfo>\
         <Key Id=\"{id}\" Algorithm=\"{PSKC}:{algorithm}\"><Issuer>Issuer</Issuer>{inside}</Key></KeyPackage>"
    )
}

fn sealed(value: &str) -> String {
    format!(
        "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/><xenc:CipherData>\
         <xenc:CipherValue>\n {value}\n</xenc:CipherValue></xenc:CipherData>"
    )
}

fn with_mac(mac_key: &str) -> String {
    let sealed = sealed(mac_key);
    format!(
        "<MACMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><MACKey>{sealed}</MACKey></MACMethod>"
    )
}

pub(super) fn figure_6() -> String {
    let secret = sealed("AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv");
    let data = format!(
        "{EIGHT}<Data><Secret><EncryptedValue>{secret}</EncryptedValue><ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=\n\
         </ValueMAC></Secret>{ZERO}</Data>"
    );
    container(&format!(
        "<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>\n{}\n{}",
        with_mac("ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX"),
        package(DEVICE, "12345678", "hotp", &data),
    ))
}

pub(super) fn figure_7() -> String {
    let secret = sealed("oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f");
    let data = format!(
        "{EIGHT}<Data><Secret><EncryptedValue Id=\"ED\">{secret}</EncryptedValue><ValueMAC>LP6xMvjtypbfT9PdkJhBZ+D6O4w=\
         </ValueMAC></Secret></Data>"
    );
    let derived = "<EncryptionKey><xenc11:DerivedKey xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\">\
         <xenc11:KeyDerivationMethod Algorithm=\"http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2\">\
         <pkcs5:PBKDF2-params xmlns:pkcs5=\"http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#\">\
         <Salt><Specified>Ej7/PEpyEpw=</Specified></Salt><IterationCount>1000</IterationCount><KeyLength>16</KeyLength><PRF/>\
         </pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>\
         <xenc:ReferenceList><xenc:DataReference URI=\"#ED\"/></xenc:ReferenceList>\
         <xenc11:MasterKeyName>My Password 1</xenc11:MasterKeyName></xenc11:DerivedKey></EncryptionKey>";
    let device = DEVICE.replace(">Manufacturer<", ">TokenVendorAcme<");
    container(&format!(
        "{derived}{}{}",
        with_mac("2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx"),
        package(&device, "123456", "hotp", &data),
    ))
}

#[test]
fn figure_2_has_a_seed_of_four_bytes_and_does_not_say_how_many_digits() {
    let file = container(&package(
        "",
        "12345678",
        "hotp",
        "<Data><Secret><PlainValue>MTIzNA==</PlainValue></Secret></Data>",
    ));
    assert_eq!(
        all(&file, Said::default()),
        [
            "ResponseFormat/@Length: the number of digits is missing; a ResponseFormat with a Length is wanted; \
             Secret: the seed has 4 bytes; it must have 10 to 64"
        ]
    );
}

#[test]
fn figure_3_is_a_plain_token_of_a_user() {
    let device = DEVICE.replace("</DeviceInfo>", "<UserId>DC=example-bank,DC=net</UserId></DeviceInfo>");
    let user = "<UserId>UID=jsmith,DC=example-bank,DC=net</UserId>";
    let file = container(&package(
        &device,
        "12345678",
        "hotp",
        &format!("{EIGHT}<Data>{PLAIN}{ZERO}</Data>{user}"),
    ));
    assert_eq!(
        all(&file, Said::default()),
        [format!("987654321 hotp sha1 8 #0 {SEED} | jsmith | Manufacturer")]
    );
    // The device's user is no person: neither UID nor CN.
    let file = file.replace(user, "");
    assert_eq!(
        all(&file, Said::default()),
        [format!("987654321 hotp sha1 8 #0 {SEED} | Manufacturer")]
    );
}

#[test]
fn figure_4_has_no_seed_of_its_own() {
    let inside = format!(
        "{EIGHT}<KeyProfileId>keyProfile1</KeyProfileId><KeyReference>MasterKeyLabel</KeyReference>\
         <Data>{ZERO}</Data><Policy><KeyUsage>OTP</KeyUsage></Policy>"
    );
    let file = container(&package(DEVICE, "12345678", "hotp", &inside));
    assert_eq!(
        all(&file, Said::default()),
        ["Secret: the seed is missing; keys that are made from other keys are not supported"]
    );
}

#[test]
fn figure_5_is_a_token_with_a_pin_which_is_passed_over() {
    let policy = "<Policy><PINPolicy MinLength=\"4\" MaxLength=\"4\" PINKeyId=\"123456781\" PINEncoding=\"DECIMAL\" \
                  PINUsageMode=\"Local\"/><KeyUsage>OTP</KeyUsage></Policy>";
    let token = package(
        DEVICE,
        "12345678",
        "hotp",
        &format!("{EIGHT}<Data>{PLAIN}{ZERO}</Data>{policy}"),
    );
    let pin = "<Data><Secret><PlainValue>MTIzNA==</PlainValue></Secret></Data>";
    let pin = package(DEVICE, "123456781", "pin", pin);
    let file = container(&format!("{token}\n{pin}"));
    assert_eq!(
        all(&file, Said::default()),
        [format!("987654321 hotp sha1 8 #0 {SEED} | Manufacturer")]
    );
    let appended = file.replace("PINUsageMode=\"Local\"", "PINUsageMode=\"Append\"");
    assert!(all(&appended, Said::default())[0].starts_with("Policy: the policy of this key does not let it be used"));
}

#[test]
fn figure_6_opens_under_its_pre_shared_key_and_no_other() {
    let file = figure_6();
    let opened = [format!("987654321 hotp sha1 8 #0 {SEED} | Manufacturer")];
    assert_eq!(
        all(&file, under(Some("12345678901234567890123456789012"), None)),
        opened
    );
    assert_eq!(
        all(&file, under(Some("EjRWeJASNFZ4kBI0VniQEg=="), Some("unused"))),
        opened
    );
    assert_eq!(
        refused(&file, Said::default()),
        "line 6: the seeds are encrypted with “Pre-shared-key”; send the pre-shared key along, in hexadecimal or base64"
    );
    assert!(refused(&file, under(None, Some("qwerty"))).contains("send the pre-shared key along"));
    assert_eq!(
        refused(&file, under(Some("22345678901234567890123456789012"), None)),
        "line 6: the pre-shared key or password does not open this file; check it, and that the file came whole"
    );
    assert_eq!(
        refused(
            &file,
            under(Some("123456789012345678901234567890121234567890123456"), None)
        ),
        "line 6: the pre-shared key has 24 bytes; aes128-cbc wants 16"
    );
}

#[test]
fn figure_7_opens_under_its_password_and_no_other() {
    let file = figure_7();
    let rows = read(file.as_bytes(), under(None, Some("qwerty"))).unwrap();
    assert_eq!(
        words(&rows[0]),
        format!("987654321 hotp sha1 8 #0 {SEED} | TokenVendorAcme")
    );
    assert_eq!(
        refused(&file, under(Some("12345678901234567890123456789012"), None)),
        "line 7: the seeds are encrypted under “My Password 1”; send the password along"
    );
    assert!(refused(&file, under(None, Some("Qwerty"))).contains("does not open this file"));
    assert!(
        refused(&file.replace(">1000<", ">2000001<"), under(None, Some("qwerty"))).contains("more than 2000000 rounds")
    );
    assert!(refused(&file.replace(">1000<", ">99999999999999<"), under(None, Some("qwerty"))).contains("rounds"));
    assert!(refused(&file.replace(">1000<", "><"), under(None, Some("qwerty"))).contains("IterationCount is missing"));
    let unknown = file.replace("#pbkdf2", "#scrypt");
    assert!(refused(&unknown, under(None, Some("qwerty"))).contains("#scrypt” is not supported; PBKDF2 is"));
}

#[test]
fn figure_10_is_a_delivery_of_several_devices() {
    let mut packages = String::new();
    for (key, serial, from, until) in [
        ("1", "654321", "2006-05-01", "2006-05-31"),
        ("2", "123456", "2006-05-01", "2006-05-31"),
        ("3", "9999999", "2006-03-01", "2006-03-31"),
        ("4", "9999999", "2006-04-01", "2006-04-30"),
    ] {
        let device = format!(
            "<DeviceInfo><Manufacturer>TokenVendorAcme</Manufacturer><SerialNo>{serial}</SerialNo></DeviceInfo>"
        );
        let policy = format!(
            "<Policy><StartDate>{from}T00:00:00Z</StartDate><ExpiryDate>{until}T00:00:00Z</ExpiryDate></Policy>"
        );
        let inside = format!("{EIGHT}<Data>{PLAIN}{ZERO}</Data>{policy}");
        writeln!(packages, "{}", package(&device, key, "hotp", &inside)).unwrap();
    }
    let token =
        |serial: &str, until: &str| format!("{serial} hotp sha1 8 #0 {SEED} | TokenVendorAcme until {until}T00:00:00Z");
    assert_eq!(
        all(&container(&packages), Said::default()),
        [
            token("654321", "2006-05-31"),
            token("123456", "2006-05-31"),
            token("9999999", "2006-03-31"),
            token("9999999", "2006-04-30"),
        ]
    );
    let lines: Vec<u64> = read(container(&packages).as_bytes(), Said::default())
        .unwrap()
        .iter()
        .map(|row| row.line)
        .collect();
    assert_eq!(lines[3] - lines[0], 6);
}
