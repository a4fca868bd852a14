//! `/users`: the people of a tenant, their keys, and what becomes of these when they leave.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    served,
    server::{Answer, TestServer, World},
    stock::{ended, get, keys, policy, post, stocked, total},
};

async fn user(server: &TestServer, token: &str, name: &str, display: &str, email: Option<&str>) -> Value {
    let draft = json!({ "user_name": name, "display_name": display, "email": email });
    let made = post(server, token, "/users", draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    made.body
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

fn names(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("{}", answer.text));
    items.iter().map(|user| user["user_name"].as_str().unwrap()).collect()
}

/// A tenant with `count` keys, all READY and assigned to one user.
async fn handed_out(server: &TestServer, name: &str, count: u32) -> (World, Value) {
    let world = stocked(server, name, count).await;
    let policy = policy(server, &world.token, "Staff", "standard").await;
    let ada = user(server, &world.token, "ada", "Ada", None).await;
    for key in keys(server, &world.token, "").await {
        let path = |verb: &str| format!("/security-keys/{}/{verb}", id(&key));
        post(
            server,
            &world.token,
            &path("link-policy"),
            json!({ "policy_id": policy }),
        )
        .await;
        let given = post(server, &world.token, &path("assign"), json!({ "user_id": ada["id"] })).await;
        assert_eq!(given.body["user"]["user_name"], "ada", "{}", given.text);
    }
    (world, ada)
}

served! {
    async fn a_user_is_made_changed_disabled_and_enabled(server) {
        let world = server.world("People").await;
        let token = &world.token;
        let draft = json!({ "user_name": " Ada ", "display_name": "Ada Lovelace", "email": "Ada@Example.org", "locale": "cs" });
        let made = post(server, token, "/users", draft.clone()).await;
        assert_eq!((made.status.as_u16(), made.body["user_name"].as_str(), made.body["email"].as_str()), (201, Some("Ada"), Some("Ada@example.org")));
        assert_eq!((&made.body["status"], &made.body["disabled_at"], &made.body["keys"]), (&json!("active"), &json!(null), &json!(0)));
        assert_eq!(made.body["allowed_actions"], json!(["update", "disable"]));
        let path = format!("/users/{}", id(&made.body));
        let twin = post(server, token, "/users", json!({ "user_name": "ADA", "display_name": "x" })).await;
        assert_eq!((twin.status.as_u16(), twin.problem()), (409, "duplicate"));
        let put = async |body: &Value, revision: &str| {
            let request = server.request(Method::PUT, &path).bearer_auth(token).header("if-match", revision);
            server.call(request.json(body)).await
        };
        assert_eq!(put(&draft, "1").await.body["revision"], 1, "the same again changes nothing");
        let changed = put(&json!({ "user_name": "ada", "display_name": "Countess" }), "\"1\"").await;
        assert_eq!((&changed.body["revision"], &changed.body["email"], &changed.body["locale"]), (&json!(2), &json!(null), &json!(null)));
        assert_eq!(put(&draft, "1").await.problem(), "stale");
        let disabled = post(server, token, &format!("{path}/disable"), json!({})).await;
        assert_eq!(disabled.body["status"], "disabled", "{}", disabled.text);
        assert_eq!(disabled.body["disabled_at"], disabled.body["updated_at"]);
        let twice = post(server, token, &format!("{path}/disable"), json!({})).await;
        assert_eq!((twice.problem(), &twice.body["state"], &twice.body["detail"]), ("refused", &json!("disabled"), &json!("This user is disabled already.")));
        let enabled = post(server, token, &format!("{path}/enable"), json!({})).await;
        assert_eq!((&enabled.body["status"], &enabled.body["disabled_at"]), (&json!("active"), &json!(null)));
        let events = get(server, token, &format!("{path}/events")).await;
        let actions: Vec<&str> = events.body["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["user.enabled", "user.disabled", "user.changed", "user.created"]);
        assert_eq!(events.body["items"][2]["before"]["display_name"], "Ada Lovelace");
    }

    async fn every_fault_of_a_user_is_told_at_once(server) {
        let world = server.world("Faults").await;
        let draft = json!({ "user_name": " ", "display_name": "a\u{202e}b", "email": "nobody", "locale": "english_US" });
        let refused = post(server, &world.token, "/users", draft).await;
        let told: Vec<(&str, &str)> = refused.body["errors"].as_array().unwrap().iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())).collect();
        assert_eq!(told, [
            ("/user_name", "The user name is empty."),
            ("/display_name", "The display name has a control character at position 2."),
            ("/email", "This is no e-mail address; addresses look like name@example.com."),
            ("/locale", "A language such as `en` or `cs` is wanted."),
        ]);
        let unknown = post(server, &world.token, "/users", json!({ "user_name": "a", "display_name": "b", "role": "owner" })).await;
        assert_eq!(unknown.status.as_u16(), 422, "{}", unknown.text);
    }

    async fn users_are_searched_ordered_and_paged_both_ways(server) {
        let world = server.world("Lists").await;
        let token = &world.token;
        for (name, display, email) in [
            ("bob", "Robert Ada", None), ("ada", "Ada Lovelace", Some("countess@example.org")), ("canada", "Zoe", None),
            ("adam", "Zo\u{eb} \u{10c}ern\u{e1}", None), ("eve", "Eve", Some("ada.extra@example.org")), ("zed", "Zed", Some("z@nowhere.example")),
        ] {
            user(server, token, name, display, email).await;
        }
        let list = async |query: &str| get(server, token, &format!("/users?{query}")).await;
        assert_eq!(names(&list("").await), ["ada", "adam", "bob", "canada", "eve", "zed"]);
        // Exact, then by prefix of user name, display name, address; then anywhere.
        assert_eq!(names(&list("q=ADA").await), ["ada", "adam", "eve", "bob", "canada"]);
        assert_eq!(names(&list("q=ad").await), ["ada", "adam", "eve"], "two letters find prefixes only");
        assert_eq!(names(&list("q=%C4%8Cern%C3%A1").await), ["adam"]);
        assert_eq!(names(&list("q=nowhere").await), ["zed"]);
        assert_eq!(names(&list("q=a%25").await), [""; 0]);
        assert_eq!(names(&list("q=ada&sort=-user_name").await), ["eve", "canada", "bob", "adam", "ada"]);
        assert_eq!(names(&list("sort=display_name").await), ["ada", "eve", "bob", "zed", "canada", "adam"]);
        assert_eq!(names(&list("sort=-created_at").await), ["zed", "eve", "adam", "canada", "ada", "bob"]);
        for (query, count) in [("", 6), ("q=ada", 5), ("sort=-updated_at", 6), ("status=active", 6), ("status=disabled", 0)] {
            let whole = list(query).await;
            assert_eq!(whole.body["total"], json!({ "count": count, "capped": false }), "{query}");
            let (mut pages, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = list(&format!("{query}&limit=2{cursor}")).await;
                assert_eq!(page.body["total"]["count"], count, "{query}");
                let next = page.body["next_cursor"].as_str().map(str::to_owned);
                pages.push(page);
                let Some(next) = next else { break };
                cursor = format!("&cursor={next}");
            }
            let walked: Vec<&str> = pages.iter().flat_map(names).collect();
            assert_eq!(walked, names(&whole), "{query}");
            for pair in pages.windows(2) {
                let back = list(&format!("{query}&limit=2&cursor={}", pair[1].body["previous_cursor"].as_str().unwrap())).await;
                assert_eq!(back.body["items"], pair[0].body["items"], "{query}");
            }
        }
        let cursor = list("limit=2").await.body["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(list(&format!("limit=2&sort=-user_name&cursor={cursor}")).await.status.as_u16(), 422);
    }

    async fn the_keys_of_who_is_disabled_stay_his_and_are_found(server) {
        let (world, ada) = handed_out(server, "Leavers", 3).await;
        let token = &world.token;
        let path = format!("/users/{}", id(&ada));
        assert_eq!(get(server, token, &path).await.body["keys"], 3);
        assert_eq!(total(server, token, "user_status=disabled").await, 0);
        post(server, token, &format!("{path}/disable"), json!({})).await;
        assert_eq!(total(server, token, "user_status=disabled").await, 3);
        assert_eq!((total(server, token, "user_status=active").await, total(server, token, &format!("user={}", id(&ada))).await), (0, 3));
        assert_eq!(get(server, token, &path).await.body["keys"], 3);
        let mine = keys(server, token, "user_status=disabled&sort=serial_number").await;
        let key = |nth: usize, verb: &str| format!("/security-keys/{}/{verb}", id(&mine[nth]));
        // Back in stock: nobody may have it from him again, but it may be taken.
        let taken = post(server, token, &key(0, "unassign"), json!({})).await;
        assert_eq!((&taken.body["status"], &taken.body["user"]), (&json!("ready"), &json!(null)), "{}", taken.text);
        let again = post(server, token, &key(0, "assign"), json!({ "user_id": ada["id"] })).await;
        assert_eq!((again.status.as_u16(), again.problem()), (409, "refused"), "{}", again.text);
        assert_eq!(total(server, token, "user_status=disabled").await, 2);
        // A renamed and an enabled user have their keys as before.
        post(server, token, &format!("{path}/enable"), json!({})).await;
        assert_eq!((total(server, token, "user_status=disabled").await, total(server, token, "user_status=active").await), (0, 2));
    }

    async fn leavers_keys_are_revoked_or_put_back_at_once(server) {
        let (world, ada) = handed_out(server, "Bulk", 4).await;
        let token = &world.token;
        post(server, token, &format!("/users/{}/disable", id(&ada)), json!({})).await;
        let bulk = async |action: &str, arguments: Value, selection: Value| {
            let order = json!({ "action": action, "arguments": arguments, "selection": selection });
            let begun = post(server, token, "/security-keys/bulk", order).await;
            assert_eq!(begun.status.as_u16(), 202, "{action}: {}", begun.text);
            ended(server, token, &begun.body["id"]).await
        };
        let mine = keys(server, token, "user_status=disabled&sort=serial_number").await;
        let some = |nth: &[usize]| json!({ "ids": nth.iter().map(|nth| mine[*nth]["id"].clone()).collect::<Vec<_>>() });
        let job = bulk("unassign", json!({}), some(&[0])).await;
        assert_eq!((&job["status"], &job["refused"]), (&json!("done"), &json!(0)), "{job}");
        let job = bulk("revoke", json!({ "reason": "leaver", "note": "left in June", "notify": false }),
            json!({ "filter": { "user_status": "disabled" }, "expected_count": 3 })).await;
        assert_eq!((&job["progress"]["done"], &job["refused"]), (&json!(3), &json!(0)), "{job}");
        assert_eq!(total(server, token, "user_status=disabled&status=revoked").await, 3);
        let event = get(server, token, "/audit-events?action=security_key.revoked").await.body["items"][0].clone();
        assert_eq!((&event["reason"], &event["object"]["kind"]), (&json!("leaver: left in June"), &json!("job")));
        // What cannot be done to a row is said in its row.
        let results = async |job: &Value| {
            let rows = get(server, token, &format!("/jobs/{}/results", id(job))).await.body;
            rows["items"].as_array().unwrap().iter().map(|row| row["detail"].as_str().unwrap_or("done").to_owned()).collect::<Vec<_>>()
        };
        let job = bulk("suspend", json!({}), some(&[0, 1])).await;
        assert_eq!(results(&job).await.iter().filter(|detail| *detail != "done").count(), 2, "neither READY nor REVOKED keys are suspended");
        let job = bulk("resume", json!({}), some(&[1])).await;
        assert_eq!(job["refused"], 1);
        let job = bulk("dispose", json!({}), some(&[0, 1, 2])).await;
        assert_eq!((&job["refused"], results(&job).await), (&json!(0), vec!["done".to_owned(); 3]), "{job}");
        let wrong = post(server, token, "/security-keys/bulk", json!({ "action": "reinstate", "selection": some(&[3]) })).await;
        assert_eq!(wrong.status.as_u16(), 422, "reinstating asks for proof of each key: {}", wrong.text);
    }

    async fn who_may_not_see_users_learns_nothing_of_them(server) {
        let (world, ada) = handed_out(server, "Warehouse", 1).await;
        let hand = server.token(&world, "warehouse").await;
        assert_eq!(get(server, &hand, "/security-keys").await.body["items"][0]["user"], json!(null));
        for path in ["/users".to_owned(), format!("/users/{}", id(&ada)), format!("/users/{}/events", id(&ada)),
            format!("/security-keys?user={}", id(&ada)), "/security-keys?user_status=disabled".to_owned()] {
            assert_eq!(get(server, &hand, &path).await.status.as_u16(), 403, "{path}");
        }
        let count = json!({ "action": "link_policy", "arguments": { "policy_id": ada["id"] }, "selection": { "filter": { "user": ada["id"] } } });
        assert_eq!(post(server, &hand, "/security-keys/bulk?dry_run=true", count).await.status.as_u16(), 403);
        let viewer = server.token(&world, "view_only").await;
        assert_eq!(get(server, &viewer, &format!("/users/{}", id(&ada))).await.body["allowed_actions"], json!([]));
    }
}
