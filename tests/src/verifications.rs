//! `/verifications/otp`: which codes are believed, what is told, and that each is believed once (S14, S15).

use std::{net::SocketAddr, time::Duration};

use claviger_domain::otp::{Command, Progress, Status};
use claviger_domain::text::Reason;
use claviger_server::retention;
use claviger_store::{Reader, emergency_codes};
use futures_util::future::join_all;
use reqwest::Client;
use serde_json::{Value, json};

use crate::{
    otp_tokens::{TestToken, emergency_code, pressed, timed, user},
    served,
    server::{Answer, TestServer, World},
    stock::{get, post},
};

async fn ask(server: &TestServer, token: &str, body: Value) -> Answer {
    post(server, token, "/verifications/otp", body).await
}

async fn by_serial(server: &TestServer, verifier: &str, token: &TestToken, otp: &str) -> String {
    let answer = ask(server, verifier, json!({ "serial_number": token.serial, "otp": otp })).await;
    reason(&answer)
}

async fn by_user(server: &TestServer, verifier: &str, user: &str, otp: &str) -> String {
    reason(&ask(server, verifier, json!({ "user": user, "otp": otp })).await)
}

fn reason(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let reason = answer.body["reason"].as_str().unwrap().to_owned();
    assert_eq!(answer.body["accepted"], reason == "ok");
    reason
}

