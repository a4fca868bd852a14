//! Retention: what is past its time goes, what is not stays, and the audit log is whole.

use std::time::Duration;

use claviger_server::retention;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    served,
    stock::{ended, get, keys, post, stocked},
};

served! {
    async fn results_and_rejects_go_when_their_time_is_over(server) {
        let world = stocked(server, "Retention", 3).await;
        let ids: Vec<_> = keys(server, &world.token, "").await.iter().map(|key| key["id"].clone()).collect();
        let bulk = json!({ "action": "quarantine", "arguments": { "reason": "wet" }, "selection": { "ids": ids } });
        let job = post(server, &world.token, "/security-keys/bulk", bulk).await;
        assert_eq!(job.status, StatusCode::ACCEPTED, "{}", job.text);
        ended(server, &world.token, &job.body["id"]).await;
        let results = format!("/jobs/{}/results", job.body["id"].as_str().unwrap());
        let rows = async || get(server, &world.token, &results).await.body["items"].as_array().unwrap().len();
        assert_eq!(rows().await, 3);
        let change = json!({ "retention": { "job_days": 2 } });
        let set = server.call(server.request(Method::PATCH, "/settings").bearer_auth(&world.token).json(&change)).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text);

        server.clock.advance(Duration::from_hours(47));
        assert_eq!(retention::apply(server.app()).await.unwrap(), retention::Removed::default());
        assert_eq!(rows().await, 3, "not yet two days old");
        server.clock.advance(Duration::from_hours(2));
        let removed = retention::apply(server.app()).await.unwrap();
        assert_eq!((removed.job_results, removed.import_rejects, removed.messages), (1, 0, 0));
        assert_eq!(rows().await, 0);
        let job = get(server, &world.token, &format!("/jobs/{}", job.body["id"].as_str().unwrap())).await;
        assert_eq!((job.status, &job.body["progress"]["done"]), (StatusCode::OK, &json!(3)), "the job and its counts stay");
        let log = get(server, &world.token, "/audit-events?action=retention.applied").await;
        assert_eq!(log.body["items"][0]["after"]["job_results"], 1, "{}", log.text);
        let whole = post(server, &world.token, "/audit/verification", json!({})).await;
        assert_eq!(whole.body["ok"], true, "{}", whole.text);
    }
}
