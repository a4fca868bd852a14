//! Which hosts a tenant can make the server ask: not the services of its own machine, and never some addresses.

use std::{io::ErrorKind, net::TcpListener};

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    server::{Answer, TestServer, World},
    stock::post,
};

/// What the trial letter says by way of this host and port.
async fn letter(server: &TestServer, world: &World, host: &str, port: u16) -> (u16, String) {
    let mail = json!({ "host": host, "port": port, "encryption": "none", "from_address": "keys@example.org" });
    let set = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
    let set = server.call(set.json(&json!({ "mail": mail }))).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    told(
        &post(
            server,
            &world.token,
            "/settings/mail/test",
            json!({ "to": "ada@example.org" }),
        )
        .await,
        "detail",
    )
}

/// What the trial of a provider says.
async fn provider(server: &TestServer, world: &World, issuer: &str) -> (u16, String) {
    told(
        &post(
            server,
            &world.token,
            "/settings/sign-in/oidc/test",
            json!({ "issuer": issuer }),
        )
        .await,
        "problem",
    )
}

fn told(answer: &Answer, field: &str) -> (u16, String) {
    (
        answer.status.as_u16(),
        answer.body[field].as_str().unwrap_or_default().to_owned(),
    )
}

/// Whether somebody knocked.
fn was_asked(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).unwrap();
    match listener.accept() {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn services_of_its_own_machine_are_asked_only_when_whoever_runs_it_says_so() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_with(None, &[("local-services", "false"), ("mail-seconds", "5")]).await;
        let world = server.world("Reach").await;
        let open = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = open.local_addr().unwrap().port();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1"] {
            let (status, said) = letter(&server, &world, host, port).await;
            assert_eq!(status, 409, "{host}: {said}");
            assert!(said.contains("--local-services"), "{host}: {said}");
            assert_eq!(
                letter(&server, &world, host, closed).await,
                (409, said),
                "an open port looks like a closed one"
            );
        }
        for (scheme, host) in [
            ("http", "127.0.0.1"),
            ("http", "localhost"),
            ("https", "localhost"),
            ("https", "[::1]"),
        ] {
            let (status, said) = provider(&server, &world, &format!("{scheme}://{host}:{port}")).await;
            assert_eq!(status, 200, "{host}: {said}");
            assert!(said.contains("--local-services"), "{scheme}://{host}: {said}");
            let closed = provider(&server, &world, &format!("{scheme}://{host}:{closed}")).await;
            assert_eq!(closed, (200, said), "an open port looks like a closed one");
        }
        assert!(!was_asked(&open), "nothing was sent");
        server.stop().await;
    });
}

#[test]
fn some_addresses_are_never_asked_and_this_machine_is_where_it_is_allowed() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_with(None, &[("mail-seconds", "5")]).await;
        let world = server.world("Reach").await;
        for host in [
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
        ] {
            let (status, said) = letter(&server, &world, host, 25).await;
            assert_eq!(status, 409, "{host}: {said}");
            assert!(said.contains("never asked"), "{host}: {said}");
            let host = if host.contains(':') {
                format!("[{host}]")
            } else {
                host.to_owned()
            };
            let (_, said) = provider(&server, &world, &format!("https://{host}")).await;
            assert!(said.contains("never asked"), "{host}: {said}");
        }
        let open = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = open.local_addr().unwrap().port();
        // Both are accepted by the kernel, and neither is answered.
        let (_, said) = letter(&server, &world, "localhost", port).await;
        assert!(!said.contains("--local-services") && was_asked(&open), "{said}");
        let (_, said) = provider(&server, &world, &format!("https://127.0.0.1:{port}")).await;
        assert!(!said.contains("--local-services") && was_asked(&open), "{said}");
        server.stop().await;
    });
}