/// Sends a code so many times at once, to servers in turn; how often it was accepted.
async fn at_once(http: &Client, at: &[SocketAddr], verifier: &str, body: &Value, times: usize) -> usize {
    let tries = (0..times).map(|turn| async move {
        let address = at[turn % at.len()];
        let request = http.post(format!("http://{address}/api/v1/verifications/otp"));
        let answer = request.bearer_auth(verifier).json(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let answer: Value = answer.json().await.unwrap();
        usize::from(answer["accepted"] == true)
    });
    join_all(tries).await.into_iter().sum()
}

/// S14: codes sent by many at once, to all servers there are. Answers how many codes were accepted exactly once.
async fn once(server: &TestServer, codes: u64, times: usize) -> (u64, u64) {
    let world = server.world("Once").await;
    let verifier = server.token(&world, "verifier").await;
    let token = TestToken::in_stock(server.app(), &world, "ONCE-1", pressed()).await;
    let other = if server.is_on_postgres() {
        Some(server.beside().await)
    } else {
        None
    };
    let mut at = vec![server.address()];
    at.extend(other.as_ref().map(claviger_server::serve::Running::address));
    let (http, mut exactly, mut more) = (Client::new(), 0, 0);
    for factor in 0..codes {
        let body = json!({ "serial_number": token.serial, "otp": token.shown(factor) });
        match at_once(&http, &at, &verifier, &body, times).await {
            1 => exactly += 1,
            0 => {}
            _ => more += 1,
        }
        assert_eq!(
            token.kept(server.app()).await.token.progress(),
            Progress::Hotp {
                next_counter: factor + 1
            }
        );
        token.ordered(server.app(), Command::Unlock).await;
    }
    if let Some(other) = other {
        other.stop().await;
    }
    (exactly, more)
}

/// S15: guesses at one token, restarts between them, two servers where there can be two.
async fn guessed(mut server: TestServer, guesses: usize) {
    let world = server.world("Guessed").await;
    let verifier = server.token(&world, "verifier").await;
    let token = TestToken::in_stock(server.app(), &world, "GUESS-1", pressed()).await;
    let (http, mut said, mut accepted) = (Client::new(), [0_usize; 2], 0);
    for part in 0..2 {
        let other = if server.is_on_postgres() {
            Some(server.beside().await)
        } else {
            None
        };
        let mut at = vec![server.address()];
        at.extend(other.as_ref().map(claviger_server::serve::Running::address));
        let numbers: Vec<usize> = (part * guesses / 2..(part + 1) * guesses / 2).collect();
        for chunk in numbers.chunks(200) {
            // None of them is a right one: the guesses are counted, not the luck.
            let right: Vec<String> = (0..=1_011).map(|factor| token.shown(factor)).collect();
            let tries = chunk
                .iter()
                .filter(|guess| !right.contains(&format!("{guess:06}")))
                .map(|guess| {
                    let address = at[guess % at.len()];
                    let request = http
                        .post(format!("http://{address}/api/v1/verifications/otp"))
                        .bearer_auth(&verifier);
                    let body = json!({ "serial_number": token.serial, "otp": format!("{guess:06}") });
                    async move { request.json(&body).send().await.unwrap().json::<Value>().await.unwrap() }
                });
            for answer in join_all(tries).await {
                accepted += usize::from(answer["accepted"] == true);
                said[usize::from(answer["reason"] == "locked")] += 1;
            }
        }
        if let Some(other) = other {
            other.stop().await;
        }
        // The lock is in the database: another life of the server knows it.
        server = server.again(|_| {}, &[]).await;
    }
    let behind = by_serial(&server, &verifier, &token, &token.shown(0)).await;
    let [tried, locked] = said;
    println!("S15 tokens guesses={guesses} tried={tried} locked={locked} accepted={accepted}");
    assert_eq!(
        (tried, accepted, behind.as_str()),
        (10, 0, "locked"),
        "ten are tried, the right one behind them is not"
    );
    // The control: without the lock the right code is accepted, so that the lock is what kept it out.
    token.ordered(server.app(), Command::Unlock).await;
    assert_eq!(by_serial(&server, &verifier, &token, &token.shown(0)).await, "ok");
    server.stop().await;
}

served! {
    async fn a_code_is_accepted_once_however_often_it_is_sent_at_once(server) {
        let (exactly, more) = once(server, 3, 60).await;
        println!("S14 codes=3 times=60 exactly_once={exactly}");
        assert_eq!((exactly, more), (3, 0));
    }

    async fn by_serial_everything_is_told(server) {
        let world = server.world("By serial").await;
        let verifier = server.token(&world, "verifier").await;
        let token = TestToken::in_stock(server.app(), &world, "AB-1", pressed()).await;
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(0)).await, "ok");
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(0)).await, "rejected", "used up");
        let spelt = ask(server, &verifier, json!({ "serial_number": "ab1", "otp": token.shown(3) })).await;
        assert_eq!(reason(&spelt), "ok", "serial numbers are compared as everywhere");
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(2)).await, "rejected", "behind");
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(500)).await, "resync_required");
        for _ in 0..7 {
            by_serial(server, &verifier, &token, "000000").await;
        }
        assert_eq!(by_serial(server, &verifier, &token, "").await, "rejected", "the tenth");
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(4)).await, "locked");
        let unknown = ask(server, &verifier, json!({ "serial_number": "AB-2", "otp": "000000" })).await;
        assert_eq!(reason(&unknown), "rejected");
        let clock = TestToken::in_stock(server.app(), &world, "CL-1", timed()).await;
        let step = u64::try_from(server.clock.now().as_seconds() / 30).unwrap();
        assert_eq!(by_serial(server, &verifier, &clock, &clock.shown(step)).await, "ok");
        assert_eq!(by_serial(server, &verifier, &clock, &clock.shown(step)).await, "rejected");
        server.clock.advance(Duration::from_secs(30));
        assert_eq!(by_serial(server, &verifier, &clock, &clock.shown(step + 1)).await, "ok");
        let other = server.world("Another").await;
        let stranger = server.token(&other, "verifier").await;
        let theirs = ask(server, &stranger, json!({ "serial_number": "CL-1", "otp": clock.shown(step + 2) })).await;
        assert_eq!(reason(&theirs), "rejected", "another tenant's token does not exist");
    }

    async fn by_user_nothing_but_ok_and_rejected_is_told(server) {
        let world = server.world("By user").await;
        let verifier = server.token(&world, "verifier").await;
        let app = server.app();
        let ada = user(server, &world, "Ada").await;
        let mut tokens = Vec::new();
        for number in 0..3 {
            let token = TestToken::in_stock(app, &world, &format!("U-{number}"), pressed()).await;
            token.assigned(app, ada).await;
            tokens.push(token);
        }
        assert_eq!(by_user(server, &verifier, "ada", &tokens[1].shown(0)).await, "ok");
        let progress = async |place: usize| {
            let kept = tokens[place].kept(app).await.token;
            (kept.progress(), kept.failed_attempts())
        };
        let at = |next_counter| Progress::Hotp { next_counter };
        assert_eq!((progress(0).await, progress(1).await), ((at(0), 0), (at(1), 0)), "a hit counts for that token alone");
        assert_eq!(by_user(server, &verifier, "ada", &tokens[1].shown(0)).await, "rejected");
        assert_eq!((progress(0).await, progress(1).await), ((at(0), 1), (at(1), 1)), "a miss adds a failure to each");
        tokens[0].ordered(app, Command::Disable { other_active: 2 }).await;
        let reason = Reason::new("lost").unwrap();
        tokens[2].ordered(app, Command::Compromise { reason }).await;
        for (place, factor) in [(0, 0), (2, 0)] {
            assert_eq!(by_user(server, &verifier, "ada", &tokens[place].shown(factor)).await, "rejected");
        }
        assert_eq!(progress(0).await, (at(0), 1), "a disabled token is not tried");
        for _ in 0..10 {
            assert_eq!(by_user(server, &verifier, "ada", "000000").await, "rejected");
        }
        assert_eq!(by_user(server, &verifier, "ada", &tokens[1].shown(1)).await, "rejected", "locked, and not told");
        tokens[1].ordered(app, Command::Unlock).await;
        assert_eq!(by_user(server, &verifier, "ADA ", &tokens[1].shown(1)).await, "ok");
        post(server, &world.token, &format!("/users/{ada}/disable"), json!({})).await;
        assert_eq!(by_user(server, &verifier, "ada", &tokens[1].shown(2)).await, "rejected", "a disabled user's");
        assert_eq!(by_serial(server, &verifier, &tokens[1], &tokens[1].shown(2)).await, "rejected");
        for nobody in ["nobody", "", "%", "a\u{7}b"] {
            assert_eq!(by_user(server, &verifier, nobody, "000000").await, "rejected", "{nobody:?}");
        }
    }

    async fn an_emergency_code_opens_once_and_ten_wrong_ones_end_it(server) {
        let world = server.world("Emergency").await;
        let verifier = server.token(&world, "verifier").await;
        let app = server.app();
        let (ada, bela) = (user(server, &world, "Ada").await, user(server, &world, "Bela").await);
        let token = TestToken::in_stock(app, &world, "E-1", pressed()).await;
        token.assigned(app, ada).await;
        let code = emergency_code(app, token.tenant, ada, [7; 10]).await;
        assert_eq!(by_user(server, &verifier, "bela", &code).await, "rejected", "hers, not his");
        assert_eq!(by_user(server, &verifier, "ada", &code.to_lowercase()).await, "ok");
        assert_eq!(token.kept(app).await.token.failed_attempts(), 0, "no wrong code of a token");
        assert_eq!(by_user(server, &verifier, "ada", &code).await, "rejected", "used up");
        let code = emergency_code(app, token.tenant, bela, [9; 10]).await;
        for _ in 0..10 {
            assert_eq!(by_user(server, &verifier, "bela", "AAAAA-AAAAA").await, "rejected");
        }
        assert_eq!(by_user(server, &verifier, "bela", &code).await, "rejected");
        let code = emergency_code(app, token.tenant, bela, [9; 10]).await;
        server.clock.advance(Duration::from_hours(72));
        assert_eq!(by_user(server, &verifier, "bela", &code).await, "rejected", "three days later");
    }

    async fn each_attempt_is_in_the_audit_log_and_no_code_is(server) {
        let world = server.world("Audited").await;
        let verifier = server.token(&world, "verifier").await;
        let token = TestToken::in_stock(server.app(), &world, "AU-1", pressed()).await;
        assert_eq!(by_serial(server, &verifier, &token, &token.shown(0)).await, "ok");
        assert_eq!(by_serial(server, &verifier, &token, "987654").await, "rejected");
        assert_eq!(by_user(server, &verifier, "correct horse", "987654").await, "rejected");
        let events = get(server, &world.token, "/audit-events?limit=3").await;
        let told: Vec<&str> = events.body["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(told, ["otp_token.rejected", "otp_token.rejected", "otp_token.verified"]);
        assert_eq!(events.body["items"][2]["object"]["label"], "AU-1");
        for hidden in ["987654", &token.shown(0), "correct horse"] {
            assert!(!events.text.contains(hidden), "{hidden}");
        }
    }

    async fn time_ends_tokens_seeds_and_emergency_codes(server) {
        let world = server.world("Time").await;
        let verifier = server.token(&world, "verifier").await;
        let app = server.app();
        let ada = user(server, &world, "Ada").await;
        let end = Some(app.clock().now().plus_days(1));
        let short = TestToken::until(app, &world, "TI-1", pressed(), end).await;
        let lost = TestToken::in_stock(app, &world, "TI-2", pressed()).await;
        let kept = TestToken::in_stock(app, &world, "TI-3", pressed()).await;
        emergency_code(app, lost.tenant, ada, [3; 10]).await;
        lost.ordered(app, Command::Compromise { reason: Reason::new("lost").unwrap() }).await;
        assert_eq!(by_serial(server, &verifier, &short, &short.shown(0)).await, "ok");
        server.clock.advance(Duration::from_hours(24));
        assert_eq!(by_serial(server, &verifier, &short, &short.shown(1)).await, "rejected");
        retention::apply(app).await.unwrap();
        assert_eq!(short.kept(app).await.token.status(), Status::Expired);
        assert!(lost.kept(app).await.seed.is_some(), "not yet");
        server.clock.advance(Duration::from_hours(30 * 24));
        retention::apply(app).await.unwrap();
        assert_eq!(lost.kept(app).await.seed, None);
        assert!(kept.kept(app).await.seed.is_some() && short.kept(app).await.seed.is_some());
        let tenant = lost.tenant;
        let left = app.store().read(async move |reader: &mut Reader| emergency_codes::of_user(reader, tenant, ada).await).await;
        assert_eq!(left.unwrap(), []);
    }

    async fn what_is_asked_wrongly_is_said(server) {
        let world = server.world("Wrong").await;
        let verifier = server.token(&world, "verifier").await;
        for body in [json!({ "otp": "1" }), json!({ "user": "a", "serial_number": "b", "otp": "1" }), json!({ "serial_number": "- -", "otp": "1" })] {
            assert_eq!(ask(server, &verifier, body).await.problem(), "validation");
        }
        let clerk = server.token(&world, "help_desk").await;
        assert_eq!(ask(server, &clerk, json!({ "user": "a", "otp": "1" })).await.status.as_u16(), 403);
    }
}

