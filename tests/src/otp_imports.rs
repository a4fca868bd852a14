//! `/otp-tokens/import`: every format, what opens a file and what does not, faults, holders, undo, cancel, and that no seed
//! is anywhere in the clear.

use std::fmt::Write as _;

use claviger_domain::{
    SerialNumber, TenantId,
    otp::{Command, Progress, Status},
    role::Standing,
    text::{Manufacturer, Reason},
};
use claviger_store::{
    Actor, Reader, Scope, Tx,
    otp_tokens::{self, Kept},
    pages::ListError,
};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::{
    hands, served,
    server::{Answer, TestServer, World},
    stock::{ended, get, post, stocked},
};

/// RFC 4226, appendix D.
const SEED: &str = "3132333435363738393031323334353637383930";
const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const PSKC: &str = "urn:ietf:params:xml:ns:keyprov:pskc";
pub(crate) const KEY: &str = "12345678901234567890123456789012";

/// A field of the form, by name.
pub(crate) type Field<'a> = (&'static str, &'a str);

pub(crate) async fn send(
    server: &TestServer,
    token: &str,
    query: &str,
    file: impl Into<Vec<u8>>,
    fields: &[Field<'_>],
) -> Answer {
    let mut form = multipart::Form::new();
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    let form = form.part("file", multipart::Part::bytes(file.into()).file_name("seeds"));
    let path = format!("/otp-tokens/import{query}");
    let request = server.request(Method::POST, &path).bearer_auth(token);
    server.call(request.multipart(form)).await
}

fn tenant(world: &World) -> TenantId {
    TenantId::from_uuid(world.id.parse().unwrap())
}

async fn kept(server: &TestServer, world: &World, serial: &str) -> Option<Kept> {
    let (tenant, serial) = (tenant(world), SerialNumber::new(serial).unwrap());
    let read = async move |reader: &mut Reader| otp_tokens::by_serial(reader, tenant, &serial).await;
    server.app().store().read(read).await.unwrap()
}

pub(crate) async fn total(server: &TestServer, world: &World) -> u64 {
    let tenant = tenant(world);
    let read = async move |reader: &mut Reader| -> Result<u64, ListError> {
        let filter = otp_tokens::Filter::default();
        Ok(otp_tokens::total(reader, tenant, &filter).await?.count)
    };
    server.app().store().read(read).await.unwrap()
}

pub(crate) fn faults(body: &Value) -> Vec<(u64, Option<&str>, &str)> {
    let told = body["errors"].as_array().unwrap().iter();
    told.map(|one| {
        let detail = one["detail"].as_str().unwrap();
        (one["line"].as_u64().unwrap(), one["column"].as_str(), detail)
    })
    .collect()
}

fn oath(first: u32, count: u32) -> String {
    let mut file = String::new();
    for number in first..first + count {
        let _ = writeln!(file, "T{number},{SEED},hotp,6,0");
    }
    file
}

/// A token as privacyIDEA exports it; disabled when somebody has it.
fn moved(login: Option<&str>) -> Value {
    let user = login.map_or_else(|| json!({}), |login| json!({ "login": login, "realm": "corp" }));
    json!({
        "serial": "TOTP0001", "type": "totp", "otpkey": SEED, "otplen": 6, "active": login.is_none(),
        "info_list": { "hashlib": "sha1", "timeStep": "30", "timeShift": "0" }, "user": user, "count": 0,
    })
}

fn plain_pskc() -> String {
    let inside = "<Issuer>Issuer</Issuer><AlgorithmParameters><ResponseFormat Length=\"8\" Encoding=\"DECIMAL\"/></AlgorithmParameters>\
         <Data><Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret><Counter><PlainValue>7</PlainValue></Counter></Data>";
    pskc("", &format!("<Key Id=\"1\" Algorithm=\"{PSKC}:hotp\">{inside}</Key>"))
}

fn pskc(protection: &str, key: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><KeyContainer Version=\"1.0\" xmlns=\"{PSKC}\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">{protection}<KeyPackage>\
         <DeviceInfo><Manufacturer>Manufacturer</Manufacturer><SerialNo>987654321</SerialNo></DeviceInfo>{key}</KeyPackage></KeyContainer>"
    )
}

