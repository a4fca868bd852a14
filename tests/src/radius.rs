//! RADIUS, as clients that others wrote speak it: Debian's radclient, and pyrad. Each checks the signatures of the answers
//! by itself.

use std::{path::Path, process::Stdio, time::Duration};

use claviger_domain::otp::Progress;
use hmac::{Hmac, Mac as _};
use md5::{Digest as _, Md5};
use reqwest::Method;
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, net::UdpSocket, process::Command, time::timeout};

use crate::{
    otp_tokens::{TestToken, pressed, user},
    server::{Answer, TestServer, World},
    stock::{get, post},
};

const SECRET: &str = "a secret that only the gateway knows";

/// A server that answers RADIUS on a spare port.
async fn started(postgres: Option<String>) -> TestServer {
    TestServer::start_with(postgres, &[("radius-listen", "127.0.0.1:0")]).await
}

fn port(server: &TestServer) -> u16 {
    server.radius_address().unwrap().port()
}

/// A tenant with a RADIUS client on loopback, and a user's token.
async fn gateway(server: &TestServer, secret: &str, serial: &str, name: &str) -> (World, TestToken) {
    let world = server.world(serial).await;
    let draft = json!({ "name": "VPN gateway", "network": "127.0.0.0/8", "secret": secret });
    let made = post(server, &world.token, "/radius-clients", draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    assert!(!made.text.contains(secret));
    let token = TestToken::in_stock(server.app(), &world, serial, pressed()).await;
    let holder = user(server, &world, name).await;
    token.assigned(server.app(), holder).await;
    (world, token)
}

/// What radclient hears: `accept`, `reject` or `nothing`.
async fn radclient(port: u16, secret: &str, user: &str, code: &str) -> &'static str {
    asked(port, secret, user, code, "20").await
}

async fn asked(port: u16, secret: &str, user: &str, code: &str, seconds: &str) -> &'static str {
    let packet = format!("User-Name = \"{user}\"\nUser-Password = \"{code}\"\nMessage-Authenticator = 0x00\n");
    sent(port, secret, &packet, seconds).await
}

