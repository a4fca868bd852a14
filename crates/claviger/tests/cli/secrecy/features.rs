//! Every feature that takes a secret or shows one, with canaries for secrets.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{
    hands::{Hands, Shown},
    otp,
    strangers::Stranger,
};

/// How often each feature is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) people: usize,
    pub(crate) programs: usize,
    pub(crate) keys: usize,
    pub(crate) servers: usize,
    pub(crate) guesses: usize,
    pub(crate) tokens: usize,
}

/// Uses them all; answers the strangers, who heard what they were to hear.
pub(crate) fn use_all(hands: &mut Hands<'_>, plan: Plan) -> [Stranger; 2] {
    let token = hands.site.token.clone();
    hands.flock.keep_encoded("setup", &token, 16);
    for number in 0..plan.people {
        person(hands, number);
    }
    programs(hands, plan.programs);
    keys(hands, plan.keys);
    if plan.tokens > 0 {
        otp::use_all(hands, plan.tokens);
    }
    let strangers = [mail(hands, plan.servers), sign_in(hands, plan.servers)];
    guesses(hands, plan.guesses);
    strangers
}

/// Somebody is invited, takes the link, signs in and proves who he is, mistypes, and changes his password.
fn person(hands: &mut Hands<'_>, number: usize) {
    let email = format!("person{number}@example.org");
    let draft = json!({ "email": email, "display_name": "Person", "role": "view_only" });
    let invited = hands.done("/administrators", &draft, Shown::InTheBody);
    let link = invited.text("/link").split_once("token=").unwrap().1.to_owned();
    hands.flock.keep_encoded("invitation", &link, 0);
    let id = invited.text("/administrator/id").to_owned();
    let again = hands.done(
        &format!("/administrators/{id}/invitation"),
        &json!({}),
        Shown::InTheBody,
    );
    let newer = again.text("/link").split_once("token=").unwrap().1.to_owned();
    hands.flock.keep_encoded("invitation", &newer, 0);
    let stale = hands
        .request(Method::POST, "/setup/link")
        .json(&json!({ "setup_token": link }));
    hands.refused(stale);
    let look = hands
        .request(Method::POST, "/setup/link")
        .json(&json!({ "setup_token": newer }));
    assert!(hands.send(look, Shown::Nowhere).status.is_success());

    let password = hands.flock.typed("password");
    let order = json!({ "setup_token": newer, "email": email, "display_name": "Person", "password": password });
    let arrive = hands.request(Method::POST, "/setup").json(&order);
    let cookie = entered(hands, arrive);
    let twice = hands.request(Method::POST, "/setup").json(&order);
    hands.refused(twice);
    let wrong = hands.flock.typed("wrong password");
    let attempt = hands
        .request(Method::POST, "/session")
        .json(&json!({ "email": email, "password": wrong }));
    hands.refused(attempt);
    let wrong = hands.flock.typed("wrong step-up");
    let attempt = hands
        .browser(Method::POST, "/session/step-up", &cookie)
        .json(&json!({ "password": wrong }));
    hands.refused(attempt);
    let step_up = hands
        .browser(Method::POST, "/session/step-up", &cookie)
        .json(&json!({ "password": password }));
    assert!(hands.send(step_up, Shown::Nowhere).status.is_success());
    let newest = hands.flock.typed("password");
    let change = json!({ "current_password": password, "new_password": newest });
    let change = hands.browser(Method::POST, "/account/password", &cookie).json(&change);
    assert!(hands.send(change, Shown::Nowhere).status.is_success());
    let credentials = json!({ "email": email, "password": newest });
    let sign_in = hands.request(Method::POST, "/session").json(&credentials);
    let cookie = entered(hands, sign_in);
    for path in ["/session", "/account", "/account/sessions"] {
        let look = hands.browser(Method::GET, path, &cookie);
        assert!(hands.send(look, Shown::Nowhere).status.is_success());
    }
}

