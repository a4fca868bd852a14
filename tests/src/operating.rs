//! The server as its operator meets it: several on one database, TLS, sealed, stopping, slow clients.

use std::{net::SocketAddr, path::Path, time::Duration};

use claviger_server::ports::Clock;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Client, Method, StatusCode};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    events::hear,
    served,
    server::{PASSWORD, TestServer, run_on},
};

/// Whoever waits longer than this waits for ever.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn consoles_hear_within_a_second_what_another_server_changed() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let other = server.beside().await;
        let follow = async |token: &str| {
            let path = format!("http://{}/api/v1/events", other.address());
            Client::new().get(path).bearer_auth(token).send().await.unwrap()
        };
        let (mut our, mut their) = (follow(&ours.token).await, follow(&theirs.token).await);
        // A busy machine adds to each time, and not the same to each: the best of some counts.
        let mut best = Duration::MAX;
        for round in 0..10 {
            let began = Instant::now();
            let change = server.request(Method::PATCH, "/settings").bearer_auth(&ours.token);
            let change = change.json(&json!({ "revoke_notifies": round % 2 == 0 }));
            assert!(server.call(change).await.status.is_success());
            let heard = hear(&mut our, "event: change", PATIENCE).await.unwrap();
            best = best.min(began.elapsed());
            assert!(
                heard.contains(&ours.id) && heard.contains("\"kind\":\"settings\""),
                "{heard}"
            );
            if best < Duration::from_secs(3) {
                break;
            }
        }
        assert!(best < Duration::from_secs(3), "{best:?}");
        assert_eq!(
            hear(&mut their, "event: change", Duration::from_millis(1_500)).await,
            None
        );
        other.stop().await;
        server.stop().await;
    });
}

/// Writes a self-signed certificate for `localhost`; answers it as a root to trust.
fn certificate(folder: &Path) -> reqwest::Certificate {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    reqwest::Certificate::from_pem(cert.pem().as_bytes()).unwrap()
}

async fn trusts(root: &reqwest::Certificate, address: SocketAddr) -> bool {
    let client = Client::builder()
        .add_root_certificate(root.clone())
        .resolve("localhost", address)
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/healthz", address.port());
    client
        .get(url)
        .send()
        .await
        .is_ok_and(|answer| answer.headers().contains_key("strict-transport-security"))
}

#[test]
fn tls_is_spoken_from_files_that_are_read_again_on_sighup() {
    claviger_testkit::run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let first = certificate(folder.path());
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let settings = [("tls-cert", path("cert.pem")), ("tls-key", path("key.pem"))];
        let settings: Vec<(&'static str, &str)> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let running = run_on(&folder.path().join("data"), None, &settings, &Clock::default()).await;
        assert!(trusts(&first, running.address()).await);
        let second = certificate(folder.path());
        assert!(
            !trusts(&second, running.address()).await,
            "nobody said to read it again"
        );
        let me = std::process::id().to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-HUP", &me])
                .status()
                .unwrap()
                .success()
        );
        let began = Instant::now();
        while !trusts(&second, running.address()).await {
            assert!(began.elapsed() < PATIENCE, "the new certificate is not used");
            sleep(Duration::from_millis(50)).await;
        }
        assert!(!trusts(&first, running.address()).await);
        // One that cannot be used leaves the old one in place.
        std::fs::write(folder.path().join("cert.pem"), "nonsense").unwrap();
        assert!(
            std::process::Command::new("kill")
                .args(["-HUP", &me])
                .status()
                .unwrap()
                .success()
        );
        sleep(Duration::from_millis(500)).await;
        assert!(trusts(&second, running.address()).await);
        running.stop().await;
    });
}

