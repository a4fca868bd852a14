//! `/pi/{tenant}/validate/check`: what clients of privacyIDEA hear.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    otp_tokens::{TestToken, pressed, user},
    served,
    server::{Answer, TestServer, World},
    stock::get,
};

async fn turn(server: &TestServer, world: &World, change: Value) -> Answer {
    let request = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
    server.call(request.json(&json!({ "verification": change }))).await
}

/// The path below the server's own address, as the settings name it.
fn path(settings: &Answer) -> String {
    let url = settings.body["verification"]["compatible_url"].as_str().unwrap();
    let url: url::Url = url.parse().unwrap();
    format!("{}/validate/check", url.path())
}

async fn asked(server: &TestServer, path: &str, form: &[(&str, &str)]) -> Answer {
    server.call(server.raw(Method::POST, path).form(form)).await
}

fn value(answer: &Answer) -> bool {
    assert_eq!(
        (answer.status.as_u16(), &answer.body["result"]["status"]),
        (200, &json!(true)),
        "{}",
        answer.text
    );
    answer.body["result"]["value"].as_bool().unwrap()
}

served! {
    async fn clients_of_another_product_are_answered_in_its_words(server) {
        let world = server.world("Compatible").await;
        let token = TestToken::in_stock(server.app(), &world, "PI-1", pressed()).await;
        token.assigned(server.app(), user(server, &world, "zoe").await).await;
        let settings = turn(server, &world, json!({ "compatible": true, "compatible_networks": ["127.0.0.0/8", "::1"] })).await;
        assert_eq!(settings.status.as_u16(), 200, "{}", settings.text);
        let path = path(&settings);
        let right = asked(server, &path, &[("user", "zoe"), ("pass", &token.shown(0)), ("realm", "any")]).await;
        assert!(value(&right));
        assert_eq!(right.body["result"]["authentication"], "ACCEPT");
        let again = asked(server, &path, &[("user", "zoe"), ("pass", &token.shown(0))]).await;
        assert!(!value(&again), "a code was accepted twice");
        assert_eq!(again.body["result"]["authentication"], "REJECT");
        let unknown = asked(server, &path, &[("user", "nobody"), ("pass", &token.shown(0))]).await;
        assert_eq!(unknown.text, again.text, "an unknown user is told from a wrong code");
        let nobodys = asked(server, &path, &[("user", "zoe\0"), ("pass", &token.shown(1))]).await;
        assert_eq!(nobodys.text, again.text, "a name that no database takes is told from an unknown one");
        let query = format!("{path}?serial=pi1&pass={}", token.shown(1));
        assert!(value(&server.call(server.raw(Method::GET, &query)).await));
        let body = json!({ "user": "zoe", "pass": token.shown(2) });
        assert!(value(&server.call(server.raw(Method::POST, &path).json(&body)).await));
        let events = get(server, &world.token, "/audit-events?action=otp_token.verified").await;
        assert_eq!(events.body["items"].as_array().unwrap().len(), 3, "{}", events.text);
        assert_eq!(events.body["items"][0]["actor"]["label"], "validate/check", "{}", events.text);
    }

    async fn nobody_is_answered_who_was_not_named(server) {
        let world = server.world("Strangers").await;
        let token = TestToken::in_stock(server.app(), &world, "PI-2", pressed()).await;
        let path = path(&get(server, &world.token, "/settings").await);
        let code = token.shown(0);
        let form = [("serial", "PI-2"), ("pass", code.as_str())];
        let off = asked(server, &path, &form).await;
        assert_eq!((off.status.as_u16(), off.problem()), (404, "not-found"));
        turn(server, &world, json!({ "compatible": true, "compatible_networks": ["10.9.8.7"] })).await;
        assert_eq!(asked(server, &path, &form).await.status.as_u16(), 404, "from another network");
        let other = path.replace(&world.id, "0197a000-0000-7000-8000-000000000000");
        assert_eq!(asked(server, &other, &form).await.status.as_u16(), 404, "an unknown tenant");
        for astray in ["/validate/check?user=a&pass=1".to_owned(), path.replace("/check", "/checks"), format!("{path}/")] {
            let answer = server.call(server.raw(Method::GET, &astray)).await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not-found"), "{astray}");
        }
        turn(server, &world, json!({ "compatible_networks": ["0.0.0.0/0", "::/0"] })).await;
        assert!(value(&asked(server, &path, &form).await));
        turn(server, &world, json!({ "compatible": false })).await;
        assert_eq!(asked(server, &path, &form).await.status.as_u16(), 404, "off again");
    }

    async fn what_is_asked_wrongly_is_said_in_its_words(server) {
        let world = server.world("Malformed").await;
        let settings = turn(server, &world, json!({ "compatible": true, "compatible_networks": ["127.0.0.1", "::1"] })).await;
        let path = path(&settings);
        for form in [&[("user", "a")][..], &[("pass", "1")], &[("user", ""), ("pass", "1")], &[("user", "a"), ("serial", "b"), ("pass", "1")]] {
            let answer = asked(server, &path, form).await;
            assert_eq!((answer.status.as_u16(), &answer.body["result"]["status"]), (400, &json!(false)), "{form:?}");
            assert_eq!(answer.body["result"]["error"]["code"], 905);
        }
        let broken = server.raw(Method::POST, &path).header("content-type", "application/json").body("{");
        assert_eq!(server.call(broken).await.status.as_u16(), 400);
        for (at, change) in [
            ("/verification/compatible_networks", json!({ "compatible_networks": [] })),
            ("/verification/compatible_networks/1", json!({ "compatible_networks": ["::1", "10.0.0.0/99"] })),
            ("/verification/compatible_networks", json!({ "compatible_networks": vec!["::1"; 101] })),
        ] {
            let refused = turn(server, &world, change).await;
            assert_eq!(refused.body["errors"][0]["pointer"], at, "{}", refused.text);
        }
    }
}
