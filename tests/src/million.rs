//! The main job on real input: a file of many rows is imported, searched, linked in bulk, exported, and compared with
//! what went in row by row. By default a few thousand rows; `cargo xtask prove million` takes a million.

use std::{
    collections::HashMap,
    fmt::Write as _,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    served,
    server::TestServer,
    stock::{get, import, policy, post, total},
};

/// One of the rows: names, serials and attributes of many shapes, some of them hostile.
fn row(number: u32) -> [String; 4] {
    let name = match number % 7 {
        0 => "SafeNet eToken Fusion".to_owned(),
        1 => format!("Key \"{}\", black; 5'", number % 97),
        2 => "=HYPERLINK(\"http://x\")".to_owned(),
        3 => "Kl\u{ed}\u{10d} \u{1f511}".to_owned(),
        4 => "-2+3;=1".to_owned(),
        5 => "'quoted".to_owned(),
        _ => format!("Model {}", number % 1_000),
    };
    let serial = match number % 3 {
        0 => format!("{number:012}"),
        1 => format!("SN-{number:08}"),
        _ => format!("@{number:x}"),
    };
    let version = ["FIDO_2_1", "FIDO_2_0", "FIDO_2_2", "FIDO_2_1_PRE"][usize::try_from(number % 4).unwrap()];
    let pallet = if number.is_multiple_of(5) {
        format!("+{}\n;@{}", number / 100, number % 3)
    } else {
        String::new()
    };
    [name, serial, version.to_owned(), pallet]
}

/// The file as a vendor writes it: quoted, and without care for spreadsheets.
fn file(count: u32) -> String {
    let mut file = "serialNumber;Version;PALLET;Device Name\r\n".to_owned();
    for number in 0..count {
        let [name, serial, version, pallet] = row(number);
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let _ = write!(file, "{serial};{version};{};{}\r\n", quoted(&pallet), quoted(&name));
    }
    file
}

/// How long each step took.
struct Steps {
    since: Instant,
    told: String,
}

impl Steps {
    fn done(&mut self, step: &str) {
        let _ = write!(self.told, " {step}_s={:.1}", self.since.elapsed().as_secs_f64());
        self.since = Instant::now();
    }
}

async fn done(server: &TestServer, token: &str, job: &Value) -> Value {
    loop {
        let now = get(server, token, &format!("/jobs/{}", job.as_str().unwrap()))
            .await
            .body;
        if !matches!(now["status"].as_str(), Some("queued" | "running")) {
            assert_eq!(now["status"], "done", "{now}");
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A spreadsheet's cell as it was before it was made inert; our own reader is not asked.
fn undone(cell: &str) -> String {
    let mut text = String::new();
    let mut border = true;
    let mut rest = cell.chars().peekable();
    while let Some(sign) = rest.next() {
        let live = rest.peek().is_some_and(|next| "=+-@'".contains(*next));
        if !(border && sign == '\'' && live) {
            text.push(sign);
        }
        border = matches!(sign, ';' | '\n');
    }
    text
}

async fn carried_through(server: &TestServer, count: u32) {
    let world = server.world("Million").await;
    let token = &world.token;
    let mut steps = Steps {
        since: Instant::now(),
        told: String::new(),
    };
    let begun = import(server, token, "", file(count)).await;
    assert!(matches!(begun.status.as_u16(), 201 | 202), "{}", begun.text);
    if begun.status.as_u16() == 202 {
        done(server, token, &begun.body["job_id"]).await;
    }
    steps.done("import");
    assert_eq!(total(server, token, "tab=stocks").await, u64::from(count));
    searched(server, token, count).await;
    steps.done("search");
    let policy = policy(server, token, "Staff", "standard").await;
    let order = |expected: Value| {
        json!({
            "action": "link_policy", "arguments": { "policy_id": policy },
            "selection": { "filter": { "status": "in_stock" }, "expected_count": expected },
        })
    };
    let asked = post(server, token, "/security-keys/bulk?dry_run=true", order(Value::Null)).await;
    assert_eq!(asked.body["count"], count, "{}", asked.text);
    let linked = post(server, token, "/security-keys/bulk", order(json!(count))).await;
    assert_eq!(linked.status.as_u16(), 202, "{}", linked.text);
    let job = done(server, token, &linked.body["id"]).await;
    assert_eq!(job["progress"], json!({ "done": count, "total": count }), "{job}");
    steps.done("link");
    let export = get(server, token, "/security-keys/export.csv").await;
    steps.done("export");
    let differing = compared(&export.text, count);
    steps.done("compare");
    assert_eq!(differing, 0);
    println!("MILLION rows={count} differing=0{}", steps.told);
}

async fn searched(server: &TestServer, token: &str, count: u32) {
    for number in [0, 1, count / 2, count - 1] {
        let [name, serial, ..] = row(number);
        for q in [
            serial.clone(),
            serial.to_lowercase().replace('-', " "),
            serial.trim_start_matches('0').to_owned(),
        ] {
            if q.is_empty() {
                continue;
            }
            let request = server
                .request(reqwest::Method::GET, "/security-keys")
                .query(&[("q", q.as_str())]);
            let found = server.call(request.bearer_auth(token)).await;
            let first = &found.body["items"][0];
            assert_eq!(
                (&first["serial_number"], &first["device_name"]),
                (&json!(serial), &json!(name)),
                "{q}: {}",
                found.text
            );
        }
    }
}

/// How many rows of an export differ from what went in; read by the csv crate.
fn compared(export: &str, count: u32) -> usize {
    let mut expected: HashMap<String, u32> = (0..count).map(|number| (row(number)[1].clone(), number)).collect();
    let mut reader = csv::Reader::from_reader(export.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let place = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (status, policy, attributes) = (place("status"), place("policy"), place("attributes"));
    let mut differing = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let Some(number) = expected.remove(&undone(&record[1])) else {
            differing += 1;
            continue;
        };
        let [name, _, version, pallet] = row(number);
        let kept = if pallet.is_empty() {
            String::new()
        } else {
            json!({ "PALLET": pallet }).to_string()
        };
        let same = undone(&record[0]) == name
            && record[2] == version
            && undone(&record[attributes]) == kept
            && (&record[status], &record[policy]) == ("ready", "Staff");
        if !same {
            println!("row {number}: {record:?}");
            differing += 1;
        }
    }
    differing + expected.len()
}

served! {
    async fn what_went_in_comes_out_row_by_row(server) {
        carried_through(server, 25_000).await;
    }

    #[ignore = "a minute and more: cargo xtask prove million"]
    async fn prove_million(server) {
        carried_through(server, 1_000_000).await;
    }
}
