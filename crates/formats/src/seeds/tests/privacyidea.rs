//! What privacyIDEA 3.14 exports: `pi` (Fernet around JSON) and `csv`.

use data_encoding::BASE64URL;
use proptest::prelude::*;

use super::makers::seal;
use super::*;

const KEY: [u8; 32] = [0x5a; 32];

fn export() -> String {
    format!(
        "[\n  {{\n    \"serial\": \"OATH0001\",\n    \"type\": \"hotp\",\n    \"otpkey\": \"{SEED}\",\n    \"description\": \"\",\n    \
         \"otplen\": 6,\n    \"maxfail\": 10,\n    \"failcount\": 0,\n    \"counter\": 42,\n    \"window\": 1000,\n    \"active\": true,\n    \
         \"revoked\": false,\n    \"locked\": false,\n    \"rollout_state\": \"\",\n    \"_hashed_pin\": \"x\",\n    \
         \"info_list\": {{\"hashlib\": \"sha256\", \"tokenkind\": \"hardware\"}},\n    \"issuer\": \"privacyIDEA\",\n    \
         \"user\": {{\"login\": \"cornelius\", \"realm\": \"realm1\", \"uid\": \"1000\"}},\n    \"count\": 42\n  }},\n  {{\n    \
         \"serial\": \"TOTP0001\", \"type\": \"totp\", \"otpkey\": \"{SEED}\", \"otplen\": 8, \"active\": false, \"revoked\": false,\n    \
         \"info_list\": {{\"hashlib\": \"sha1\", \"timeStep\": \"60\", \"timeShift\": \"-121.5\"}}, \"count\": 29000000\n  }}\n]"
    )
}

fn fernet(plain: &[u8]) -> String {
    use hmac::Mac as _;
    let sealed = seal(&KEY[16..], &[0x11; 16], plain);
    let mut token = vec![0x80];
    token.extend(1_790_000_000_u64.to_be_bytes());
    token.extend(sealed);
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&KEY[..16]).unwrap();
    token.extend(mac.chain_update(&token).finalize().into_bytes());
    BASE64URL.encode(&token)
}

fn with_key() -> Said {
    under(Some(&BASE64URL.encode(&KEY)), None)
}

fn expected() -> [String; 2] {
    [
        format!("OATH0001 hotp sha256 6 #42 {SEED} | cornelius@realm1"),
        format!("TOTP0001 totp sha1 8 60s #29000000 drift -2 {SEED} disabled"),
    ]
}

#[test]
fn the_export_is_opened_with_the_key_that_was_shown() {
    let file = fernet(export().as_bytes());
    assert_eq!(all(&file, with_key()), expected());
    assert_eq!(all(&format!("{file}\n"), with_key()), expected());
    // Once it was opened by hand.
    assert_eq!(all(&export(), Said::default()), expected());
    let reader = SeedReader::open(file.as_bytes(), with_key(), LIMITS).unwrap();
    assert_eq!(reader.format(), SeedFormat::PrivacyIdea);
}

#[test]
fn a_wrong_key_and_a_changed_or_cut_export_are_refused() {
    let file = fernet(export().as_bytes());
    assert!(refused(&file, Said::default()).contains("encrypted with the key that privacyIDEA showed at the export"));
    let other = under(Some(&BASE64URL.encode(&[1; 32])), None);
    assert!(refused(&file, other).contains("does not open this file"));
    let short = under(Some("12345678901234567890123456789012"), None);
    assert!(refused(&file, short).contains("has 16 bytes; privacyIDEA's export wants 32"));
    for cut in [60, 120, file.len() / 2, file.len() - 44, file.len() - 4, file.len() - 1] {
        assert!(read(&file.as_bytes()[..cut], with_key()).is_err(), "cut at {cut}");
    }
    let mut last = BASE64URL.decode(file.as_bytes()).unwrap();
    *last.last_mut().unwrap() ^= 1;
    let fault = refused(&BASE64URL.encode(&last), with_key());
    assert!(
        fault.contains("the file was changed or cut after it was sealed"),
        "{fault}"
    );
}

#[test]
fn revoked_tokens_stay_out() {
    let file = export().replacen("\"revoked\": false", "\"revoked\": true", 1);
    assert_eq!(
        all(&file, Said::default())[0],
        "revoked: the token was revoked where it comes from; leave it out"
    );
    assert!(
        all(&file.replace("\"hotp\"", "\"daypassword\""), Said::default())[0].starts_with("type: tokens of the type")
    );
}

#[test]
fn its_csv_is_read_with_the_owners_that_it_names() {
    let file = format!("cornelius@realm1, OATH0001, {SEED}, hotp, 6\nn/a, TOTP0001, {SEED}, totp, 8, 60\n");
    assert_eq!(
        all(&file, Said::default()),
        [
            format!("OATH0001 hotp sha1 6 #0 {SEED} | cornelius@realm1"),
            format!("TOTP0001 totp sha1 8 60s {SEED}"),
        ]
    );
    let reader = SeedReader::open(file.as_bytes(), Said::default(), LIMITS).unwrap();
    assert_eq!(reader.format().as_str(), "privacyidea");
    let base32 = file.replace(SEED, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert!(all(&base32, Said::default())[0].contains("it looks like base32"));
    let said = Said {
        encoding: Some(Encoding::Base32),
        ..Said::default()
    };
    assert!(all(&base32, said)[1].starts_with("TOTP0001"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_export_of_any_size_is_opened_and_one_changed_byte_is_noticed(blanks in 0_usize..90_000, at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let plain = export().replacen('[', &format!("[{}", " ".repeat(blanks)), 1);
        let file = fernet(plain.as_bytes());
        prop_assert_eq!(all(&file, with_key()), expected());
        let mut bytes = BASE64URL.decode(file.as_bytes()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(read(BASE64URL.encode(&bytes).as_bytes(), with_key()).is_err());
    }
}
