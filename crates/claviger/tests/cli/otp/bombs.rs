//! S17: seed files that are bombs end with a problem or a fault, and the server that took them in stays small.

use std::{
    io::{Cursor, Read},
    time::Duration,
};

use crate::{
    bombs::{ALLOWED_MB, MB, again, send_to},
    crash::get,
    site::Site,
};

const PSKC: &str =
    "<?xml version=\"1.0\"?><KeyContainer Version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">";

fn send(site: &Site, query: &str, file: impl Read + Send + 'static) -> (u16, String) {
    let path = format!("/api/v1/otp-tokens/import{query}");
    let told = send_to(site, &path, &[("password", "qwerty")], file);
    if told.0 == 202 { settled(site) } else { told }
}

/// What became of the newest import, which a job checks.
fn settled(site: &Site) -> (u16, String) {
    let newest = get(site, "/imports?limit=1")["items"][0]["id"].clone();
    let path = format!("/imports/{}", newest.as_str().unwrap());
    loop {
        let import = get(site, &path);
        match import["status"].as_str().unwrap() {
            "checking" | "applying" => std::thread::sleep(Duration::from_millis(50)),
            "refused" | "failed" => {
                let fault = import["errors"][0]["detail"].as_str();
                return (422, fault.unwrap_or_default().to_owned());
            }
            other => return (201, other.to_owned()),
        }
    }
}

/// So many rows of an OATH CSV, each with a serial number and a seed of its own.
struct Rows {
    next: u64,
    count: u64,
    line: Vec<u8>,
    at: usize,
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() && self.next < self.count {
            let last = self.count.min(self.next + 1_000);
            let lines = (self.next..last).map(|row| format!("T{row:08},31323334{row:012}3132,hotp\n"));
            self.line = lines.collect::<String>().into_bytes();
            (self.next, self.at) = (last, 0);
        }
        let rest = &self.line[self.at..];
        let count = into.len().min(rest.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

fn rows(count: u64) -> Rows {
    Rows {
        next: 0,
        count,
        line: Vec::new(),
        at: 0,
    }
}

/// A password that is to be stretched four thousand million times.
fn endless_stretching() -> String {
    const SCHEMA: &str = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#";
    format!(
        "{PSKC}<EncryptionKey><DerivedKey xmlns=\"http://www.w3.org/2009/xmlenc11#\"><KeyDerivationMethod Algorithm=\"{SCHEMA}pbkdf2\">\
         <PBKDF2-params xmlns=\"{SCHEMA}\"><Salt><Specified>Ej7/PEpyEpw=</Specified></Salt><IterationCount>4000000000</IterationCount>\
         <KeyLength>16</KeyLength></PBKDF2-params></KeyDerivationMethod></DerivedKey></EncryptionKey></KeyContainer>"
    )
}

/// Rows beyond those that the server takes.
fn too_many(site: &Site, count: u64, most: u64) {
    let before = site.peak_mb_from_now();
    let (status, fault) = send(site, "", rows(count));
    let cost = site.peak_mb().saturating_sub(before);
    println!("S17 seed_rows={count} most={most} status={status} before_mb={before} cost_mb={cost}");
    assert!(
        status == 422 && fault.contains("rows"),
        "{count} rows: {status} {fault}"
    );
    assert!(cost <= ALLOWED_MB, "{count} rows cost the server {cost} MB");
}

#[test]
fn s17_seed_files_that_are_bombs_leave_the_server_small() {
    let mut site = Site::set_up();
    site.start_with(&["--listen", "127.0.0.1:0", "--import-rows", "100000"]);
    let (status, fault) = send(&site, "", Cursor::new(""));
    assert_eq!(status, 422, "{fault}");
    let before = site.peak_mb_from_now();
    let bombs = [
        ("endless line", "T1,", "3"),
        ("endless quote", "serial,key,type\nT1,\"", "3\n"),
        ("a million columns", "serial,key,type", ",x"),
        ("endless rows of faults", "serial,key,type\n", "T,,\n"),
        ("nesting", "{\"otp_tokens\": [", "["),
        ("endless number", "{\"otp_tokens\": [{\"counter\": ", "9"),
        (
            "endless entity",
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"",
            "&b;",
        ),
        ("elements in elements", PSKC, "<KeyPackage>"),
        ("endless attribute", "<?xml version=\"1.0\"?><KeyContainer x=\"", "y"),
        ("endless text", PSKC, "x "),
        ("endless comment", "<?xml version=\"1.0\"?><!--", "x "),
    ];
    for (name, begin, text) in bombs {
        let (status, fault) = send(&site, "", again(begin, text, 48 * MB));
        assert!(status == 422 && !fault.is_empty(), "{name}: {status} {fault}");
    }
    let (status, fault) = send(&site, "", Cursor::new(endless_stretching()));
    assert!(status == 422 && !fault.is_empty(), "{status} {fault}");
    let cost = site.peak_mb().saturating_sub(before);
    println!("S17 seed_bombs={} before_mb={before} cost_mb={cost}", bombs.len() + 1);
    assert!(cost <= ALLOWED_MB, "the bombs cost the server {cost} MB");
    too_many(&site, 500_000, 100_000);
    let (status, fault) = send(&site, "?dry_run=true", rows(50_000));
    assert_eq!(
        (status, fault.as_str()),
        (200, ""),
        "a large file that is sound is no bomb"
    );
}

#[test]
#[ignore = "full size"]
fn prove_s17_ten_million_seeds_leave_the_server_small() {
    let site = Site::running();
    let (status, fault) = send(&site, "?dry_run=true", rows(100));
    assert_eq!((status, fault.as_str()), (200, ""));
    too_many(&site, 10_000_000, 2_000_000);
}