fn sealed(value: &str) -> String {
    format!(
        "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/><xenc:CipherData>\
         <xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData>"
    )
}

/// RFC 6030, figure 6 or 7, by how it is protected, its MAC key, its secret and its MAC.
fn protected(protection: &str, mac_key: &str, secret: &str, mac: &str) -> String {
    let (mac_key, secret) = (sealed(mac_key), sealed(secret));
    let method = format!(
        "<MACMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><MACKey>{mac_key}</MACKey></MACMethod>"
    );
    let inside = format!(
        "<AlgorithmParameters><ResponseFormat Length=\"8\" Encoding=\"DECIMAL\"/></AlgorithmParameters><Data><Secret>\
         <EncryptedValue>{secret}</EncryptedValue><ValueMAC>{mac}</ValueMAC></Secret></Data>"
    );
    let key = format!("<Key Id=\"1\" Algorithm=\"{PSKC}:hotp\"><Issuer>Issuer</Issuer>{inside}</Key>");
    pskc(&format!("{protection}{method}"), &key)
}

fn figure_6() -> String {
    protected(
        "<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>",
        "ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX",
        "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv",
        "Su+NvtQfmvfJzF6bmQiJqoLRExc=",
    )
}

fn figure_7() -> String {
    const SCHEMA: &str = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#";
    let derived = format!(
        "<EncryptionKey><xenc11:DerivedKey xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\"><xenc11:KeyDerivationMethod \
         Algorithm=\"{SCHEMA}pbkdf2\"><pkcs5:PBKDF2-params xmlns:pkcs5=\"{SCHEMA}\"><Salt><Specified>Ej7/PEpyEpw=</Specified></Salt>\
         <IterationCount>1000</IterationCount><KeyLength>16</KeyLength><PRF/></pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>\
         <xenc11:MasterKeyName>My Password 1</xenc11:MasterKeyName></xenc11:DerivedKey></EncryptionKey>"
    );
    protected(
        &derived,
        "2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx",
        "oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f",
        "LP6xMvjtypbfT9PdkJhBZ+D6O4w=",
    )
}

