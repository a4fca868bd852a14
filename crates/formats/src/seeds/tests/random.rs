//! Whatever a file holds: no panic, no row lost, and what was written is read.

use proptest::prelude::*;

use super::makers::{mac_of, seal};
use super::*;

#[derive(Debug, Clone)]
struct Written {
    serial: String,
    seed: Vec<u8>,
    totp: bool,
    algorithm: usize,
    digits: u8,
    step: u8,
    counter: u64,
}

fn written() -> impl Strategy<Value = Written> {
    (
        "[A-Z0-9]{1,20}",
        prop::collection::vec(any::<u8>(), 10..=64),
        any::<bool>(),
        0_usize..3,
        6_u8..=8,
        prop_oneof![Just(30), Just(60)],
        0..=i64::MAX.unsigned_abs(),
    )
        .prop_map(|(serial, seed, totp, algorithm, digits, step, counter)| Written {
            serial,
            seed,
            totp,
            algorithm,
            digits,
            step,
            counter,
        })
}

impl Written {
    fn words(&self) -> String {
        let algorithm = ["sha1", "sha256", "sha512"][self.algorithm];
        let (serial, digits, seed) = (&self.serial, self.digits, HEXLOWER.encode(&self.seed));
        if self.totp {
            format!("{serial} totp {algorithm} {digits} {}s {seed}", self.step)
        } else {
            format!("{serial} hotp {algorithm} {digits} #{} {seed}", self.counter)
        }
    }

    const fn kind(&self) -> &'static str {
        if self.totp { "totp" } else { "hotp" }
    }

    /// A package; the seed plain, or sealed under the key of sixteen sevens.
    fn package(&self, sealed: bool) -> String {
        let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        let secret = if sealed {
            let value = seal(&[7; 16], &[1; 16], &self.seed);
            format!(
                "<EncryptedValue><EncryptionMethod Algorithm=\"x#aes128-cbc\"/><CipherData><CipherValue>{}</CipherValue></CipherData>\
                 </EncryptedValue><ValueMAC>{}</ValueMAC>",
                base64(&value),
                base64(&mac_of(&[7; 16], &value))
            )
        } else {
            format!("<PlainValue>{}</PlainValue>", base64(&self.seed))
        };
        format!(
            "<KeyPackage><DeviceInfo><SerialNo>{}</SerialNo></DeviceInfo><Key Algorithm=\"urn:x:{}\"><AlgorithmParameters>\
             <Suite>HMAC-{}</Suite><ResponseFormat Length=\"{}\"/></AlgorithmParameters><Data><Secret>{secret}</Secret>\
             <Counter><PlainValue>{}</PlainValue></Counter><TimeInterval><PlainValue>{}</PlainValue></TimeInterval></Data></Key></KeyPackage>",
            self.serial,
            self.kind(),
            ["SHA1", "SHA-256", "sha512"][self.algorithm],
            self.digits,
            self.counter,
            self.step,
        )
    }
}

fn container(all: &[Written], sealed: bool) -> String {
    let packages: String = all.iter().map(|one| one.package(sealed)).collect();
    format!(
        "<KeyContainer><EncryptionKey><KeyName>k</KeyName></EncryptionKey><MACMethod Algorithm=\"x#hmac-sha1\"/>{packages}</KeyContainer>"
    )
}

