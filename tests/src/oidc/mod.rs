//! `/session/oidc`, `/settings/sign-in/oidc`, `/sign-in-methods`: who comes in by a provider's word, and who does not.

mod persons;
pub(crate) mod provider;

use std::time::Duration;

use provider::Provider;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

use crate::{
    served,
    server::{Answer, PASSWORD, TestServer, World},
    stock::{get, post},
};

/// A browser on its way to the provider.
struct Way {
    key: String,
    cookie: String,
    state: String,
    nonce: String,
    challenge: String,
    address: Url,
}

async fn set_up(server: &TestServer, world: &World, provider: &Provider, more: Value) -> Answer {
    let mut draft = json!({
        "issuer": provider.issuer, "client_id": "claviger", "client_secret": "hush", "button_label": "Example ID",
        "group_roles": { "desk": "help_desk", "boss": "owner", "eyes": "auditor" },
    });
    draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let request = server
        .request(Method::PUT, "/settings/sign-in/oidc")
        .bearer_auth(&world.token);
    server.call(request.json(&draft)).await
}

async fn begin(server: &TestServer, key: &str, query: &str, session: Option<&str>) -> Way {
    let request = server.request(Method::GET, &format!("/session/oidc/{key}/start{query}"));
    let request = request.header("sec-fetch-site", "same-origin");
    let begun = server.call(request.header("cookie", session.unwrap_or("a=b"))).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    let address = Url::parse(begun.headers[header::LOCATION].to_str().unwrap()).unwrap();
    let said = |name: &str| {
        address
            .query_pairs()
            .find(|(known, _)| known == name)
            .unwrap()
            .1
            .into_owned()
    };
    let cookie = begun.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure"),
        "{cookie}"
    );
    Way {
        key: key.to_owned(),
        cookie: cookie.split(';').next().unwrap().to_owned(),
        state: said("state"),
        nonce: said("nonce"),
        challenge: said("code_challenge"),
        address,
    }
}

fn claims(server: &TestServer, provider: &Provider, way: &Way, subject: &str, groups: &[&str]) -> Value {
    let now = server.clock.now().as_micros() / 1_000_000;
    json!({
        "iss": provider.issuer, "aud": "claviger", "sub": subject, "iat": now, "exp": now + 300, "nonce": way.nonce,
        "email": format!("{subject}@id.example"), "email_verified": true, "name": subject, "groups": groups,
    })
}

async fn come_back(server: &TestServer, way: &Way) -> Answer {
    let path = format!("/session/oidc/{}/callback?code=c&state={}", way.key, way.state);
    server
        .call(server.request(Method::GET, &path).header("cookie", &way.cookie))
        .await
}

/// Where the browser ends up.
fn page(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap()
}

fn session_cookie(answer: &Answer) -> Option<String> {
    let cookies = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|line| line.to_str().unwrap());
    cookies
        .filter(|line| line.starts_with("__Host-claviger="))
        .map(|line| line.split(';').next().unwrap().to_owned())
        .next()
}

async fn session(server: &TestServer, cookie: &str) -> Answer {
    server
        .call(server.request(Method::GET, "/session").header("cookie", cookie))
        .await
}

/// Signs in as a subject with groups; answers the last answer.
async fn sign_in(server: &TestServer, provider: &Provider, key: &str, subject: &str, groups: &[&str]) -> Answer {
    let way = begin(server, key, "", None).await;
    provider.say(&way.challenge, claims(server, provider, &way, subject, groups));
    come_back(server, &way).await
}

async fn ready(server: &TestServer, name: &str, more: Value) -> (World, Provider, String) {
    let (world, provider) = (server.world(name).await, Provider::start().await);
    let made = set_up(server, &world, &provider, more).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let key = made.body["key"].as_str().unwrap().to_owned();
    (world, provider, key)
}