served! {
    async fn every_format_brings_its_tokens(server) {
        let privacyidea = json!([moved(None)]).to_string();
        let ours = json!({ "otp_tokens": [{ "serial_number": "J 1", "type": "totp", "seed": BASE32, "encoding": "base32" }] }).to_string();
        let yubico = format!("LOGGING START,11.12.13 18:55\nOATH-HOTP,11.12.13 18:55,1,ubhe00000001,,{SEED},,,0,0,0,6,0,0,0,0,0,0\n");
        let cases: Vec<(&str, String, &str, Option<Field>)> = vec![
            ("pskc", plain_pskc(), "987654321", None),
            ("pskc", figure_6(), "987654321", Some(("pre_shared_key", KEY))),
            ("pskc", figure_6(), "987654321", Some(("pre_shared_key", "EjRWeJASNFZ4kBI0VniQEg=="))),
            ("pskc", figure_7(), "987654321", Some(("password", "qwerty"))),
            ("oath_csv", oath(1, 3), "T2", None),
            ("entra_csv", format!("upn,serial number,secret key,time interval,manufacturer,model\n,E1,{BASE32},30,Acme,One\n"), "E1", None),
            ("json", ours, "j1", None),
            ("privacyidea", privacyidea, "TOTP0001", None),
            ("yubico_csv", yubico, "ubhe00000001", None),
        ];
        for (number, (format, file, serial, opens)) in cases.into_iter().enumerate() {
            let world = server.world(&format!("Format {number}")).await;
            let mut fields: Vec<Field> = opens.into_iter().collect();
            let looked = send(server, &world.token, "?dry_run=true", file.clone(), &fields).await;
            assert_eq!((looked.status.as_u16(), &looked.body["status"], &looked.body["format"]), (200, &json!("previewed"), &json!(format)), "{format}: {}", looked.text);
            assert_eq!(total(server, &world).await, 0, "{format}");
            fields.push(("format", format));
            let imported = send(server, &world.token, "", file, &fields).await;
            assert_eq!((imported.status.as_u16(), &imported.body["kind"]), (201, &json!("otp_tokens")), "{format}: {}", imported.text);
            assert_eq!(imported.body["preview_tokens"], looked.body["preview_tokens"], "{format}");
            assert_eq!(imported.body["preview"], json!([]));
            let found = kept(server, &world, serial).await.unwrap_or_else(|| panic!("{format}: no {serial}"));
            assert_eq!((found.token.status(), found.token.revision().get()), (Status::Active, 1));
            let listed = get(server, &world.token, "/imports").await;
            assert_eq!((&listed.body["items"][0]["id"], &listed.body["items"][0]["kind"]), (&imported.body["id"], &json!("otp_tokens")));
        }
    }

    async fn counters_and_settings_come_in_as_the_file_says(server) {
        let world = server.world("Settings").await;
        let looked = send(server, &world.token, "?dry_run=true", plain_pskc(), &[]).await;
        assert_eq!(looked.body["preview_tokens"], json!([{
            "serial_number": "987654321", "type": "hotp", "algorithm": "sha1", "digits": 8, "time_step": null, "user_name": null,
        }]), "{}", looked.text);
        let done = send(server, &world.token, "", plain_pskc(), &[]).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.text);
        let token = kept(server, &world, "987654321").await.unwrap().token;
        assert_eq!(token.progress(), Progress::Hotp { next_counter: 7 });
        assert_eq!(token.manufacturer().map(Manufacturer::as_str), Some("Manufacturer"));
    }

    async fn what_does_not_open_a_file_brings_nothing_and_says_what_is_wanted(server) {
        let world = server.world("Shut").await;
        let damaged = figure_6().replace(">Su+N", ">Tu+N");
        let unfit = "the pre-shared key or password does not open this file; check it, and that the file came whole";
        let cases: Vec<(String, Option<Field>, Option<&str>, &str)> = vec![
            (figure_6(), None, Some("pre_shared_key"), "send the pre-shared key along"),
            (figure_6(), Some(("pre_shared_key", "22345678901234567890123456789012")), None, unfit),
            (figure_7(), None, Some("password"), "send the password along"),
            (figure_7(), Some(("password", "qwertz")), None, unfit),
            (damaged, Some(("pre_shared_key", KEY)), None, ""),
        ];
        for (file, opens, column, detail) in cases {
            let fields: Vec<Field> = opens.into_iter().collect();
            let refused = send(server, &world.token, "?mode=good_rows", file, &fields).await;
            let empty = refused.status.as_u16() == 201 && refused.body["counts"]["accepted"] == 0;
            assert!(refused.status.as_u16() == 422 || empty, "{}", refused.text);
            let told = faults(&refused.body);
            assert!(told[0].2.contains(detail), "{told:?}");
            assert!(column.is_none() || told[0].1 == column, "{told:?}");
        }
        let wrong = send(server, &world.token, "", figure_6(), &[("pre_shared_key", "canary-of-a-key")]).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem(), wrong.body["errors"][0]["pointer"].as_str()), (422, "validation", Some("/pre_shared_key")));
        assert!(!wrong.text.contains("canary"), "{}", wrong.text);
        for (field, value) in [("format", "xml"), ("encoding", "base64"), ("seed", "x")] {
            let wrong = send(server, &world.token, "", oath(1, 1), &[(field, value)]).await;
            assert_eq!((wrong.status.as_u16(), wrong.problem()), (422, "validation"), "{field}: {}", wrong.text);
        }
        assert_eq!(total(server, &world).await, 0);
    }

    async fn faulty_rows_are_refused_with_the_rest_or_alone(server) {
        let world = server.world("Rows").await;
        let file = format!("serial,key,type\nA,{SEED},totp\nB,3132,totp\nA,{SEED},totp\n,{SEED},hotp\nD,{SEED},sms\n");
        let refused = send(server, &world.token, "", file.clone(), &[]).await;
        assert_eq!((refused.status.as_u16(), &refused.body["status"]), (422, &json!("refused")), "{}", refused.text);
        assert_eq!(refused.body["counts"], json!({ "accepted": 0, "rejected": 4, "unchanged": 0 }));
        let lines: Vec<(u64, Option<&str>)> = faults(&refused.body).iter().map(|(line, column, _)| (*line, *column)).collect();
        assert_eq!(lines, [(3, Some("key")), (4, Some("serial")), (5, Some("serial")), (6, Some("type"))], "{}", refused.text);
        assert_eq!(total(server, &world).await, 0);
        let good = send(server, &world.token, "?mode=good_rows", file, &[]).await;
        assert_eq!((good.status.as_u16(), &good.body["counts"]["accepted"]), (201, &json!(1)), "{}", good.text);
        let path = format!("/imports/{}/rejected.csv", good.body["id"].as_str().unwrap());
        let rejected = get(server, &world.token, &path).await.text;
        let rows: Vec<&str> = rejected.lines().collect();
        assert_eq!((rows.len(), rows[0]), (5, "line,serial_number,error"), "{rejected}");
        assert!(rows[1].starts_with("3,B,") && rows[1].contains("key: "), "{rejected}");
        assert!(!rejected.contains(SEED), "{rejected}");
    }

    async fn the_same_file_again_changes_nothing_and_another_seed_is_refused(server) {
        let world = server.world("Twice").await;
        assert_eq!(send(server, &world.token, "", oath(1, 3), &[]).await.status.as_u16(), 201);
        let again = send(server, &world.token, "", oath(1, 3), &[]).await;
        assert_eq!((again.status.as_u16(), &again.body["counts"]), (201, &json!({ "accepted": 0, "rejected": 0, "unchanged": 3 })), "{}", again.text);
        let other = oath(1, 1).replace("31323334", "99323334");
        let refused = send(server, &world.token, "", other, &[]).await;
        let detail = "a token T1 is here already and is active; take the row out of the file";
        assert_eq!((refused.status.as_u16(), faults(&refused.body)), (422, vec![(1, None, detail)]), "{}", refused.text);
        assert_eq!(total(server, &world).await, 3);
    }

    async fn users_whom_the_file_names_get_their_tokens(server) {
        let world = server.world("Holders").await;
        let ada = hands::user(server, &world, "ada").await;
        let file = |user: &str| format!("upn,serial number,secret key,time interval,manufacturer,model\n{user},H1,{BASE32},30,Acme,One\n");
        let unknown = send(server, &world.token, "?dry_run=true", file("nobody@example.org"), &[]).await;
        let detail = "there is no user nobody@example.org; add the user first, or take the name out of the row";
        assert_eq!(faults(&unknown.body), [(2, Some("upn"), detail)], "{}", unknown.text);
        let known = send(server, &world.token, "", file("ADA"), &[]).await;
        assert_eq!((known.status.as_u16(), &known.body["preview_tokens"][0]["user_name"]), (201, &json!("ADA")), "{}", known.text);
        assert_eq!(kept(server, &world, "H1").await.unwrap().token.holder().map(|user| user.as_uuid().to_string()), Some(ada.clone()));
        assert_eq!(send(server, &world.token, "", file("ada"), &[]).await.body["counts"]["unchanged"], 1);
        assert_eq!(send(server, &world.token, "", file(""), &[]).await.status.as_u16(), 422, "the same token for nobody is not the same");
        let exported = json!([moved(Some("ada"))]).to_string();
        let came = send(server, &world.token, "", exported, &[]).await;
        assert_eq!(came.status.as_u16(), 201, "{}", came.text);
        let token = kept(server, &world, "TOTP0001").await.unwrap().token;
        assert_eq!((token.holder().map(|user| user.as_uuid().to_string()), token.status()), (Some(ada), Status::Disabled));
    }

    async fn an_import_is_undone_while_no_token_was_touched(server) {
        let world = server.world("Undo").await;
        let done = send(server, &world.token, "", oath(1, 5), &[]).await;
        let path = format!("/imports/{}", done.body["id"].as_str().unwrap());
        assert_eq!(get(server, &world.token, &path).await.body["undoable"], true);
        let brought = get(server, &world.token, &format!("/otp-tokens?batch={}", done.body["id"].as_str().unwrap())).await;
        assert_eq!((&brought.body["total"]["count"], brought.body["items"].as_array().map(Vec::len)), (&json!(5), Some(5)), "{}", brought.text);
        let elsewhere = get(server, &world.token, &format!("/otp-tokens?batch={}", uuid::Uuid::nil())).await;
        assert_eq!(elsewhere.body["total"]["count"], 0, "{}", elsewhere.text);
        let keys_only = server.token(&world, "view_only").await;
        assert_eq!(post(server, &keys_only, &format!("{path}/undo"), json!({})).await.status.as_u16(), 403);
        let undone = post(server, &world.token, &format!("{path}/undo"), json!({})).await;
        assert_eq!(undone.status.as_u16(), 200, "{}", undone.text);
        assert_eq!(total(server, &world).await, 0, "all tokens are gone at once");
        assert_eq!(ended(server, &world.token, &undone.body["job_id"]).await["status"], "done");
        let again = send(server, &world.token, "", oath(1, 5), &[]).await;
        assert_eq!(again.body["counts"]["accepted"], 5, "{}", again.text);
        touch(server, &world, "T3").await;
        let path = format!("/imports/{}/undo", again.body["id"].as_str().unwrap());
        let refused = post(server, &world.token, &path, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"));
        assert_eq!(refused.body["detail"], "1 tokens of this import were changed or deleted since; nothing was undone.");
        assert_eq!(total(server, &world).await, 5);
    }

    async fn a_long_file_goes_in_by_a_job_and_can_be_stopped(server) {
        let world = server.world("Long").await;
        let begun = send(server, &world.token, "", oath(1, 20_001), &[]).await;
        assert_eq!((begun.status.as_u16(), &begun.body["status"]), (202, &json!("checking")), "{}", begun.text);
        let seen = total(server, &world).await;
        assert!(seen == 0 || seen == 20_001, "{seen} tokens are half an import");
        let job = ended(server, &world.token, &begun.body["job_id"]).await;
        assert_eq!((&job["status"], &job["kind"], &job["progress"]), (&json!("done"), &json!("otp_import"), &json!({ "done": 20_001, "total": 20_001 })), "{job}");
        assert_eq!(total(server, &world).await, 20_001);
        let stopped = send(server, &world.token, "", oath(100_001, 60_000), &[]).await;
        let cancel = format!("/jobs/{}/cancel", stopped.body["job_id"].as_str().unwrap());
        assert_eq!(post(server, &world.token, &cancel, json!({})).await.status.as_u16(), 200);
        assert_eq!(ended(server, &world.token, &stopped.body["job_id"]).await["status"], "cancelled");
        assert_eq!(total(server, &world).await, 20_001);
        let again = send(server, &world.token, "", oath(100_001, 10), &[]).await;
        assert_eq!(again.body["counts"]["accepted"], 10, "its serial numbers are free again: {}", again.text);
    }

    async fn a_repeated_request_is_answered_alike_and_tenants_see_their_own(server) {
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let again = async |file: String, password: &'static str| {
            let part = multipart::Part::bytes(file.into_bytes()).file_name("seeds.csv");
            let form = multipart::Form::new().part("file", part).text("password", password);
            let request = server.request(Method::POST, "/otp-tokens/import").bearer_auth(&ours.token).header("idempotency-key", "seeds-7");
            server.call(request.multipart(form)).await
        };
        let first = again(oath(1, 2), "").await;
        assert_eq!(first.status.as_u16(), 201, "{}", first.text);
        let repeated = again(oath(1, 2), "").await;
        assert_eq!((repeated.status, &repeated.text), (first.status, &first.text));
        let other = again(oath(1, 2), "secret").await;
        assert_eq!((other.status.as_u16(), other.problem()), (422, "validation"), "{}", other.text);
        let path = format!("/imports/{}", first.body["id"].as_str().unwrap());
        for foreign in [get(server, &theirs.token, &path).await, post(server, &theirs.token, &format!("{path}/undo"), json!({})).await] {
            assert_eq!(foreign.status.as_u16(), 404, "{}", foreign.text);
        }
        assert_eq!(send(server, &theirs.token, "", oath(1, 2), &[]).await.status.as_u16(), 201, "serial numbers are a tenant's own");
        let verifier = server.token(&ours, "verifier").await;
        assert_eq!(send(server, &verifier, "", oath(9, 1), &[]).await.status.as_u16(), 403);
    }

    async fn each_kind_of_import_is_for_those_who_may_see_it(server) {
        let world = stocked(server, "Kinds", 1).await;
        let tokens = send(server, &world.token, "", oath(1, 1), &[]).await;
        let kinds = async |token: &str| -> Vec<String> {
            let listed = get(server, token, "/imports").await;
            assert_eq!(listed.body["total"]["count"].as_u64(), listed.body["items"].as_array().map(|all| u64::try_from(all.len()).unwrap()), "{}", listed.text);
            listed.body["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(kinds(&world.token).await, ["otp_tokens", "security_keys"]);
        let role = json!({ "name": "Stock", "privileges": ["inventory.read", "stock.import"] });
        let made = post(server, &world.token, "/roles", role).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text);
        let clerk = server.token(&world, "Stock").await;
        assert_eq!(kinds(&clerk).await, ["security_keys"]);
        let path = format!("/imports/{}", tokens.body["id"].as_str().unwrap());
        assert_eq!(get(server, &clerk, &path).await.status.as_u16(), 404);
        assert_eq!(get(server, &clerk, &format!("{path}/rejected.csv")).await.status.as_u16(), 404);
        assert_eq!(post(server, &clerk, &format!("{path}/undo"), json!({})).await.status.as_u16(), 403);
    }

    // S17 through HTTP.
    async fn bombs_are_refused(server) {
        let world = server.world("Bombs").await;
        let entities = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>".to_owned();
        let external = format!("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><KeyContainer xmlns=\"{PSKC}\">&a;</KeyContainer>");
        let files = [
            entities,
            external,
            "<a>".repeat(100_000),
            format!("{{\"otp_tokens\": [{}", "[".repeat(100_000)),
            format!("A,{},hotp", "3".repeat(2 << 20)),
            format!("serial,key,type{}\n", ",x".repeat(10_000)),
        ];
        for file in files {
            let start: String = file.chars().take(40).collect();
            let refused = send(server, &world.token, "?mode=good_rows", file, &[]).await;
            assert_eq!((refused.status.as_u16(), &refused.body["counts"]["accepted"]), (422, &json!(0)), "{start}: {}", refused.text);
            assert!(!refused.text.contains("root:"), "{}", refused.text);
        }
        assert_eq!(total(server, &world).await, 0);
    }
}

