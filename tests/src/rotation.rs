//! S8: keys are changed, and the work is killed at every step; every secret goes on opening.

use std::{ops::ControlFlow, path::Path};

use claviger_server::{
    Config,
    local::{self, Rotated, Rotation},
    ports::Clock,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    configuration::Key,
    otp_tokens::{TestToken, emergency_code, pressed, user},
    server::{TestServer, World},
    stock::{policy, post, stocked},
};

/// Runs work on the database of a stopped server, on a thread where it may wait.
fn apart<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    let mut done = None;
    let place = &mut done;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            claviger_testkit::run(|| async move { *place = Some(work().await) });
        });
    });
    done.unwrap()
}

/// Changes keys up to a step, and says whether it came to its end.
fn rotated(config: &Config, rotation: Rotation, steps: usize) -> Option<Rotated> {
    apart(async || {
        let store = local::open(config).await.unwrap();
        let mut left = steps;
        let mut step = || {
            left = left.saturating_sub(1);
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let ended = local::rotate(config, &store, &Clock::default(), rotation, &mut step).await;
        store.close().await;
        match ended {
            Ok(done) => Some(done),
            Err(error) => {
                assert!(error.to_string().contains("stopped on the way"), "{error}");
                None
            }
        }
    })
}

/// How many secrets there are, and how many do not open.
fn unopened(config: &Config) -> (usize, usize) {
    apart(async || {
        let store = local::open(config).await.unwrap();
        let found = local::unopened(config, &store).await.unwrap();
        store.close().await;
        found
    })
}

/// A tenant whose keys have PINs, and those PINs.
async fn sealed(server: &TestServer) -> (World, Vec<(String, Value)>) {
    let world = stocked(server, "Rotated", 4).await;
    let policy = policy(server, &world.token, "Staff", "standard").await;
    let mut made = Vec::new();
    for number in 0..4 {
        let key = Key::in_stock(server, &world, number).await;
        let pins = key.configured(&policy, true).await;
        made.push((key.id.clone(), pins));
    }
    let quota = json!({ "pins": { "shows_per_hour": 1000 } });
    let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
    assert_eq!(server.call(request.json(&quota)).await.status, 200);
    let mail = json!({ "mail": {
        "host": "mail.example.org", "port": 587, "encryption": "starttls", "user_name": "claviger", "password": "hush",
        "from_address": "keys@example.org",
    } });
    let provider = json!({
        "issuer": "https://id.example.org", "client_id": "claviger", "client_secret": "hush", "button_label": "Example ID",
        "group_roles": { "desk": "help_desk" },
    });
    for (method, path, body) in [
        (Method::PATCH, "/settings", mail),
        (Method::PUT, "/settings/sign-in/oidc", provider),
    ] {
        let kept = server
            .call(server.request(method, path).bearer_auth(&world.token).json(&body))
            .await;
        assert_eq!(kept.status, 200, "{}", kept.text);
    }
    (world, made)
}

async fn opens(server: &TestServer, world: &World, made: &[(String, Value)]) {
    for (id, pins) in made {
        for field in ["user_pin", "admin_pin"] {
            let path = format!("/security-keys/{id}/initial-pin/show");
            let shown = post(server, &world.token, &path, json!({ "field": field })).await;
            assert_eq!(shown.body["value"], pins[field], "{}", shown.text);
        }
    }
}

async fn survives(mut server: TestServer) {
    let (world, made) = sealed(&server).await;
    let verifier = server.token(&world, "verifier").await;
    let token = TestToken::in_stock(server.app(), &world, "S8-1", pressed()).await;
    let ada = user(&server, &world, "Ada").await;
    let emergency = emergency_code(server.app(), token.tenant, ada, [8; 10]).await;
    let config = server.app().config().clone();
    let (mut kills, mut ended) = (0, 0);
    for round in 0..24 {
        let rotation = if round % 2 == 0 {
            Rotation::Kek
        } else {
            Rotation::DataKeys
        };
        let check = |_: &Path| match rotated(&config, rotation, round / 2 % 9 + 1) {
            None => kills += 1,
            Some(_) => ended += 1,
        };
        server = server.again(check, &[]).await;
        opens(&server, &world, &made).await;
        let asked = json!({ "serial_number": token.serial, "otp": token.shown(u64::try_from(round).unwrap()) });
        let answer = post(&server, &verifier, "/verifications/otp", asked).await;
        assert_eq!(answer.body["accepted"], true, "{}", answer.text);
    }
    let mut secrets = (0, 0);
    let finish = |data: &Path| {
        secrets = unopened(&config);
        for rotation in [Rotation::Kek, Rotation::DataKeys] {
            assert!(rotated(&config, rotation, usize::MAX).is_some());
        }
        assert!(!data.join("kek.old").exists() && !data.join("kek.new").exists());
        assert_eq!(unopened(&config), secrets);
    };
    server = server.again(finish, &[]).await;
    opens(&server, &world, &made).await;
    let asked = json!({ "user": "Ada", "otp": emergency });
    let answer = post(&server, &verifier, "/verifications/otp", asked).await;
    assert_eq!(answer.body["accepted"], true, "{}", answer.text);
    println!(
        "S8 kills={kills} ended={ended} secrets={} lost={}",
        secrets.0, secrets.1
    );
    assert!(
        kills >= 12 && ended >= 1 && secrets.0 >= 10,
        "{kills} {ended} {secrets:?}"
    );
    assert_eq!(secrets.1, 0);
    server.stop().await;
}

/// The control: whoever throws the old key away first has lost the secrets, and the proof sees it.
async fn control(server: TestServer) {
    let (_, _) = sealed(&server).await;
    let config = server.app().config().clone();
    let mut lost = (0, 0);
    let early = |data: &Path| {
        assert!(rotated(&config, Rotation::Kek, 2).is_none());
        let old = std::fs::read(data.join("kek.old")).unwrap();
        std::fs::remove_file(data.join("kek.old")).unwrap();
        lost = unopened(&config);
        std::fs::write(data.join("kek.old"), old).unwrap();
        assert_eq!(unopened(&config), (lost.0, 0), "with the old key they open");
    };
    let server = server.again(early, &[]).await;
    println!("S8 control secrets={} lost={}", lost.0, lost.1);
    assert!(lost.0 >= 8 && lost.1 == lost.0, "{lost:?}");
    server.stop().await;
}

#[test]
fn s8_keys_change_and_kills_lose_nothing_sqlite() {
    claviger_testkit::run(|| async { survives(TestServer::start_on_sqlite().await).await });
}

#[test]
fn s8_keys_change_and_kills_lose_nothing_postgres() {
    claviger_testkit::run(|| async { survives(TestServer::start_on_postgres().await).await });
}

#[test]
fn s8_an_old_key_thrown_away_first_is_noticed_sqlite() {
    claviger_testkit::run(|| async { control(TestServer::start_on_sqlite().await).await });
}

#[test]
fn s8_an_old_key_thrown_away_first_is_noticed_postgres() {
    claviger_testkit::run(|| async { control(TestServer::start_on_postgres().await).await });
}

#[test]
fn keys_are_not_changed_beside_a_running_server() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let store = server.app().store().clone();
        let mut on = || ControlFlow::Continue(());
        let refused = local::rotate(server.app().config(), &store, &Clock::default(), Rotation::Kek, &mut on).await;
        assert!(refused.unwrap_err().to_string().contains("stop it first"));
        drop(store);
        server.stop().await;
    });
}
