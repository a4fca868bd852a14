//! What a hostile client tries against sign-in, headers and cursors.

use std::time::Instant;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    served,
    server::{PASSWORD, TestServer},
    stock::{get, stocked},
};

/// What a server answers to these bytes, as far as it answers before it hangs up.
async fn raw(server: &TestServer, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let _cut = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _cut = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

served! {
    async fn an_api_token_planted_as_a_cookie_opens_nothing(server) {
        let world = server.world("Planted").await;
        // Known to the server a moment ago, as the right kind of credential.
        assert_eq!(get(server, &world.token, "/session").await.status, StatusCode::OK);
        let cookie = format!("__Host-claviger={}", world.token);
        let read = server.call(server.request(Method::GET, "/session").header("cookie", &cookie)).await;
        assert_eq!(read.status, StatusCode::UNAUTHORIZED, "{}", read.text);
        let change = server.request(Method::PATCH, "/settings").header("cookie", &cookie).json(&json!({ "revoke_notifies": true }));
        assert_eq!(server.call(change).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_session_cannot_be_fixed_before_sign_in(server) {
        let planted = "__Host-claviger=chosen-by-the-attacker";
        let order = json!({ "email": "owner@example.org", "password": PASSWORD });
        let signed_in = server.call(server.request(Method::POST, "/session").header("cookie", planted).json(&order)).await;
        assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text);
        assert_ne!(server.browser(&signed_in).cookie, planted);
        assert_eq!(server.call(server.request(Method::GET, "/session").header("cookie", planted)).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_key_of_one_caller_replays_nothing_to_another(server) {
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let second = server.token(&ours, "owner").await;
        let mut made = Vec::new();
        for token in [&ours.token, &second, &theirs.token] {
            let order = json!({ "name": format!("Policy {}", made.len()), "type": "standard" });
            let request = server.request(Method::POST, "/policies").bearer_auth(token).header("idempotency-key", "one");
            let answer = server.call(request.json(&order)).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            assert!(!answer.headers.contains_key("idempotency-replayed"));
            made.push(answer.body["id"].clone());
        }
        made.dedup();
        assert_eq!(made.len(), 3);
    }

    async fn a_cursor_of_another_tenant_leads_into_ones_own_list_alone(server) {
        let (ours, theirs) = (stocked(server, "Ours", 3).await, stocked(server, "Theirs", 60).await);
        let page = get(server, &theirs.token, "/security-keys?limit=10").await;
        let cursor = page.body["next_cursor"].as_str().unwrap();
        let forged = get(server, &ours.token, &format!("/security-keys?limit=10&cursor={cursor}")).await;
        assert!(matches!(forged.status.as_u16(), 200 | 422), "{}", forged.text);
        for item in page.body["items"].as_array().unwrap() {
            assert!(!forged.text.contains(item["id"].as_str().unwrap()));
        }
    }

    async fn huge_and_malformed_heads_end_the_connection_and_nothing_else(server) {
        let huge = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-filler: {}\r\n\r\n", "a".repeat(1 << 20));
        let many = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "a: b\r\n".repeat(5_000));
        let double = "POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n";
        for request in [huge.as_bytes(), many.as_bytes(), b"\x16\x03\x01\x02\x00\x01", double.as_bytes()] {
            let answer = raw(server, request).await;
            assert!(!answer.contains("200 OK"), "{answer}");
        }
        assert_eq!(server.call(server.raw(Method::GET, "/healthz")).await.status, StatusCode::OK);
    }

    /// S16: cookies, bearer tokens, `If-Match`, cursors, addresses: any bytes are an answer below 500.
    async fn any_header_and_cursor_is_answered(server) {
        let world = server.world("Fuzz").await;
        let mut seed = 0x5EED_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap()
        };
        let pieces: [&[u8]; 14] = [b"__Host-claviger=", b"clv_", b"Bearer ", b"\"", b"9223372036854775808", b";", b"=", b",", b"\xff\xfe", b"AAAA", b"-1", b" ", b"%00", b"::ffff:1.2.3.4"];
        let mut asked = 0;
        for _ in 0..1_500 {
            let value: Vec<u8> = (0..next() % 9).flat_map(|_| pieces[next() % pieces.len()].to_vec()).collect();
            let text = value.iter().fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
            for name in ["cookie", "authorization", "if-match", "idempotency-key", "x-forwarded-for", "sec-fetch-site", "origin"] {
                let request = server.request(Method::PATCH, &format!("/settings?cursor={text}"));
                let request = if name == "authorization" { request } else { request.bearer_auth(&world.token) };
                let Ok(value) = reqwest::header::HeaderValue::from_bytes(&value) else { continue };
                let answer = server.call(request.header(name, value).json(&json!({}))).await;
                assert!(answer.status.as_u16() < 500, "{name}: {}", answer.text);
                asked += 1;
            }
            let page = get(server, &world.token, &format!("/security-keys?cursor={text}&q={text}&ids={text}")).await;
            assert!(page.status.as_u16() < 500, "{}", page.text);
        }
        println!("S16 headers={asked} panics=0");
    }
}

/// Unknown accounts are answered after the work of a wrong password, so that time does not tell them apart.
#[test]
fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_with(None, &[("sign-in-attempts", "1000")]).await;
        let mut spent = [Vec::new(), Vec::new()];
        for round in 0..30 {
            for (place, email) in ["owner@example.org".to_owned(), format!("nobody{round}@example.org")]
                .iter()
                .enumerate()
            {
                let began = Instant::now();
                let answer = server.sign_in(email, "wrong").await;
                spent[place].push(began.elapsed());
                assert_eq!(
                    (answer.status, answer.body["detail"].as_str().is_some()),
                    (StatusCode::UNAUTHORIZED, true)
                );
            }
        }
        let [known, unknown] = spent.map(|mut all| {
            all.sort();
            all[all.len() / 2]
        });
        println!("sign-in known={known:?} unknown={unknown:?}");
        // The test's password hash is cheap; still an answer without it would be many times faster.
        assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} {unknown:?}");
        server.stop().await;
    });
}
