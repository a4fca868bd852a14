//! Seeds in tables: OATH, Entra ID, Yubico.

use super::*;

const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn found(file: &str) -> SeedFormat {
    SeedReader::open(file.as_bytes(), Said::default(), LIMITS)
        .unwrap()
        .format()
}

fn in_encoding(encoding: Encoding) -> Said {
    Said {
        encoding: Some(encoding),
        ..Said::default()
    }
}

#[test]
fn oath_csv_is_read_with_a_header_and_without() {
    let bare =
        format!("H1,{SEED},hotp,6,7\nT1,{SEED},totp,8,60\n\nT2,{SEED},TOTP\n# a remark\nH2 , {SEED} , hotp ,7\n");
    let expected = [
        format!("H1 hotp sha1 6 #7 {SEED}"),
        format!("T1 totp sha1 8 60s {SEED}"),
        format!("T2 totp sha1 6 30s {SEED}"),
        format!("H2 hotp sha1 7 #0 {SEED}"),
    ];
    assert_eq!(all(&bare, Said::default()), expected);
    assert_eq!(found(&bare), SeedFormat::OathCsv);
    let one = format!("H1,{SEED},hotp,6,7");
    assert_eq!(all(&one, Said::default()), expected[..1]);
    let header = bare.replace("# a remark\n", "");
    let header = format!(
        "\u{feff}Serial;Key;Type;Digits;Counter|Step\r\n{}",
        header.replace(',', ";").replace('\n', "\r\n")
    );
    assert_eq!(all(&header, Said::default()), expected);
    assert_eq!(found(&header), SeedFormat::OathCsv);
    let more = format!(
        "type,user,vendor,model,expires at,hash,seed,serial number,counter,time step\n\
         totp,ada,Feitian,c200,2030-01-02,SHA-256,{SEED},X 1,9,60\nhotp,,,,,,{SEED},X 2,9,60\n"
    );
    assert_eq!(
        all(&more, Said::default()),
        [
            format!("X 1 totp sha256 6 60s {SEED} | ada | Feitian | c200 until 2030-01-02T00:00:00Z"),
            format!("X 2 hotp sha1 6 #9 {SEED}"),
        ]
    );
}

#[test]
fn the_encoding_is_said_by_column_cell_header_or_sender_and_never_guessed() {
    let token = [format!("A totp sha1 6 30s {SEED}")];
    for file in [
        format!("serial,key_base32,type\nA,{BASE32},totp\n"),
        format!("serial,Seed (Base32),type\nA,{BASE32},totp\n"),
        format!("serial,base32,type\nA,{BASE32},totp\n"),
        format!("serial,key,type,encoding\nA,{BASE32},totp,base32\n"),
        format!("serial,key base32,type,encoding\nA,{SEED},totp,hex\n"),
        format!("serial number,secret key (hex)\nA,{SEED}\n"),
    ] {
        assert_eq!(all(&file, Said::default()), token, "{file}");
    }
    let file = format!("A,{BASE32},totp\n");
    assert_eq!(all(&file, in_encoding(Encoding::Base32)), token);
    assert_eq!(
        all(&file, Said::default()),
        [
            "key: this is no seed in hex: there is another character at position 1; it looks like base32: call the column \
          `key (base32)`, or say the encoding beside the file"
        ]
    );
    let entra = format!("upn,serial number,secret key\nada,A,{SEED}\nada,B,ABCDEF22ABCDEF22\n");
    assert_eq!(
        all(&entra, Said::default()),
        [
            "secret key: this is no seed in base32: there is another character at position 2; it looks hexadecimal: call \
             the column `secret key (hex)`, or say the encoding beside the file",
            "secret key: this seed reads as base32 and as hexadecimal; say which, in the name of the column or beside the \
             file",
        ]
    );
    assert!(all(&entra, in_encoding(Encoding::Hex))[0].starts_with("A totp"));
    let unknown = format!("serial,key,type,encoding\nA,{BASE32},totp,base64\n");
    assert_eq!(
        all(&unknown, Said::default()),
        ["encoding: the encoding of the seed is not known; base32 and hex are"]
    );
}

