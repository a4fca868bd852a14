//! The audit log as it is written and read.

use claviger_domain::ids::TenantId;
use claviger_store::audit::{self, AuditEntry, AuditEvent, Filter, Page, Report};
use claviger_store::{Error, Store, Tx};
use claviger_testkit::both_databases;
use serde_json::json;

use crate::{Done, at, id, scope, tenant};

fn entry(number: u128) -> AuditEntry {
    AuditEntry {
        action: if number.is_multiple_of(2) {
            "policy.created"
        } else {
            "security_key.revoked"
        },
        object_kind: "thing",
        object_id: Some(id(number % 3 + 1)),
        object_label: Some(format!("Label_{number}%")),
        before: (number.is_multiple_of(2)).then(|| json!({"a": number.to_string()})),
        after: Some(json!({"b": [1, 2]})),
        reason: None,
        ticket: Some(String::new()),
    }
}

async fn fill(store: &Store, whose: TenantId, count: u128) {
    let jobs = (0..count).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut scope = scope(number);
            scope.tenant = whose;
            scope.now = at(i64::try_from(number).unwrap());
            let done: Done = store
                .write(scope, async move |tx: &mut Tx| {
                    tx.record(entry(number));
                    Ok(())
                })
                .await;
            done.unwrap();
        })
    });
    for job in jobs.collect::<Vec<_>>() {
        job.await.unwrap();
    }
}

async fn page(store: &Store, filter: Filter, page: Page, limit: i64) -> Vec<AuditEvent> {
    let found: Done<_> = store
        .read(async move |reader| audit::list(reader, tenant(7), &filter, page, limit).await)
        .await;
    found.unwrap()
}

async fn verified(store: &Store) -> Report {
    let report: Done<Report> = store
        .scan(async |reader| {
            let heads = audit::heads(reader).await?;
            let mut verifier = audit::Verifier::new(&[], |_| true);
            for head in &heads {
                let mut reached = 0;
                loop {
                    let events = audit::walk(reader, head.tenant, head.lane, reached, 7).await?;
                    let Some(last) = events.last() else { break };
                    reached = last.sequence;
                    for event in &events {
                        verifier.push(event);
                    }
                }
            }
            Ok(verifier.finish(&heads))
        })
        .await;
    report.unwrap()
}

both_databases! {
    async fn a_log_of_two_tenants_verifies(store: Store) {
        fill(&store, tenant(7), 60).await;
        fill(&store, tenant(8), 20).await;
        let report = verified(&store).await;
        assert_eq!((report.entries, report.problems), (80, vec![]));
    }

    async fn an_edited_row_is_found(store: Store) {
        fill(&store, tenant(7), 10).await;
        let edited: Done<u64> = store.write(scope(0), async |tx: &mut Tx| {
            tx.execute("UPDATE audit_events SET reason = 'x' WHERE tenant_id = $1 AND object_label = 'Label_4%'", &[tenant(7).into()]).await
        }).await;
        assert_eq!(edited.unwrap(), 1);
        assert_eq!(verified(&store).await.problems.len(), 1);
    }

    async fn pages_go_both_ways_without_gaps(store: Store) {
        fill(&store, tenant(7), 25).await;
        let all = page(&store, Filter::default(), Page::First, 100).await;
        assert_eq!(all.len(), 25);
        assert!(all.is_sorted_by(|a, b| a.id > b.id && a.at >= b.at), "newest first");
        let second = page(&store, Filter::default(), Page::After(all[9].id), 10).await;
        assert_eq!(second, all[10..20]);
        let back = page(&store, Filter::default(), Page::Before(second[0].id), 10).await;
        assert_eq!(back, all[..10]);
    }

    async fn filters_narrow(store: Store) {
        fill(&store, tenant(7), 24).await;
        let count = async |filter: Filter| page(&store, filter, Page::First, 100).await.len();
        assert_eq!(count(Filter { actions: vec!["policy.created".to_owned()], ..Filter::default() }).await, 12);
        assert_eq!(count(Filter { actions: vec!["policy.".to_owned()], ..Filter::default() }).await, 12);
        assert_eq!(count(Filter { actions: vec!["polic.".to_owned()], ..Filter::default() }).await, 0);
        assert_eq!(count(Filter { objects: vec![id(1)], ..Filter::default() }).await, 8);
        assert_eq!(count(Filter { objects: vec![id(1), id(2)], ..Filter::default() }).await, 16);
        assert_eq!(count(Filter { from: Some(at(4)), to: Some(at(10)), ..Filter::default() }).await, 6);
        assert_eq!(count(Filter { q: Some("LABEL_7%".to_owned()), ..Filter::default() }).await, 1);
        assert_eq!(count(Filter { q: Some("label%7".to_owned()), ..Filter::default() }).await, 0);
        assert_eq!(count(Filter { actors: vec![id(1)], ..Filter::default() }).await, 0);
    }

    async fn what_was_recorded_reads_back(store: Store) {
        fill(&store, tenant(7), 1).await;
        let found: Done<_> = store.read(async |reader| audit::for_object(reader, tenant(7), &[id(1)], Page::First, 9).await).await;
        let event = found.unwrap().remove(0);
        assert_eq!(event.action, "policy.created");
        assert_eq!(event.before.as_deref(), Some("{\"a\":\"0\"}"));
        assert_eq!((event.ticket.as_deref(), event.reason.as_deref()), (Some(""), None));
        assert_eq!(event.source.as_deref(), Some("192.0.2.1"));
        assert_eq!(event.id.get_version_num(), 7);
    }

    async fn a_checkpoint_is_kept_once(store: Store) {
        fill(&store, tenant(7), 3).await;
        let heads: Done<_> = store.read(async |reader| audit::heads(reader).await).await;
        let heads = heads.unwrap();
        let checkpoint = audit::Checkpoint {
            sequence: 1, at: at(5), body: audit::body(1, at(5), None, &heads), key_id: "k".to_owned(), signature: vec![1],
        };
        assert_eq!(audit::read_body(&checkpoint.body).unwrap().heads, heads);
        let copy = checkpoint.clone();
        let kept: Done = store.write(scope(1), async move |tx: &mut Tx| audit::insert_checkpoint(tx, &copy).await).await;
        kept.unwrap();
        let latest: Done<_> = store.read(async |reader| audit::latest_checkpoint(reader).await).await;
        assert_eq!(latest.unwrap(), Some(checkpoint.clone()));
        let again: Done = store.write(scope(1), async move |tx: &mut Tx| audit::insert_checkpoint(tx, &checkpoint).await).await;
        assert!(matches!(again, Err(Error::Duplicate { .. })));
    }
}
