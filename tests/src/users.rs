//! `/users`: the people of a tenant, their keys, and what becomes of these when they leave.

use reqwest::{Method, multipart};
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

pub(crate) async fn send(server: &TestServer, token: &str, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let part = multipart::Part::bytes(file.into()).file_name("people.csv");
    let form = multipart::Form::new().part("file", part);
    let request = server.request(Method::POST, &format!("/users/import{query}"));
    server.call(request.bearer_auth(token).multipart(form)).await
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
        let address = |nth: usize, verb: &str| format!("/security-keys/{}/{verb}", id(&mine[nth]));
        // Back in stock: nobody may have it from him again, but it may be taken.
        let returned = post(server, token, &address(0, "unassign"), json!({})).await;
        assert_eq!((&returned.body["status"], &returned.body["user"]), (&json!("ready"), &json!(null)), "{}", returned.text);
        let again = post(server, token, &address(0, "assign"), json!({ "user_id": ada["id"] })).await;
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

    async fn a_list_of_users_goes_in_whole_or_not_at_all(server) {
        let world = server.world("Import").await;
        let token = &world.token;
        user(server, token, "bob", "Bob", Some("bob@example.org")).await;
        user(server, token, "eve", "Eve", None).await;
        let file = "\u{feff}Display Name;userName;E-Mail;colour\r\n\"Love;lace\nAda\";ada;ada@example.org;red\r\nRobert;BOB;;\r\nEve;eve;;\r\n";
        let file = file.replace("lace\n", "lace ");
        let seen = send(server, token, "?dry_run=true", file.clone()).await;
        assert_eq!((seen.status.as_u16(), &seen.body["counts"]), (200, &json!({ "created": 1, "updated": 1, "unchanged": 1, "rejected": 0 })), "{}", seen.text);
        assert_eq!(seen.body["preview"][0], json!({ "user_name": "ada", "display_name": "Love;lace Ada", "email": "ada@example.org", "locale": null, "outcome": "created" }));
        assert_eq!(get(server, token, "/users").await.body["total"]["count"], 2, "a dry run changes nothing");
        let done = send(server, token, "", file.clone()).await;
        assert_eq!((done.status.as_u16(), &done.body["counts"]), (200, &seen.body["counts"]));
        let list = get(server, token, "/users").await;
        assert_eq!(names(&list), ["ada", "BOB", "eve"]);
        assert_eq!((&list.body["items"][1]["display_name"], &list.body["items"][1]["email"]), (&json!("Robert"), &json!(null)));
        let again = send(server, token, "", file).await;
        assert_eq!(again.body["counts"], json!({ "created": 0, "updated": 0, "unchanged": 3, "rejected": 0 }), "a second import changes nothing");
        let events = get(server, token, &format!("/users/{}/events", id(&list.body["items"][1]))).await;
        assert_eq!((&events.body["items"][0]["action"], &events.body["items"][0]["after"]["created"]), (&json!("users.imported"), &json!(1)));
        assert_eq!(get(server, token, &format!("/users/{}/events", id(&list.body["items"][2]))).await.body["items"].as_array().unwrap().len(), 1, "nothing befell her");
        let faulty = "user_name,display_name,email\nzoe,Zoe,\n,Nobody,x\nZOE,Again,\n";
        for (query, status) in [("?dry_run=true", 200), ("", 422)] {
            let refused = send(server, token, query, faulty).await;
            let told: Vec<(u64, &str)> = refused.body["errors"].as_array().unwrap_or_else(|| panic!("{}", refused.text)).iter()
                .map(|error| (error["line"].as_u64().unwrap(), error["detail"].as_str().unwrap())).collect();
            assert_eq!((refused.status.as_u16(), told, &refused.body["counts"]["rejected"]), (status, vec![
                (3, "the user name is empty"),
                (3, "this is no e-mail address; addresses look like name@example.com"),
                (4, "the user name ZOE stands in line 2 already, whatever the case; keep one"),
            ], &json!(2)));
        }
        for (file, says) in [
            (&b""[..], "empty"), (b"user_name;email\na;b@c.example\n", "the column display_name is missing"),
            (b"\xFF\xFEu\0", "UTF-16"), (b"user_name,display_name\nzoe,Zo\xeb\n", "not UTF-8"), (b"PK\x03\x04", "workbook"),
        ] {
            let refused = send(server, token, "", file).await;
            assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
            assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains(says), "{}", refused.text);
        }
        assert_eq!(get(server, token, "/users").await.body["total"]["count"], 3);
        let viewer = server.token(&world, "view_only").await;
        assert_eq!(send(server, &viewer, "", faulty).await.status.as_u16(), 403);
    }

    async fn an_exported_list_is_inert_and_comes_back_in(server) {
        let (from, to) = (server.world("From").await, server.world("To").await);
        let hostile = ["=cmd|' /C calc'!A0", "+1", "-x", "@y", "'quoted", "a\"b", "c,d", "e;f", "Zo\u{eb} \u{1f511}", "O'Brien"];
        for (place, name) in hostile.iter().enumerate() {
            user(server, &from.token, &format!("={place}"), name, None).await;
        }
        let file = get(server, &from.token, "/users/export.csv?sort=user_name").await;
        assert!(file.text.starts_with("user_name,display_name,email,locale,status,disabled_at,keys,"), "{}", file.text);
        assert!(!file.text.lines().skip(1).any(|line| line.split(',').any(|cell| cell.trim_start_matches('"').starts_with(['=', '+', '@']))), "{}", file.text);
        let back = send(server, &to.token, "", file.text.clone()).await;
        assert_eq!(back.body["counts"]["created"], hostile.len(), "{}", back.text);
        let displayed = async |token: &str| {
            let list = get(server, token, "/users").await;
            list.body["items"].as_array().unwrap().iter().map(|user| user["display_name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(displayed(&from.token).await, displayed(&to.token).await);
        let event = get(server, &from.token, "/audit-events?action=users.exported").await.body["items"][0]["after"].clone();
        assert_eq!((&event["rows"], &event["bytes"], &event["whole"], &event["filter"]), (&json!(hostile.len()), &json!(file.text.len()), &json!(true), &json!("sort=user_name")));
        let nothing = get(server, &from.token, "/users/export.csv?status=disabled").await;
        assert_eq!(nothing.text.lines().count(), 1);
        for role in ["view_only", "warehouse", "help_desk"] {
            let token = server.token(&from, role).await;
            assert_eq!(get(server, &token, "/users/export.csv").await.status.as_u16(), 403, "{role}");
        }
    }
}
