//! `/events`.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::{served, server::World};

pub(crate) async fn hear(stream: &mut reqwest::Response, wanted: &str, within: Duration) -> Option<String> {
    let listen = async {
        let mut heard = String::new();
        while let Ok(Some(chunk)) = stream.chunk().await {
            heard.push_str(&String::from_utf8_lossy(&chunk));
            if heard.contains(wanted) {
                return Some(heard);
            }
        }
        None
    };
    tokio::time::timeout(within, listen).await.ok().flatten()
}

served! {
    async fn a_tenant_hears_its_own_changes_and_no_others(server) {
        let (ours, theirs) = (server.world("Ours").await, server.world("Theirs").await);
        let follow = |world: &World| server.request(Method::GET, "/events").bearer_auth(&world.token).send();
        let (mut our, mut their) = (follow(&ours).await.unwrap(), follow(&theirs).await.unwrap());
        let change = server.request(Method::PATCH, "/settings").bearer_auth(&ours.token);
        assert!(server.call(change.json(&json!({ "revoke_notifies": true }))).await.status.is_success());
        let heard = hear(&mut our, "event: change", Duration::from_mins(1)).await.unwrap();
        assert!(heard.contains(&ours.id) && heard.contains("\"kind\":\"settings\""), "{heard}");
        assert_eq!(hear(&mut their, "event: change", Duration::from_millis(700)).await, None);
    }
}
