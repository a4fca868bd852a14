//! Strangers whom the server tells a secret on purpose, and who repeat it aloud: a mail server, a provider of sign-ins.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::json;

/// A stranger on a port of its own, and all that it was told.
pub(crate) struct Stranger {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Stranger {
    /// A mail server that asks who it is, refuses, and repeats what it was told.
    pub(crate) fn mail_server() -> Self {
        Self::meet(|said, mut stream, _| {
            let _ = write!(stream, "220 localhost\r\n");
            for line in said.lines().map_while(Result::ok) {
                let answer = match line.get(..4) {
                    Some("EHLO" | "HELO") => "250-localhost\r\n250 AUTH PLAIN LOGIN".to_owned(),
                    Some("AUTH") => format!("535 5.7.8 I do not know {line}"),
                    Some(_) | None => "250 ok".to_owned(),
                };
                if write!(stream, "{answer}\r\n").is_err() {
                    return;
                }
            }
        })
    }

    /// A provider that describes itself, takes no code, and repeats what it was told.
    pub(crate) fn provider() -> Self {
        Self::meet(|mut said, mut stream, port| {
            let Some((path, head, body)) = request(&mut said) else {
                return;
            };
            let answer = match path.as_str() {
                "/.well-known/openid-configuration" => description(port),
                "/keys" => json!({ "keys": [] }),
                _ => json!({ "error": "invalid_client", "error_description": format!("{head} {body}") }),
            };
            let status = if answer["error"].is_null() {
                "200 OK"
            } else {
                "401 Unauthorized"
            };
            let (kind, text) = ("application/json", answer.to_string());
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
                text.len()
            );
        })
    }

    /// All that it was told.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }

    fn meet(talk: fn(BufReader<Ear>, TcpStream, u16)) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = door.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let ears = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in door.incoming().map_while(Result::ok) {
                let ear = Ear(stream.try_clone().unwrap(), Arc::clone(&ears));
                thread::spawn(move || talk(BufReader::new(ear), stream, port));
            }
        });
        Self { port, heard }
    }
}

/// A stream whose words are kept.
pub(crate) struct Ear(TcpStream, Arc<Mutex<Vec<u8>>>);

impl std::io::Read for Ear {
    fn read(&mut self, place: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(place)?;
        self.1.lock().unwrap().extend_from_slice(&place[..count]);
        Ok(count)
    }
}

/// The path of a request, its head, its body.
fn request(said: &mut BufReader<Ear>) -> Option<(String, String, String)> {
    let mut first = String::new();
    said.read_line(&mut first).ok()?;
    let path = first.split_whitespace().nth(1)?.to_owned();
    let (mut head, mut length) = (String::new(), 0);
    for line in said
        .by_ref()
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
    {
        let lower = line.to_ascii_lowercase();
        if let Some(digits) = lower.strip_prefix("content-length:") {
            length = digits.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
        head.push(' ');
    }
    let mut body = vec![0; length];
    said.read_exact(&mut body).ok()?;
    Some((path, head, String::from_utf8_lossy(&body).into_owned()))
}

fn description(port: u16) -> serde_json::Value {
    let issuer = format!("http://127.0.0.1:{port}");
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    })
}
