//! `serve --demo`: what it fills a server with, on both databases; that it fills one server once, and only an empty one.

use std::collections::{BTreeMap, BTreeSet};

use claviger_server::{
    Config,
    auth::passwords::Passwords,
    demo::{self, Demo},
    local,
    ports::Clock,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    server::{Answer, Browser, TestServer, cheap_passwords},
    stock,
};

async fn prepare(config: &Config, passwords: &Passwords) -> Result<Demo, local::LocalError> {
    let store = local::open(config).await.unwrap();
    let prepared = demo::prepare(config, &store, &Clock::default(), passwords).await;
    store.close().await;
    prepared
}

/// A server that was filled, and its Owner's browser.
async fn filled(postgres: Option<String>) -> (TestServer, Browser) {
    let password = std::sync::Mutex::new(String::new());
    let server = TestServer::unowned(postgres, &[], async |config: Config| {
        let passwords = cheap_passwords();
        let begun = std::time::Instant::now();
        let Demo::Made { password: made } = prepare(&config, &passwords).await.unwrap() else {
            panic!("nothing was made")
        };
        println!("demo filled in {} ms", begun.elapsed().as_millis());
        made.as_str().clone_into(&mut password.lock().unwrap());
        assert!(
            matches!(prepare(&config, &passwords).await, Ok(Demo::Kept)),
            "a second start keeps it"
        );
    })
    .await;
    let password = password.into_inner().unwrap();
    let session = server.sign_in(demo::ADMINISTRATOR, &password).await;
    assert_eq!(session.status.as_u16(), 200, "{}", session.text);
    let browser = server.browser(&session);
    (server, browser)
}

struct Visit<'a>(&'a TestServer, &'a Browser);

