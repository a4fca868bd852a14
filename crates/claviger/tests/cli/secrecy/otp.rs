//! OTP tokens: seeds that come in by every road, what opens their files, codes that somebody types, emergency codes, and
//! the secrets of RADIUS clients.

use std::{io::Write as _, net::UdpSocket, process::Stdio};

use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use reqwest::{Method, blocking::multipart};
use serde_json::{Value, json};

use super::{
    hands::{Answer, Hands, Shown},
    seed_file::{self, Row},
};

/// Rows of a seed file.
const ROWS: usize = 4;

/// Where nobody listens on UDP.
pub(super) fn spare_address() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().to_string()
}

/// Uses every feature of OTP tokens so often.
pub(super) fn use_all(hands: &mut Hands<'_>, count: usize) {
    let change = json!({ "verification": { "compatible": true, "compatible_networks": ["127.0.0.0/8", "::1"] } });
    let change = hands.owner(Method::PATCH, "/settings").json(&change);
    assert!(hands.send(change, Shown::Nowhere).status.is_success());
    typed(hands, count);
    for number in 0..count {
        seed_files(hands, number);
        by_hand(hands, number);
        emergency(hands, number);
        radius(hands, number);
    }
}

/// So many rows, each with a seed that nobody has seen before.
fn rows(hands: &mut Hands<'_>, name: &str) -> Vec<Row> {
    (0..ROWS)
        .map(|row| Row {
            serial: format!("{name}-{row}"),
            seed: hands.flock.seed(),
        })
        .collect()
}

/// Sends a seed file, and what opens it.
fn import(hands: &mut Hands<'_>, query: &str, file: String, fields: &[(&'static str, &str)]) -> Answer {
    let mut form = multipart::Form::new();
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    let form = form.part("file", multipart::Part::text(file).file_name("seeds"));
    let request = hands.owner(Method::POST, &format!("/otp-tokens/import{query}"));
    hands.send(request.multipart(form), Shown::Nowhere)
}

