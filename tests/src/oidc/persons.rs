//! Who is who: ties to users, links to the provider, the last Owner.

use super::*;
use crate::{hands, standing::administrator};

/// The administrator of that address, as the list shows him.
async fn listed(server: &TestServer, world: &World, email: &str) -> Value {
    let all = get(server, &world.token, "/administrators").await;
    let found = all.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["email"] == email)
        .cloned();
    found.unwrap_or_else(|| panic!("{}", all.text))
}

served! {
    async fn a_subject_ties_a_person_to_a_user_and_a_name_that_he_chose_does_not(server) {
        let (world, provider, key) = ready(server, "Same person", json!({})).await;
        for name in ["boss", "s-2"] { hands::user(server, &world, name).await; }
        for (subject, user) in [("s-1", Value::Null), ("s-2", json!("s-2"))] {
            let way = begin(server, &key, "", None).await;
            let mut said = claims(server, &provider, &way, subject, &["desk"]);
            said["preferred_username"] = json!("boss");
            provider.say(&way.challenge, said);
            assert_eq!(page(&come_back(server, &way).await), "/");
            let who = listed(server, &world, &format!("{subject}@id.example")).await;
            assert_eq!(who["user"].get("user_name").cloned().unwrap_or_default(), user, "{who}");
        }
    }

    async fn a_borrowed_browser_makes_nobody_known_at_the_provider(server) {
        let (world, provider, key) = ready(server, "Borrowed link", json!({})).await;
        let (own, _) = administrator(server, &world, "lin@id.example", "auditor").await;
        server.clock.advance(Duration::from_mins(6));
        server.app().identities().forget_all();
        let start = || server.request(Method::GET, &format!("/session/oidc/{key}/start?purpose=link")).header("cookie", &own.cookie).header("sec-fetch-site", "same-origin");
        let refused = server.call(start()).await;
        assert_eq!((page(&refused), refused.headers.get(header::SET_COOKIE)), ("/sign-in?problem=oidc_step_up", None));
        let proven = own.send(server.request(Method::POST, "/session/step-up")).json(&json!({ "password": PASSWORD }));
        assert_eq!(server.call(proven).await.status, StatusCode::OK);
        let way = begin(server, &key, "?purpose=link", Some(&own.cookie)).await;
        provider.say(&way.challenge, claims(server, &provider, &way, "lin", &["eyes"]));
        assert_eq!(page(&come_back(server, &way).await), "/");
        assert_eq!(listed(server, &world, "lin@id.example").await["linked"], true);
    }

    async fn the_last_owner_keeps_his_role_against_his_groups_and_it_is_told(server) {
        let (world, provider, key) = ready(server, "Last Owner", json!({})).await;
        let own = server.browser(&server.sign_in("owner@example.org", PASSWORD).await);
        let moved = own.send(server.request(Method::PATCH, "/session")).json(&json!({ "tenant_id": world.id }));
        assert_eq!(server.call(moved).await.status, StatusCode::OK);
        let way = begin(server, &key, "?purpose=link", Some(&own.cookie)).await;
        provider.say(&way.challenge, claims(server, &provider, &way, "own", &["boss"]));
        assert_eq!(page(&come_back(server, &way).await), "/");
        let kept = async || get(server, &world.token, "/audit-events?action=administrator.kept_as_last_owner").await.body["items"].clone();
        let came = async || {
            let in_ = sign_in(server, &provider, &key, "own", &["desk"]).await;
            session(server, &session_cookie(&in_).unwrap()).await.body["role"].clone()
        };
        assert_eq!(came().await, "owner");
        let told = kept().await;
        assert_eq!((told.as_array().unwrap().len(), &told[0]["after"]["group_role"], &told[0]["object"]["label"]), (1, &json!("help_desk"), &json!("owner@example.org")), "{told}");
        // With another Owner who can sign in, his groups decide.
        let (second, _) = administrator(server, &world, "second@id.example", "owner").await;
        assert_eq!(came().await, "help_desk");
        let log = server.call(second.send(server.request(Method::GET, "/audit-events?action=administrator.kept_as_last_owner"))).await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 1, "{}", log.text);
    }
}