/// Devalues a token behind the server's back.
async fn touch(server: &TestServer, world: &World, serial: &str) {
    let before = kept(server, world, serial).await.unwrap().token;
    let now = server.app().clock().now();
    let reason = Reason::new("lost").unwrap();
    let after = before
        .apply(&Command::Compromise { reason }, Standing::NotAbove, now)
        .unwrap();
    let scope = Scope {
        tenant: tenant(world),
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now,
    };
    let write = async move |tx: &mut Tx| otp_tokens::save(tx, &before, &after).await;
    server.app().store().write(scope, write).await.unwrap();
}

fn found_in(folder: &std::path::Path, needles: &[Vec<u8>]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(found_in(&path, needles));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let has = |needle: &Vec<u8>| bytes.windows(needle.len()).any(|window| window == needle.as_slice());
        found.extend(
            needles
                .iter()
                .filter(|needle| has(needle))
                .map(|_| path.display().to_string()),
        );
    }
    found
}

/// S6 over seeds: a canary that comes in by every way is nowhere in the data folder and in no answer, in any encoding; the
/// serial number beside it, which may be, is found.
#[test]
fn no_seed_is_anywhere_in_the_clear() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world = server.world("Canaries").await;
        let raw = b"canary-of-a-seed-000";
        let hex: String = raw.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let (base32, base64) = ("MNQW4YLSPEWW6ZRNMEWXGZLFMQWTAMBQ", "Y2FuYXJ5LW9mLWEtc2VlZC0wMDA=");
        let needles: Vec<Vec<u8>> = [hex.clone(), hex.to_uppercase(), base32.to_owned(), base64.to_owned()]
            .into_iter()
            .map(String::into_bytes)
            .chain([raw.to_vec(), b"canary-of-a-password".to_vec()])
            .collect();
        let files = [
            format!("CONTROL-1,{hex},hotp,6,0\n"),
            format!("CONTROL-2,{hex},sms,6,0\nCONTROL-3,{hex}{hex}{hex}{hex},hotp\n"),
            format!("upn,serial number,secret key\nnobody,CONTROL-4,{base32}\n"),
            json!({ "otp_tokens": [{ "serial_number": "CONTROL-5", "type": "hotp", "seed": hex, "encoding": "base32" }] }).to_string(),
            plain_pskc().replace("MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", base64),
        ];
        let mut answers = Vec::new();
        for file in files {
            for query in ["?dry_run=true", "?mode=good_rows"] {
                let fields = [("password", "canary-of-a-password")];
                let answer = send(&server, &world.token, query, file.clone(), &fields).await;
                if let Some(id) = answer.body["id"].as_str() {
                    let path = format!("/imports/{id}/rejected.csv");
                    answers.push(get(&server, &world.token, &path).await.text);
                }
                answers.push(answer.text);
            }
        }
        answers.push(get(&server, &world.token, "/imports").await.text);
        answers.push(get(&server, &world.token, "/audit-events").await.text);
        for answer in &answers {
            for needle in &needles {
                let text = String::from_utf8_lossy(needle);
                assert!(!answer.contains(text.as_ref()), "{text} in {answer}");
            }
        }
        assert!(
            answers.iter().any(|answer| answer.contains("CONTROL-1")),
            "the control is found"
        );
        let kept = kept(&server, &world, "CONTROL-1").await.unwrap();
        assert!(
            kept.seed
                .is_some_and(|sealed| !sealed.windows(raw.len()).any(|window| window == raw))
        );
        let folder = server.app().config().data.clone();
        assert_eq!(found_in(&folder, &needles), Vec::<String>::new());
        assert!(
            !found_in(&folder, &[b"CONTROL-1".to_vec()]).is_empty(),
            "the control is found"
        );
        assert_eq!(
            std::fs::read_dir(folder.join("uploads")).unwrap().count(),
            0,
            "no file is left"
        );
        server.stop().await;
    });
}
