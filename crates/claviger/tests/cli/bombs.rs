//! S17 through HTTP: bombs are refused by a problem or a fault, and the server that took them in stays small.

use std::io::Read;

use reqwest::blocking::{Client, multipart};
use serde_json::Value;

use crate::site::Site;

/// What a bomb may cost the server beside what it held before.
pub(crate) const ALLOWED_MB: u64 = 64;
pub(crate) const MB: usize = 1 << 20;
const HEADER: &str = "deviceName,serialNumber,version\n";

/// Sends a file; answers the status and the first fault, or 413 when the server hung up before it had all.
fn send(site: &Site, query: &str, file: impl Read + Send + 'static) -> (u16, String) {
    send_to(site, &format!("/api/v1/imports{query}"), &[], file)
}

/// The same to any path, with other fields of the form.
pub(crate) fn send_to(
    site: &Site,
    path: &str,
    fields: &[(&'static str, &'static str)],
    file: impl Read + Send + 'static,
) -> (u16, String) {
    let part = multipart::Part::reader(file).file_name("bomb.csv");
    let form = fields
        .iter()
        .fold(multipart::Form::new(), |form, (name, value)| form.text(*name, *value));
    let form = form.part("file", part);
    let request = Client::builder().timeout(None).build().unwrap();
    let request = request.post(format!("{}{path}", site.address.trim_end_matches('/')));
    let answer = match request.bearer_auth(&site.token).multipart(form).send() {
        Ok(answer) => answer,
        Err(error) => {
            assert!(error.is_body() || error.is_request(), "{error:?}");
            return (413, "larger than the server takes: it hung up".to_owned());
        }
    };
    let (status, body) = (answer.status().as_u16(), answer.json::<Value>().unwrap());
    let fault = body["errors"][0]["detail"].as_str().or(body["detail"].as_str());
    (status, fault.unwrap_or_default().to_owned())
}

pub(crate) fn again(begin: &'static str, again: &str, bytes: usize) -> impl Read + Send + 'static {
    let repeated = Repeated {
        again: again.repeat(MB / again.len()).into_bytes(),
        at: 0,
        left: bytes,
    };
    std::io::Cursor::new(begin).chain(repeated)
}

/// A text over and over.
struct Repeated {
    again: Vec<u8>,
    at: usize,
    left: usize,
}

impl Read for Repeated {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.again[self.at..];
        let count = into.len().min(rest.len()).min(self.left);
        into[..count].copy_from_slice(&rest[..count]);
        self.at = (self.at + count) % self.again.len();
        self.left -= count;
        Ok(count)
    }
}

/// So many rows, each with a serial number of its own.
struct Rows {
    next: u64,
    count: u64,
    line: Vec<u8>,
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.line.is_empty() && self.next < self.count {
            self.line = format!("A,{:012},FIDO_2_1\n", self.next).into_bytes();
            self.next += 1;
        }
        let count = into.len().min(self.line.len());
        into[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

#[test]
fn s17_bombs_through_http_leave_the_server_small() {
    let site = Site::running();
    let (status, fault) = send(&site, "", again(HEADER, "A,1,FIDO_2_1\n", 0));
    assert_eq!(
        (status, fault.starts_with("the file has no rows")),
        (422, true),
        "{fault}"
    );
    let before = site.peak_mb_from_now();
    let bombs = [
        ("endless line", HEADER, "x", "the line is longer than 64 KiB"),
        (
            "endless quote",
            "deviceName,serialNumber,version\nA,\"",
            "x\n",
            "the line is longer than 64 KiB",
        ),
        (
            "a million columns",
            HEADER.trim_end(),
            ",x",
            "the line is longer than 64 KiB",
        ),
        ("nesting", "{\"devices\":[", "[", "brackets stand too deep"),
        (
            "endless number",
            "{\"devices\":[{\"x\":",
            "9",
            "the entry is longer than 64 KiB",
        ),
    ];
    for (name, begin, text, said) in bombs {
        let (status, fault) = send(&site, "", again(begin, text, 48 * MB));
        assert!(status == 422 && fault.contains(said), "{name}: {status} {fault}");
    }
    let rows = |count| {
        std::io::Cursor::new(HEADER).chain(Rows {
            next: 0,
            count,
            line: Vec::new(),
        })
    };
    let (status, fault) = send(&site, "?dry_run=true", rows(200_000));
    assert_eq!(
        (status, fault.as_str()),
        (200, ""),
        "a large file that is sound is no bomb"
    );
    let (status, fault) = send(&site, "", again(HEADER, "A,1,FIDO_2_1\n", 520 * MB));
    assert!(status == 413 && fault.contains("larger than"), "{status} {fault}");
    let (status, fault) = send(&site, "", again(HEADER, "A,1,FIDO_2_1\n", "A,1,FIDO_2_1\n".len()));
    assert_eq!((status, fault.as_str()), (201, ""), "the server goes on");
    let cost = site.peak_mb().saturating_sub(before);
    assert!(cost <= ALLOWED_MB, "the bombs cost the server {cost} MB");
    println!("S17 http_bombs={} before_mb={before} cost_mb={cost}", bombs.len() + 2);
}

/// A list of users goes in as one commit, so that its rows are held: the longest one costs no more than this.
#[test]
fn s17_the_longest_list_of_users_costs_the_server_little() {
    let site = Site::running();
    let list = |count: u64| {
        let row = |number| format!("user.{number:06},Zofie Novakova {number},user.{number:06}@example.org,cs\n");
        let rows: String = (0..count).map(row).collect();
        std::io::Cursor::new(format!("user_name,display_name,email,locale\n{rows}"))
    };
    let look_at = |count| send_to(&site, "/api/v1/users/import?dry_run=true", &[], list(count));
    assert_eq!(look_at(1), (200, String::new()));
    let before = site.peak_mb_from_now();
    let (status, fault) = look_at(50_001);
    let said = "the file has more than 50000 rows; split it";
    assert_eq!((status, fault.as_str()), (200, said));
    assert_eq!(look_at(50_000), (200, String::new()));
    let cost = site.peak_mb().saturating_sub(before);
    println!("S17 users=50000 before_mb={before} cost_mb={cost}");
    assert!(cost <= 2 * ALLOWED_MB, "the list costs the server {cost} MB");
}

/// The control: a server told to take lines of 16 MB holds such lines, and the measure sees them.
#[test]
fn s17_a_server_that_holds_whole_lines_is_found_large() {
    let mut site = Site::set_up();
    site.start_with(&["--listen", "127.0.0.1:0", "--import-line-kilobytes", "16384"]);
    let before = site.peak_mb_from_now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| send(&site, "?dry_run=true", again(HEADER, "x", 15 * MB)));
        }
    });
    let cost = site.peak_mb().saturating_sub(before);
    println!("S17 control http_lines_cost_mb={cost}");
    assert!(cost > ALLOWED_MB, "the lines cost the server {cost} MB");
}
