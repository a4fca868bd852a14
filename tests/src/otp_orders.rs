//! `/otp-tokens`: what an operator does with a token, and what he learns of it.

use std::collections::BTreeSet;

use claviger_domain::otp::{Algorithm, Digits, Seed, code};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hands, served,
    server::{Answer, TestServer},
    stock::{ended, get, post},
};

/// The seed of RFC 4226, appendix D.
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const HEX: &str = "3132333435363738393031323334353637383930";

/// The code of that seed at a counter or time step.
pub(crate) fn otp(factor: u64) -> String {
    let seed = Seed::new(b"12345678901234567890".to_vec()).unwrap();
    code(&seed, Algorithm::Sha1, Digits::Six, factor).using().to_string()
}

/// Adds a token that counts; answers its id.
pub(crate) async fn hotp(server: &TestServer, token: &str, serial: &str) -> String {
    let draft = json!({ "serial_number": serial, "type": "hotp", "seed": SEED, "encoding": "base32" });
    let made = post(server, token, "/otp-tokens", draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}

/// Gives a token an order.
pub(crate) async fn order(server: &TestServer, token: &str, id: &str, verb: &str, body: Value) -> Answer {
    post(server, token, &format!("/otp-tokens/{id}/{verb}"), body).await
}

async fn assigned(server: &TestServer, token: &str, serial: &str, user: &str) -> String {
    let id = hotp(server, token, serial).await;
    let given = order(server, token, &id, "assign", json!({ "user_id": user })).await;
    assert_eq!(given.status.as_u16(), 200, "{}", given.text);
    id
}

async fn tried(server: &TestServer, token: &str, id: &str, otp: &str) -> Value {
    order(server, token, id, "test", json!({ "otp": otp })).await.body["reason"].clone()
}

fn refusal(answer: &Answer) -> (u16, &str, &str) {
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    (answer.status.as_u16(), answer.problem(), detail)
}

fn serials(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("{}", answer.text));
    items
        .iter()
        .map(|token| token["serial_number"].as_str().unwrap())
        .collect()
}

