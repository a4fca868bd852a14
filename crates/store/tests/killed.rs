#![cfg(test)]
//! S2 at the store: what was answered before a kill is there after it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use claviger_store::audit::{self, AuditEntry};
use claviger_store::{Actor, Error, Reader, Scope, Store, StoreConfig, Tx, settings};
use claviger_testkit::run;

const FILE: &str = "CLAVIGER_KILLED_TEST_FILE";

fn scope() -> Scope {
    Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: Timestamp::from_seconds(1_790_000_000),
    }
}

/// Not a test of its own: what the other one starts and kills. Prints what was answered.
#[test]
#[expect(clippy::disallowed_methods, reason = "the parent says where the file is")]
fn child() {
    let Ok(file) = std::env::var(FILE) else { return };
    run(|| async {
        let store = Store::open(&StoreConfig::sqlite(file)).await.unwrap();
        let started = std::process::id();
        for round in 0..u32::MAX {
            let names: Vec<String> = (0..20).map(|number| format!("{started}-{round}-{number}")).collect();
            let jobs = names.iter().map(|name| {
                let name = name.clone();
                store.write(scope(), async move |tx: &mut Tx| {
                    tx.record(AuditEntry {
                        action: "settings.changed",
                        object_kind: "settings",
                        ..AuditEntry::default()
                    });
                    settings::set(tx, TenantId::SYSTEM, &name, "1", 0).await
                })
            });
            let answers: Vec<Result<i64, Error>> = futures_util::future::join_all(jobs).await;
            for (name, _) in names.iter().zip(answers).filter(|(_, answer)| answer.is_ok()) {
                println!("kept {name}");
            }
        }
    });
}

#[test]
fn what_was_answered_survives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("claviger.db");
    let mut answered = Vec::new();
    for round in 0..10_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (first, begun) = std::sync::mpsc::channel();
        let reading = std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .filter_map(|line| Some(line.split_once("kept ")?.1.to_owned()))
                .inspect(|_| {
                    let _ = first.send(());
                })
                .collect::<Vec<_>>()
        });
        // However long the machine takes to begin: it is killed at work, at another moment each time.
        for _ in 0..20 {
            begun.recv().expect("the child works");
        }
        std::thread::sleep(Duration::from_millis(37 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        // The last line may be torn by the kill.
        let mut lines = reading.join().unwrap();
        lines.pop();
        answered.extend(lines);
    }
    run(|| async {
        let store = Store::open(&StoreConfig::sqlite(&file)).await.unwrap();
        let found: Result<(Vec<String>, i64), Error> = store
            .scan(async |reader: &mut Reader| {
                let names = settings::list(reader, TenantId::SYSTEM)
                    .await?
                    .into_iter()
                    .map(|setting| setting.name)
                    .collect();
                Ok((
                    names,
                    audit::heads(reader).await?.iter().map(|head| head.sequence).sum(),
                ))
            })
            .await;
        let (names, events) = found.unwrap();
        let kept: std::collections::HashSet<&str> = names.iter().map(String::as_str).collect();
        let lost = answered.iter().filter(|name| !kept.contains(name.as_str())).count();
        println!("S2 kills=10 answered={} lost={lost}", answered.len());
        assert!(answered.len() > 100, "the children did next to nothing");
        assert_eq!(lost, 0);
        assert_eq!(
            i64::try_from(names.len()).unwrap(),
            events,
            "each change has its event, once"
        );
        store.close().await;
    });
}
