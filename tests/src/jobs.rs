//! `/jobs`: the list, and what became of each row, there and back.

use serde_json::{Value, json};

use crate::{
    served,
    stock::{ended, get, keys, post, stocked},
};

served! {
    async fn results_page_backwards_as_they_paged_forwards(server) {
        let world = stocked(server, "Back", 1_100).await;
        let token = &world.token;
        let odd = keys(server, token, "q=SN-00000007").await[0]["id"].as_str().unwrap().to_owned();
        post(server, token, &format!("/security-keys/{odd}/quarantine"), json!({ "reason": "wet" })).await;
        let ids: Vec<Value> = keys(server, token, "").await.iter().map(|key| key["id"].clone()).collect();
        let order = json!({ "action": "quarantine", "arguments": { "reason": "recall" }, "selection": { "ids": ids } });
        let begun = post(server, token, "/security-keys/bulk", order).await;
        let job = ended(server, token, &begun.body["id"]).await;
        assert_eq!((&job["progress"]["done"], &job["refused"]), (&json!(1_100), &json!(1)), "{job}");
        let path = format!("/jobs/{}/results?limit=300", begun.body["id"].as_str().unwrap());
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(server, token, &format!("{path}{cursor}")).await.body;
            assert_eq!(page["total"], json!({ "count": 1_100, "capped": false }));
            if page["items"].as_array().unwrap().is_empty() {
                break;
            }
            let next = page["next_cursor"].as_str().map(|next| format!("&cursor={next}"));
            pages.push(page);
            match next {
                Some(next) => cursor = next,
                None => break,
            }
        }
        let sizes: Vec<usize> = pages.iter().map(|page| page["items"].as_array().unwrap().len()).collect();
        assert_eq!(sizes, [300, 300, 300, 200]);
        let mut seen: Vec<&str> = pages.iter().flat_map(|page| page["items"].as_array().unwrap()).map(|row| row["object_id"].as_str().unwrap()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1_100, "each row once");
        for pair in pages.windows(2).rev() {
            let previous = pair[1]["previous_cursor"].as_str().unwrap();
            let back = get(server, token, &format!("{path}&cursor={previous}")).await.body;
            assert_eq!(back["items"], pair[0]["items"]);
        }
        assert_eq!(pages[0]["previous_cursor"], Value::Null);
        let refused = get(server, token, &format!("{path}&outcome=refused")).await.body;
        assert_eq!((refused["items"].as_array().unwrap().len(), &refused["items"][0]["object_id"]), (1, &json!(odd)));
        assert_eq!(get(server, token, &format!("{path}&cursor=x")).await.body["errors"][0]["pointer"], "?cursor");
    }

    async fn every_page_of_the_jobs_tells_how_many_there_are(server) {
        let world = stocked(server, "Jobs", 1).await;
        let token = &world.token;
        let key = keys(server, token, "").await[0]["id"].clone();
        let mut ids = Vec::new();
        for round in 0..5 {
            let (action, arguments) = if round % 2 == 0 { ("quarantine", json!({ "reason": "wet" })) } else { ("release", json!({})) };
            let order = json!({ "action": action, "arguments": arguments, "selection": { "ids": [key] } });
            let begun = post(server, token, "/security-keys/bulk", order).await;
            ended(server, token, &begun.body["id"]).await;
            ids.insert(0, begun.body["id"].clone());
        }
        let first = get(server, token, "/jobs?limit=2").await.body;
        let page = async |cursor: &Value| get(server, token, &format!("/jobs?limit=2&cursor={}", cursor.as_str().unwrap())).await.body;
        let second = page(&first["next_cursor"]).await;
        let third = page(&second["next_cursor"]).await;
        for told in [&first, &second, &third] {
            assert_eq!(told["total"], json!({ "count": 5, "capped": false }));
        }
        let told: Vec<Value> = [&first, &second, &third].iter().flat_map(|page| page["items"].as_array().unwrap()).map(|job| job["id"].clone()).collect();
        assert_eq!(told, ids);
        assert_eq!(page(&second["previous_cursor"]).await["items"], first["items"]);
        assert_eq!(third["next_cursor"], Value::Null);
    }
}