async fn sent(port: u16, secret: &str, packet: &str, seconds: &str) -> &'static str {
    let mut child = Command::new("radclient")
        .args([
            "-x",
            "-r",
            "1",
            "-t",
            seconds,
            &format!("127.0.0.1:{port}"),
            "auth",
            secret,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("radclient is missing: install freeradius-utils");
    let mut input = child.stdin.take().unwrap();
    input.write_all(packet.as_bytes()).await.unwrap();
    drop(input);
    let ended = child.wait_with_output().await.unwrap();
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

/// What pyrad hears: `accept`, `reject` or `timeout`.
async fn pyrad(port: u16, secret: &str, user: &str, code: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("radius");
    let requirements = folder.join("requirements.txt");
    let python =
        claviger_store::threads::spawn_blocking(move || claviger_testkit::environment("radius", &requirements));
    let python = python.await.unwrap();
    let python = python.unwrap_or_else(|why| panic!("there is no RADIUS client to test with: {why}"));
    let client = Command::new(python)
        .arg(folder.join("client.py"))
        .args([&port.to_string(), secret, user, code])
        .output()
        .await
        .unwrap();
    assert!(client.status.success(), "{}", String::from_utf8_lossy(&client.stderr));
    String::from_utf8_lossy(&client.stdout).trim().to_owned()
}

/// An Access-Request as RFC 2865 and RFC 3579 write it.
fn signed_request(user: &str, code: &str) -> Vec<u8> {
    signed(user.as_bytes(), code.as_bytes(), [0x5a; 16])
}

/// An Access-Request with these bytes, which are told from others by the random ones.
fn signed(user: &[u8], code: &[u8], random: [u8; 16]) -> Vec<u8> {
    let mut password = code.to_vec();
    password.resize(16, 0);
    let mask = Md5::new().chain_update(SECRET).chain_update(random).finalize();
    let hidden: Vec<u8> = password.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    let mut packet = vec![1, 9, 0, 0];
    packet.extend(random);
    packet.extend([80, 18]);
    packet.extend([0; 16]);
    packet.extend([1, u8::try_from(user.len() + 2).unwrap()]);
    packet.extend(user);
    packet.extend([2, 18]);
    packet.extend(hidden);
    let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
    packet[2..4].copy_from_slice(&length);
    let mut mac = Hmac::<Md5>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&packet);
    packet[22..38].copy_from_slice(&mac.finalize().into_bytes());
    packet
}

/// What comes back for a datagram.
async fn answer_to(socket: &UdpSocket, port: u16, datagram: &[u8]) -> Vec<u8> {
    socket.send_to(datagram, ("127.0.0.1", port)).await.unwrap();
    let mut answer = vec![0; 4_096];
    let heard = timeout(Duration::from_mins(1), socket.recv(&mut answer)).await;
    let length = heard.expect("no answer").unwrap();
    answer.truncate(length);
    answer
}

async fn clients_of_others_are_answered(server: TestServer) {
    let (world, token) = gateway(&server, SECRET, "RADIUS-1", "zoë").await;
    let port = port(&server);
    assert_eq!(radclient(port, SECRET, "zoë", &token.shown(0)).await, "accept");
    let again = radclient(port, SECRET, "zoë", &token.shown(0)).await;
    assert_eq!(again, "reject", "a code was accepted twice");
    assert_eq!(pyrad(port, SECRET, "zoë", &token.shown(1)).await, "accept");
    assert_eq!(pyrad(port, SECRET, "zoë", &token.shown(1)).await, "reject");
    assert_eq!(pyrad(port, SECRET, "nobody", &token.shown(2)).await, "reject");
    let events = get(&server, &world.token, "/audit-events?action=otp_token.verified").await;
    let first = &events.body["items"][0];
    assert_eq!(first["actor"]["label"], "RADIUS client VPN gateway", "{}", events.text);
    assert_eq!(first["source"], "127.0.0.1", "{}", events.text);
    assert!(!events.text.contains(&token.shown(0)));
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let odd: [(&[u8], &[u8]); 3] = [(b"zo\xeb", b"123456"), (b"ben", b"h\xe9"), (b"a\0b", b"123456")];
    for (number, (user, code)) in (1..).zip(odd) {
        let heard = answer_to(&socket, port, &signed(user, code, [number; 16])).await;
        assert_eq!(
            heard[0], 3,
            "{user:?} is passed over, for which its client would take the server for dead"
        );
    }
    server.stop().await;
}

#[test]
fn clients_of_others_are_answered_on_sqlite() {
    claviger_testkit::run(|| async { clients_of_others_are_answered(started(None).await).await });
}

#[test]
fn clients_of_others_are_answered_on_postgres() {
    claviger_testkit::run(|| async {
        let url = claviger_testkit::shared().database().await;
        clients_of_others_are_answered(started(Some(url)).await).await;
    });
}

#[test]
fn tenants_in_one_network_are_told_apart_by_their_secrets() {
    claviger_testkit::run(|| async {
        let theirs = "another secret, of another tenant";
        let server = started(None).await;
        let (_, our_token) = gateway(&server, SECRET, "RADIUS-2", "ann").await;
        let (world, their_token) = gateway(&server, theirs, "RADIUS-3", "ann").await;
        let port = port(&server);
        assert_eq!(radclient(port, SECRET, "ann", &their_token.shown(0)).await, "reject");
        assert_eq!(radclient(port, SECRET, "ann", &our_token.shown(1)).await, "accept");
        assert_eq!(radclient(port, theirs, "ann", &their_token.shown(0)).await, "accept");
        // A client that is gone is not heard any more; the other tenant's still is.
        let all = get(&server, &world.token, "/radius-clients").await;
        assert!(!all.text.contains(theirs), "{}", all.text);
        let path = format!("/radius-clients/{}", all.body["items"][0]["id"].as_str().unwrap());
        let gone = server
            .call(server.request(Method::DELETE, &path).bearer_auth(&world.token))
            .await;
        assert_eq!(gone.status.as_u16(), 204, "{}", gone.text);
        let unheard = asked(port, theirs, "ann", &their_token.shown(1), "1").await;
        assert_eq!(unheard, "nothing");
        assert_eq!(radclient(port, SECRET, "ann", &our_token.shown(2)).await, "accept");
        server.stop().await;
    });
}

/// What a change of a client comes to.
async fn patch(server: &TestServer, world: &World, path: &str, change: serde_json::Value) -> Answer {
    let request = server.request(Method::PATCH, path).bearer_auth(&world.token);
    server.call(request.json(&change)).await
}

#[test]
fn a_client_gets_another_secret_and_another_network() {
    claviger_testkit::run(|| async {
        let fresh = "the secret that came after it";
        let server = started(None).await;
        let (world, token) = gateway(&server, SECRET, "RADIUS-5", "eve").await;
        let port = port(&server);
        let before = get(&server, &world.token, "/radius-clients").await.body["items"][0].clone();
        let path = format!("/radius-clients/{}", before["id"].as_str().unwrap());
        let change = json!({ "name": "Gateway", "secret": fresh });
        let after = patch(&server, &world, &path, change).await;
        assert_eq!(
            (&after.body["name"], &after.body["network"], &after.body["revision"]),
            (&json!("Gateway"), &before["network"], &json!(2)),
            "{}",
            after.text
        );
        assert_ne!(after.body["rotated_at"], before["rotated_at"]);
        assert!(!after.text.contains(fresh), "{}", after.text);
        assert_eq!(asked(port, SECRET, "eve", &token.shown(0), "1").await, "nothing");
        assert_eq!(radclient(port, fresh, "eve", &token.shown(0)).await, "accept");
        let stale = server.request(Method::PATCH, &path).bearer_auth(&world.token);
        let stale = stale.header("if-match", "\"1\"").json(&json!({ "name": "x" }));
        assert_eq!(server.call(stale).await.problem(), "stale");
        let moved = patch(&server, &world, &path, json!({ "network": "10.9.9.9" })).await;
        assert_eq!(moved.body["rotated_at"], after.body["rotated_at"]);
        assert_eq!(asked(port, fresh, "eve", &token.shown(1), "1").await, "nothing");
        let events = get(&server, &world.token, "/audit-events?action=radius_client.updated").await;
        let last = &events.body["items"][0];
        assert_eq!(
            (&last["before"]["network"], &last["after"]["network"]),
            (&json!("127.0.0.0/8"), &json!("10.9.9.9")),
            "{}",
            events.text
        );
        assert!(!events.text.contains(fresh), "{}", events.text);
        server.stop().await;
    });
}

#[test]
fn a_repetition_is_answered_alike_and_what_is_not_signed_is_not_answered() {
    claviger_testkit::run(|| async {
        let server = started(None).await;
        let (_, token) = gateway(&server, SECRET, "RADIUS-4", "ben").await;
        let (port, socket) = (port(&server), UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let unsigned = format!("User-Name = \"ben\"\nUser-Password = \"{}\"\n", token.shown(0));
        assert_eq!(sent(port, SECRET, &unsigned, "1").await, "nothing");
        assert_eq!(
            asked(port, "a secret that is not the right one", "ben", &token.shown(0), "1").await,
            "nothing"
        );
        let at = async |token: &TestToken| token.kept(server.app()).await.token.progress();
        assert_eq!(
            at(&token).await,
            Progress::Hotp { next_counter: 0 },
            "a code was tried for nobody"
        );
        for datagram in [&b""[..], b"\x01", &[1; 4_096], &[0; 20]] {
            socket.send_to(datagram, ("127.0.0.1", port)).await.unwrap();
        }
        let datagram = signed_request("ben", &token.shown(0));
        // What is heard first is the answer to this one: none of those before had any.
        let first = answer_to(&socket, port, &datagram).await;
        assert_eq!(first[0], 2, "Access-Accept");
        for _ in 0..3 {
            assert_eq!(answer_to(&socket, port, &datagram).await, first);
        }
        assert_eq!(at(&token).await, Progress::Hotp { next_counter: 1 });
        // The same packet from elsewhere is no repetition: its code is used up.
        let elsewhere = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        assert_eq!(answer_to(&elsewhere, port, &datagram).await[0], 3, "Access-Reject");
        server.stop().await;
    });
}

#[test]
fn what_is_wrong_with_a_client_is_said_and_who_may_not_is_told() {
    claviger_testkit::run(|| async {
        let server = started(None).await;
        let world = server.world("Wrong").await;
        for (field, draft) in [
            (
                "/name",
                json!({ "name": "", "network": "10.0.0.0/8", "secret": SECRET }),
            ),
            (
                "/network",
                json!({ "name": "a", "network": "10.0.0.0/33", "secret": SECRET }),
            ),
            (
                "/secret",
                json!({ "name": "a", "network": "10.0.0.1", "secret": "too short" }),
            ),
        ] {
            let refused = post(&server, &world.token, "/radius-clients", draft).await;
            assert_eq!(
                (refused.problem(), &refused.body["errors"][0]["pointer"]),
                ("validation", &json!(field))
            );
            assert!(!refused.text.contains(SECRET) && !refused.text.contains("too short"));
        }
        let made = post(
            &server,
            &world.token,
            "/radius-clients",
            json!({ "name": "a", "network": "10.0.0.1", "secret": SECRET }),
        )
        .await;
        let path = format!("/radius-clients/{}", made.body["id"].as_str().unwrap());
        for (field, change) in [
            ("/name", json!({ "name": " " })),
            ("/network", json!({ "network": "everywhere" })),
            ("/secret", json!({ "secret": "too short" })),
        ] {
            let refused = patch(&server, &world, &path, change).await;
            assert_eq!(
                (refused.problem(), &refused.body["errors"][0]["pointer"]),
                ("validation", &json!(field))
            );
        }
        let nobody = format!("/radius-clients/{}", uuid::Uuid::nil());
        let unknown = patch(&server, &world, &nobody, json!({ "name": "b" })).await;
        assert_eq!(unknown.problem(), "not-found");
        let clerk = server.token(&world, "help_desk").await;
        let draft = json!({ "name": "a", "network": "10.0.0.1", "secret": SECRET });
        assert_eq!(
            post(&server, &clerk, "/radius-clients", draft).await.status.as_u16(),
            403
        );
        server.stop().await;
    });
}