#[test]
fn without_its_key_the_server_runs_sealed_and_the_inventory_lives() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world = server.world("Sealed").await;
        let server = server
            .again(|data| std::fs::remove_file(data.join("kek")).unwrap(), &[])
            .await;
        assert!(server.app().keyring().is_sealed());
        let list = server
            .call(
                server
                    .request(Method::GET, "/security-keys?tab=stocks")
                    .bearer_auth(&world.token),
            )
            .await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.text);
        let policy = json!({ "name": "While sealed", "type": "standard" });
        let made = server
            .call(
                server
                    .request(Method::POST, "/policies")
                    .bearer_auth(&world.token)
                    .json(&policy),
            )
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(
            server.sign_in("owner@example.org", PASSWORD).await.status,
            StatusCode::OK
        );
        let app = server.app().clone();
        let sealed = server
            .app()
            .store()
            .read(async move |reader: &mut claviger_store::Reader| {
                app.keyring()
                    .opening(reader, claviger_domain::TenantId::SYSTEM, 1)
                    .await
                    .map(drop)
            })
            .await;
        assert!(matches!(sealed, Err(claviger_server::Failure::Sealed)));
        let mail = |password: Option<&str>| {
            json!({ "mail": {
            "host": "mail.example.org", "port": 587, "encryption": "starttls", "user_name": "claviger",
            "password": password, "from_address": "claviger@example.org", "from_name": "Claviger",
        } })
        };
        let change = async |body: serde_json::Value| {
            let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
            server.call(request.json(&body)).await
        };
        let refused = change(mail(Some("a secret"))).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem()),
            (503, "sealed"),
            "{}",
            refused.text
        );
        assert!(!refused.text.contains("a secret"), "{}", refused.text);
        let kept = change(mail(None)).await;
        assert_eq!(
            kept.status,
            StatusCode::OK,
            "without a secret nothing has to be sealed: {}",
            kept.text
        );
        server.stop().await;
    });
}

/// Sends the head of a request and, once somebody reads it, the first half of its body.
async fn half(address: SocketAddr, token: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/policies HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = Vec::new();
    while !interim.ends_with(b"\r\n\r\n") {
        interim.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(
        interim.starts_with(b"HTTP/1.1 100"),
        "{}",
        String::from_utf8_lossy(&interim)
    );
    stream.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
    stream
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ended = timeout(PATIENCE, stream.read_to_end(&mut text))
        .await
        .expect("the connection ends");
    String::from_utf8_lossy(&text).into_owned()
}

served! {
    async fn a_slow_request_is_given_up_and_nothing_of_it_done(server) {
        let world = server.world("Slow").await;
        let slow = TestServer::start_with(None, &[("request-seconds", "1")]).await;
        let token = slow.world("Slow").await.token;
        let mut stream = half(slow.address(), &token, r#"{"name": "Late", "type": "standard"}"#).await;
        let answer = rest(&mut stream).await;
        assert!(answer.contains("application/problem+json") && answer.contains("/timeout\""), "{answer}");
        let mut headers = TcpStream::connect(slow.address()).await.unwrap();
        headers.write_all(b"GET /healthz HTTP/1.1\r\nhost: local").await.unwrap();
        assert!(!rest(&mut headers).await.contains("200 OK"));
        let list = slow.call(slow.request(Method::GET, "/policies").bearer_auth(&token)).await;
        assert!(!list.text.contains("Late"), "{}", list.text);
        slow.stop().await;
        let list = server.call(server.request(Method::GET, "/policies").bearer_auth(&world.token)).await;
        assert_eq!(list.status, StatusCode::OK);
    }
}

#[test]
fn a_request_in_flight_is_answered_before_the_server_stops() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let token = server.world("Stopping").await.token;
        let body = r#"{"name": "In flight", "type": "standard"}"#;
        let address = server.address();
        let mut stream = half(address, &token, body).await;
        let stopping = tokio::spawn(async move { server.again(|_| {}, &[]).await });
        let began = Instant::now();
        while TcpStream::connect(address).await.is_ok() {
            assert!(began.elapsed() < PATIENCE, "new connections are taken");
            sleep(Duration::from_millis(20)).await;
        }
        assert!(!stopping.is_finished(), "it waits");
        stream.write_all(&body.as_bytes()[body.len() / 2..]).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let server = stopping.await.unwrap();
        let list = server
            .call(server.request(Method::GET, "/policies").bearer_auth(&token))
            .await;
        assert!(list.text.contains("In flight"), "{}", list.text);
        server.stop().await;
    });
}
