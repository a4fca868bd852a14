use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    thread,
};

use uuid::Uuid;

use super::{Client, ClientError, ImportOptions, ImportOutcome, Options, options};
use crate::{ApiTokenDraft, ProblemKind};

/// Answers one connection after the other with what it is given; an empty answer hangs up. Hands back what it was sent.
fn server(answers: Vec<&'static str>) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (seen, receive) = mpsc::channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = seen.send(request(&mut stream));
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, receive)
}

fn request(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        got.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&got).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |n| n.parse().unwrap());
            if body.len() >= length || read == 0 {
                return text;
            }
        }
    }
}

fn answer(status: &str, kind: &str, body: &str) -> &'static str {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .leak()
}

fn client(address: &str, retries: u32) -> Client {
    Client::new(
        address,
        "clv_secret",
        Options {
            retries,
            ..Options::default()
        },
    )
    .unwrap()
}

fn key(request: &str) -> &str {
    request
        .lines()
        .find_map(|line| line.strip_prefix("idempotency-key: "))
        .unwrap()
}

#[test]
fn a_change_whose_answer_was_lost_is_sent_again_with_the_same_key() {
    let (address, seen) = server(vec!["", answer("204 No Content", "text/plain", "")]);
    client(&address, 3).revoke_api_token(Uuid::nil()).unwrap();
    let (first, second) = (seen.recv().unwrap(), seen.recv().unwrap());
    assert_eq!(key(&first), key(&second));
    assert!(first.contains("authorization: Bearer clv_secret"));
}

#[test]
fn two_changes_have_two_keys_and_the_callers_own_key_is_used_first() {
    let done = || answer("204 No Content", "text/plain", "");
    let (address, seen) = server(vec![done(), done(), done(), done()]);
    let own = Options {
        idempotency_key: Some("night-1".to_owned()),
        ..Options::default()
    };
    for client in [client(&address, 0), Client::new(&address, "t", own).unwrap()] {
        client.revoke_api_token(Uuid::nil()).unwrap();
        client.revoke_api_token(Uuid::nil()).unwrap();
    }
    let seen: Vec<String> = seen.iter().take(4).collect();
    assert_ne!(key(&seen[0]), key(&seen[1]));
    assert_eq!((key(&seen[2]), key(&seen[3])), ("night-1", "night-1.1"));
}

#[test]
fn a_server_that_stays_silent_is_unreachable_and_the_key_of_the_change_is_told() {
    let (address, _seen) = server(vec!["", ""]);
    let error = client(&address, 1).revoke_api_token(Uuid::nil()).unwrap_err();
    assert!(
        matches!(
            error,
            ClientError::Unreachable {
                idempotency_key: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_problem_is_told_by_its_type_and_not_tried_again() {
    let body = r#"{"type":"https://claviger.example/problems/forbidden","title":"Not allowed","status":403,"detail":"needs api_token.write","request_id":"r"}"#;
    let (address, _seen) = server(vec![answer("403 Forbidden", "application/problem+json", body)]);
    let draft = ApiTokenDraft {
        name: "n".to_owned(),
        role: "owner".to_owned(),
        expires_at: None,
    };
    let error = client(&address, 3).create_api_token(&draft).unwrap_err();
    assert_eq!(error.kind(), Some(ProblemKind::Forbidden));
    assert_eq!(error.to_string(), "needs api_token.write");
}

#[test]
fn a_busy_server_is_asked_again_and_a_sealed_one_is_not() {
    let sealed = r#"{"type":"https://claviger.example/problems/sealed","title":"","status":503,"detail":"sealed","request_id":"r"}"#;
    let busy = answer("503 Service Unavailable", "text/html", "later");
    let (address, seen) = server(vec![
        busy,
        answer("503 Service Unavailable", "application/problem+json", sealed),
    ]);
    let error = client(&address, 5).job(Uuid::nil()).unwrap_err();
    assert_eq!(error.kind(), Some(ProblemKind::Sealed));
    assert_eq!(seen.iter().count(), 2);
}

#[test]
fn a_faulty_delivery_is_an_outcome_and_a_wrong_query_is_a_problem() {
    let import = r#"{"id":null,"kind":"security_keys","preview_tokens":[],"status":"refused","file_name":"d.csv","file_size":3,"sha256":"","format":"csv","mode":"all_or_nothing","policy":null,
        "created_at":"2026-01-31T08:00:00Z","created_by":"a","counts":{"accepted":0,"rejected":1,"unchanged":0},
        "errors":[{"line":2,"column":"serialNumber","detail":"empty"}],"errors_truncated":false,"columns":[],"preview":[],"job_id":null,"undoable":false}"#;
    let problem = r#"{"type":"https://claviger.example/problems/validation","title":"","status":422,"detail":"no such policy","request_id":"r"}"#;
    let (address, seen) = server(vec![
        answer("422 Unprocessable Entity", "application/json", import),
        answer("422 Unprocessable Entity", "application/problem+json", problem),
    ]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let send = || {
        client(&address, 0).import(
            file.as_ref(),
            "d.csv",
            ImportOptions::default(),
            std::sync::Arc::new(|_| ()),
        )
    };
    assert!(matches!(send(), Ok(ImportOutcome::Refused(import)) if import.errors.len() == 1));
    assert!(seen.recv().unwrap().contains("filename=\"d.csv\""));
    assert_eq!(send().unwrap_err().kind(), Some(ProblemKind::Validation));
}

#[test]
fn a_token_never_crosses_a_network_in_clear() {
    for good in [
        "https://claviger.example.org",
        "http://localhost:8480/",
        "http://127.0.0.1:1",
        "http://[::1]:2",
    ] {
        assert_eq!(options::base(good).unwrap(), good.trim_end_matches('/'));
    }
    for bad in [
        "http://claviger.example.org",
        "ftp://a",
        "claviger",
        "https://a/b",
        "https://u:p@a",
        "http://localhost.evil.example",
    ] {
        assert!(matches!(options::base(bad), Err(ClientError::Settings(_))), "{bad}");
    }
}

#[test]
fn a_client_never_shows_its_token() {
    let shown = format!(
        "{:?} {:?}",
        client("http://localhost:1", 0),
        Client::new("http://localhost", "a b", Options::default())
    );
    assert!(!shown.contains("clv_secret") && !shown.contains("a b"));
}
