//! S11: no secret leaves without its audit event. The log is made to fail, and every operation that shows a secret is
//! asked: nothing leaves. Once the log is back, the same requests show theirs.

use claviger_domain::TenantId;
use claviger_store::{Actor, Scope, Tx};
use serde_json::{Value, json};

use crate::{
    configuration::Key,
    served,
    server::{Answer, TestServer},
    stock::{policy, post, stocked},
};

/// Breaks the log, or mends it, behind the server's back.
async fn alter(server: &TestServer, sql: &'static str) {
    let scope = Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: server.app().clock().now(),
    };
    let done: Result<(), claviger_store::Error> = server
        .app()
        .store()
        .write(scope, async move |tx: &mut Tx| tx.execute(sql, &[]).await.map(drop))
        .await;
    done.unwrap();
}

/// The secrets of an answer, by the places where answers hold one.
fn secrets(answer: &Answer) -> Vec<&str> {
    let places = ["/user_pin", "/admin_pin", "/value", "/token", "/link"];
    places
        .iter()
        .filter_map(|place| answer.body.pointer(place).and_then(Value::as_str))
        .collect()
}

served! {
    async fn nothing_leaves_when_the_log_fails(server) {
        let world = stocked(server, "Log", 2).await;
        let policy = policy(server, &world.token, "Staff", "standard").await;
        let (shown, fresh) = (Key::in_stock(server, &world, 0).await, Key::in_stock(server, &world, 1).await);
        let made = shown.configured(&policy, true).await;
        let order = json!({ "policy_id": policy, "serial_seen": fresh.serial, "admin_pin": true });
        let show = format!("/security-keys/{}/initial-pin/show", shown.id);
        let requests = [
            (format!("/security-keys/{}/configuration", fresh.id), order, 2),
            (show.clone(), json!({ "field": "user_pin" }), 1),
            (show, json!({ "field": "admin_pin" }), 1),
            ("/api-tokens".to_owned(), json!({ "name": "scanner", "role": "view_only" }), 1),
            ("/administrators".to_owned(), json!({ "email": "new@example.org", "display_name": "New", "role": "view_only" }), 1),
        ];
        alter(server, "ALTER TABLE audit_events RENAME TO audit_events_away").await;
        for (path, body, _) in &requests {
            let answer = post(server, &world.token, path, body.clone()).await;
            assert!(answer.status.is_server_error(), "{path}: {}", answer.text);
            assert_eq!(secrets(&answer), Vec::<&str>::new(), "{path}");
            for pin in ["user_pin", "admin_pin"] {
                assert!(!answer.text.contains(made[pin].as_str().unwrap()), "{path}");
            }
        }
        alter(server, "ALTER TABLE audit_events_away RENAME TO audit_events").await;
        let mut control = 0;
        for (path, body, expected) in &requests {
            let answer = post(server, &world.token, path, body.clone()).await;
            assert_eq!(secrets(&answer).len(), *expected, "{path}: {}", answer.text);
            control += secrets(&answer).len();
        }
        println!("S11 requests={} leaked=0 control_shown={control}", requests.len());
    }
}