/// Sends what opens a session; answers its cookie.
fn entered(hands: &mut Hands<'_>, request: reqwest::blocking::RequestBuilder) -> String {
    let answer = hands.send(request, Shown::InTheCookie);
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
    let (cookie, secret) = answer.cookie();
    hands.flock.keep_encoded("session", &secret, 0);
    cookie
}

fn programs(hands: &mut Hands<'_>, count: usize) {
    for number in 0..count {
        let draft = json!({ "name": format!("program {number}"), "role": "view_only" });
        let made = hands.done("/api-tokens", &draft, Shown::InTheBody);
        let (id, token) = (made.text("/id").to_owned(), made.text("/token").to_owned());
        hands.flock.keep_encoded("API token", &token, 16);
        let look = hands.request(Method::GET, "/session").bearer_auth(&token);
        hands.send(look, Shown::Nowhere);
        if number % 4 == 0 {
            let revoke = hands.owner(Method::DELETE, &format!("/api-tokens/{id}"));
            assert!(hands.send(revoke, Shown::Nowhere).status.is_success());
            let late = hands.request(Method::GET, "/session").bearer_auth(&token);
            hands.refused(late);
        }
    }
}

/// Keys get their PINs; some are confirmed and shown, some are asked for again, some are dropped.
fn keys(hands: &mut Hands<'_>, count: usize) {
    let rules =
        json!({ "name": "Administrators", "type": "enterprise", "min_pin_length": 20, "pin_kind": "characters" });
    let policy = hands.done("/policies", &rules, Shown::Nowhere).text("/id").to_owned();
    let quota = hands
        .owner(Method::PATCH, "/settings")
        .json(&json!({ "pins": { "shows_per_hour": 1000 } }));
    assert!(hands.send(quota, Shown::Nowhere).status.is_success());
    for (number, (id, serial)) in stock(hands, count).into_iter().enumerate() {
        let path = format!("/security-keys/{id}");
        let order = json!({ "policy_id": policy, "serial_seen": serial, "admin_pin": true });
        let made = hands.done(&format!("{path}/configuration"), &order, Shown::InTheBody);
        for pin in ["/user_pin", "/admin_pin"] {
            let pin = made.text(pin).to_owned();
            hands.flock.keep("PIN", &pin);
        }
        let confirm = format!("{path}/configuration/{}/confirm", made.body["generation"]);
        match number % 4 {
            0 => {
                hands.done(&format!("{path}/configuration"), &order, Shown::InTheBody);
            }
            1 => {
                let drop = hands.owner(Method::DELETE, &format!("{path}/configuration"));
                assert!(hands.send(drop, Shown::Nowhere).status.is_success());
            }
            _ => {
                let equal = json!({ "serial_seen": serial, "read_back": "equal" });
                hands.done(&confirm, &equal, Shown::Nowhere);
                for field in ["user_pin", "admin_pin"] {
                    hands.done(
                        &format!("{path}/initial-pin/show"),
                        &json!({ "field": field }),
                        Shown::InTheBody,
                    );
                }
            }
        }
        if number % 8 == 3 {
            hands.done(&format!("{path}/revoke"), &json!({ "reason": "lost" }), Shown::Nowhere);
        }
        hands.read(&format!("{path}/initial-pin"));
        hands.read(&format!("{path}/events"));
    }
}