served! {
    async fn a_token_is_added_by_hand_and_nothing_tells_its_seed(server) {
        let world = server.world("By hand").await;
        let token = &world.token;
        let seeded = |serial: &str, seed: &str, encoding: &str| {
            json!({ "serial_number": serial, "type": "hotp", "seed": seed, "encoding": encoding, "counter": 3, "model": "c200" })
        };
        let made = post(server, token, "/otp-tokens", seeded("A-1", SEED, "base32")).await;
        assert_eq!((made.status.as_u16(), &made.body["status"], &made.body["user"]), (201, &json!("active"), &json!(null)), "{}", made.text);
        assert_eq!(made.body["allowed_actions"], json!(["assign", "disable", "resync", "test", "compromise"]));
        assert_eq!(post(server, token, "/otp-tokens", seeded("a 1", HEX, "hex")).await.problem(), "duplicate", "the same serial number");
        assert_eq!(post(server, token, "/otp-tokens", seeded("A-2", HEX, "hex")).await.status.as_u16(), 201);
        let uri = format!("otpauth://totp/Maker:ada?secret={SEED}&digits=8&period=60&algorithm=SHA256");
        let by_uri = post(server, token, "/otp-tokens", json!({ "serial_number": "A-3", "otpauth_uri": uri })).await;
        let told = ["type", "digits", "time_step", "algorithm", "manufacturer"].map(|name| by_uri.body[name].clone());
        assert_eq!(told, [json!("totp"), json!(8), json!(60), json!("sha256"), json!("Maker")], "{}", by_uri.text);
        let id = made.body["id"].as_str().unwrap();
        assert_eq!(tried(server, token, id, &otp(2)).await, "rejected", "before the counter that was given");
        assert_eq!(tried(server, token, id, &otp(3)).await, "ok");
        for path in [format!("/otp-tokens/{id}"), "/otp-tokens".to_owned(), format!("/otp-tokens/{id}/events"), "/otp-tokens/export.csv".to_owned(), "/audit-events".to_owned()] {
            let told = get(server, token, &path).await;
            assert_eq!(told.status.as_u16(), 200, "{path}: {}", told.text);
            for secret in [SEED, HEX, "12345678901234567890", "\"counter\"", "next_counter"] {
                assert!(!told.text.contains(secret), "{path} tells {secret}");
            }
        }
    }

    async fn every_fault_of_a_draft_is_told_and_none_quotes_the_seed(server) {
        let world = server.world("Drafts").await;
        let pointers = async |draft: Value| {
            let refused = post(server, &world.token, "/otp-tokens", draft).await;
            assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
            assert!(!refused.text.contains("GEZDGNBV") && !refused.text.contains("31323334"), "{}", refused.text);
            let errors = refused.body["errors"].as_array().unwrap().clone();
            errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(pointers(json!({ "serial_number": "" })).await, ["/encoding", "/seed", "/serial_number", "/type"]);
        assert_eq!(pointers(json!({ "serial_number": "1", "type": "hotp", "seed": SEED })).await, ["/encoding"]);
        assert_eq!(pointers(json!({ "serial_number": "1", "type": "hotp", "seed": HEX, "encoding": "base32" })).await, ["/seed"]);
        assert_eq!(pointers(json!({ "serial_number": "1", "type": "hotp", "seed": "GEZDGNBV", "encoding": "base32" })).await, ["/seed"], "too short");
        let stray = json!({ "serial_number": "1", "type": "totp", "seed": SEED, "encoding": "base32", "counter": 1, "digits": 9, "time_step": 45 });
        assert_eq!(pointers(stray).await, ["/counter", "/digits", "/time_step"]);
        let both = json!({ "serial_number": "1", "otpauth_uri": format!("otpauth://totp/x?secret={SEED}"), "seed": SEED });
        assert_eq!(pointers(both).await, ["/seed"]);
        assert_eq!(pointers(json!({ "serial_number": "1", "otpauth_uri": "otpauth://hotp/x?secret=!" })).await, ["/otpauth_uri"]);
        assert_eq!(get(server, &world.token, "/otp-tokens/counts").await.body["total"], 0);
    }

    async fn a_token_goes_from_hand_to_hand_and_its_counter_never_back(server) {
        let world = server.world("Hands").await;
        let token = &world.token;
        let (ada, bob) = (hands::user(server, &world, "ada").await, hands::user(server, &world, "bob").await);
        let id = assigned(server, token, "H-1", &ada).await;
        assert_eq!(tried(server, token, &id, &otp(4)).await, "ok");
        assert_eq!(tried(server, token, &id, "000000").await, "rejected");
        let twice = order(server, token, &id, "assign", json!({ "user_id": ada })).await;
        assert_eq!(refusal(&twice), (409, "refused", "This user has the token already; nothing was changed."));
        let other = order(server, token, &id, "assign", json!({ "user_id": bob })).await;
        assert_eq!(refusal(&other), (409, "refused", "Another user has this token; unassign it first."));
        let back = order(server, token, &id, "unassign", json!({})).await;
        assert_eq!((&back.body["status"], &back.body["user"], &back.body["failed_attempts"]), (&json!("active"), &json!(null), &json!(0)), "{}", back.text);
        // A disabled one stays disabled in other hands.
        assert_eq!(order(server, token, &id, "disable", json!({})).await.body["status"], "disabled");
        let given = order(server, token, &id, "assign", json!({ "user_id": bob })).await;
        assert_eq!((&given.body["status"], &given.body["user"]["user_name"]), (&json!("disabled"), &json!("bob")));
        assert_eq!(tried(server, token, &id, &otp(5)).await, "rejected", "disabled");
        assert_eq!(order(server, token, &id, "enable", json!({})).await.body["status"], "active");
        for factor in 0..=4 {
            assert_eq!(tried(server, token, &id, &otp(factor)).await, "rejected", "{factor} was used or passed over");
        }
        assert_eq!(tried(server, token, &id, &otp(5)).await, "ok");
        let events = get(server, token, &format!("/otp-tokens/{id}/events")).await;
        let actions: Vec<&str> = events.body["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        for action in ["added", "assigned", "unassigned", "disabled", "enabled", "verified", "rejected"] {
            assert!(actions.contains(&format!("otp_token.{action}").as_str()), "{action}: {actions:?}");
        }
        post(server, token, &format!("/users/{ada}/disable"), json!({})).await;
        let free = hotp(server, token, "H-2").await;
        let barred = order(server, token, &free, "assign", json!({ "user_id": ada })).await;
        assert_eq!(refusal(&barred), (409, "refused", "This user is disabled; enable the user first, or choose another."));
        let nobody = order(server, token, &free, "assign", json!({ "user_id": free })).await;
        assert_eq!((nobody.status.as_u16(), &nobody.body["errors"][0]["pointer"]), (422, &json!("/user_id")));
    }

    async fn ten_wrong_codes_lock_a_token_until_somebody_unlocks_it(server) {
        let world = server.world("Locks").await;
        let token = &world.token;
        let id = hotp(server, token, "L-1").await;
        for _ in 0..10 {
            assert_eq!(tried(server, token, &id, "000000").await, "rejected");
        }
        assert_eq!(tried(server, token, &id, &otp(0)).await, "locked");
        let path = format!("/otp-tokens/{id}");
        let locked = get(server, token, &path).await;
        assert_eq!((&locked.body["locked"], &locked.body["failed_attempts"]), (&json!(true), &json!(10)), "{}", locked.text);
        assert_eq!(serials(&get(server, token, "/otp-tokens?locked=true").await), ["L-1"]);
        let open = order(server, token, &id, "unlock", json!({})).await;
        assert_eq!((&open.body["locked"], &open.body["failed_attempts"]), (&json!(false), &json!(0)));
        assert_eq!(refusal(&order(server, token, &id, "unlock", json!({})).await), (409, "refused", "This token is not locked; nothing was changed."));
        assert_eq!(tried(server, token, &id, &otp(500)).await, "resync_required");
        assert_eq!(tried(server, token, &id, &otp(0)).await, "ok");
    }

    async fn compromised_is_for_good_and_asks_why(server) {
        let world = server.world("Ends").await;
        let token = &world.token;
        let user = hands::user(server, &world, "ada").await;
        let id = assigned(server, token, "C-1", &user).await;
        for wrong in [json!({}), json!({ "reason": "" }), json!({ "reason": "x".repeat(201) })] {
            assert_eq!(order(server, token, &id, "compromise", wrong).await.problem(), "validation");
        }
        // Also of the last one that the user has.
        let ended = order(server, token, &id, "compromise", json!({ "reason": "left in a taxi" })).await;
        assert_eq!((&ended.body["status"], &ended.body["reason"], &ended.body["allowed_actions"]), (&json!("compromised"), &json!("left in a taxi"), &json!([])), "{}", ended.text);
        let orders = [
            ("assign", json!({ "user_id": user })), ("unassign", json!({})), ("disable", json!({})), ("enable", json!({})), ("unlock", json!({})),
            ("compromise", json!({ "reason": "again" })), ("resync", json!({ "first_otp": otp(0), "second_otp": otp(1) })),
        ];
        for (verb, body) in orders {
            let refused = order(server, token, &id, verb, body).await;
            assert_eq!(refusal(&refused), (409, "refused", "This token is compromised for good."), "{verb}");
        }
        assert_eq!(tried(server, token, &id, &otp(0)).await, "rejected");
        let told = get(server, token, "/audit-events?action=otp_token.compromised").await;
        assert_eq!(told.body["items"][0]["reason"], "left in a taxi");
    }

    async fn two_codes_in_a_row_find_a_token_again_and_every_failure_looks_alike(server) {
        let world = server.world("Resync").await;
        let token = &world.token;
        let id = hotp(server, token, "R-1").await;
        let pair = |first: &str, second: &str| json!({ "first_otp": first, "second_otp": second });
        let wrong = [
            ("in the wrong order", pair(&otp(301), &otp(300))),
            ("with a gap", pair(&otp(300), &otp(302))),
            ("the same twice", pair(&otp(300), &otp(300))),
            ("of another token", pair("111111", "222222")),
        ];
        let mut told = BTreeSet::new();
        for (what, body) in wrong {
            let refused = order(server, token, &id, "resync", body).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (409, "resync-failed"), "{what}");
            let mut same = refused.body.clone();
            same["request_id"] = json!("");
            told.insert(same.to_string());
        }
        assert_eq!(told.len(), 1, "{told:?}");
        let request = || server.request(Method::POST, &format!("/otp-tokens/{id}/resync")).bearer_auth(token)
            .header("idempotency-key", "resync").json(&pair(&otp(300), &otp(301)));
        for _ in 0..2 {
            let found = server.call(request()).await;
            assert_eq!((found.status.as_u16(), &found.body), (200, &json!({ "resynchronised": true })), "{}", found.text);
        }
        assert_eq!(tried(server, token, &id, &otp(301)).await, "rejected", "both codes are used up");
        assert_eq!(tried(server, token, &id, &otp(302)).await, "ok");
        // That was the fifth of today.
        let often = order(server, token, &id, "resync", pair(&otp(400), &otp(401))).await;
        assert!(told.contains(&{ let mut same = often.body.clone(); same["request_id"] = json!(""); same.to_string() }), "{}", often.text);
        assert_eq!(tried(server, token, &id, &otp(303)).await, "ok", "nothing was moved");
        // A failure that is asked for again is one again, and is counted once.
        let other = hotp(server, token, "R-2").await;
        for _ in 0..8 {
            let request = server.request(Method::POST, &format!("/otp-tokens/{other}/resync")).bearer_auth(token);
            let again = server.call(request.header("idempotency-key", "wrong").json(&pair("111111", "222222"))).await;
            assert_eq!((again.status.as_u16(), again.problem()), (409, "resync-failed"));
        }
        let found = order(server, token, &other, "resync", pair(&otp(900), &otp(901))).await;
        assert_eq!(found.body["resynchronised"], true, "{}", found.text);
        assert_eq!(get(server, token, "/audit-events?action=otp_token.resync_failed").await.body["items"].as_array().unwrap().len(), 6);
    }

    async fn a_list_is_filtered_ordered_and_paged_both_ways(server) {
        let world = server.world("Lists").await;
        let token = &world.token;
        let ada = hands::user(server, &world, "ada").await;
        for number in 1..=5 {
            hotp(server, token, &format!("S-{number}")).await;
        }
        let uri = format!("otpauth://totp/x?secret={SEED}");
        post(server, token, "/otp-tokens", json!({ "serial_number": "S-6", "otpauth_uri": uri })).await;
        let list = async |query: &str| get(server, token, &format!("/otp-tokens?{query}")).await;
        let all = list("sort=serial_number").await;
        assert_eq!(serials(&all), ["S-1", "S-2", "S-3", "S-4", "S-5", "S-6"]);
        let id = |place: usize| all.body["items"][place]["id"].as_str().unwrap().to_owned();
        order(server, token, &id(1), "assign", json!({ "user_id": ada })).await;
        order(server, token, &id(2), "disable", json!({})).await;
        order(server, token, &id(3), "compromise", json!({ "reason": "lost" })).await;
        assert_eq!(serials(&list("").await), ["S-6", "S-5", "S-4", "S-3", "S-2", "S-1"], "the newest first");
        assert_eq!(serials(&list("type=totp").await), ["S-6"]);
        assert_eq!(serials(&list("status=disabled,compromised&sort=-serial_number").await), ["S-4", "S-3"]);
        assert_eq!(serials(&list(&format!("user={ada}")).await), ["S-2"]);
        assert_eq!(serials(&list("q=ada").await), ["S-2"]);
        assert_eq!(serials(&list("q=S-5").await), ["S-5"]);
        assert_eq!(serials(&list(&format!("ids={},{}&sort=serial_number", id(0), id(4))).await), ["S-1", "S-5"]);
        assert_eq!(serials(&list("sort=-user&limit=1").await), ["S-2"]);
        let first = list("sort=serial_number&limit=4").await;
        let next = list(&format!("sort=serial_number&limit=4&cursor={}", first.body["next_cursor"].as_str().unwrap())).await;
        assert_eq!((serials(&next), &next.body["total"]["count"]), (vec!["S-5", "S-6"], &json!(6)));
        let back = list(&format!("sort=serial_number&limit=4&cursor={}", next.body["previous_cursor"].as_str().unwrap())).await;
        assert_eq!(serials(&back), serials(&first));
        let counts = get(server, token, "/otp-tokens/counts").await;
        assert_eq!(counts.body, json!({ "total": 6, "active": 4, "disabled": 1, "compromised": 1, "expired": 0 }));
        let file = get(server, token, "/otp-tokens/export.csv?status=active&sort=serial_number").await;
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines.len(), 5, "{}", file.text);
        assert!(lines[2].starts_with("S-2,hotp,sha1,6,,active,ada,no,0,"), "{}", lines[2]);
        // Who may export, but see no tokens, exports none.
        let clerk = server.token(&world, "warehouse").await;
        assert_eq!(get(server, &clerk, "/otp-tokens/export.csv").await.problem(), "forbidden");
    }

    async fn a_token_is_found_by_its_code_which_stays_good(server) {
        let world = server.world("Found").await;
        let token = &world.token;
        let id = hotp(server, token, "F-1").await;
        let uri = "otpauth://hotp/x?counter=0&secret=MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK";
        post(server, token, "/otp-tokens", json!({ "serial_number": "F-2", "otpauth_uri": uri })).await;
        let find = async |otp: &str| post(server, token, "/otp-tokens/find", json!({ "otp": otp })).await;
        for _ in 0..2 {
            let found = find(&otp(3)).await;
            assert_eq!((serials(&found), &found.body["searched"], &found.body["complete"]), (vec!["F-1"], &json!(2), &json!(true)), "{}", found.text);
        }
        assert_eq!(serials(&find(&otp(50)).await), Vec::<&str>::new(), "far from where the token is");
        assert_eq!(get(server, token, &format!("/otp-tokens/{id}")).await.body["revision"], 1);
        assert_eq!(tried(server, token, &id, &otp(3)).await, "ok");
        assert_eq!(serials(&find(&otp(3)).await), Vec::<&str>::new(), "used up");
        let log = get(server, token, "/audit-events?action=otp_tokens.searched").await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 4);
    }

    async fn the_help_desk_helps_and_hands_nothing_out(server) {
        let world = server.world("Desk").await;
        let ada = hands::user(server, &world, "ada").await;
        let (first, second) = (assigned(server, &world.token, "D-1", &ada).await, assigned(server, &world.token, "D-2", &ada).await);
        let desk = server.token(&world, "help_desk").await;
        let seen = get(server, &desk, &format!("/otp-tokens/{first}")).await;
        assert_eq!(seen.body["allowed_actions"], json!(["disable", "resync", "test"]), "{}", seen.text);
        for verb in ["disable", "enable"] {
            let answer = order(server, &desk, &first, verb, json!({})).await;
            assert_eq!(answer.status.as_u16(), 200, "{verb}: {}", answer.text);
        }
        assert_eq!(tried(server, &desk, &first, &otp(0)).await, "ok");
        let codes = json!({ "first_otp": otp(4), "second_otp": otp(5) });
        assert_eq!(order(server, &desk, &first, "resync", codes).await.body["resynchronised"], true);
        for _ in 0..10 {
            tried(server, &desk, &first, "000000").await;
        }
        let unlocked = order(server, &desk, &first, "unlock", json!({})).await;
        assert_eq!(unlocked.body["locked"], false, "{}", unlocked.text);
        let draft = json!({ "serial_number": "D-3", "type": "hotp", "seed": SEED, "encoding": "base32" });
        let many = json!({ "action": "disable", "selection": { "ids": [second] } });
        for (path, body) in [
            (format!("/otp-tokens/{second}/assign"), json!({ "user_id": ada })),
            (format!("/otp-tokens/{second}/unassign"), json!({})),
            (format!("/otp-tokens/{second}/compromise"), json!({ "reason": "x" })),
            (format!("/users/{ada}/emergency-codes"), json!({})),
            ("/otp-tokens".to_owned(), draft),
            ("/otp-tokens/bulk".to_owned(), many),
            // It tries a guess on every token, and uses nothing up.
            ("/otp-tokens/find".to_owned(), json!({ "otp": otp(6) })),
        ] {
            assert_eq!(post(server, &desk, &path, body).await.problem(), "forbidden", "{path}");
        }
        // Whoever may change tokens may help as well, though his role does not say so.
        let role = json!({ "name": "Tokens", "privileges": ["otp.read", "otp.write"] });
        assert_eq!(post(server, &world.token, "/roles", role).await.status.as_u16(), 201);
        let keeper = server.token(&world, "Tokens").await;
        let answer = order(server, &keeper, &second, "disable", json!({})).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    }

    async fn many_tokens_take_an_order_at_once(server) {
        let world = server.world("Many").await;
        let token = &world.token;
        let (ada, bob) = (hands::user(server, &world, "ada").await, hands::user(server, &world, "bob").await);
        let mut ids = Vec::new();
        for number in 0..6 {
            ids.push(assigned(server, token, &format!("M-{number}"), if number < 4 { &ada } else { &bob }).await);
        }
        let counted = post(server, token, "/otp-tokens/bulk?dry_run=true", json!({ "action": "disable", "selection": { "filter": { "user": ada } } })).await;
        assert_eq!(counted.body, json!({ "count": 4 }), "{}", counted.text);
        let miscounted = json!({ "action": "disable", "selection": { "filter": { "status": "active" }, "expected_count": 5 } });
        assert_eq!(post(server, token, "/otp-tokens/bulk", miscounted).await.body["actual_count"], 6);
        let begun = post(server, token, "/otp-tokens/bulk", json!({ "action": "disable", "selection": { "filter": { "status": "active" }, "expected_count": 6 } })).await;
        assert_eq!((begun.status.as_u16(), &begun.body["kind"]), (202, &json!("otp_tokens.disable")), "{}", begun.text);
        let done = ended(server, token, &begun.body["id"]).await;
        assert_eq!((&done["status"], &done["refused"]), (&json!("done"), &json!(2)), "{done}");
        let place = done["results_url"].as_str().and_then(|url| url.strip_prefix("/api/v1")).unwrap();
        assert_eq!(get(server, token, place).await.body["total"]["count"], 6, "{done}");
        let results = get(server, token, &format!("/jobs/{}/results?outcome=refused", begun.body["id"].as_str().unwrap())).await;
        for refused in results.body["items"].as_array().unwrap() {
            assert_eq!(refused["detail"], "The user's last active token.", "{refused}");
        }
        for user in [&ada, &bob] {
            assert_eq!(get(server, token, &format!("/otp-tokens?status=active&user={user}")).await.body["total"]["count"], 1);
        }
        for (action, arguments) in [("enable", json!({})), ("unassign", json!({})), ("assign", json!({ "user_id": bob })), ("compromise", json!({ "reason": "recall" }))] {
            let begun = post(server, token, "/otp-tokens/bulk", json!({ "action": action, "arguments": arguments, "selection": { "ids": ids } })).await;
            ended(server, token, &begun.body["id"]).await;
        }
        let all = get(server, token, "/otp-tokens").await;
        for one in all.body["items"].as_array().unwrap() {
            assert_eq!((&one["status"], &one["user"]["user_name"], &one["reason"]), (&json!("compromised"), &json!("bob"), &json!("recall")), "{one}");
        }
        // The history names the jobs that changed a token, and not those that refused it.
        for (place, jobs) in [(4, 5), (5, 3)] {
            let history = get(server, token, &format!("/otp-tokens/{}/events", ids[place])).await;
            let events = history.body["items"].as_array().unwrap().iter();
            assert_eq!(events.filter(|event| event["object"]["kind"] == "job").count(), jobs, "{}", history.text);
        }
        let reasonless = json!({ "action": "compromise", "arguments": {}, "selection": { "ids": ids } });
        assert_eq!(post(server, token, "/otp-tokens/bulk", reasonless).await.body["errors"][0]["pointer"], "/arguments/reason");
    }
}