/// Pieces of what seed files are made of.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("<KeyContainer>"),
        Just("</KeyContainer>"),
        Just("<KeyPackage>"),
        Just("</KeyPackage>"),
        Just("<Key Id='1' Algorithm='x:hotp'>"),
        Just("</Key>"),
        Just("<Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data>"),
        Just("<Data Name='SECRET'><Value>MTIz</Value></Data>"),
        Just("<EncryptionKey/>"),
        Just("<MACMethod Algorithm='x#hmac-sha1'>"),
        Just("<EncryptedValue>"),
        Just("<!DOCTYPE x>"),
        Just("<!--"),
        Just("<![CDATA["),
        Just("&amp;"),
        Just("serial,key,type\n"),
        Just("upn,serial number,secret key\n"),
        Just("A,3132333435363738393031323334353637383930,hotp,6,1\n"),
        Just("OATH-HOTP,1,1,a,,3132333435363738393031323334353637383930\n"),
        Just("{\"otp_tokens\": ["),
        Just("{\"serial_number\": \"A\", \"type\": \"totp\"}"),
        Just("[{\"serial\": \"A\", \"type\": \"totp\", \"info_list\": {}}]"),
        Just("gAAAAA"),
        Just("]}"),
    ];
    let piece = prop_oneof![
        4 => word.prop_map(|word| word.as_bytes().to_vec()),
        1 => any::<[u8; 2]>().prop_map(Vec::from),
        1 => "[<>&;\"'=,:{}\\[\\] \n]{1,3}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

struct OneByOne<'a>(&'a [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(1);
        self.0.read(&mut into[..count])
    }
}

fn outcome(file: impl Read) -> (Vec<String>, Option<SeedFileFault>) {
    let said = under(Some("12345678901234567890123456789012"), Some("qwerty"));
    let limits = Limits { line: 400, ..LIMITS };
    let mut rows = Vec::new();
    let mut reader = match SeedReader::open(file, said, limits) {
        Ok(reader) => reader,
        Err(fault) => return (rows, Some(fault)),
    };
    loop {
        match reader.next_row() {
            Ok(Some(row)) => rows.push(format!("{} {}", row.line, words(&row))),
            Ok(None) => return (rows, None),
            Err(fault) => return (rows, Some(fault)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_file_makes_a_reader_panic_and_bytes_one_by_one_read_the_same(file in junk()) {
        prop_assert_eq!(outcome(OneByOne(&file)), outcome(file.as_slice()));
    }
}

#[test]
fn blanks_in_front_do_not_hide_what_a_file_is_however_it_comes() {
    for blanks in [
        "",
        "\n ",
        "\n\n\n\n\n\n\n\n",
        &" ".repeat(399),
        &" ".repeat(400),
        &" ".repeat(401),
        &" ".repeat(500),
    ] {
        for begin in ["gAAAAA", "- a", "[{", "{\"otp_tokens\": [", "<x/>", "serial,key,type\n"] {
            let file = format!("{blanks}{begin}");
            assert_eq!(
                outcome(OneByOne(file.as_bytes())),
                outcome(file.as_bytes()),
                "{} {begin}",
                blanks.len()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pskc_brings_back_what_was_written_plain_and_sealed(tokens in prop::collection::vec(written(), 1..5)) {
        let expected: Vec<String> = tokens.iter().map(Written::words).collect();
        prop_assert_eq!(all(&container(&tokens, false), Said::default()), expected.clone());
        prop_assert_eq!(all(&container(&tokens, true), under(Some("07070707070707070707070707070707"), None)), expected);
    }

    #[test]
    fn tables_and_json_bring_back_what_was_written(tokens in prop::collection::vec(written(), 1..5)) {
        let expected: Vec<String> = tokens.iter().map(Written::words).collect();
        let mut table = "serial,key (base32),type,digits,algorithm,step,counter\n".to_owned();
        let mut entries = Vec::new();
        for one in &tokens {
            let seed = data_encoding::BASE32.encode(&one.seed);
            let algorithm = ["sha1", "SHA256", "HMAC-SHA512"][one.algorithm];
            writeln!(table, "{},{seed},{},{},{algorithm},{},{}", one.serial, one.kind(), one.digits, one.step, one.counter).unwrap();
            entries.push(serde_json::json!({
                "serial_number": one.serial, "type": one.kind(), "digits": one.digits, "algorithm": algorithm,
                "time_step": one.step, "counter": one.counter, "seed": HEXLOWER.encode(&one.seed), "encoding": "hex",
            }));
        }
        prop_assert_eq!(all(&table, Said::default()), expected.clone());
        prop_assert_eq!(all(&serde_json::json!({"otp_tokens": entries}).to_string(), Said::default()), expected);
    }
}
