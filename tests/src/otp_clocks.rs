//! Users with many tokens, with none, with disabled ones; tokens whose clocks drift, and servers whose clock jumps back.

use std::time::Duration;

use claviger_domain::otp::{Command, Progress};
use serde_json::{Value, json};

use crate::{
    otp_tokens::{TestToken, pressed, timed, user},
    served,
    server::{Answer, TestServer, World},
    stock::post,
};

async fn ask(server: &TestServer, world: &World, body: Value) -> String {
    let answer = post(server, &world.token, "/verifications/otp", body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.body["reason"].as_str().unwrap().to_owned()
}

async fn by_user(server: &TestServer, world: &World, user: &str, otp: &str) -> String {
    ask(server, world, json!({ "user": user, "otp": otp })).await
}

async fn by_serial(server: &TestServer, world: &World, token: &TestToken, otp: &str) -> String {
    ask(server, world, json!({ "serial_number": token.serial, "otp": otp })).await
}

async fn resync(server: &TestServer, world: &World, token: &TestToken, steps: [u64; 2]) -> Answer {
    let [first, second] = steps.map(|step| token.shown(step));
    let order = json!({ "first_otp": first, "second_otp": second });
    let path = format!("/otp-tokens/{}/resync", token.id.as_uuid());
    post(server, &world.token, &path, order).await
}

/// The time step of the server's clock.
fn step(server: &TestServer) -> u64 {
    u64::try_from(server.clock.now().as_seconds() / 30).unwrap()
}

/// Waits for a moment that is far from the end of a time step, so that a test sees one step throughout.
fn settle(server: &TestServer) {
    let into = server.clock.now().as_seconds().rem_euclid(30);
    if into > 5 {
        server
            .clock
            .advance(Duration::from_secs(u64::try_from(30 - into).unwrap()));
    }
}

async fn failures(server: &TestServer, tokens: &[TestToken]) -> Vec<u32> {
    let mut failures = Vec::new();
    for token in tokens {
        failures.push(token.kept(server.app()).await.token.failed_attempts());
    }
    failures
}

served! {
    async fn a_user_with_ten_tokens_is_known_by_each_of_them(server) {
        let world = server.world("Ten").await;
        let app = server.app();
        let ada = user(server, &world, "Ada").await;
        let mut tokens = Vec::new();
        for number in 0..10 {
            let token = TestToken::in_stock(app, &world, &format!("TEN-{number}"), pressed()).await;
            token.assigned(app, ada).await;
            tokens.push(token);
        }
        for token in &tokens {
            assert_eq!(by_user(server, &world, "ada", &token.shown(0)).await, "ok", "{}", token.serial);
            assert_eq!(by_user(server, &world, "ada", &token.shown(0)).await, "rejected", "{}", token.serial);
        }
        // Each wrong code was one of all ten; each right one cleared its own token.
        assert_eq!(failures(server, &tokens).await, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(by_user(server, &world, "ada", &tokens[0].shown(1)).await, "rejected", "the first is locked");
        assert_eq!(by_user(server, &world, "ada", &tokens[9].shown(1)).await, "ok", "the last is not");
        tokens[8].ordered(app, Command::Disable { other_active: 9 }).await;
        assert_eq!(by_user(server, &world, "ada", &tokens[8].shown(1)).await, "rejected", "disabled");
        assert_eq!(failures(server, &tokens[8..9]).await, [3], "a disabled one is not tried");
        assert_eq!(by_user(server, &world, "ada", &tokens[7].shown(1)).await, "ok");
    }

    async fn users_with_no_token_or_disabled_ones_alone_are_answered_alike(server) {
        let world = server.world("None").await;
        let app = server.app();
        let (ada, _) = (user(server, &world, "Ada").await, user(server, &world, "Bela").await);
        let mut tokens = Vec::new();
        for number in 0..2 {
            let token = TestToken::in_stock(app, &world, &format!("OFF-{number}"), pressed()).await;
            token.ordered(app, Command::Disable { other_active: 1 }).await;
            token.assigned(app, ada).await;
            tokens.push(token);
        }
        for _ in 0..2 {
            for (user, code) in [("ada", tokens[0].shown(0)), ("bela", tokens[0].shown(0)), ("nobody", tokens[1].shown(0)), ("bela", String::new())] {
                let answer = post(server, &world.token, "/verifications/otp", json!({ "user": user, "otp": code })).await;
                assert_eq!(answer.body, json!({ "accepted": false, "reason": "rejected" }), "{user}");
            }
        }
        assert_eq!(failures(server, &tokens).await, [0, 0]);
        tokens[0].ordered(app, Command::Enable).await;
        assert_eq!(by_user(server, &world, "ada", &tokens[0].shown(0)).await, "ok", "nothing was used up meanwhile");
    }

    async fn a_clock_that_drifts_is_found_again_by_two_codes(server) {
        let world = server.world("Drift").await;
        settle(server);
        let token = TestToken::in_stock(server.app(), &world, "DRIFT-1", timed()).await;
        let behind = step(server) - 20;
        assert_eq!(by_serial(server, &world, &token, &token.shown(behind)).await, "resync_required", "ten minutes behind");
        for steps in [[behind + 1, behind], [behind, behind], [behind, behind + 2]] {
            let refused = resync(server, &world, &token, steps).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (409, "resync-failed"), "{}", refused.text);
        }
        let found = resync(server, &world, &token, [behind, behind + 1]).await;
        assert_eq!((found.status.as_u16(), &found.body), (200, &json!({ "resynchronised": true })), "{}", found.text);
        assert_eq!(by_serial(server, &world, &token, &token.shown(behind + 1)).await, "rejected", "both codes are used up");
        assert_eq!(by_serial(server, &world, &token, &token.shown(behind + 2)).await, "ok", "its own next step");
        assert_eq!(by_serial(server, &world, &token, &token.shown(behind + 20)).await, "resync_required", "our step is far from its own now");
        server.clock.advance(Duration::from_mins(5));
        assert_eq!(by_serial(server, &world, &token, &token.shown(behind + 11)).await, "ok", "it stays as far behind");
    }

    async fn a_clock_that_jumps_back_brings_no_code_back(server) {
        let world = server.world("Jumps").await;
        settle(server);
        let app = server.app();
        let ada = user(server, &world, "Ada").await;
        let token = TestToken::in_stock(app, &world, "JUMP-1", timed()).await;
        token.assigned(app, ada).await;
        let used = [step(server), step(server) + 10, step(server) + 20];
        for (place, used) in used.iter().enumerate() {
            assert_eq!(by_serial(server, &world, &token, &token.shown(*used)).await, "ok", "{place}");
            server.clock.advance(Duration::from_mins(5));
        }
        server.clock.back(Duration::from_mins(15));
        for used in used {
            assert_eq!(by_serial(server, &world, &token, &token.shown(used)).await, "rejected");
            assert_eq!(by_user(server, &world, "ada", &token.shown(used)).await, "rejected");
        }
        // Not by two codes in a row either.
        let refused = resync(server, &world, &token, [used[0], used[0] + 1]).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "resync-failed"), "{}", refused.text);
        let kept = token.kept(app).await.token.progress();
        assert_eq!(kept, Progress::Totp { last_step: Some(used[2]), drift: 0 });
        server.clock.back(Duration::from_hours(24 * 365));
        assert_eq!(by_serial(server, &world, &token, &token.shown(used[2])).await, "rejected", "a year ago");
        server.clock.advance(Duration::from_hours(24 * 365));
        server.clock.advance(Duration::from_mins(15));
        assert_eq!(by_serial(server, &world, &token, &token.shown(step(server))).await, "ok", "when the clock is right again");
    }
}
