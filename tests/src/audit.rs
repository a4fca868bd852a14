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
        let verified = server.call(server.request(Method::POST, "/audit/verification").bearer_auth(&world.token)).await;
        assert_eq!((verified.status, verified.body["ok"].as_bool()), (StatusCode::OK, Some(true)), "{}", verified.text);
        assert!(verified.body["entries"].as_u64().unwrap() >= 6);
    }
}
