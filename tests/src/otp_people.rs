//! Tokens and the people who have them: the last one, those who may do more, codes for an emergency.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hands,
    otp_imports::send,
    otp_orders::{hotp, order, otp},
    served,
    server::{PASSWORD, TestServer},
    stock::{ended, get, post},
};

async fn verify(server: &TestServer, token: &str, user: &str, otp: &str) -> Value {
    post(server, token, "/verifications/otp", json!({ "user": user, "otp": otp }))
        .await
        .body["accepted"]
        .clone()
}

async fn codes(server: &TestServer, token: &str, user: &str) -> Vec<String> {
    let made = post(server, token, &format!("/users/{user}/emergency-codes"), json!({})).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    let codes = made.body["codes"].as_array().unwrap().clone();
    codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

served! {
    async fn two_operators_at_once_leave_a_user_one_active_token(server) {
        let world = server.world("Last").await;
        let (token, user) = (&world.token, hands::user(server, &world, "ada").await);
        let mut pair = Vec::new();
        for serial in ["A", "B"] {
            let id = hotp(server, token, serial).await;
            order(server, token, &id, "assign", json!({ "user_id": user })).await;
            pair.push(id);
        }
        for round in 0..20 {
            let (left, right) = tokio::join!(
                order(server, token, &pair[0], "disable", json!({})),
                order(server, token, &pair[1], "disable", json!({})),
            );
            let mut told = [left.status.as_u16(), right.status.as_u16()];
            told.sort_unstable();
            assert_eq!(told, [200, 409], "{round}: {} {}", left.text, right.text);
            let (kept, refused) = if left.status.is_success() { (&pair[0], right) } else { (&pair[1], left) };
            assert_eq!((refused.problem(), &refused.body["command"], &refused.body["detail"]), ("refused", &json!("disable"), &json!("The user's last active token.")));
            assert_eq!(order(server, token, kept, "enable", json!({})).await.body["status"], "active");
        }
        // Taking the last one back and devaluing it are allowed.
        assert_eq!(order(server, token, &pair[0], "unassign", json!({})).await.body["status"], "active");
        assert_eq!(order(server, token, &pair[1], "disable", json!({})).await.problem(), "refused");
        assert_eq!(order(server, token, &pair[1], "compromise", json!({ "reason": "lost" })).await.body["status"], "compromised");
    }

    async fn nobody_acts_on_the_token_of_one_who_may_do_more(server) {
        let world = server.world("Above").await;
        let token = &world.token;
        let boss = hands::user(server, &world, "boss").await;
        let invited = post(server, token, "/administrators", json!({ "email": "boss@above.example", "display_name": "Boss", "role": "owner" })).await;
        let member = format!("/administrators/{}", invited.body["administrator"]["id"].as_str().unwrap());
        let tied = server.request(Method::PATCH, &member).bearer_auth(token).json(&json!({ "user_id": boss }));
        assert_eq!(server.call(tied).await.status.as_u16(), 200);
        let (id, free) = (hotp(server, token, "B-1").await, hotp(server, token, "B-2").await);
        for one in [&id, &hotp(server, token, "B-3").await] {
            order(server, token, one, "assign", json!({ "user_id": boss })).await;
        }
        let operator = server.token(&world, "device_service_administrator").await;
        let pair = json!({ "first_otp": otp(0), "second_otp": otp(1) });
        for (verb, body) in [
            ("unassign", json!({})), ("disable", json!({})), ("compromise", json!({ "reason": "x" })), ("unlock", json!({})), ("resync", pair), ("test", json!({ "otp": "000000" })),
        ] {
            let refused = order(server, &operator, &id, verb, body).await;
            assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"), "{verb}: {}", refused.text);
            assert!(refused.body["detail"].as_str().unwrap().contains("privileges that you lack"), "{verb}: {}", refused.text);
        }
        // Whoever gives him a token whose seed he knows himself could sign in as him.
        let given = order(server, &operator, &free, "assign", json!({ "user_id": boss })).await;
        assert_eq!((given.status.as_u16(), given.problem()), (409, "refused"), "{}", given.text);
        let many = json!({ "action": "assign", "arguments": { "user_id": boss }, "selection": { "ids": [free] } });
        let begun = post(server, &operator, "/otp-tokens/bulk", many).await;
        assert_eq!(ended(server, &operator, &begun.body["id"]).await["refused"], 1);
        let file = || "upn,serial number,secret key\nboss,B-4,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n".to_owned();
        let brought = send(server, &operator, "", file(), &[]).await;
        assert_eq!((brought.status.as_u16(), &brought.body["errors"][0]["column"]), (422, &json!("upn")), "{}", brought.text);
        assert!(brought.text.contains("the user boss may do more than you"), "{}", brought.text);
        assert_eq!(get(server, token, &format!("/otp-tokens?user={boss}")).await.body["total"]["count"], 2);
        let path = format!("/users/{boss}/emergency-codes");
        assert_eq!(post(server, &operator, &path, json!({})).await.problem(), "refused");
        assert_eq!(server.call(server.request(Method::DELETE, &path).bearer_auth(&operator)).await.problem(), "refused");
        let bulk = json!({ "action": "compromise", "arguments": { "reason": "x" }, "selection": { "ids": [id, free] } });
        let begun = post(server, &operator, "/otp-tokens/bulk", bulk).await;
        ended(server, &operator, &begun.body["id"]).await;
        let status = async |id: &str| get(server, token, &format!("/otp-tokens/{id}")).await.body["status"].clone();
        assert_eq!((status(&id).await, status(&free).await), (json!("active"), json!("compromised")));
        assert_eq!(get(server, token, &format!("/otp-tokens/{id}")).await.body["failed_attempts"], 0);
        let brought = send(server, token, "", file(), &[]).await;
        assert_eq!(brought.status.as_u16(), 201, "the control: who may do as much gives it: {}", brought.text);
        let undo = format!("/imports/{}/undo", brought.body["id"].as_str().unwrap());
        let refused = post(server, &operator, &undo, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "refused"), "{}", refused.text);
        assert!(refused.text.contains("may do more than you"), "{}", refused.text);
        assert_eq!(post(server, token, &undo, json!({})).await.status.as_u16(), 200, "the control");
    }

    async fn emergency_codes_work_once_and_die_with_a_new_token(server) {
        let world = server.world("Emergency").await;
        let (token, user) = (&world.token, hands::user(server, &world, "ada").await);
        let path = format!("/users/{user}/emergency-codes");
        let first = codes(server, token, &user).await;
        assert_eq!(first.len(), 5);
        let list = async || get(server, token, &path).await;
        assert_eq!(list().await.body["items"].as_array().unwrap().len(), 5);
        assert_eq!(verify(server, token, "ada", &first[0]).await, true);
        assert_eq!(verify(server, token, "ada", &first[0]).await, false, "once");
        let told = list().await;
        let good: Vec<bool> = told.body["items"].as_array().unwrap().iter().map(|code| code["good"].as_bool().unwrap()).collect();
        assert_eq!(good.iter().filter(|good| **good).count(), 4, "{}", told.text);
        let log = get(server, token, "/audit-events?limit=100").await.text;
        for code in &first {
            assert!(!told.text.contains(code.as_str()) && !log.contains(code.as_str()));
        }
        // New ones take their place.
        let second = codes(server, token, &user).await;
        assert_eq!(verify(server, token, "ada", &first[1]).await, false);
        assert_eq!(verify(server, token, "ada", &second[1]).await, true);
        // A token that works ends them; one that is disabled does not.
        let id = hotp(server, token, "E-1").await;
        order(server, token, &id, "disable", json!({})).await;
        order(server, token, &id, "assign", json!({ "user_id": user })).await;
        assert_eq!(verify(server, token, "ada", &second[2]).await, true);
        order(server, token, &id, "enable", json!({})).await;
        assert_eq!(verify(server, token, "ada", &second[3]).await, false);
        assert_eq!(list().await.body["items"], json!([]));
        let third = codes(server, token, &user).await;
        let gone = server.call(server.request(Method::DELETE, &path).bearer_auth(token)).await;
        assert_eq!((gone.status.as_u16(), verify(server, token, "ada", &third[0]).await), (204, json!(false)));
        let fourth = codes(server, token, &user).await;
        server.clock.advance(std::time::Duration::from_secs(72 * 3_600 + 1));
        assert_eq!(verify(server, token, "ada", &fourth[0]).await, false, "after 72 hours");
        post(server, token, &format!("/users/{user}/disable"), json!({})).await;
        assert_eq!(post(server, token, &path, json!({})).await.problem(), "refused", "for a disabled user");
    }

    async fn emergency_codes_are_shown_once_and_to_somebody_who_confirmed_who_he_is(server) {
        let browser = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        let draft = json!({ "user_name": "eve", "display_name": "Eve" });
        let made = server.call(browser.send(server.request(Method::POST, "/users")).json(&draft)).await;
        let path = format!("/users/{}/emergency-codes", made.body["id"].as_str().unwrap());
        let issue = || browser.send(server.request(Method::POST, &path)).header("idempotency-key", "codes").json(&json!({}));
        assert_eq!(server.call(issue()).await.status.as_u16(), 201);
        let again = server.call(issue()).await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "refused"), "{}", again.text);
        server.clock.advance(std::time::Duration::from_mins(6));
        let late = server.call(browser.send(server.request(Method::POST, &path)).json(&json!({}))).await;
        assert_eq!((late.status.as_u16(), late.problem()), (403, "step-up-required"), "{}", late.text);
    }
}
