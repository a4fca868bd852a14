//! `/audit-events`, `/audit`, `/events`.

use reqwest::{Method, StatusCode};

use crate::served;

served! {
    async fn the_log_pages_both_ways_exports_and_verifies(server) {
        let world = server.world("Log").await;
        for role in ["auditor", "warehouse", "help_desk", "view_only"] {
            server.token(&world, role).await;
        }
        let get = async |path: &str| server.call(server.request(Method::GET, path).bearer_auth(&world.token)).await;
        let first = get("/audit-events?limit=2&action=api_token.created").await;
        assert_eq!(first.body["items"].as_array().unwrap().len(), 2, "{}", first.text);
        assert!(first.body["previous_cursor"].is_null());
        let next = get(&format!("/audit-events?limit=2&action=api_token.created&cursor={}", first.body["next_cursor"].as_str().unwrap())).await;
        let back = get(&format!("/audit-events?limit=2&action=api_token.created&cursor={}", next.body["previous_cursor"].as_str().unwrap())).await;
        assert_eq!(back.body["items"], first.body["items"]);
        assert_eq!(get("/audit-events?cursor=zzz").await.body["errors"][0]["pointer"], "?cursor");
        assert_eq!(get("/audit-events?limit=0").await.status.as_u16(), 422);
        let export = get("/audit-events/export.jsonl").await;
        assert!(export.text.lines().count() >= 6 && export.text.contains("audit.exported"), "{}", export.text);
        let several = get("/audit-events?action=api_token.created,audit.&limit=200").await;
        let actions: std::collections::BTreeSet<_> = several.body["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect();
        assert_eq!(actions.into_iter().collect::<Vec<_>>(), ["api_token.created", "audit.exported"]);
        assert_eq!(get("/audit-events?actor=nobody").await.body["errors"][0]["pointer"], "?actor");
        let verified = server.call(server.request(Method::POST, "/audit/verification").bearer_auth(&world.token)).await;
        assert_eq!((verified.status, verified.body["ok"].as_bool()), (StatusCode::OK, Some(true)), "{}", verified.text);
        assert!(verified.body["entries"].as_u64().unwrap() >= 6);
    }

    async fn the_log_as_a_table_is_inert_and_whole(server) {
        let world = server.world("Table").await;
        let get = async |path: &str| server.call(server.request(Method::GET, path).bearer_auth(&world.token)).await;
        let hostile = "=HYPERLINK(\"https://evil.example\",\"click\"), \"quoted\"";
        let policy = crate::stock::policy(server, &world.token, "=1+1", "standard").await;
        crate::stock::import(server, &world.token, "", "deviceName,serialNumber,version\nKey,TAB1,FIDO_2_1\n").await;
        let key = get("/security-keys?q=TAB1").await.body["items"][0]["id"].as_str().unwrap().to_owned();
        let order = server.request(Method::POST, &format!("/security-keys/{key}/quarantine")).bearer_auth(&world.token);
        let done = server.call(order.json(&serde_json::json!({ "reason": hostile }))).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);

        let table = get("/audit-events/export.csv").await;
        let mut reader = csv::Reader::from_reader(table.text.as_bytes());
        let columns = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let cell = |row: &csv::StringRecord, name: &str| row[columns.iter().position(|column| column == name).unwrap()].to_owned();
        let dangerous = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert!(rows.iter().all(|row| !row.iter().any(dangerous)), "{}", table.text);
        let quarantined = rows.iter().find(|row| cell(row, "action") == "security_key.quarantined").unwrap();
        assert_eq!(cell(quarantined, "reason"), format!("'{hostile}"));
        let created = rows.iter().find(|row| cell(row, "objectId") == policy).unwrap();
        assert_eq!((cell(created, "action"), cell(created, "object")), ("policy.created".to_owned(), "'=1+1".to_owned()));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&cell(created, "after")).unwrap()["name"], "=1+1");

        let lines = get("/audit-events/export.jsonl").await;
        // The first export stands in the second.
        assert_eq!(lines.text.lines().count(), rows.len() + 1);
        let exports = get("/audit-events?action=audit.exported").await;
        let formats: Vec<_> = exports.body["items"].as_array().unwrap().iter().map(|event| event["after"]["format"].as_str().unwrap()).collect();
        assert_eq!(formats, ["jsonl", "csv"]);
        let one = get(&format!("/audit-events/export.csv?object={key}")).await;
        assert_eq!(csv::Reader::from_reader(one.text.as_bytes()).records().count(), 1, "{}", one.text);
        let nothing = get("/audit-events/export.csv?action=nothing.happened").await;
        assert_eq!(nothing.text.lines().count(), 1, "only the names of the columns");
    }
}
