//! A fleet in people's hands: deliveries with a policy each, handed to a user each.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::json;

use crate::api::{Api, text};
use crate::dataset;
use crate::report::remark;
use crate::server::Server;

/// So many deliveries go into hands; one more of the same size stays in stock.
const DELIVERIES: u64 = 10;

/// Fills a server with so many keys in hands, and a tenth of that in stock.
pub(crate) async fn fill(server: &Server, keys: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (api, size) = (server.api(), keys / DELIVERIES);
    for delivery in 0..=DELIVERIES {
        let file = folder.path().join("delivery.csv");
        dataset::write(&file, delivery * size, (delivery + 1) * size)?;
        let name = format!("Fleet {delivery:02}");
        let policy = api
            .post("/policies", Some(json!({ "name": name, "type": "standard" })))
            .await?;
        let policy = text(&policy, "id")?;
        server.import(&file, Some(policy)).await?;
        if delivery < DELIVERIES {
            hand_out(&api, policy, &format!("user.{delivery:02}"), size).await?;
        }
    }
    remark(&format!("{keys} keys in hands, {size} in stock"));
    Ok(())
}

/// Assigns all keys in stock with this policy to a new user, by one job.
async fn hand_out(api: &Api, policy: &str, user: &str, keys: u64) -> Result<()> {
    let person =
        json!({ "user_name": user, "display_name": user, "email": format!("{user}@example.test"), "locale": "en" });
    let user = api.post("/users", Some(person)).await?;
    let order = json!({
        "action": "assign",
        "arguments": { "user_id": text(&user, "id")? },
        "selection": { "filter": { "tab": "stocks", "policy": policy }, "expected_count": keys },
    });
    let job = api.post("/security-keys/bulk", Some(order)).await?;
    let path = format!("/jobs/{}", text(&job, "id")?);
    loop {
        let job = api.get(&path).await?;
        match text(&job, "status")? {
            "queued" | "running" => tokio::time::sleep(Duration::from_millis(100)).await,
            "done" => {
                let refused = job.get("refused").and_then(serde_json::Value::as_u64);
                ensure!(refused.unwrap_or(0) == 0, "keys were refused: {job}");
                return Ok(());
            }
            _ => bail!("the job ended otherwise: {job}"),
        }
    }
}
