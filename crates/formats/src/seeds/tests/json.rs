//! Our own JSON.

use super::*;

#[test]
fn json_says_everything_a_token_can_have() {
    let file = format!(
        "{{\"made_by\": \"x\", \"otp_tokens\": [\n{{\"serial_number\": \"A1\", \"type\": \"totp\", \"algorithm\": \"sha512\", \
         \"digits\": 8, \"time_step\": 60, \"seed\": \"{SEED}\", \"encoding\": \"hex\", \"user\": \"ada\", \"manufacturer\": \"M\", \
         \"model\": \"X\", \"expires_at\": \"2030-01-01T00:00:00Z\", \"disabled\": true}},\n\
         {{\"serial_number\": 17, \"type\": \"hotp\", \"counter\": \"5\", \"user\": null, \
         \"seed\": \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\", \"encoding\": \"base32\"}}]}}"
    );
    assert_eq!(
        all(&file, Said::default()),
        [
            format!("A1 totp sha512 8 60s {SEED} | ada | M | X until 2030-01-01T00:00:00Z disabled"),
            format!("17 hotp sha1 6 #5 {SEED}"),
        ]
    );
    let reader = SeedReader::open(file.as_bytes(), Said::default(), LIMITS).unwrap();
    assert_eq!(reader.format().as_str(), "json");
}

#[test]
fn what_a_token_lacks_or_has_too_much_is_named() {
    let file = format!(
        "{{\"otp_tokens\": [7, {{}}, {{\"serial_number\": \"A\", \"type\": \"hotp\", \"seed\": \"{SEED}\"}},\n\
         {{\"serial_number\": [\"A\"], \"type\": \"hotp\", \"seed\": \"{SEED}\", \"encoding\": \"hex\", \"digit\": 6, \"seed\": \"x\"}},\n\
         {{\"serial_number\": \"A\", \"type\": \"hotp\", \"seed\": \"{SEED}\", \"encoding\": \"hex\", \"counter\": -1, \"disabled\": \"no\"}}]}}"
    );
    assert_eq!(
        all(&file, Said::default()),
        [
            "row: the entry is a number; an object is wanted",
            "serial_number: the serial number is empty; type: the type is missing; say hotp or totp; encoding: the encoding is \
             missing; say base32 or hex",
            "encoding: the encoding is missing; say base32 or hex",
            "digit: this member is not known; take it out, or correct its name; seed: this is there twice in one token; keep \
             one; serial_number: this is an array; a text is wanted; serial_number: the serial number is empty",
            "counter: this is no whole number that a token can have; disabled: this is a text; true or false is wanted",
        ]
    );
}

#[test]
fn json_of_another_form_is_refused_by_name() {
    for (file, said) in [
        (
            "{}",
            "line 0: the file is no list of tokens: an object with an array `otp_tokens` is wanted",
        ),
        ("{\"devices\": []}", "line 0: the file is no list of tokens"),
        ("{\"otp_tokens\": []}", "line 0: the file has no tokens"),
        (
            "{\"otp_tokens\": [{}], \"otp_tokens\": []}",
            "line 1: `otp_tokens` is there twice; keep one",
        ),
        (
            "{\"otp_tokens\": [{}",
            "line 1: the file is not well-formed JSON: the file ends in the middle",
        ),
        (
            "{\"otp_tokens\": [{}]} x",
            "line 1: the file is not well-formed JSON: something follows the closing bracket",
        ),
    ] {
        let fault = refused(file, Said::default());
        assert!(fault.starts_with(said), "{file}: {fault}");
    }
}
