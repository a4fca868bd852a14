//! `/security-keys`: lists, orders, history, export, bulk actions.

use std::{collections::BTreeMap, fmt::Write as _};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    served,
    stock::{delivery, ended, get, import, keys, policy, post, stocked, total},
};

served! {
    async fn a_key_takes_its_orders_and_its_history_tells_them(server) {
        let world = stocked(server, "Orders", 1).await;
        let token = &world.token;
        let policy = policy(server, token, "Staff", "standard").await;
        let id = keys(server, token, "").await[0]["id"].as_str().unwrap().to_owned();
        let path = |verb: &str| format!("/security-keys/{id}/{verb}");
        for (verb, body, status) in [
            ("link-policy", json!({ "policy_id": policy }), "ready"),
            ("unlink-policy", json!({}), "in_stock"),
            ("quarantine", json!({ "reason": "box is wet" }), "quarantined"),
            ("release", json!({}), "in_stock"),
            ("revoke", json!({ "reason": "stolen", "note": "from the shelf" }), "revoked"),
            ("dispose", json!({}), "disposed"),
        ] {
            let answer = post(server, token, &path(verb), body).await;
            assert_eq!((answer.status.as_u16(), answer.body["status"].as_str()), (200, Some(status)), "{verb}: {}", answer.text);
        }
        let history = get(server, token, &path("events")).await;
        let actions: Vec<&str> = history.body["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions, [
            "security_key.disposed", "security_key.revoked", "security_key.released", "security_key.quarantined",
            "security_key.policy_unlinked", "security_key.policy_linked", "import.applied",
        ]);
        let again = post(server, token, &path("revoke"), json!({ "reason": "lost" })).await;
        assert_eq!((again.status.as_u16(), again.body["state"].as_str()), (409, Some("disposed")));
    }

    async fn stale_wrong_and_foreign_orders_are_refused(server) {
        let world = stocked(server, "Wrong", 1).await;
        let other = server.world("Other").await;
        let key = keys(server, &world.token, "").await[0].clone();
        let path = format!("/security-keys/{}", key["id"].as_str().unwrap());
        let stale = server.request(Method::POST, &format!("{path}/quarantine")).bearer_auth(&world.token).header("if-match", "\"7\"");
        let stale = server.call(stale.json(&json!({ "reason": "x" }))).await;
        assert_eq!((stale.status.as_u16(), stale.problem(), stale.body["revision"].as_i64()), (409, "stale", Some(1)));
        let refused = post(server, &world.token, &format!("{path}/release"), json!({})).await;
        assert_eq!(refused.body["detail"], "This key is IN STOCK; only QUARANTINED keys can be released.");
        let empty = post(server, &world.token, &format!("{path}/quarantine"), json!({ "reason": " " })).await;
        assert_eq!((empty.status.as_u16(), empty.body["errors"][0]["pointer"].as_str()), (422, Some("/reason")));
        assert_eq!(get(server, &other.token, &path).await.status.as_u16(), 404);
        assert_eq!(get(server, &other.token, &format!("{path}/events")).await.status.as_u16(), 404);
        let viewer = server.token(&world, "view_only").await;
        assert_eq!(post(server, &viewer, &format!("{path}/dispose"), json!({})).await.status.as_u16(), 403);
        assert_eq!(get(server, &viewer, &path).await.body["allowed_actions"], json!([]));
        assert!(key["allowed_actions"].as_array().unwrap().contains(&json!("quarantine")));
    }

    async fn a_deleted_key_leaves_a_tombstone_and_its_serial_comes_back(server) {
        let world = stocked(server, "Delete", 1).await;
        let path = format!("/security-keys/{}", keys(server, &world.token, "").await[0]["id"].as_str().unwrap());
        let gone = server.call(server.request(Method::DELETE, &path).bearer_auth(&world.token)).await;
        assert_eq!(gone.status.as_u16(), 204, "{}", gone.text);
        assert_eq!(get(server, &world.token, &path).await.status.as_u16(), 404);
        let tomb = get(server, &world.token, &format!("{path}/events")).await;
        assert_eq!(tomb.body["items"][0]["after"]["serial_number"], "SN-00000001");
        assert_eq!(import(server, &world.token, "", delivery(1, 1)).await.body["counts"]["accepted"], 1);
    }

    async fn pages_counts_and_searches_agree(server) {
        let world = stocked(server, "Lists", 130).await;
        let token = &world.token;
        let all = keys(server, token, "sort=serial_number").await;
        assert_eq!(all.len(), 130);
        assert_eq!(all[129]["serial_number"], "SN-00000130");
        let first = get(server, token, "/security-keys?limit=50&sort=serial_number").await.body;
        let next = first["next_cursor"].as_str().unwrap();
        let second = get(server, token, &format!("/security-keys?limit=50&sort=serial_number&cursor={next}")).await.body;
        let back = second["previous_cursor"].as_str().unwrap();
        let again = get(server, token, &format!("/security-keys?limit=50&sort=serial_number&cursor={back}")).await.body;
        assert_eq!(again["items"], first["items"]);
        assert_eq!(get(server, token, "/security-keys/counts").await.body["stocks"], json!({ "total": 130, "in_stock": 130, "ready": 0, "quarantined": 0 }));
        assert_eq!(total(server, token, "q=sn00000042").await, 1);
        assert_eq!(total(server, token, "q=0000013").await, 2);
        assert_eq!(get(server, token, "/security-keys?colour=red").await.body["errors"][0]["pointer"], "?colour");
    }

    async fn what_was_imported_comes_out_of_the_export_and_back_in(server) {
        let (from, to) = (server.world("From").await, server.world("To").await);
        let mut file = "deviceName,serialNumber,version\n".to_owned();
        let names = ["=cmd|' /C calc'!A0", "+1", "-x", "@y", "'quoted", "a\"b", "c,d", "e;f", "Zo\u{eb} \u{1f511}", "O'Brien"];
        for (place, name) in names.iter().enumerate() {
            let name = name.replace('"', "\"\"");
            let _ = writeln!(file, "\"{name}\",=S-{place},FIDO_2_1");
        }
        let imported = import(server, &from.token, "", file).await;
        assert_eq!(imported.body["counts"]["accepted"], names.len(), "{}", imported.text);
        let export = get(server, &from.token, "/security-keys/export.csv").await;
        assert!(export.text.starts_with("deviceName,serialNumber,version,"), "{}", export.text);
        assert!(!export.text.lines().any(|line| line.trim_start_matches('"').starts_with(['=', '+', '-', '@'])));
        let back = import(server, &to.token, "", export.text.clone()).await;
        assert_eq!(back.status.as_u16(), 201, "{}", back.text);
        let three = |key: Value| -> BTreeMap<&'static str, Value> { ["device_name", "serial_number", "version"].map(|name| (name, key[name].clone())).into() };
        let all = async |token: &str| keys(server, token, "sort=serial_number").await.into_iter().map(three).collect::<Vec<_>>();
        assert_eq!(all(&from.token).await, all(&to.token).await);
        let event = get(server, &from.token, "/audit-events?action=security_keys.exported").await.body["items"][0]["after"].clone();
        assert_eq!((&event["rows"], &event["bytes"], &event["whole"]), (&json!(names.len()), &json!(export.text.len()), &json!(true)));
        let nothing = get(server, &server.world("Empty").await.token, "/security-keys/export.csv").await;
        assert_eq!(nothing.text.lines().count(), 1);
    }

    async fn a_bulk_action_takes_the_number_that_was_confirmed(server) {
        let world = stocked(server, "Bulk", 1_200).await;
        let token = &world.token;
        let policy = policy(server, token, "Staff", "standard").await;
        let odd = keys(server, token, "q=SN-00000007").await[0]["id"].as_str().unwrap().to_owned();
        let order = |count: Option<u64>| json!({
            "action": "link_policy", "arguments": { "policy_id": policy },
            "selection": { "filter": { "status": "in_stock" }, "expected_count": count },
        });
        let counted = post(server, token, "/security-keys/bulk?dry_run=true", order(None)).await;
        assert_eq!((counted.status.as_u16(), &counted.body), (200, &json!({ "count": 1_200 })));
        let wrong = post(server, token, "/security-keys/bulk", order(Some(7))).await;
        assert_eq!((wrong.status.as_u16(), wrong.problem(), wrong.body["actual_count"].as_u64()), (409, "refused", Some(1_200)));
        let begun = post(server, token, "/security-keys/bulk", order(Some(1_200))).await;
        assert_eq!(begun.status.as_u16(), 202, "{}", begun.text);
        let job = ended(server, token, &begun.body["id"]).await;
        assert_eq!((&job["status"], &job["progress"]["done"], &job["refused"]), (&json!("done"), &json!(1_200), &json!(0)), "{job}");
        assert_eq!(get(server, token, "/security-keys/counts").await.body["stocks"]["ready"], 1_200);
        let history = get(server, token, &format!("/security-keys/{odd}/events")).await;
        assert_eq!(history.body["items"][0]["object"]["id"], job["id"]);
        let events = get(server, token, "/audit-events?action=security_key.policy_linked").await;
        assert_eq!(events.body["items"].as_array().unwrap().len(), 1, "a bulk job is one event");
    }

    async fn a_repeated_bulk_action_is_answered_alike_although_its_keys_have_changed(server) {
        let world = stocked(server, "Again", 30).await;
        let ask = async |count: u64| {
            let order = json!({
                "action": "quarantine", "arguments": { "reason": "recall" },
                "selection": { "filter": { "status": "in_stock" }, "expected_count": count },
            });
            let request = server.request(Method::POST, "/security-keys/bulk").bearer_auth(&world.token).header("idempotency-key", "recall-7");
            server.call(request.json(&order)).await
        };
        let first = ask(30).await;
        assert_eq!(first.status.as_u16(), 202, "{}", first.text);
        ended(server, &world.token, &first.body["id"]).await;
        let again = ask(30).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(ask(29).await.body["errors"][0]["pointer"], "header:Idempotency-Key");
        assert_eq!(get(server, &world.token, "/jobs").await.body["total"]["count"], 1);
    }

    async fn refused_rows_of_a_bulk_action_come_with_their_reason(server) {
        let world = stocked(server, "Refused", 3).await;
        let token = &world.token;
        let mut ids: Vec<Value> = keys(server, token, "sort=serial_number").await.into_iter().map(|key| key["id"].clone()).collect();
        post(server, token, &format!("/security-keys/{}/quarantine", ids[0].as_str().unwrap()), json!({ "reason": "wet" })).await;
        ids.push(json!("01900000-0000-7000-8000-000000000000"));
        let order = json!({ "action": "quarantine", "arguments": { "reason": "recall" }, "selection": { "ids": ids } });
        let begun = post(server, token, "/security-keys/bulk", order).await;
        let job = ended(server, token, &begun.body["id"]).await;
        assert_eq!((&job["progress"], &job["refused"]), (&json!({ "done": 4, "total": 4 }), &json!(2)), "{job}");
        let path = format!("/jobs/{}/results", job["id"].as_str().unwrap());
        let results = get(server, token, &format!("{path}?outcome=refused")).await.body;
        let details: Vec<&str> = results["items"].as_array().unwrap().iter().map(|row| row["detail"].as_str().unwrap()).collect();
        assert!(details.contains(&"This key is QUARANTINED; only keys IN STOCK or READY can be put aside; revoke a key in use instead."), "{details:?}");
        assert!(details.contains(&"There is no such key here; it may have been deleted meanwhile."), "{details:?}");
        let file = get(server, token, &format!("{path}.csv?outcome=refused")).await.text;
        assert_eq!(file.lines().count(), 3, "{file}");
        assert!(file.starts_with("id,label,outcome,detail\r\n"));
    }

    async fn an_export_that_the_client_breaks_off_is_told_so_and_harms_nobody(server) {
        let world = server.world("Broken off").await;
        let token = &world.token;
        // 24 MB: more than the sockets of both ends hold.
        let note = "x".repeat(4_000);
        let mut file = "deviceName,serialNumber,version,note\n".to_owned();
        for number in 0..6_000 {
            let _ = writeln!(file, "K,B-{number},FIDO_2_1,{note}");
        }
        let imported = import(server, token, "", file).await;
        assert_eq!(imported.body["counts"]["accepted"], 6_000, "{}", imported.text);
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = format!("GET /api/v1/security-keys/export.csv HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut piece = vec![0; 64 * 1024];
        stream.read_exact(&mut piece).await.unwrap();
        assert!(piece.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&piece[..200]));
        drop(stream);
        let told = async || get(server, token, "/audit-events?action=security_keys.exported").await.body["items"].clone();
        let mut events = told().await;
        for _ in 0..4_800 {
            if !events.as_array().unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            events = told().await;
        }
        let after = &events[0]["after"];
        assert_eq!(after["whole"], false, "{events}");
        assert!(after["rows"].as_u64().unwrap() < 6_000, "{events}");
        let whole = get(server, token, "/security-keys/export.csv").await;
        assert_eq!((whole.status.as_u16(), whole.text.lines().count()), (200, 6_001));
        let after = told().await[0]["after"].clone();
        assert_eq!((&after["whole"], &after["rows"]), (&json!(true), &json!(6_000)));
    }
}
