//! otpauth URIs.

use super::super::otpauth::parse;
use super::*;

fn said(uri: &str) -> String {
    match parse(uri) {
        Ok(uri) => {
            let parameters = uri.parameters;
            format!(
                "{} {} {} {:?} #{} {} {:?} {:?}",
                parameters.kind().as_str(),
                parameters.algorithm().as_str(),
                parameters.digits().get(),
                parameters.time_step().map(claviger_domain::otp::TimeStep::seconds),
                uri.counter,
                HEXLOWER.encode(uri.seed.using()),
                uri.issuer,
                uri.account,
            )
        }
        Err(faults) => {
            let said = |fault: &SeedFault| format!("{}: {}", fault.column.as_deref().unwrap_or("row"), fault.wrong);
            faults.iter().map(said).collect::<Vec<_>>().join("; ")
        }
    }
}

const SECRET: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[test]
fn uris_are_read_as_soft_tokens_read_them() {
    for (uri, expected) in [
        (
            format!(
                "otpauth://totp/ACME%20Co:john.doe%40email.com?{SECRET}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30"
            ),
            format!("totp sha1 6 Some(30) #0 {SEED} Some(\"ACME Co\") Some(\"john.doe@email.com\")"),
        ),
        (
            format!("OTPAUTH://HOTP/Label?{SECRET}&counter=7&digits=8&algorithm=SHA256&image=http%3A%2F%2Fx"),
            format!("hotp sha256 8 None #7 {SEED} None Some(\"Label\")"),
        ),
        (
            format!(" otpauth://totp/A%3Ab?period=60&{SECRET}#end \n"),
            format!("totp sha1 6 Some(60) #0 {SEED} Some(\"A\") Some(\"b\")"),
        ),
        (
            format!("otpauth://totp?{}", SECRET.to_lowercase()),
            format!("totp sha1 6 Some(30) #0 {SEED} None None"),
        ),
    ] {
        assert_eq!(said(&uri), expected, "{uri}");
    }
}

#[test]
fn what_is_wrong_with_a_uri_is_said_without_its_secret() {
    for (uri, expected) in [
        (
            "",
            "otpauth_uri: the otpauth URI is missing; it begins with otpauth://totp/ or otpauth://hotp/",
        ),
        (
            "https://example.com",
            "otpauth_uri: the otpauth URI is missing; it begins with otpauth://totp/ or otpauth://hotp/",
        ),
        (
            "otpauth://totp/x",
            "otpauth_uri: the secret is missing; a question mark and secret=… are wanted",
        ),
        (
            "otpauth://totp/x?digits=6",
            "secret: the seed is missing; a token is nothing without one",
        ),
        (
            "otpauth://steam/x?secret=GEZDGNBVGY3TQOJQ",
            "type: tokens of the type “steam” are not supported; hotp and totp are",
        ),
        (
            "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ",
            "counter: the counter is missing; HOTP needs one",
        ),
        (
            "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&secret=GEZDGNBVGY3TQOJQ",
            "secret: this is there twice in one token; keep one",
        ),
        (
            "otpauth://totp/x?secret=GEZDGNBVGY3TQOJ1",
            "secret: this is no seed in base32: there is another character at position 16",
        ),
        (
            "otpauth://totp/x?secret=%zz",
            "secret: this is not well escaped; a percent sign is written as %25",
        ),
        (
            "otpauth://totp/%ff?secret=GEZDGNBVGY3TQOJQ",
            "label: this is not well escaped; a percent sign is written as %25",
        ),
        (
            "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ&digits=10&period=15&algorithm=MD5",
            "algorithm: the algorithm “MD5” is not supported; sha1, sha256 and sha512 are; digits: codes of 10 digits are not \
             supported; 6, 7 and 8 are; period: a time step of 15 seconds is not supported; 30 and 60 are",
        ),
    ] {
        assert_eq!(said(uri), expected, "{uri}");
    }
    assert!(!format!("{:?}", parse(&format!("otpauth://totp/x?{SECRET}")).unwrap()).contains("GEZ"));
    let long = format!("otpauth://totp/{}?{SECRET}", "x".repeat(5_000));
    assert!(said(&long).starts_with("otpauth_uri"));
}