impl Visit<'_> {
    async fn get(&self, path: &str) -> Value {
        let answer: Answer = self.0.call(self.1.send(self.0.request(Method::GET, path))).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
        answer.body
    }

    async fn total(&self, query: &str) -> u64 {
        self.get(&format!("/security-keys?limit=1&{query}")).await["total"]["count"]
            .as_u64()
            .unwrap()
    }

    async fn all(&self, query: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/security-keys?limit=200&{query}{cursor}")).await;
            all.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

async fn every_state_is_there(visit: &Visit<'_>) {
    let statuses = "in_stock,ready,quarantined,configured,enrolled,suspended,revoked,disposed";
    let keys = visit.all(&format!("status={statuses}")).await;
    assert_eq!(keys.len(), 5_000);
    let mut counts = BTreeMap::new();
    for key in &keys {
        *counts.entry(key["status"].as_str().unwrap()).or_insert(0) += 1;
        let seen = !key["last_seen_at"].is_null();
        assert_eq!(
            !key["aaguid"].is_null(),
            seen,
            "an AAGUID is observed, never guessed: {key}"
        );
    }
    println!("{counts:?}");
    assert_eq!(counts.len(), 8, "{counts:?}");
    assert!(counts.values().all(|count| *count >= 15), "{counts:?}");
    let some = |what: &str, fits: &dyn Fn(&Value) -> bool| {
        assert!(keys.iter().filter(|key| fits(key)).count() >= 10, "{what}");
    };
    for mode in ["managed", "unmanaged", "foreign"] {
        some(mode, &|key| key["mode"] == mode);
    }
    some("locked", &|key| key["locked"] == true);
    some("drift", &|key| !key["drift"].is_null() && key["drift"] != json!(false));
    some("again in stock", &|key| key["generation"].as_u64() > Some(1));
    some("at an identity provider", &|key| !key["identity_provider"].is_null());
    let models: BTreeSet<&str> = keys.iter().filter_map(|key| key["device_name"].as_str()).collect();
    assert_eq!(models.len(), 6);
}

async fn lists_search_and_counts_agree(visit: &Visit<'_>) {
    let counts = visit.get("/security-keys/counts").await;
    for (tab, name) in [("stocks", "stocks"), ("inventory", "inventory")] {
        let listed = visit.all(&format!("tab={tab}")).await.len();
        assert_eq!(counts[name]["total"].as_u64(), u64::try_from(listed).ok(), "{counts}");
    }
    let key = visit.get("/security-keys?limit=1&status=enrolled").await["items"][0].clone();
    let serial = key["serial_number"].as_str().unwrap();
    let found = visit.get(&format!("/security-keys?q={serial}")).await;
    assert_eq!(found["items"][0]["id"], key["id"]);
    let user = key["user"]["user_name"].as_str().unwrap();
    assert!(visit.total(&format!("q={user}")).await >= 1);
    assert!(visit.total("q=privileged").await >= 100, "by the policy's name");
    let policy = visit.get("/policies").await;
    let policies = policy["items"].as_array().unwrap();
    assert_eq!(policies.len(), 6, "{policy}");
    assert_eq!(policies.iter().filter(|one| one["archived"] == true).count(), 1);
    assert!(policies.iter().any(|one| one["version"] == 3));
    for kind in ["standard", "enterprise"] {
        assert!(policies.iter().any(|one| one["type"] == kind));
    }
    let imports = visit.get("/imports").await;
    let statuses = |wanted: &str| {
        imports["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["status"] == wanted)
            .count()
    };
    assert_eq!((statuses("applied"), statuses("refused")), (10, 1), "{imports}");
}

async fn tokens_are_there_in_all_states(visit: &Visit<'_>) {
    let counts = visit.get("/otp-tokens/counts").await;
    assert_eq!(counts["total"], 320, "{counts}");
    for status in ["active", "disabled", "compromised"] {
        assert!(counts[status].as_u64() >= Some(30), "{counts}");
    }
    let locked = visit.get("/otp-tokens?locked=true").await;
    assert!(locked["total"]["count"].as_u64() >= Some(15), "{locked}");
    let known = |token: &&Value| !token["user"].is_null();
    assert!(locked["items"].as_array().unwrap().iter().all(|token| known(&token)));
}

async fn its_history_holds(visit: &Visit<'_>) {
    let verified = visit
        .0
        .call(visit.1.send(visit.0.request(Method::POST, "/audit/verification")))
        .await;
    assert_eq!(verified.body["ok"], true, "{}", verified.text);
    assert!(verified.body["entries"].as_u64() > Some(5_000), "{}", verified.text);
    let (mut times, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = visit.get(&format!("/audit-events?limit=200{cursor}")).await;
        let items = page["items"].as_array().unwrap();
        times.extend(items.iter().map(|event| event["at"].as_str().unwrap()[..19].to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(
        times.is_sorted_by(|newer, older| newer >= older),
        "the log tells time in order"
    );
    let days: BTreeSet<&str> = times.iter().map(|at| &at[..10]).collect();
    assert!(days.len() > 60, "{} days", days.len());
    let revoked = visit.get("/security-keys?limit=1&status=revoked").await["items"][0]["id"].clone();
    let life = visit
        .get(&format!("/security-keys/{}/events", revoked.as_str().unwrap()))
        .await;
    assert!(life["items"].as_array().unwrap().len() >= 5, "{life}");
}

async fn works(postgres: Option<String>) {
    let (server, browser) = filled(postgres).await;
    let visit = Visit(&server, &browser);
    every_state_is_there(&visit).await;
    lists_search_and_counts_agree(&visit).await;
    tokens_are_there_in_all_states(&visit).await;
    its_history_holds(&visit).await;
    server.stop().await;
}

#[test]
fn a_demonstration_is_a_whole_tenant_on_sqlite() {
    claviger_testkit::run(|| works(None));
}

#[test]
fn a_demonstration_is_a_whole_tenant_on_postgres() {
    claviger_testkit::run(|| async { works(Some(claviger_testkit::shared().database().await)).await });
}

#[test]
fn a_server_with_tenants_is_not_filled() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        stock::stocked(&server, "Real", 3).await;
        let store = server.app().store();
        let passwords = cheap_passwords();
        let refused = demo::prepare(server.app().config(), store, &server.clock, &passwords)
            .await
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "--demo fills an empty server, and this one is set up already; name another folder with --data (or another \
             database with --database), or start without --demo"
        );
        server.stop().await;
    });
}
