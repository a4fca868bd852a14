//! Keys go in hidden, by chunks, and become visible at once.

use claviger_domain::security_key::{Status as KeyStatus, Tab};
use claviger_store::batches::{self, Ending, Goods, Status};
use claviger_store::security_keys::{self, Filter};
use claviger_store::{Dialect, Error, Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::{
    acting_in, add_policy, apply, batch, import, list, new_key, ours, page, search, serials, total, write_hidden,
};
use crate::{Done, at, tenant};

async fn unfinished(store: &Store) -> Vec<Status> {
    let found: Done<Vec<_>> = store
        .read(async |reader: &mut Reader| batches::unfinished(reader).await)
        .await;
    found.unwrap().into_iter().map(|(_, batch)| batch.status).collect()
}

both_databases! {
    async fn an_import_is_in_no_list_search_or_count_until_it_is_applied(store: Store) {
        import(&store, ours(), 1, None, vec![new_key(0, "Old", "old-1"), new_key(1, "Old", "old-2")]).await;
        let applying = batch(2, None, 3);
        let keys = (0..3).map(|row| new_key(row, "New", &format!("new-{row}"))).collect();
        write_hidden(&store, ours(), &applying, keys).await;
        assert_eq!(unfinished(&store).await, [Status::Applying]);
        for filter in [Filter::default(), search("new"), Filter { batch: Some(applying.id), ..Filter::default() },
            Filter { ids: Some(vec![applying.keys.key(0)]), ..Filter::default() }, search("ne")] {
            let found = serials(&store, ours(), &filter, None).await;
            assert!(found.iter().all(|serial| serial.starts_with("old")), "{filter:?} {found:?}");
        }
        assert_eq!(total(&store, ours(), &Filter::default()).await.count, 2);
        let id = applying.keys.key(0);
        let hidden: Done<_> = store.read(async move |reader: &mut Reader| security_keys::get(reader, ours(), id).await).await;
        assert_eq!(hidden.unwrap(), None);

        apply(&store, ours(), &applying).await;
        assert_eq!(serials(&store, ours(), &Filter::default(), None).await, ["new-2", "new-1", "new-0", "old-2", "old-1"]);
        assert_eq!(total(&store, ours(), &Filter { tab: Some(Tab::Stocks), ..Filter::default() }).await.count, 5);
        assert_eq!(serials(&store, ours(), &Filter { batch: Some(applying.id), ..Filter::default() }, None).await.len(), 3);
        assert_eq!(unfinished(&store).await, []);
    }

    async fn the_planner_knows_new_keys_once_told(store: Store) {
        write_hidden(&store, ours(), &batch(1, None, 2), vec![new_key(0, "K", "1"), new_key(1, "K", "2")]).await;
        let told: Done = store.write(acting_in(ours(), 1, at(1)), async |tx: &mut Tx| {
            batches::refresh_statistics(tx, Goods::OtpTokens).await?;
            batches::refresh_statistics(tx, Goods::SecurityKeys).await
        }).await;
        told.unwrap();
        let known: Done<i64> = store.read(async |reader: &mut Reader| {
            let ask = "SELECT COUNT(*) AS count FROM pg_stats WHERE tablename = 'security_keys' AND attname = 'shelf'";
            if reader.dialect() == Dialect::Sqlite { return Ok(1) }
            reader.query_one(ask, &[]).await?.get("count")
        }).await;
        assert_eq!(known.unwrap(), 1);
    }

    async fn an_import_with_a_policy_makes_its_keys_ready(store: Store) {
        let policy = add_policy(&store, ours(), 5, "Office").await;
        import(&store, ours(), 1, Some(&policy), vec![new_key(1, "K", "1")]).await;
        let ready = Filter { statuses: vec![KeyStatus::Ready], ..Filter::default() };
        let listed = page(&store, ours(), &ready, None, None, 10).await.unwrap().items;
        assert_eq!(listed[0].policy_name.as_deref(), Some("Office"));
        assert_eq!(listed[0].key.policy().map(|linked| linked.id), Some(policy.id()));
        let used: Done<_> = store.read(async move |reader: &mut Reader| claviger_store::policies::usage(reader, ours(), policy.id()).await).await;
        assert_eq!(used.unwrap(), claviger_domain::policy::Usage::InUse(1));
    }

    async fn a_chunk_goes_in_once_and_none_behind_a_cancellation(store: Store) {
        let applying = batch(1, None, 3);
        write_hidden(&store, ours(), &applying, vec![new_key(0, "K", "1"), new_key(1, "K", "2")]).await;
        let chunk = |written: u64, row: u32| {
            let (store, job) = (store.clone(), applying.clone());
            async move {
                let done: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| {
                    batches::insert_chunk(tx, &job, written, vec![new_key(row, "K", &format!("s{row}"))]).await
                }).await;
                done
            }
        };
        assert!(matches!(chunk(0, 2).await, Err(Error::Stale)), "a chunk that is in already");
        let early = applying.clone();
        let missing: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| batches::apply(tx, &early).await).await;
        assert!(matches!(missing, Err(Error::Stale)), "a key is missing");
        let id = applying.id;
        let stop: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| batches::abandon(tx, id, Ending::Cancelled).await).await;
        stop.unwrap();
        assert!(matches!(chunk(2, 2).await, Err(Error::Stale)), "the import was stopped");
        let early: Done<Status> = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| batches::finish_clearing(tx, id).await).await;
        assert!(matches!(early, Err(Error::Stale)), "keys are left");
        for left in [1, 1, 0] {
            let gone: Done<u64> = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| batches::clear_chunk(tx, id, 1).await).await;
            assert_eq!(gone.unwrap(), left);
        }
        let ended: Done<Status> = store.write(acting_in(ours(), 1, at(3)), async move |tx: &mut Tx| batches::finish_clearing(tx, id).await).await;
        assert_eq!(ended.unwrap(), Status::Cancelled);
        import(&store, ours(), 2, None, vec![new_key(0, "K", "1"), new_key(1, "K", "2")]).await;
        assert_eq!(serials(&store, ours(), &Filter::default(), None).await, ["2", "1"]);
    }

    async fn a_serial_number_is_unique_in_its_tenant_and_tenants_do_not_see_each_other(store: Store) {
        let keys = || vec![new_key(0, "K", "AB-1 2"), new_key(1, "K", "77")];
        import(&store, ours(), 1, None, keys()).await;
        import(&store, tenant(8), 2, None, keys()).await;
        let found: Done<Vec<_>> = store.read(async |reader: &mut Reader| {
            batches::existing(reader, ours(), vec!["ab12".to_owned(), "nothing".to_owned()]).await
        }).await;
        let found = found.unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].serial == "ab12" && found[0].device_name == "K" && !found[0].hidden);
        let again = batch(3, None, 1);
        let job = again.clone();
        let refused: Done = store.write(acting_in(ours(), 1, at(3)), async move |tx: &mut Tx| {
            batches::insert(tx, &job).await?;
            batches::insert_chunk(tx, &job, 0, vec![new_key(0, "K", "ab12")]).await
        }).await;
        assert!(refused.unwrap_err().is_duplicate_in("security_keys"));
        for (owner, other) in [(ours(), tenant(8)), (tenant(8), ours())] {
            let own = list(&store, owner, &search("ab12"), None, 5).await;
            assert_eq!(own.len(), 1);
            let id = own[0].id();
            let foreign: Done<_> = store.read(async move |reader: &mut Reader| security_keys::get(reader, other, id).await).await;
            assert_eq!(foreign.unwrap(), None);
            let stolen = Filter { ids: Some(vec![id]), ..Filter::default() };
            assert_eq!(serials(&store, other, &stolen, None).await, [""; 0]);
            assert_eq!(total(&store, owner, &Filter::default()).await.count, 2);
        }
        assert_eq!(total(&store, tenant(9), &Filter::default()).await.count, 0);
    }

    async fn rejected_rows_and_findings_are_kept(store: Store) {
        let before = batch(1, None, 0);
        let mut after = before.clone();
        after.status = Status::Refused;
        after.counts.rejected = 2;
        after.errors = serde_json::json!([{"line": 2, "detail": "no serial"}]);
        after.revision = before.revision.next();
        let (one, two) = (before.clone(), after.clone());
        let done: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| {
            batches::insert(tx, &one).await?;
            batches::put_rejects(tx, one.id, 0, b"a;b\n".to_vec()).await?;
            batches::save(tx, &one, &two).await
        }).await;
        done.unwrap();
        let id = before.id;
        let read: Done<_> = store.read(async move |reader: &mut Reader| {
            Ok((batches::get(reader, ours(), id).await?, batches::rejects(reader, ours(), id, 0).await?,
                batches::rejects(reader, ours(), id, 1).await?, batches::list(reader, ours(), None, 10, &[Goods::SecurityKeys]).await?))
        }).await;
        let (kept, body, behind, all) = read.unwrap();
        assert_eq!(kept.as_ref(), Some(&after));
        assert_eq!((body.as_deref(), behind), (Some(&b"a;b\n"[..]), None));
        assert_eq!(all, [after.clone()]);
        let stale: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| batches::save(tx, &before, &after).await).await;
        assert!(matches!(stale, Err(Error::Stale)));
    }
}
