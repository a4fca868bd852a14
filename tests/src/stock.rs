//! What the tests of the stock share: deliveries, keys, jobs.

use std::{fmt::Write as _, time::Duration};

use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::server::{Answer, TestServer, World};

/// A delivery of so many keys, numbered from `first` on.
pub(crate) fn delivery(first: u32, count: u32) -> String {
    let mut file = "deviceName,serialNumber,version\r\n".to_owned();
    for number in first..first + count {
        let _ = write!(file, "SafeNet eToken Fusion,SN-{number:08},FIDO_2_1\r\n");
    }
    file
}

/// Sends a delivery; `query` begins with `?` or is empty.
pub(crate) async fn import(server: &TestServer, token: &str, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let part = multipart::Part::bytes(file.into()).file_name("delivery.csv");
    let form = multipart::Form::new().part("file", part);
    let request = server
        .request(Method::POST, &format!("/imports{query}"))
        .bearer_auth(token);
    server.call(request.multipart(form)).await
}

pub(crate) async fn get(server: &TestServer, token: &str, path: &str) -> Answer {
    server.call(server.request(Method::GET, path).bearer_auth(token)).await
}

pub(crate) async fn post(server: &TestServer, token: &str, path: &str, body: Value) -> Answer {
    server
        .call(server.request(Method::POST, path).bearer_auth(token).json(&body))
        .await
}

/// A tenant with so many keys in stock.
pub(crate) async fn stocked(server: &TestServer, name: &str, count: u32) -> World {
    let world = server.world(name).await;
    let imported = import(server, &world.token, "", delivery(1, count)).await;
    assert_eq!(imported.status.as_u16(), 201, "{}", imported.text);
    world
}

/// All keys of a list, page by page.
pub(crate) async fn keys(server: &TestServer, token: &str, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(server, token, &format!("/security-keys?limit=200&{query}{cursor}")).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
        all.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

pub(crate) async fn policy(server: &TestServer, token: &str, name: &str, kind: &str) -> String {
    let made = post(server, token, "/policies", json!({ "name": name, "type": kind })).await;
    made.body["id"].as_str().unwrap().to_owned()
}

/// The job at its end.
pub(crate) async fn ended(server: &TestServer, token: &str, job: &Value) -> Value {
    for _ in 0..4_800 {
        let now = get(server, token, &format!("/jobs/{}", job.as_str().unwrap()))
            .await
            .body;
        if !matches!(now["status"].as_str(), Some("queued" | "running")) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the job does not end");
}

pub(crate) async fn total(server: &TestServer, token: &str, query: &str) -> u64 {
    get(server, token, &format!("/security-keys?limit=1&{query}"))
        .await
        .body["total"]["count"]
        .as_u64()
        .unwrap()
}