/// A provider for a tenant, and what names it in addresses.
pub(crate) async fn provided(server: &TestServer, world: &World) -> (Provider, String) {
    let provider = Provider::start().await;
    let made = set_up(server, world, &provider, json!({})).await;
    (provider, made.body["key"].as_str().unwrap().to_owned())
}

/// The request of a browser that comes back from a provider which vouches for it.
pub(crate) async fn coming_back(server: &TestServer, provider: &Provider, key: &str) -> reqwest::RequestBuilder {
    let way = begin(server, key, "", None).await;
    provider.say(&way.challenge, claims(server, provider, &way, "visitor", &["desk"]));
    let path = format!("/session/oidc/{key}/callback?code=c&state={}", way.state);
    server.request(Method::GET, &path).header("cookie", &way.cookie)
}

served! {
    async fn who_comes_by_the_provider_gets_the_role_of_his_groups_anew_each_time(server) {
        let (world, provider, key) = ready(server, "Roles", json!({})).await;
        let first = sign_in(server, &provider, &key, "ann", &["desk", "other"]).await;
        assert_eq!(page(&first), "/");
        let who = session(server, &session_cookie(&first).unwrap()).await;
        assert_eq!((&who.body["role"], &who.body["method"], &who.body["administrator"]["email"]), (&json!("help_desk"), &json!("oidc"), &json!("ann@id.example")));
        let second = sign_in(server, &provider, &key, "ann", &["desk", "boss"]).await;
        assert_eq!(session(server, &session_cookie(&second).unwrap()).await.body["role"], "owner", "the role that allows most");
        let third = sign_in(server, &provider, &key, "ann", &["eyes"]).await;
        assert_eq!(session(server, &session_cookie(&third).unwrap()).await.body["role"], "auditor");
        let listed = get(server, &world.token, "/administrators").await;
        let ann = listed.body["items"].as_array().unwrap().iter().find(|one| one["email"] == "ann@id.example").unwrap();
        assert_eq!((ann["linked"].as_bool(), ann["role"].as_str()), (Some(true), Some("auditor")));
    }

    async fn who_is_in_no_group_has_no_access_and_loses_what_he_had(server) {
        let (_, provider, key) = ready(server, "Nobody", json!({})).await;
        let in_ = sign_in(server, &provider, &key, "bob", &["desk"]).await;
        let cookie = session_cookie(&in_).unwrap();
        assert_eq!(session(server, &cookie).await.status, StatusCode::OK);
        for groups in [&[][..], &["strangers"]] {
            let out = sign_in(server, &provider, &key, "bob", groups).await;
            assert_eq!((page(&out), session_cookie(&out)), ("/sign-in?problem=oidc_no_access", None));
        }
        assert_eq!(session(server, &cookie).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_default_role_lets_in_those_without_a_group(server) {
        let (_, provider, key) = ready(server, "Default", json!({ "default_role": "view_only" })).await;
        let in_ = sign_in(server, &provider, &key, "cid", &[]).await;
        assert_eq!(session(server, &session_cookie(&in_).unwrap()).await.body["role"], "view_only");
    }

    async fn nobody_becomes_an_administrator_by_his_first_sign_in_where_that_is_off(server) {
        let (_, provider, key) = ready(server, "Closed", json!({ "create_administrators": false })).await;
        assert_eq!(page(&sign_in(server, &provider, &key, "dan", &["desk"]).await), "/sign-in?problem=oidc_unknown");
    }

    async fn an_address_is_no_proof_but_a_link_made_in_a_session_is(server) {
        let (world, provider, key) = ready(server, "Links to", json!({})).await;
        let order = json!({ "email": "eve@id.example", "display_name": "Eve", "role": "auditor" });
        let invited = post(server, &world.token, "/administrators", order).await;
        let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": link, "email": "eve@id.example", "display_name": "Eve", "password": PASSWORD });
        let own = server.browser(&server.call(server.request(Method::POST, "/setup").json(&form)).await);
        assert_eq!(page(&sign_in(server, &provider, &key, "eve", &["boss"]).await), "/sign-in?problem=oidc_address_taken");
        let way = begin(server, &key, "?purpose=link&return_to=/account", Some(&own.cookie)).await;
        provider.say(&way.challenge, claims(server, &provider, &way, "eve", &["desk"]));
        assert_eq!(page(&come_back(server, &way).await), "/account");
        let in_ = sign_in(server, &provider, &key, "eve", &["desk"]).await;
        let who = session(server, &session_cookie(&in_).unwrap()).await;
        assert_eq!((&who.body["administrator"]["id"], &who.body["role"]), (&invited.body["administrator"]["id"], &json!("help_desk")));
    }

    async fn another_site_makes_nobody_known_under_a_subject_of_its_own(server) {
        let (world, provider, key) = ready(server, "Forced", json!({})).await;
        let order = json!({ "email": "fay@id.example", "display_name": "Fay", "role": "auditor" });
        let invited = post(server, &world.token, "/administrators", order).await;
        let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": link, "email": "fay@id.example", "display_name": "Fay", "password": PASSWORD });
        let own = server.browser(&server.call(server.request(Method::POST, "/setup").json(&form)).await);
        for purpose in ["link", "step_up"] {
            let start = || server.request(Method::GET, &format!("/session/oidc/{key}/start?purpose={purpose}")).header("cookie", &own.cookie);
            for request in [start(), start().header("sec-fetch-site", "cross-site"), start().header("sec-fetch-site", "same-site")] {
                let forced = server.call(request).await;
                assert_eq!((forced.status, forced.problem()), (StatusCode::FORBIDDEN, "forbidden"), "{purpose}: {}", forced.text);
            }
            begin(server, &key, &format!("?purpose={purpose}"), Some(&own.cookie)).await;
        }
        // Whoever came by the provider's word makes nobody else known at it.
        let by_provider = session_cookie(&sign_in(server, &provider, &key, "gus", &["desk"]).await).unwrap();
        let start = server.request(Method::GET, &format!("/session/oidc/{key}/start?purpose=link")).header("sec-fetch-site", "same-origin");
        let refused = server.call(start.header("cookie", by_provider)).await;
        assert_eq!(page(&refused), "/sign-in?problem=oidc_expired", "{}", refused.text);
    }

    async fn a_client_secret_is_not_sent_to_an_issuer_that_is_named_later(server) {
        let (world, provider, _) = ready(server, "Moved", json!({})).await;
        let elsewhere = json!({ "issuer": "https://evil.example", "client_secret": null });
        let refused = set_up(server, &world, &provider, elsewhere).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["pointer"]), (422, &json!("/client_secret")), "{}", refused.text);
        let label = json!({ "button_label": "Sign in", "client_secret": null });
        assert_eq!(set_up(server, &world, &provider, label).await.status, StatusCode::OK, "the same issuer keeps it");
        let anew = json!({ "issuer": "https://other.example", "client_secret": "another" });
        assert_eq!(set_up(server, &world, &provider, anew).await.status, StatusCode::OK);
    }

    async fn a_token_that_does_not_hold_lets_nobody_in(server) {
        type Spoil = fn(&mut Value);
        let (world, provider, key) = ready(server, "Hostile", json!({})).await;
        let spoilt: [(&str, Spoil); 7] = [
            ("wrong issuer", |claims| claims["iss"] = json!("https://evil.example")),
            ("wrong audience", |claims| claims["aud"] = json!("somebody-else")),
            ("a second audience", |claims| claims["aud"] = json!(["claviger", "somebody-else"])),
            ("expired", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 1)),
            ("wrong nonce", |claims| claims["nonce"] = json!("n")),
            ("no nonce", |claims| drop(claims.as_object_mut().unwrap().remove("nonce"))),
            ("no subject", |claims| drop(claims.as_object_mut().unwrap().remove("sub"))),
        ];
        for (what, spoil) in spoilt {
            let way = begin(server, &key, "", None).await;
            let mut said = claims(server, &provider, &way, "mal", &["boss"]);
            spoil(&mut said);
            provider.say(&way.challenge, said);
            let out = come_back(server, &way).await;
            assert_eq!((page(&out), session_cookie(&out)), ("/sign-in?problem=oidc_refused", None), "{what}");
        }
        for (what, head, forged, unsigned) in [
            ("wrong key", json!({ "alg": "EdDSA", "kid": "1" }), true, false),
            ("unsigned", json!({ "alg": "none" }), false, true),
            ("unsigned, with a key's name", json!({ "alg": "none", "kid": "1" }), false, false),
            ("shared secret", json!({ "alg": "HS256" }), false, false),
            ("cut off", json!({ "alg": "EdDSA", "kid": "1" }), false, true),
        ] {
            provider.head(head);
            provider.forge(forged);
            provider.unsigned(unsigned);
            let out = sign_in(server, &provider, &key, "mal", &["boss"]).await;
            assert_eq!((page(&out), session_cookie(&out)), ("/sign-in?problem=oidc_refused", None), "{what}");
        }
        let log = get(server, &world.token, "/audit-events?limit=50").await;
        assert_eq!(log.text.matches("session.refused").count(), 12, "each stands in the log");
        assert!(!get(server, &world.token, "/administrators").await.text.contains("mal@"), "nothing was made");
        provider.head(json!({ "alg": "EdDSA", "kid": "1" }));
        provider.forge(false);
        provider.unsigned(false);
        assert!(session_cookie(&sign_in(server, &provider, &key, "mal", &["desk"]).await).is_some(), "control");
    }

    async fn a_sign_in_ends_once_in_its_own_browser_and_in_time(server) {
        let (_, provider, key) = ready(server, "Once", json!({})).await;
        let way = begin(server, &key, "", None).await;
        provider.say(&way.challenge, claims(server, &provider, &way, "fay", &["desk"]));
        assert!(session_cookie(&come_back(server, &way).await).is_some());
        assert_eq!(page(&come_back(server, &way).await), "/sign-in?problem=oidc_expired", "replayed");
        let (mine, other) = (begin(server, &key, "", None).await, begin(server, &key, "", None).await);
        provider.say(&mine.challenge, claims(server, &provider, &mine, "fay", &["desk"]));
        let stolen = Way { cookie: other.cookie, ..mine };
        assert_eq!(page(&come_back(server, &stolen).await), "/sign-in?problem=oidc_expired", "another browser's cookie");
        let invented = Way { state: "x".to_owned(), ..stolen };
        assert_eq!(page(&come_back(server, &invented).await), "/sign-in?problem=oidc_expired");
        let late = begin(server, &key, "", None).await;
        server.clock.advance(Duration::from_secs(601));
        provider.say(&late.challenge, claims(server, &provider, &late, "fay", &["desk"]));
        assert_eq!(page(&come_back(server, &late).await), "/sign-in?problem=oidc_expired", "late");
        let refused = begin(server, &key, "", None).await;
        let path = format!("/session/oidc/{key}/callback?error=access_denied&state={}", refused.state);
        let back = server.call(server.request(Method::GET, &path).header("cookie", &refused.cookie)).await;
        assert_eq!(page(&back), "/sign-in?problem=oidc_refused");
    }

    async fn an_owner_comes_in_beside_the_provider_and_it_is_loud(server) {
        let (world, _provider, _) = ready(server, "Glass", json!({})).await;
        let moved = server.sign_in("owner@example.org", PASSWORD).await;
        assert_eq!(moved.status, StatusCode::OK);
        let order = json!({ "email": "glass@example.org", "display_name": "Glass", "role": "owner" });
        let invited = post(server, &world.token, "/administrators", order).await;
        let link = invited.body["link"].as_str().unwrap().split_once("token=").unwrap().1;
        let form = json!({ "setup_token": link, "email": "glass@example.org", "display_name": "Glass", "password": PASSWORD });
        server.call(server.request(Method::POST, "/setup").json(&form)).await;
        let count = async || get(server, &world.token, "/audit-events?action=session.break_glass").await.body["items"].as_array().unwrap().len();
        let before = count().await;
        assert_eq!(server.sign_in("glass@example.org", PASSWORD).await.status, StatusCode::OK);
        assert_eq!(count().await, before + 1);
        // It stands on the first page until somebody else takes note; whoever did it does not count.
        let shown = async || {
            let overview = get(server, &world.token, "/overview").await.body;
            overview["attention"].as_array().unwrap().iter().find(|item| item["kind"] == "break_glass").cloned()
        };
        let item = shown().await.expect("a sign-in beside the provider");
        let note = json!({ "kind": "break_glass", "until": item["newest_at"] });
        let own = server.sign_in("glass@example.org", PASSWORD).await;
        let own = server.browser(&own);
        let count_before = shown().await.unwrap()["count"].as_u64().unwrap();
        let mine = server.call(own.send(server.request(Method::POST, "/audit/acknowledgements")).json(&note)).await;
        assert_eq!((mine.status, mine.problem()), (StatusCode::CONFLICT, "refused"), "{}", mine.text);
        let blind = server.token(&world, "help_desk").await;
        let unseen = get(server, &blind, "/overview").await.body;
        assert!(unseen["attention"].as_array().unwrap().iter().all(|item| item["kind"] != "break_glass"), "{unseen}");
        assert_eq!(post(server, &blind, "/audit/acknowledgements", note.clone()).await.status, StatusCode::FORBIDDEN);
        let officer = server.token(&world, "auditor").await;
        let taken = post(server, &officer, "/audit/acknowledgements", note.clone()).await;
        assert_eq!((taken.status, &taken.body["count"]), (StatusCode::OK, &item["count"]), "{}", taken.text);
        let left = shown().await.expect("what came after the officer looked");
        assert_eq!(left["count"], count_before - item["count"].as_u64().unwrap());
        let later = json!({ "kind": "break_glass", "until": left["newest_at"] });
        assert_eq!(post(server, &officer, "/audit/acknowledgements", later).await.status, StatusCode::OK);
        assert_eq!(shown().await, None);
        let said = get(server, &world.token, "/audit-events?action=session.break_glass_acknowledged").await.body;
        assert_eq!(said["items"].as_array().unwrap().len(), 2, "{said}");
        let before = count().await - 1;
        let gone = server.request(Method::DELETE, "/settings/sign-in/oidc").bearer_auth(&world.token);
        assert_eq!(server.call(gone).await.status, StatusCode::NO_CONTENT);
        assert_eq!(server.sign_in("glass@example.org", PASSWORD).await.status, StatusCode::OK);
        assert_eq!(count().await, before + 1, "nothing to be loud about without a provider");
    }

    async fn an_owner_who_moves_in_beside_the_provider_is_as_loud_as_one_who_signs_in(server) {
        let (world, _provider, _) = ready(server, "Moved in", json!({})).await;
        let told = async || get(server, &world.token, "/audit-events?action=session.break_glass").await.body["items"].as_array().unwrap().clone();
        let shown = async || {
            let overview = get(server, &world.token, "/overview").await.body;
            overview["attention"].as_array().unwrap().iter().find(|item| item["kind"] == "break_glass").map(|item| item["count"].clone())
        };
        let owner = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        let home = owner.session["tenant"]["id"].clone();
        assert_ne!(home, world.id, "control: she starts elsewhere");
        let move_to = async |tenant: &Value| {
            let moved = server.call(owner.send(server.request(Method::PATCH, "/session")).json(&json!({ "tenant_id": tenant }))).await;
            assert_eq!(moved.status, StatusCode::OK, "{}", moved.text);
        };
        let before = told().await.len();
        assert_eq!(shown().await, None);
        move_to(&json!(world.id)).await;
        let events = told().await;
        assert_eq!((events.len(), shown().await), (before + 1, Some(json!(1))));
        assert_eq!((&events[0]["after"]["method"], &events[0]["actor"]["label"]), (&json!("password"), &json!("owner@example.org")), "{events:?}");
        move_to(&json!(world.id)).await;
        assert_eq!(told().await.len(), before + 1, "she is there already");
        move_to(&home).await;
        assert_eq!(told().await.len(), before + 1);
        let gone = server.request(Method::DELETE, "/settings/sign-in/oidc").bearer_auth(&world.token);
        assert_eq!(server.call(gone).await.status, StatusCode::NO_CONTENT);
        move_to(&json!(world.id)).await;
        assert_eq!(told().await.len(), before + 1, "nothing to be loud about without a provider");
    }

    async fn nobody_configures_a_way_to_a_role_above_his_own(server) {
        let (world, provider, _) = ready(server, "Above me", json!({})).await;
        let admin = World { id: world.id.clone(), token: server.token(&world, "administrator").await };
        let refused = set_up(server, &admin, &provider, json!({ "group_roles": { "desk": "help_desk" } })).await;
        assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "forbidden"), "it leads to the Owner's role");
        let gone = server.request(Method::DELETE, "/settings/sign-in/oidc").bearer_auth(&admin.token);
        assert_eq!(server.call(gone).await.problem(), "forbidden");
        assert_eq!(set_up(server, &world, &provider, json!({ "group_roles": { "desk": "help_desk" } })).await.status, StatusCode::OK);
        let up = set_up(server, &admin, &provider, json!({ "group_roles": { "desk": "owner" } })).await;
        assert_eq!(up.problem(), "forbidden", "{}", up.text);
        assert_eq!(set_up(server, &admin, &provider, json!({ "group_roles": { "desk": "auditor" } })).await.status, StatusCode::OK);
        let program = set_up(server, &world, &provider, json!({ "default_role": "verifier" })).await;
        assert_eq!((program.status.as_u16(), &program.body["errors"][0]["pointer"]), (422, &json!("/default_role")));
        let open = set_up(server, &world, &provider, json!({ "issuer": "http://id.example.org" })).await;
        assert_eq!((open.status.as_u16(), &open.body["errors"][0]["pointer"]), (422, &json!("/issuer")));
    }

    async fn a_session_by_the_provider_stays_in_its_tenant_and_leaves_no_other_way_in(server) {
        let (_, provider, key) = ready(server, "Confined", json!({})).await;
        let in_ = sign_in(server, &provider, &key, "gus", &["boss"]).await;
        let cookie = session_cookie(&in_).unwrap();
        let ask = async |method: Method, path: &str, body: Value| {
            let request = server.request(method, path).header("cookie", &cookie).header("origin", server.origin());
            server.call(request.header("sec-fetch-site", "same-origin").json(&body)).await
        };
        let tenant = server.owner.session["tenant"]["id"].clone();
        let own_means = "Sign in by a password or passkey of your own for this.";
        for (method, path, body) in [
            (Method::PATCH, "/session", json!({ "tenant_id": tenant })),
            (Method::POST, "/tenants", json!({ "name": "Mine" })),
            (Method::POST, "/account/passkeys/registration", json!({})),
            (Method::POST, "/account/password", json!({ "new_password": PASSWORD })),
        ] {
            let refused = ask(method, path, body).await;
            assert_eq!((refused.status, refused.body["detail"].as_str()), (StatusCode::FORBIDDEN, Some(own_means)), "{path}");
        }
        assert_eq!(ask(Method::GET, "/session", json!({})).await.body["tenants"].as_array().unwrap().len(), 1);
    }

    async fn step_up_at_the_provider_needs_somebody_to_have_signed_in_anew(server) {
        let (_, provider, key) = ready(server, "Step up", json!({})).await;
        let in_ = sign_in(server, &provider, &key, "hal", &["boss"]).await;
        let cookie = session_cookie(&in_).unwrap();
        let began = session(server, &cookie).await.body["authenticated_at"].clone();
        server.clock.advance(Duration::from_mins(10));
        let now = server.clock.now().as_micros() / 1_000_000;
        for (subject, auth_time, expected) in [("hal", None, "/sign-in?problem=oidc_refused"), ("hal", Some(now - 600), "/sign-in?problem=oidc_refused"), ("ian", Some(now), "/sign-in?problem=oidc_somebody_else"), ("hal", Some(now), "/inventory")] {
            let way = begin(server, &key, "?purpose=step_up&return_to=/inventory", Some(&cookie)).await;
            assert!(way.address.as_str().contains("prompt=login") && way.address.as_str().contains("max_age=0"));
            let mut said = claims(server, &provider, &way, subject, &["boss"]);
            if let Some(at) = auth_time { said["auth_time"] = json!(at); }
            provider.say(&way.challenge, said);
            assert_eq!(page(&come_back(server, &way).await), expected, "{subject} {auth_time:?}");
        }
        assert_ne!(session(server, &cookie).await.body["authenticated_at"], began);
    }

    async fn the_sign_in_page_offers_the_button_and_nobody_sees_the_secret(server) {
        let (world, provider, key) = ready(server, "Button", json!({})).await;
        let offered = server.call(server.request(Method::GET, "/sign-in-methods")).await;
        assert!(offered.body["oidc"].as_array().unwrap().contains(&json!({ "key": key, "label": "Example ID" })), "{}", offered.text);
        let shown = get(server, &world.token, "/settings/sign-in/oidc").await;
        assert_eq!((shown.body["client_secret_set"].as_bool(), shown.text.contains("hush")), (Some(true), false));
        assert!(!get(server, &world.token, "/audit-events?limit=20").await.text.contains("hush"));
        let tested = post(server, &world.token, "/settings/sign-in/oidc/test", json!({})).await;
        assert_eq!(tested.body["ok"], true, "{}", tested.text);
        provider.call_itself(Some("https://evil.example"));
        let liar = post(server, &world.token, "/settings/sign-in/oidc/test", json!({})).await;
        assert_eq!(liar.body["ok"], false, "{}", liar.text);
        let begun = server.call(server.request(Method::GET, &format!("/session/oidc/{key}/start"))).await;
        assert_eq!(page(&begun), "/sign-in?problem=oidc_unavailable");
        set_up(server, &world, &provider, json!({ "listed": false })).await;
        assert!(!server.call(server.request(Method::GET, "/sign-in-methods")).await.text.contains(&key));
    }
}

/// What one server begins, another ends: nothing of it stays in a process.
#[test]
fn a_sign_in_ends_on_another_server() {
    claviger_testkit::run(|| async {
        let server = TestServer::start_on_postgres().await;
        let (_, provider, key) = ready(&server, "Elsewhere", json!({})).await;
        let second = server.beside().await;
        let way = begin(&server, &key, "", None).await;
        provider.say(&way.challenge, claims(&server, &provider, &way, "joy", &["desk"]));
        let path = format!("/api/v1/session/oidc/{key}/callback?code=c&state={}", way.state);
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let request = http
            .get(format!("http://{}{path}", second.address()))
            .header("cookie", &way.cookie);
        let back = request.send().await.unwrap();
        assert_eq!(back.status(), StatusCode::SEE_OTHER);
        assert_eq!(back.headers()["location"], "/");
        assert_eq!(page(&come_back(&server, &way).await), "/sign-in?problem=oidc_expired");
        second.stop().await;
        server.stop().await;
    });
}