/// Imports so many keys; answers id and serial number of each.
fn stock(hands: &mut Hands<'_>, count: usize) -> Vec<(String, String)> {
    let rows: Vec<String> = (0..count).map(|row| format!("Key,SN-{row:06},FIDO_2_1\n")).collect();
    let file = format!("deviceName,serialNumber,version\n{}", rows.concat());
    let file = hands.site.write("delivery.csv", &file);
    hands.site.ask(&["imports", "create", &file]).ok();
    let mut keys = Vec::new();
    let mut next = String::new();
    loop {
        let page = hands.read(&format!("/security-keys?limit=200{next}"));
        let text = |key: &Value, field: &str| key[field].as_str().unwrap().to_owned();
        let items = page.body["items"].as_array().unwrap();
        keys.extend(items.iter().map(|key| (text(key, "id"), text(key, "serial_number"))));
        match page.body["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(keys.len(), count);
    keys
}

/// Passwords of a mail server that repeats them.
fn mail(hands: &mut Hands<'_>, count: usize) -> Stranger {
    let stranger = Stranger::mail_server();
    for _ in 0..count {
        let password = hands.flock.typed("mail password");
        let mail = json!({
            "host": "127.0.0.1", "port": stranger.port, "encryption": "none", "user_name": "claviger", "password": password,
            "from_address": "keys@example.org", "from_name": "Keys",
        });
        let change = hands.owner(Method::PATCH, "/settings").json(&json!({ "mail": mail }));
        assert!(hands.send(change, Shown::Nowhere).status.is_success());
        let test = hands
            .owner(Method::POST, "/settings/mail/test")
            .json(&json!({ "to": "ada@example.org" }));
        hands.refused(test);
    }
    stranger
}

/// Client secrets of a provider that repeats them, and browsers that come back from it with a code.
fn sign_in(hands: &mut Hands<'_>, count: usize) -> Stranger {
    let stranger = Stranger::provider();
    for _ in 0..count {
        let secret = hands.flock.typed("client secret");
        let draft = json!({
            "issuer": format!("http://127.0.0.1:{}", stranger.port), "client_id": "claviger", "client_secret": secret,
            "button_label": "Example", "group_roles": { "desk": "help_desk" },
        });
        let change = hands.owner(Method::PUT, "/settings/sign-in/oidc").json(&draft);
        assert!(hands.send(change, Shown::Nowhere).status.is_success());
        hands.done("/settings/sign-in/oidc/test", &json!({}), Shown::Nowhere);
        let key = hands.read("/sign-in-methods").text("/oidc/0/key").to_owned();
        let start = hands.request(Method::GET, &format!("/session/oidc/{key}/start"));
        let sent = hands.send(start.header("sec-fetch-site", "same-origin"), Shown::Nowhere);
        let page = sent.headers[header::LOCATION].to_str().unwrap();
        let state = page
            .split("state=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .to_owned();
        let (cookie, _) = sent.cookie();
        let code = hands.flock.typed("authorization code");
        let path = format!("/session/oidc/{key}/callback?code={code}&state={state}");
        let back = hands.request(Method::GET, &path).header(header::COOKIE, cookie);
        let back = hands.send(back, Shown::Nowhere);
        let page = back.headers[header::LOCATION].to_str().unwrap();
        assert!(page.contains("problem="), "nobody vouched for this one: {page}");
    }
    stranger
}

/// Credentials that open nothing, and secrets in requests that are none.
fn guesses(hands: &mut Hands<'_>, count: usize) {
    for number in 0..count {
        let guess = hands.flock.typed("guess");
        let request = match number % 8 {
            0 => hands.request(Method::GET, "/session").bearer_auth(&guess),
            1 => hands.request(Method::GET, "/session").basic_auth("ada", Some(&guess)),
            2 => hands.browser(Method::GET, "/session", &format!("__Host-claviger={guess}")),
            3 => hands
                .request(Method::POST, "/setup/link")
                .json(&json!({ "setup_token": guess })),
            4 => {
                let broken = format!(r#"{{"email":"ada@example.org","password":"{guess}""#);
                let request = hands.request(Method::POST, "/session").body(broken);
                request.header(header::CONTENT_TYPE, "application/json")
            }
            5 => hands
                .request(Method::POST, "/session")
                .json(&json!({ "email": 7, "password": guess })),
            6 => hands
                .request(Method::POST, "/session")
                .json(&json!({ "email": "a", "password": [guess] })),
            _ => {
                let mail = json!({ "mail": { "host": "mail.example.org", "port": "x", "password": guess } });
                hands.owner(Method::PATCH, "/settings").json(&mail)
            }
        };
        hands.refused(request);
    }
}
