//! Long work and kill -9: an import leaves nothing, a bulk action does every row once, an undo goes on to its end.

use std::{collections::BTreeSet, fmt::Write as _, thread, time::Duration};

use reqwest::blocking::{Client, RequestBuilder, multipart};
use serde_json::{Value, json};

use crate::site::Site;

/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(3);

fn delivery(rows: usize) -> String {
    let mut file = "deviceName,serialNumber,version\n".to_owned();
    for row in 0..rows {
        let _ = writeln!(file, "Acme Key,C-{row:07},FIDO_2_1");
    }
    file
}

pub(crate) fn send(site: &Site, request: RequestBuilder) -> Value {
    let answer = request.bearer_auth(&site.token).send().unwrap();
    let (status, body) = (answer.status(), answer.text().unwrap());
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap_or(Value::String(body))
}

pub(crate) fn get(site: &Site, path: &str) -> Value {
    send(site, Client::new().get(format!("{}api/v1{path}", site.address)))
}

pub(crate) fn post(site: &Site, path: &str, body: &Value) -> Value {
    send(
        site,
        Client::new().post(format!("{}api/v1{path}", site.address)).json(body),
    )
}

fn import(site: &Site, rows: usize) -> Value {
    let part = multipart::Part::text(delivery(rows)).file_name("delivery.csv");
    let form = multipart::Form::new().part("file", part);
    send(
        site,
        Client::new()
            .post(format!("{}api/v1/imports", site.address))
            .multipart(form),
    )
}

fn total(site: &Site) -> u64 {
    get(site, "/security-keys?limit=1")["total"]["count"].as_u64().unwrap()
}

fn job(site: &Site, id: &Value) -> Value {
    get(site, &format!("/jobs/{}", id.as_str().unwrap()))
}

/// Waits until so many rows are done; answers how many are.
fn reached(site: &Site, id: &Value, rows: u64) -> u64 {
    for _ in 0..20_000 {
        let now = job(site, id);
        let done = now["progress"]["done"].as_u64().unwrap();
        if done >= rows {
            assert!(
                now["status"] == "running" || now["status"] == "queued",
                "too late to kill: {now}"
            );
            return done;
        }
        thread::sleep(LOOK);
    }
    panic!("the job does not get on: {}", job(site, id));
}

fn ended(site: &Site, id: &Value) -> Value {
    for _ in 0..6_000 {
        let now = job(site, id);
        if !matches!(now["status"].as_str(), Some("queued" | "running")) {
            return now;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the job does not end: {}", job(site, id));
}

fn again(site: &mut Site) {
    site.kill();
    site.start();
}

#[test]
fn an_import_killed_between_chunks_leaves_nothing_and_the_file_goes_in_again() {
    const ROWS: usize = 30_000;
    let mut site = Site::running();
    for killed_at in [1, 3_000, 15_000] {
        let begun = import(&site, ROWS);
        let done = reached(&site, &begun["job_id"], killed_at);
        again(&mut site);
        assert_eq!(total(&site), 0, "{done} rows were written, none may be seen");
        let job = ended(&site, &begun["job_id"]);
        assert_eq!(job["status"], "failed", "{job}");
        let path = format!("/imports/{}", begun["id"].as_str().unwrap());
        assert_eq!(get(&site, &path)["status"], "failed");
        assert_eq!(get(&site, "/security-keys/counts")["stocks"]["total"], 0);
    }
    let last = import(&site, ROWS);
    assert_eq!(ended(&site, &last["job_id"])["status"], "done");
    assert_eq!(get(&site, "/security-keys/counts")["stocks"]["total"], ROWS);
    site.here(&["audit", "verify"]).ok();
}

#[test]
fn a_bulk_action_killed_again_and_again_does_every_row_once() {
    const ROWS: usize = 15_000;
    let mut site = Site::running();
    import(&site, ROWS);
    let order = json!({
        "action": "quarantine", "arguments": { "reason": "recall" },
        "selection": { "filter": { "status": "in_stock" }, "expected_count": ROWS },
    });
    let begun = post(&site, "/security-keys/bulk", &order);
    for killed_at in [1, 4_000, 9_000] {
        let done = reached(&site, &begun["id"], killed_at);
        again(&mut site);
        let after = job(&site, &begun["id"])["progress"]["done"].as_u64().unwrap();
        assert!(after >= done, "{done} rows were told, {after} are left");
    }
    let job = ended(&site, &begun["id"]);
    assert_eq!((&job["status"], &job["refused"]), (&json!("done"), &json!(0)), "{job}");
    assert_eq!(job["progress"], json!({ "done": ROWS, "total": ROWS }));
    let results = get(&site, &format!("/jobs/{}/results.csv", begun["id"].as_str().unwrap()));
    let rows: Vec<&str> = results.as_str().unwrap().lines().skip(1).collect();
    assert_eq!((rows.len(), rows.iter().collect::<BTreeSet<_>>().len()), (ROWS, ROWS));
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let twice = "SELECT count(*) FROM security_keys WHERE revision <> 2";
    assert_eq!(database.query_row(twice, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    let events = get(&site, "/audit-events?action=security_key.quarantined");
    assert_eq!(
        events["items"].as_array().unwrap().len(),
        1,
        "one event, however often it was killed"
    );
}

#[test]
fn an_undo_that_is_killed_goes_on_to_its_end() {
    const ROWS: usize = 20_001;
    let mut site = Site::running();
    let begun = import(&site, ROWS);
    assert_eq!(ended(&site, &begun["job_id"])["status"], "done");
    let path = format!("/imports/{}", begun["id"].as_str().unwrap());
    let undoing = post(&site, &format!("{path}/undo"), &json!({}));
    for _ in 0..2 {
        again(&mut site);
        assert_eq!(total(&site), 0, "an undone import is gone at once, and stays so");
    }
    assert_eq!(ended(&site, &undoing["job_id"])["status"], "done");
    assert_eq!(get(&site, &path)["status"], "undone");
    let last = import(&site, ROWS);
    assert_eq!(ended(&site, &last["job_id"])["status"], "done");
    assert_eq!(get(&site, "/security-keys/counts")["stocks"]["total"], ROWS);
}
