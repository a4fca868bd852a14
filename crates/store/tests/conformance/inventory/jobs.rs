//! Long work under a lease.

use claviger_domain::Timestamp;
use claviger_domain::ids::JobId;
use claviger_store::jobs::{self, Job, Outcome, RowResult, Rows, Status};
use claviger_store::{Error, Reader, Store, Tx};
use claviger_testkit::both_databases;
use serde_json::json;
use uuid::Uuid;

use super::{acting_in, ours};
use crate::{Done, at, id};

fn job(number: u128) -> Job {
    Job {
        id: JobId::from_uuid(id(number)),
        tenant: ours(),
        revision: 1,
        kind: "bulk.link_policy".to_owned(),
        status: Status::Queued,
        arguments: json!({"policy_id": 5}),
        subject: None,
        total: 3,
        done: 0,
        refused: 0,
        position: None,
        error: None,
        cancel_requested: false,
        created_at: at(0),
        created_by: "Ada".to_owned(),
        created_by_id: Some(id(1)),
        scope: json!({}),
        started_at: None,
        finished_at: None,
    }
}

async fn free(store: &Store, now: Timestamp) -> Vec<Job> {
    let found: Done<Vec<_>> = store
        .read(async move |reader: &mut Reader| jobs::free(reader, now).await)
        .await;
    found.unwrap()
}

async fn take(store: &Store, job: Job, node: Uuid, now: Timestamp) -> Done {
    store
        .write(acting_in(ours(), 1, now), async move |tx: &mut Tx| {
            jobs::take(tx, &job, node, now.plus_seconds(30)).await
        })
        .await
}

both_databases! {
    async fn a_job_is_taken_once_and_taken_over_when_its_server_dies(store: Store) {
        let done: Done = store.write(acting_in(ours(), 1, at(0)), async |tx: &mut Tx| jobs::insert(tx, &job(5)).await).await;
        done.unwrap();
        let waiting = free(&store, at(1)).await;
        assert_eq!(waiting, [job(5)]);
        take(&store, waiting[0].clone(), id(100), at(1)).await.unwrap();
        assert!(matches!(take(&store, waiting[0].clone(), id(200), at(1)).await, Err(Error::Stale)));
        assert_eq!(free(&store, at(31)).await, [], "the lease holds");
        let beat: Done = store.write(acting_in(ours(), 1, at(30)), async |tx: &mut Tx| jobs::heartbeat(tx, job(5).id, id(100), at(60)).await).await;
        beat.unwrap();
        assert_eq!(free(&store, at(60)).await, []);
        let orphan = free(&store, at(61)).await;
        take(&store, orphan[0].clone(), id(200), at(61)).await.unwrap();
        let late: Done = store.write(acting_in(ours(), 1, at(62)), async |tx: &mut Tx| jobs::heartbeat(tx, job(5).id, id(100), at(90)).await).await;
        assert!(matches!(late, Err(Error::Stale)), "the first server has lost it");
        let late: Done = store.write(acting_in(ours(), 1, at(62)), async |tx: &mut Tx| jobs::put_chunk(tx, job(5).id, id(100), 0, &[], "x").await).await;
        assert!(matches!(late, Err(Error::Stale)), "and writes nothing more");
        let end: Done = store.write(acting_in(ours(), 1, at(63)), async |tx: &mut Tx| jobs::finish(tx, job(5).id, id(200), Status::Failed, Some("disk")).await).await;
        end.unwrap();
        let read: Done<_> = store.read(async |reader: &mut Reader| jobs::list(reader, ours(), None, 10).await).await;
        let ended = read.unwrap().remove(0);
        assert_eq!((ended.status, ended.error.as_deref(), ended.finished_at), (Status::Failed, Some("disk"), Some(at(63))));
        assert_eq!(ended.started_at, Some(at(1)));
    }

    async fn results_are_kept_with_the_progress_they_made(store: Store) {
        let done: Done = store.write(acting_in(ours(), 1, at(0)), async |tx: &mut Tx| jobs::insert(tx, &job(5)).await).await;
        done.unwrap();
        take(&store, job(5), id(100), at(1)).await.unwrap();
        let row = |number: u128, outcome: Outcome| RowResult { object: Some(id(number)), label: format!("s\"{number}"), outcome };
        let chunks = [vec![row(1, Outcome::Done)], vec![row(2, Outcome::Refused("REVOKED".to_owned())), row(3, Outcome::Done)]];
        for (number, rows) in (0..).zip(chunks.clone()) {
            let put: Done = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| {
                jobs::put_chunk(tx, job(5).id, id(100), number, &rows, "behind").await
            }).await;
            put.unwrap();
        }
        let again: Done = store.write(acting_in(ours(), 1, at(2)), async |tx: &mut Tx| jobs::put_chunk(tx, job(5).id, id(100), 1, &[], "x").await).await;
        assert!(again.unwrap_err().is_duplicate_in("job_chunks"));
        let read: Done<_> = store.read(async |reader: &mut Reader| {
            Ok((jobs::get(reader, ours(), job(5).id).await?.unwrap(), jobs::results(reader, ours(), job(5).id, 0, Rows::All).await?,
                jobs::results(reader, ours(), job(5).id, 0, Rows::Refused).await?, jobs::results(reader, ours(), job(5).id, 2, Rows::All).await?))
        }).await;
        let (kept, first, refused, behind) = read.unwrap();
        assert_eq!((kept.done, kept.refused, kept.position.as_deref()), (3, 1, Some("behind")));
        assert_eq!(kept.arguments, serde_json::Value::Null, "who takes it up is told them, nobody else");
        assert_eq!(first, Some((0, chunks[0].clone())));
        assert_eq!(refused, Some((1, chunks[1][..1].to_vec())));
        assert_eq!(behind, None);
    }

    async fn a_job_is_asked_to_stop_once(store: Store) {
        let done: Done = store.write(acting_in(ours(), 1, at(0)), async |tx: &mut Tx| jobs::insert(tx, &job(5)).await).await;
        done.unwrap();
        for first in [true, false] {
            let asked: Done<bool> = store.write(acting_in(ours(), 1, at(1)), async |tx: &mut Tx| jobs::request_cancel(tx, job(5).id).await).await;
            assert_eq!(asked.unwrap(), first);
        }
        let wanted: Done<bool> = store.read(async |reader: &mut Reader| jobs::cancel_requested(reader, ours(), job(5).id).await).await;
        assert!(wanted.unwrap());
    }
}
