//! Seed files that are cut, doubled or encoded twice: nothing of them is half there. What comes in of one that can still
//! be read works, and no more comes in than was told.

use std::fmt::Write as _;

use claviger_domain::otp::{Algorithm, Digits, Seed, code};
use serde_json::json;

use crate::{
    otp_imports::{send, total},
    served,
    server::TestServer,
    stock::post,
};

/// Tokens of each file.
const TOKENS: u32 = 12;
/// Places at which each file is cut.
const CUTS: usize = 16;

/// A seed of its own for each token. No byte of it is a letter or digit, so that no form of it looks like one encoded twice.
fn seed(number: u32) -> Vec<u8> {
    let mut seed = vec![0xA5; 20];
    seed[..4].copy_from_slice(&(number + 0x8080_8080).to_be_bytes());
    seed
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

fn serial(number: u32) -> String {
    format!("CUT{number:03}")
}

fn pskc() -> String {
    let packages = (0..TOKENS).map(|number| {
        format!(
            "<KeyPackage><DeviceInfo><SerialNo>{}</SerialNo></DeviceInfo><Key Id=\"{number}\" \
             Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:hotp\"><AlgorithmParameters><ResponseFormat Length=\"6\" \
             Encoding=\"DECIMAL\"/></AlgorithmParameters><Data><Secret><PlainValue>{}</PlainValue></Secret></Data></Key></KeyPackage>",
            serial(number),
            base64(&seed(number))
        )
    });
    format!(
        "<?xml version=\"1.0\"?><KeyContainer Version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">{}</KeyContainer>",
        packages.collect::<String>()
    )
}

fn ours() -> String {
    let token = |number: u32| json!({ "serial_number": serial(number), "type": "hotp", "seed": hex(&seed(number)), "encoding": "hex" });
    json!({ "otp_tokens": (0..TOKENS).map(token).collect::<Vec<_>>() }).to_string()
}

fn privacyidea() -> String {
    let token = |number: u32| {
        json!({
            "serial": serial(number), "type": "hotp", "otpkey": hex(&seed(number)), "otplen": 6, "active": true,
            "info_list": { "hashlib": "sha1" }, "user": {}, "count": 0,
        })
    };
    json!((0..TOKENS).map(token).collect::<Vec<_>>()).to_string()
}

fn oath() -> String {
    let row = |number| format!("{},{},hotp,6,0\n", serial(number), hex(&seed(number)));
    (0..TOKENS).map(row).collect()
}

/// Files, and whether the end of one tells that it is whole.
fn files() -> [(&'static str, String, bool); 4] {
    [
        ("pskc", pskc(), true),
        ("json", ours(), true),
        ("privacyidea", privacyidea(), true),
        ("oath_csv", oath(), false),
    ]
}

/// Every token that is there shows its first code.
async fn all_work(server: &TestServer, token: &str, count: u64) {
    for number in 0..u32::try_from(count).unwrap() {
        let seed = Seed::new(seed(number)).unwrap();
        let shown = code(&seed, Algorithm::Sha1, Digits::Six, 0).using().to_string();
        let asked = json!({ "serial_number": serial(number), "otp": shown });
        let answer = post(server, token, "/verifications/otp", asked).await;
        assert_eq!(answer.body["reason"], "ok", "{}: {}", serial(number), answer.text);
    }
}

served! {
    async fn a_file_that_is_cut_comes_in_whole_or_not_at_all(server) {
        let (mut refused, mut shorter) = (0, 0);
        for (format, file, ends) in files() {
            let mut world = server.world(&format!("Cut {format}")).await;
            for cut in 1..CUTS {
                let part = &file[..file.len() * cut / CUTS];
                let sent = send(server, &world.token, "", part, &[("format", format)]).await;
                let there = total(server, &world).await;
                if sent.status.as_u16() == 422 {
                    assert_eq!(there, 0, "{format} cut at {cut}: {}", sent.text);
                    refused += 1;
                    continue;
                }
                assert!(!ends, "{format} cut at {cut} came in: {}", sent.text);
                // Rows end where lines end: a list that lacks its last ones is a shorter list.
                assert_eq!((sent.status.as_u16(), &sent.body["counts"]["accepted"]), (201, &json!(there)), "{}", sent.text);
                all_work(server, &world.token, there).await;
                shorter += 1;
                world = server.world(&format!("Cut {format} {cut}")).await;
            }
            let whole = send(server, &world.token, "", file, &[("format", format)]).await;
            assert_eq!((whole.status.as_u16(), total(server, &world).await), (201, u64::from(TOKENS)), "{format}: {}", whole.text);
            all_work(server, &world.token, u64::from(TOKENS)).await;
        }
        println!("BROKEN SEED FILES cuts={} refused={refused} shorter={shorter}", refused + shorter);
        assert!(refused >= 3 * (CUTS - 1));
    }

    async fn a_file_that_is_there_twice_brings_each_token_once(server) {
        for (format, file, ends) in files() {
            let world = server.world(&format!("Twice {format}")).await;
            let twice = [file.as_str(), file.as_str()].concat();
            let refused = send(server, &world.token, "", twice.clone(), &[("format", format)]).await;
            assert_eq!((refused.status.as_u16(), total(server, &world).await), (422, 0), "{format}: {}", refused.text);
            let good = send(server, &world.token, "?mode=good_rows", twice, &[("format", format)]).await;
            let there = if ends { 0 } else { u64::from(TOKENS) };
            assert_eq!((&good.body["counts"]["accepted"], total(server, &world).await), (&json!(there), there), "{format}: {}", good.text);
            all_work(server, &world.token, there).await;
        }
    }

    async fn a_file_that_is_encoded_twice_brings_nothing(server) {
        let world = server.world("Encoded").await;
        for (format, file, _) in files() {
            let inside = |seeds: &dyn Fn(&[u8]) -> String| {
                (0..TOKENS).fold(file.clone(), |file, number| {
                    let seed = seed(number);
                    file.replace(&hex(&seed), &hex(seeds(&seed).as_bytes())).replace(&base64(&seed), &base64(seeds(&seed).as_bytes()))
                })
            };
            let wide = |bytes: fn(u16) -> [u8; 2]| file.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
            let cases: [(&str, Vec<u8>); 8] = [
                ("in base64", base64(file.as_bytes()).into_bytes()),
                ("in hexadecimal digits", hex(file.as_bytes()).into_bytes()),
                ("as one JSON text", json!(file).to_string().into_bytes()),
                ("with its marks written out", file.replace('<', "&lt;").replace('"', "&quot;").replace(',', "&#44;").into_bytes()),
                ("in UTF-16", [vec![0xFF, 0xFE], wide(u16::to_le_bytes)].concat()),
                ("in UTF-16 the other way round", [vec![0xFE, 0xFF], wide(u16::to_be_bytes)].concat()),
                ("with seeds in hexadecimal digits twice", inside(&|seed| hex(seed)).into_bytes()),
                ("with seeds in base64 twice", inside(&|seed| base64(seed)).into_bytes()),
            ];
            for (how, broken) in cases {
                for query in ["", "?mode=good_rows"] {
                    let sent = send(server, &world.token, query, broken.clone(), &[("format", format)]).await;
                    assert_eq!(total(server, &world).await, 0, "{format} {how}: {}", sent.text);
                    assert!(sent.body["errors"][0]["detail"].is_string(), "{format} {how}: {}", sent.text);
                }
            }
        }
    }
}
