//! A mail server that others wrote (aiosmtpd), for tests: it says what it got as Python's own parser reads it.

use std::{collections::VecDeque, path::Path, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// A mail server. It ends when dropped.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    heard: VecDeque<Value>,
    _child: Child,
}

impl MailServer {
    /// One that takes everything, unprotected.
    pub(crate) async fn start() -> Self {
        Self::start_as(&[]).await
    }

    /// `starttls CERT KEY` or `tls CERT KEY`.
    pub(crate) async fn start_as(arguments: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("smtp");
        let requirements = folder.join("requirements.txt");
        let python =
            claviger_store::threads::spawn_blocking(move || claviger_testkit::environment("smtp", &requirements));
        let python = python.await.unwrap();
        let python = python.unwrap_or_else(|why| panic!("there is no mail server to test with: {why}"));
        let mut child = Command::new(python)
            .arg(folder.join("server.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut server = Self {
            port: 0,
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()).lines(),
            heard: VecDeque::new(),
            _child: child,
        };
        server.port = u16::try_from(server.next("port").await.as_u64().unwrap()).unwrap();
        server
    }

    /// Changes what it does from now on, and waits until it does.
    pub(crate) async fn behave(&mut self, behaviour: Value) {
        self.input.write_all(format!("{behaviour}\n").as_bytes()).await.unwrap();
        self.next("obeyed").await;
    }

    /// The next letter.
    pub(crate) async fn letter(&mut self) -> Value {
        self.next("letter").await
    }

    /// The letters that came and that nobody asked for yet.
    pub(crate) async fn rest(&mut self) -> Vec<Value> {
        self.behave(json!({})).await;
        let heard = std::mem::take(&mut self.heard);
        heard
            .into_iter()
            .filter_map(|mut said| said.get_mut("letter").map(Value::take))
            .collect()
    }

    /// The next thing of a kind that it says.
    pub(crate) async fn next(&mut self, kind: &str) -> Value {
        if let Some(place) = self.heard.iter().position(|said| said.get(kind).is_some()) {
            return self.heard.remove(place).unwrap()[kind].take();
        }
        loop {
            let line = timeout(Duration::from_mins(1), self.output.next_line()).await;
            let line = line.unwrap_or_else(|_| panic!("the mail server does not say {kind}"));
            let mut said: Value = serde_json::from_str(&line.unwrap().expect("the mail server ended")).unwrap();
            if said.get(kind).is_some() {
                return said[kind].take();
            }
            self.heard.push_back(said);
        }
    }
}
