//! Sign-ins that were begun: how many, by whom, and on which server they end.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Answer, TestServer};

async fn register(server: &TestServer, address: std::net::SocketAddr, ceremony: &Value) -> Answer {
    let sent = json!({ "ceremony_id": ceremony, "credential": {}, "name": "Key" });
    let url = format!("http://{address}/api/v1/account/passkeys");
    // Behind a balancer all servers have one origin; here each has a port of its own.
    let request = reqwest::Client::new().post(url).header("cookie", &server.owner.cookie);
    server
        .call(request.header("sec-fetch-site", "same-origin").json(&sent))
        .await
}

async fn begun(server: &TestServer) -> Value {
    let path = "/account/passkeys/registration";
    let begun = server.call(server.owner.send(server.request(Method::POST, path))).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    begun.body["ceremony_id"].clone()
}

/// Which part of an answer to a ceremony is at fault: the ceremony itself only where nobody knows it.
fn fault(answer: &Answer) -> &str {
    answer.body["errors"][0]["pointer"].as_str().unwrap_or(&answer.text)
}

/// What the credential would have to say is the business of other tests: it is looked at where the ceremony is known.
async fn survives_a_restart(server: TestServer) {
    let ceremony = begun(&server).await;
    let server = server.again(|_| {}, &[]).await;
    assert_eq!(
        fault(&register(&server, server.address(), &ceremony).await),
        "/credential"
    );
    let twice = register(&server, server.address(), &ceremony).await;
    assert_eq!(fault(&twice), "/ceremony_id", "it is answered once");
    server.stop().await;
}

#[test]
fn a_passkey_ceremony_outlives_a_restart_on_sqlite() {
    claviger_testkit::run(|| async { survives_a_restart(TestServer::start_on_sqlite().await).await });
}

#[test]
fn a_passkey_ceremony_outlives_a_restart_on_postgres() {
    claviger_testkit::run(|| async { survives_a_restart(TestServer::start_on_postgres().await).await });
}

#[test]
fn a_passkey_ceremony_ends_on_another_server() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        let second = server.beside().await;
        let ceremony = begun(&server).await;
        assert_eq!(
            fault(&register(&server, second.address(), &ceremony).await),
            "/credential"
        );
        assert_eq!(
            fault(&register(&server, server.address(), &ceremony).await),
            "/ceremony_id"
        );
        second.stop().await;
        server.stop().await;
    });
}

/// One a minute, so that no machine is too slow for this test.
async fn an_address_begins_so_many(postgres: Option<String>) {
    let server = TestServer::start_with(postgres, &[("sign-in-starts", "1")]).await;
    let begin = async || server.call(server.request(Method::POST, "/session/passkey")).await;
    assert_eq!(begin().await.status, StatusCode::OK);
    let refused = begin().await;
    assert_eq!(
        (refused.status.as_u16(), refused.problem()),
        (429, "rate-limited"),
        "{}",
        refused.text
    );
    let browser = server
        .call(server.request(Method::GET, "/session/oidc/any/start"))
        .await;
    assert_eq!(
        browser.headers["location"], "/sign-in?problem=oidc_too_many",
        "a browser gets a page"
    );
    server.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(begin().await.status, StatusCode::OK);
    server.stop().await;
}

#[test]
fn an_address_begins_so_many_sign_ins_on_sqlite() {
    claviger_testkit::run(|| async { an_address_begins_so_many(None).await });
}

#[test]
fn an_address_begins_so_many_sign_ins_on_postgres() {
    claviger_testkit::run(|| async {
        let url = claviger_testkit::shared().database().await;
        an_address_begins_so_many(Some(url)).await;
    });
}