/// Files in several formats go in, are looked at, do not open, have faults; one is imported by the command line.
fn seed_files(hands: &mut Hands<'_>, number: usize) {
    let name = |format: &str| format!("{format}-{number}");
    let file = seed_file::plain(&rows(hands, &name("plain")));
    assert_eq!(import(hands, "?dry_run=true", file.clone(), &[]).status, 200);
    assert_eq!(import(hands, "", file, &[]).status, 201);

    let key = hands.flock.bytes::<16>("pre-shared key");
    let file = seed_file::sealed(&rows(hands, &name("sealed")), &key);
    let wrong = hands.flock.bytes::<16>("wrong pre-shared key");
    let fields = [("pre_shared_key", HEXLOWER.encode(&wrong))];
    let refused = import(hands, "", file.clone(), &[(fields[0].0, &fields[0].1)]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    let given = if number.is_multiple_of(2) {
        HEXLOWER.encode(&key)
    } else {
        BASE64.encode(&key)
    };
    let opened = import(hands, "", file, &[("pre_shared_key", &given)]);
    assert_eq!(opened.status, 201, "{}", opened.body);

    let password = hands.flock.typed("password of a seed file");
    let file = seed_file::locked(&rows(hands, &name("locked")), &password);
    let wrong = hands.flock.typed("wrong password of a seed file");
    assert_eq!(import(hands, "", file.clone(), &[("password", &wrong)]).status, 422);
    let opened = import(hands, "", file, &[("password", &password)]);
    assert_eq!(opened.status, 201, "{}", opened.body);

    let good = rows(hands, &name("csv"));
    let lines = good
        .iter()
        .map(|row| format!("{},{},hotp\n", row.serial, HEXLOWER.encode(&row.seed)));
    let file = hands.site.write("seeds.csv", &lines.collect::<String>());
    hands.site.ask(&["tokens", "import", &file]).ok();
    std::fs::remove_file(file).unwrap();

    let faulty = rows(hands, &name("faulty"));
    let lines = faulty
        .iter()
        .map(|row| format!("{},{},sms\n", row.serial, HEXLOWER.encode(&row.seed)));
    let refused = import(hands, "", lines.collect(), &[]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    rejected(hands, &refused.body);
    let entries = rows(hands, &name("json"));
    let entry = |row: &Row| json!({ "serial_number": row.serial, "type": "totp", "seed": BASE32_NOPAD.encode(&row.seed), "encoding": "base32" });
    let file = json!({ "otp_tokens": entries.iter().map(entry).collect::<Vec<_>>() }).to_string();
    let cut = import(hands, "?mode=good_rows", file[..file.len() - 9].to_owned(), &[]);
    assert_eq!(cut.status, 422, "{}", cut.body);
    assert_eq!(import(hands, "", file, &[]).status, 201);
}

/// The list of rows that were refused.
fn rejected(hands: &mut Hands<'_>, import: &Value) {
    if let Some(id) = import["id"].as_str() {
        hands.read(&format!("/imports/{id}/rejected.csv"));
    }
}

/// Tokens are added by hand, rightly and wrongly.
fn by_hand(hands: &mut Hands<'_>, number: usize) {
    let serial = |what: &str| format!("{what}-{number}");
    let (hex, base32) = (
        HEXLOWER.encode(&hands.flock.seed()),
        BASE32_NOPAD.encode(&hands.flock.seed()),
    );
    let drafts = [
        json!({ "serial_number": serial("hex"), "type": "hotp", "seed": hex, "encoding": "hex" }),
        json!({ "serial_number": serial("base32"), "type": "totp", "seed": base32, "encoding": "base32" }),
        json!({ "serial_number": serial("uri"), "otpauth_uri": format!("otpauth://totp/Maker:ada?secret={}", BASE32_NOPAD.encode(&hands.flock.seed())) }),
    ];
    for draft in &drafts {
        hands.done("/otp-tokens", draft, Shown::Nowhere);
        // The serial number is taken.
        let again = hands.owner(Method::POST, "/otp-tokens").json(draft);
        hands.refused(again);
    }
    let (seed, other) = (
        HEXLOWER.encode(&hands.flock.seed()),
        BASE32_NOPAD.encode(&hands.flock.seed()),
    );
    for wrong in [
        json!({ "serial_number": "x", "type": "hotp", "seed": seed, "encoding": "base32" }),
        json!({ "serial_number": "x", "type": "hotp", "seed": seed }),
        json!({ "serial_number": "x", "type": "hotp", "seed": [seed], "encoding": "hex" }),
        json!({ "serial_number": "x", "otpauth_uri": format!("otpauth://sms/x?secret={other}") }),
    ] {
        let draft = hands.owner(Method::POST, "/otp-tokens").json(&wrong);
        hands.refused(draft);
    }
}

/// A user gets emergency codes; one opens, one is tried on somebody else.
fn emergency(hands: &mut Hands<'_>, number: usize) {
    let user = format!("emergency{number}");
    let draft = json!({ "user_name": user, "display_name": "Somebody" });
    let made = hands.done("/users", &draft, Shown::Nowhere);
    let path = format!("/users/{}/emergency-codes", made.text("/id"));
    let given = hands.done(&path, &json!({}), Shown::InTheBody);
    let codes: Vec<String> = (0..5)
        .map(|place| given.text(&format!("/codes/{place}")).to_owned())
        .collect();
    for code in &codes {
        hands.flock.keep("emergency code", code);
        hands.flock.keep("emergency code", &code.replace('-', ""));
    }
    hands.read(&path);
    let asked = |user: &str, otp: &str| json!({ "user": user, "otp": otp });
    let opened = hands.done("/verifications/otp", &asked(&user, &codes[0]), Shown::Nowhere);
    assert_eq!(opened.body["accepted"], true);
    let other = hands.done("/verifications/otp", &asked("nobody", &codes[1]), Shown::Nowhere);
    assert_eq!(other.body["accepted"], false);
    if number.is_multiple_of(2) {
        let gone = hands.owner(Method::DELETE, &path);
        assert!(hands.send(gone, Shown::Nowhere).status.is_success());
    }
}

/// A RADIUS client asks with its secret, and with another.
fn radius(hands: &mut Hands<'_>, number: usize) {
    let listening = hands.read("/radius-clients");
    let address = listening.text("/listen").to_owned();
    let secret = hands.flock.typed("RADIUS secret");
    let draft = json!({ "name": format!("Gateway {number}"), "network": "127.0.0.0/8", "secret": secret });
    let id = hands
        .done("/radius-clients", &draft, Shown::Nowhere)
        .text("/id")
        .to_owned();
    let short = hands.flock.typed("RADIUS secret")[..15].to_owned();
    let draft = json!({ "name": "Short", "network": "127.0.0.0/8", "secret": short });
    let draft = hands.owner(Method::POST, "/radius-clients").json(&draft);
    hands.refused(draft);
    let typed = hands.flock.typed("code over RADIUS");
    assert_eq!(radclient(&address, (&secret, "20"), &typed), "reject");
    if number.is_multiple_of(8) {
        let typed = hands.flock.typed("code over RADIUS");
        let wrong = hands.flock.typed("wrong RADIUS secret");
        assert_eq!(radclient(&address, (&wrong, "1"), &typed), "nothing");
    }
    hands.read("/radius-clients");
    let gone = hands.owner(Method::DELETE, &format!("/radius-clients/{id}"));
    assert!(hands.send(gone, Shown::Nowhere).status.is_success());
}

/// What Debian's radclient hears within some seconds. The secret goes by a file: a command line is no place for it.
fn radclient(address: &str, (secret, seconds): (&str, &str), code: &str) -> &'static str {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), secret).unwrap();
    let mut command = std::process::Command::new("radclient");
    command.args([
        "-x",
        "-r",
        "1",
        "-t",
        seconds,
        "-S",
        file.path().to_str().unwrap(),
        address,
        "auth",
    ]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("radclient is missing: install freeradius-utils");
    let packet = format!("User-Name = \"nobody\"\nUser-Password = \"{code}\"\nMessage-Authenticator = 0x00\n");
    child.stdin.take().unwrap().write_all(packet.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    match (
        said.contains("Received Access-Accept"),
        said.contains("Received Access-Reject"),
    ) {
        (true, false) => "accept",
        (false, true) => "reject",
        _ => "nothing",
    }
}

/// Codes that somebody types everywhere a code is typed; people type their passwords there.
fn typed(hands: &mut Hands<'_>, count: usize) {
    let seed = HEXLOWER.encode(&hands.flock.seed());
    let draft = json!({ "serial_number": "TYPED", "type": "hotp", "seed": seed, "encoding": "hex" });
    let path = format!(
        "/otp-tokens/{}",
        hands.done("/otp-tokens", &draft, Shown::Nowhere).text("/id")
    );
    let settings = hands.read("/settings");
    let compatible = settings.text("/verification/compatible_url").to_owned();
    let compatible = format!("pi/{}", compatible.rsplit_once("/pi/").unwrap().1);
    for number in 0..count {
        let code = hands.flock.typed("typed code");
        let second = hands.flock.typed("typed code");
        let request = match number % 9 {
            0 => hands
                .owner(Method::POST, &format!("{path}/test"))
                .json(&json!({ "otp": code })),
            1 => hands
                .owner(Method::POST, "/otp-tokens/find")
                .json(&json!({ "otp": code })),
            2 => hands
                .owner(Method::POST, &format!("{path}/resync"))
                .json(&json!({ "first_otp": code, "second_otp": second })),
            3 => hands
                .owner(Method::POST, "/verifications/otp")
                .json(&json!({ "user": "nobody", "otp": code })),
            4 => hands
                .owner(Method::POST, "/verifications/otp")
                .json(&json!({ "serial_number": "TYPED", "otp": code })),
            5 => hands
                .owner(Method::POST, "/verifications/otp")
                .json(&json!({ "serial_number": 7, "otp": [code] })),
            6 => hands.beside(
                Method::GET,
                &format!("{compatible}/validate/check?user=nobody&pass={code}"),
            ),
            7 => hands
                .beside(Method::POST, &format!("{compatible}/validate/check"))
                .form(&[("serial", "TYPED"), ("pass", &code)]),
            _ => hands
                .beside(Method::POST, &format!("{compatible}/validate/check"))
                .json(&json!({ "user": ["nobody"], "pass": code })),
        };
        let answer = hands.send(request, Shown::Nowhere);
        assert!(
            answer.status.as_u16() < 500,
            "{number}: {} {}",
            answer.status,
            answer.body
        );
        for wrong in [&answer.body["accepted"], &answer.body["result"]["value"]] {
            assert_ne!(*wrong, true, "{}", answer.body);
        }
    }
}