#[test]
fn what_a_spreadsheet_rounded_is_refused_and_names_are_called_by_their_column() {
    let rounded = |shown: &str| {
        format!(
            "serial number: a spreadsheet turned the serial number into {shown}; format the column as text and fill it in again"
        )
    };
    let row = |serial: &str, maker: &str, model: &str| {
        format!("upn,serial number,secret key,manufacturer,model\nada,{serial},{BASE32},{maker},{model}\n")
    };
    assert_eq!(all(&row("1.23E+15", "", ""), Said::default()), [rounded("1.23E+15")]);
    assert_eq!(
        all(&row("\"1,23E+15\"", "", ""), Said::default()),
        [rounded("1,23E+15")]
    );
    assert_eq!(
        all(&row("12E5", "", ""), Said::default()),
        [format!("12E5 totp sha1 6 30s {SEED} | ada")]
    );
    assert_eq!(
        all(&row("A", "\"Con\ntoso\"", &"m".repeat(121)), Said::default()),
        [
            "manufacturer: the manufacturer has a control character at position 4; model: the model is longer than 120 characters"
        ]
    );
}

#[test]
fn entra_csv_is_read_under_all_its_headers() {
    let expected = format!("1234567 totp sha1 6 60s {SEED} | Helga@contoso.com | Contoso | HardwareKey");
    for header in [
        "upn,serial number,secret key,time interval,manufacturer,model",
        "UPN,Serial Number,Secret Key,Time Interval,Manufacturer,Model",
        "upn,serialNumber,secretKey,timeIntervalInSeconds,manufacturer,model",
        "\u{feff}upn,serial number,secret key,timeinterval,manufacturer,model",
    ] {
        let file = format!("{header}\r\nHelga@contoso.com,1234567,{BASE32},60,Contoso,HardwareKey\r\n");
        assert_eq!(all(&file, Said::default()), [expected.as_str()], "{header}");
        assert_eq!(found(&file), SeedFormat::EntraCsv);
    }
    let without =
        format!("serial number,secret key,time interval,manufacturer,model\n7,{BASE32},30,Deepnet,SafeID/Classic\n");
    assert_eq!(
        all(&without, Said::default()),
        [format!("7 totp sha1 6 30s {SEED} | Deepnet | SafeID/Classic")]
    );
}

#[test]
fn the_meaning_of_each_column_is_told() {
    let file = format!("upn,serial number,secret key,colour\nada,A,{BASE32},red\n");
    let reader = SeedReader::open(file.as_bytes(), Said::default(), LIMITS).unwrap();
    let columns = reader.columns();
    let told: Vec<(&str, &str)> = columns
        .iter()
        .map(|(name, meaning)| (name.as_str(), *meaning))
        .collect();
    assert_eq!(
        told,
        [
            ("upn", "user"),
            ("serial number", "serial"),
            ("secret key", "key"),
            ("colour", "ignored")
        ]
    );
}

#[test]
fn yubicos_logs_are_read_and_only_their_oath_rows_make_tokens() {
    let key = "916821d3a138bf855e70069605559a206ba854cd";
    let traditional = format!(
        "LOGGING START,11.12.13 18:55\n\
         OATH-HOTP,11.12.13 18:55,1,ubhe00000001,,{key},,,0,0,0,6,0,0,0,0,0,0\n\
         OATH-HOTP,11.12.13 18:56,2,ubhe00000002,,{key},,,0,0,0,8,32,0,0,0,0,0\n\
         Yubico OTP,12/11/2013 11:10,1,vvgutbiedkvi,ab86c04de6a3,d26a7c0f85fdda28bd816e406342b214,,,0,0,0,0,0,0,0,0,0,0\n\
         Static Password,11.12.13 19:08,1,,d5a3d50327dc,0e8e37b0e38b314a56748c030f58d21d,,,0,0,0,0,0,0,0,0,0,0\n\
         OATH-HOTP,11.12.13 18:55,1,,,{key},,,0,0,0,6,0,0,0,0,0,0\n"
    );
    assert_eq!(found(&traditional), SeedFormat::YubicoCsv);
    assert_eq!(
        all(&traditional, Said::default()),
        [
            format!("ubhe00000001 hotp sha1 6 #0 {key} | Yubico"),
            format!("ubhe00000002 hotp sha1 8 #32 {key} | Yubico"),
            "row: Yubico OTP is no OATH token; only OATH-HOTP can be imported, leave the row out".to_owned(),
            "row: a static password is no OATH token; only OATH-HOTP can be imported, leave the row out".to_owned(),
            "token identifier: the serial number is missing; this log has a serial number only where a token identifier \
             was programmed; send the tokens as OATH CSV"
                .to_owned(),
        ]
    );
    let own = format!(
        "# OATH mode\n508326,,0,{key},,2013-12-12T08:41:07,\n\
         508327,cccccccccccc,83cebdfb7b93,a47c5bf9c152202f577be6721c0113af,,2013-12-12T08:43:17,\n\
         508328,,,9e2fd386224a7f77e9b5aee775464033,,2013-12-12T08:44:34,\n"
    );
    let expected = [
        format!("508326 hotp sha1 6 #0 {key} | Yubico"),
        "row: Yubico OTP is no OATH token; only OATH-HOTP can be imported, leave the row out".to_owned(),
        "row: a static password is no OATH token; only OATH-HOTP can be imported, leave the row out".to_owned(),
    ];
    let told = Said {
        format: Some(SeedFormat::YubicoCsv),
        ..Said::default()
    };
    assert_eq!(all(&own, told), expected);
    assert_eq!(
        all(own.strip_prefix("# OATH mode\n").unwrap(), Said::default()),
        expected
    );
}

