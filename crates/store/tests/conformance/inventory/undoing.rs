//! An import can be taken back while nobody has touched its keys.

use claviger_domain::ids::TenantId;
use claviger_store::batches::{self, Batch, Status, UndoRefused};
use claviger_store::security_keys::{self, Filter};
use claviger_store::{Error, Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::{acting_in, add_policy, command, import, link, list, new_key, ours, search, serials, total};
use crate::{Done, at};

async fn undo(store: &Store, owner: TenantId, batch: &Batch) -> Result<(), UndoRefused> {
    let job = batch.clone();
    store
        .write(acting_in(owner, 1, at(9)), async move |tx: &mut Tx| {
            batches::begin_undo(tx, &job).await
        })
        .await
}

async fn undoable(store: &Store, batch: &Batch) -> bool {
    let id = batch.id;
    let answer: Done<bool> = store
        .read(async move |reader: &mut Reader| {
            let batch = batches::get(reader, ours(), id).await?.unwrap();
            batches::undoable(reader, ours(), &batch).await
        })
        .await;
    answer.unwrap()
}

both_databases! {
    async fn an_untouched_import_vanishes_at_once_and_goes_out_in_chunks(store: Store) {
        let policy = add_policy(&store, ours(), 5, "Office").await;
        import(&store, ours(), 1, None, vec![new_key(0, "K", "stays")]).await;
        let keys = (0..5).map(|row| new_key(row, "K", &format!("goes-{row}"))).collect();
        let batch = import(&store, ours(), 2, Some(&policy), keys).await;
        assert!(undoable(&store, &batch).await);
        undo(&store, ours(), &batch).await.unwrap();
        assert_eq!(serials(&store, ours(), &Filter::default(), None).await, ["stays"]);
        assert_eq!(total(&store, ours(), &Filter::default()).await.count, 1);
        assert!(matches!(undo(&store, ours(), &batch).await, Err(UndoRefused::Store(Error::Stale))));
        let id = batch.id;
        let mut gone = 0;
        loop {
            let chunk: Done<u64> = store.write(acting_in(ours(), 1, at(9)), async move |tx: &mut Tx| batches::clear_chunk(tx, id, 2).await).await;
            match chunk.unwrap() {
                0 => break,
                some => gone += some,
            }
        }
        assert_eq!(gone, 5);
        let ended: Done<Status> = store.write(acting_in(ours(), 1, at(9)), async move |tx: &mut Tx| batches::finish_clearing(tx, id).await).await;
        assert_eq!(ended.unwrap(), Status::Undone);
        let unused: Done<_> = store.read(async move |reader: &mut Reader| claviger_store::policies::usage(reader, ours(), policy.id()).await).await;
        assert_eq!(unused.unwrap(), claviger_domain::policy::Usage::Unused);
        import(&store, ours(), 3, None, vec![new_key(0, "K", "goes-1")]).await;
        assert_eq!(serials(&store, ours(), &search("goes"), None).await, ["goes-1"]);
    }

    async fn an_import_with_a_touched_key_stays(store: Store) {
        let policy = add_policy(&store, ours(), 5, "Office").await;
        let batch = import(&store, ours(), 1, None, vec![new_key(0, "K", "1"), new_key(1, "K", "2"), new_key(2, "K", "3")]).await;
        assert!(command(&store, ours(), batch.keys.key(0), link(&policy), at(5)).await);
        assert!(command(&store, ours(), batch.keys.key(0), claviger_domain::security_key::Command::UnlinkPolicy, at(6)).await);
        assert!(!undoable(&store, &batch).await);
        assert!(matches!(undo(&store, ours(), &batch).await, Err(UndoRefused::Touched { keys: 1 })));
        let other = list(&store, ours(), &search("2"), None, 5).await.remove(0);
        let done: Done = store.write(acting_in(ours(), 1, at(7)), async move |tx: &mut Tx| security_keys::delete(tx, &other).await).await;
        done.unwrap();
        assert!(matches!(undo(&store, ours(), &batch).await, Err(UndoRefused::Touched { keys: 2 })));
        assert_eq!(serials(&store, ours(), &Filter::default(), None).await, ["3", "1"]);
    }

    async fn an_import_without_keys_is_not_undone(store: Store) {
        let batch = import(&store, ours(), 1, None, Vec::new()).await;
        assert!(!undoable(&store, &batch).await);
        assert!(matches!(undo(&store, ours(), &batch).await, Err(UndoRefused::Empty)));
        let id = batch.id;
        let kept: Done<_> = store.read(async move |reader: &mut Reader| batches::get(reader, ours(), id).await).await;
        assert_eq!(kept.unwrap().unwrap().status, Status::Applied);
    }
}
