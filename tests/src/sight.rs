//! What a role may not read it cannot ask for either: holders behind searches, filters and files; changes it may not see.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    events::hear,
    hands, served,
    stock::{ended, get, keys, post, stocked, total},
};

served! {
    async fn who_may_see_no_users_finds_no_key_by_its_holder(server) {
        let world = stocked(server, "Holders", 4).await;
        let all = keys(server, &world.token, "sort=serial_number").await;
        let user = hands::user(server, &world, "ada.00000004").await;
        let policy = crate::stock::policy(server, &world.token, "Staff", "standard").await;
        let path = |verb: &str| format!("/security-keys/{}/{verb}", all[1]["id"].as_str().unwrap());
        post(server, &world.token, &path("link-policy"), json!({ "policy_id": policy })).await;
        let assigned = post(server, &world.token, &path("assign"), json!({ "user_id": user })).await;
        assert_eq!(assigned.status.as_u16(), 200, "{}", assigned.text);
        let clerk = server.token(&world, "warehouse").await;
        // By exact name, by its beginning, by its middle; the last also finds a serial number.
        for (q, owner, other) in [("ada.00000004", 1, 0), ("ada", 1, 0), ("a.000", 1, 0), ("00000004", 2, 1)] {
            for sort in ["", "&sort=serial_number", "&sort=policy", "&sort=device_name"] {
                assert_eq!(total(server, &world.token, &format!("q={q}{sort}")).await, owner, "{q}{sort}");
                assert_eq!(total(server, &clerk, &format!("q={q}{sort}")).await, other, "{q}{sort}");
                assert_eq!(u64::try_from(keys(server, &clerk, &format!("q={q}{sort}")).await.len()), Ok(other), "{q}{sort}");
            }
            let order = |token: &str| {
                let body = json!({
                    "action": "quarantine", "arguments": { "reason": "recall" }, "selection": { "filter": { "q": q } },
                });
                let request = server.request(Method::POST, "/security-keys/bulk?dry_run=true").bearer_auth(token);
                server.call(request.json(&body))
            };
            assert_eq!(order(&world.token).await.body, json!({ "count": owner }), "{q}");
            assert_eq!(order(&clerk).await.body, json!({ "count": other }), "{q}");
        }
        let by_id = format!("/security-keys?user={user}");
        assert_eq!(get(server, &world.token, &by_id).await.body["total"]["count"], 1);
        assert_eq!(get(server, &clerk, &by_id).await.problem(), "forbidden");
        let bulk = json!({
            "action": "quarantine", "arguments": { "reason": "recall" }, "selection": { "filter": { "user": user } },
        });
        for path in ["/security-keys/bulk?dry_run=true", "/security-keys/bulk"] {
            assert_eq!(post(server, &clerk, path, bulk.clone()).await.problem(), "forbidden", "{path}");
        }
        // The history of the key, of which the bulk job that took it back is a part.
        let back = json!({ "action": "unassign", "selection": { "ids": [all[1]["id"]] } });
        let begun = post(server, &world.token, "/security-keys/bulk", back).await;
        ended(server, &world.token, &begun.body["id"]).await;
        let again = json!({ "action": "assign", "arguments": { "user_id": user }, "selection": { "ids": [all[1]["id"]] } });
        let begun = post(server, &world.token, "/security-keys/bulk", again).await;
        ended(server, &world.token, &begun.body["id"]).await;
        let history = async |token: &str| get(server, token, &path("events")).await.text;
        assert_eq!(history(&world.token).await.matches(&user).count(), 2);
        assert_eq!(history(&clerk).await.matches(&user).count(), 0);
        assert!(history(&clerk).await.contains("security_key.assigned"));
        let seen = get(server, &clerk, "/security-keys?q=0002").await;
        assert_eq!(seen.body["items"][0]["user"], Value::Null, "{}", seen.text);
    }

    async fn a_program_that_may_read_nothing_hears_of_nothing(server) {
        let world = server.world("Ears").await;
        let (verifier, clerk) = (server.token(&world, "verifier").await, server.token(&world, "warehouse").await);
        let refused = get(server, &verifier, "/events").await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (403, "forbidden"), "{}", refused.text);
        let follow = |token: &str| server.request(Method::GET, "/events").bearer_auth(token).send();
        let (mut own, mut clerks) = (follow(&world.token).await.unwrap(), follow(&clerk).await.unwrap());
        let settings = server.request(Method::PATCH, "/settings").bearer_auth(&world.token);
        assert!(server.call(settings.json(&json!({ "revoke_notifies": true }))).await.status.is_success());
        let heard = hear(&mut own, "event: change", Duration::from_mins(1)).await.unwrap();
        assert!(heard.contains("\"kind\":\"settings\""), "{heard}");
        let policy = json!({ "name": "Heard", "type": "standard" });
        assert_eq!(post(server, &world.token, "/policies", policy).await.status.as_u16(), 201);
        let heard = hear(&mut clerks, "\"kind\":\"policy\"", Duration::from_mins(1)).await.unwrap();
        assert!(!heard.contains("\"kind\":\"settings\""), "{heard}");
    }

    async fn rows_of_the_list_tell_as_much_as_the_key_itself(server) {
        let world = stocked(server, "Alike", 3).await;
        for row in keys(server, &world.token, "").await {
            assert_eq!(row["batch"]["file_name"], "delivery.csv", "{row}");
            let mut one = get(server, &world.token, &format!("/security-keys/{}", row["id"].as_str().unwrap())).await.body;
            one.as_object_mut().unwrap().remove("attributes");
            assert_eq!(one, row);
        }
    }

    async fn the_log_names_the_policies_that_it_tells_of(server) {
        let world = server.world("Named").await;
        let token = &world.token;
        let policy = crate::stock::policy(server, token, "Head office", "standard").await;
        let file = crate::stock::delivery(1, 2);
        crate::stock::import(server, token, &format!("?policy_id={policy}"), file).await;
        let newest = async |action: &str| {
            get(server, token, &format!("/audit-events?action={action}&limit=1")).await.body["items"][0].clone()
        };
        let imported = newest("import.applied").await;
        assert_eq!((&imported["after"]["policy"]["name"], &imported["after"]["policy"]["id"]), (&json!("Head office"), &json!(policy)));
        let all = keys(server, token, "sort=serial_number").await;
        let path = |verb: &str| format!("/security-keys/{}/{verb}", all[0]["id"].as_str().unwrap());
        post(server, token, &path("quarantine"), json!({ "reason": "wet" })).await;
        assert_eq!(newest("security_key.quarantined").await["before"]["policy"]["name"], "Head office");
        post(server, token, &path("release"), json!({})).await;
        post(server, token, &path("link-policy"), json!({ "policy_id": policy })).await;
        let linked = newest("security_key.policy_linked").await;
        assert_eq!(linked["after"]["policy"]["name"], "Head office", "{linked}");
        post(server, token, &path("unlink-policy"), json!({})).await;
        let unlinked = newest("security_key.policy_unlinked").await;
        assert_eq!((&unlinked["before"]["policy"]["name"], &unlinked["after"]["policy"]), (&json!("Head office"), &Value::Null));
        let order = json!({ "action": "link_policy", "arguments": { "policy_id": policy }, "selection": { "ids": [all[0]["id"]] } });
        let begun = post(server, token, "/security-keys/bulk", order).await;
        crate::stock::ended(server, token, &begun.body["id"]).await;
        assert_eq!(newest("security_key.policy_linked").await["after"]["policy"]["name"], "Head office");
    }
}