#[test]
fn guessing_at_a_token_is_bounded_on_sqlite() {
    claviger_testkit::run(|| async { guessed(TestServer::start_on_sqlite().await, 1_000).await });
}

#[test]
fn guessing_at_a_token_is_bounded_on_two_servers() {
    claviger_testkit::run(|| async { guessed(TestServer::start_on_postgres().await, 10_000).await });
}

#[test]
#[ignore = "a proof at full size"]
fn prove_s14_a_hundred_codes_two_hundred_times() {
    claviger_testkit::run(|| async {
        for server in [
            TestServer::start_on_sqlite().await,
            TestServer::start_on_postgres().await,
        ] {
            let (exactly, more) = once(&server, 100, 200).await;
            println!("S14 codes=100 times=200 exactly_once={exactly} more={more}");
            assert_eq!((exactly, more), (100, 0));
            server.stop().await;
        }
    });
}

#[test]
#[ignore = "a proof at full size"]
fn prove_s15_a_million_guesses_at_a_token() {
    claviger_testkit::run(|| async { guessed(TestServer::start_on_postgres().await, 1_000_000).await });
}

/// The control: whoever reads, decides and writes without comparing accepts a code twice. The store's own schedules show
/// it exhaustively; here two servers do it.
#[test]
fn two_who_decide_on_what_they_read_before_accept_a_code_twice() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_sqlite().await;
        let world: World = server.world("Control").await;
        let token = TestToken::in_stock(server.app(), &world, "CO-1", pressed()).await;
        let kept = token.kept(server.app()).await;
        let seed = claviger_domain::otp::Seed::new(b"CO-100000000000000000000"[..20].to_vec()).unwrap();
        let now = server.clock.now();
        let accepts = || {
            let verdict = kept
                .token
                .verify(&seed, &token.shown(0), claviger_domain::otp::Breadth::Window, now);
            usize::from(matches!(verdict, claviger_domain::otp::Verdict::Accepted(_)))
        };
        assert_eq!(accepts() + accepts(), 2);
        server.stop().await;
    });
}