#[test]
fn headers_that_lack_or_double_a_column_are_refused_by_name() {
    for (file, said) in [
        ("serial,key\nA,B\n", None),
        (
            "key,type\nB,hotp\n",
            Some("line 1, serial: the column serial is missing; serial, key and type are wanted"),
        ),
        (
            "serial,type\nB,hotp\n",
            Some("line 1, key: the column key is missing; serial, key and type are wanted"),
        ),
        (
            "upn,secret key\nB,x\n",
            Some("line 1, serial: the column serial is missing; serial number and secret key are wanted"),
        ),
        (
            "serial,serial number,key,type\nA,B,C,hotp\n",
            Some("line 1, serial: two columns say the serial; keep one"),
        ),
        (
            "serial,secret,seed,type\nA,B,C,hotp\n",
            Some("line 1, key: two columns say the key; keep one"),
        ),
        (
            "serial,key,type\n",
            Some("line 0: the file has no tokens; at least one is wanted"),
        ),
        ("a,b\nc,d\n", Some("line 1: this is no seed file that is known")),
        ("just words\n", Some("line 1: this is no seed file that is known")),
        (
            "- serial: A\n  otpkey: B\n",
            Some("line 0: privacyIDEA's YAML is not read; export with `--format pi`"),
        ),
        ("", Some("line 0: the file has no tokens")),
        (" \n\n", Some("line 0: the file has no tokens")),
        ("# nothing else\n", Some("line 0: the file has no tokens")),
        (
            "serial,\"key\nA,B\n",
            Some("line 1: a quote is opened here and never closed"),
        ),
    ] {
        if let Some(said) = said {
            let fault = refused(file, Said::default());
            assert!(fault.starts_with(said), "{file}: {fault}");
        } else {
            assert!(read(file.as_bytes(), Said::default()).is_ok());
        }
    }
}

#[test]
fn each_fault_of_a_row_has_its_column_and_no_seed() {
    let file = format!(
        "serial,key,type,digits,time step\n,{SEED},totp,6,30\nA,,totp,6,30\nB,{SEED},ocra,6,30\nC,{SEED},totp,9,45\n\
         D,{SEED},,six,\nE,deadbeef,hotp,6,\nF,{SEED},hotp,6,,more\nG,{SEED}z,hotp,6,\n"
    );
    assert_eq!(
        all(&file, Said::default()),
        [
            "serial: the serial number is empty",
            "key: the seed is missing; a token is nothing without one",
            "type: tokens of the type “ocra” are not supported; hotp and totp are",
            "digits: codes of 9 digits are not supported; 6, 7 and 8 are; time step: a time step of 45 seconds is not \
             supported; 30 and 60 are",
            "type: the type is missing; say hotp or totp; digits: this is no whole number that a token can have",
            "key: the seed has 4 bytes; it must have 10 to 64",
            "row: the row has 6 cells, the header 5; quote cells that hold a separator",
            "key: this is no seed in hex: there is another character at position 41",
        ]
    );
    assert!(!format!("{:?}", read(file.as_bytes(), Said::default())).contains("3132"));
}
