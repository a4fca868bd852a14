//! Files to fetch: shown when whole, hidden before they go, removed piece by piece.

use claviger_domain::ids::{DownloadId, TenantId};
use claviger_store::downloads::{self, Download};
use claviger_store::{Error, Scope, Store, Tx};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

fn file(number: u128) -> Download {
    Download {
        id: DownloadId::from_uuid(id(number)),
        system: "linux".to_owned(),
        kind: "workstation".to_owned(),
        file_name: "klíče.deb".to_owned(),
        version: "1.0".to_owned(),
        notes: Some("first\nsecond".to_owned()),
        size: 0,
        chunks: 0,
        sha256: None,
        created_at: at(0),
        created_by: "Ada".to_owned(),
        revision: 1,
    }
}

fn whole(number: u128) -> Download {
    Download {
        size: 3,
        chunks: 2,
        sha256: Some([9; 32]),
        revision: 2,
        ..file(number)
    }
}

/// Uploads a file of two chunks.
async fn upload(store: &Store, number: u128) {
    let done: Done = store
        .write(scope(1), async move |tx: &mut Tx| {
            let one = file(number);
            downloads::begin(tx, &one).await?;
            downloads::put_chunk(tx, one.id, 0, &[0, 255]).await?;
            downloads::put_chunk(tx, one.id, 1, &[7]).await?;
            downloads::finish(tx, one.id, 3, 2, [9; 32]).await
        })
        .await;
    done.unwrap();
}

async fn listed(store: &Store, owner: TenantId, limit: u32) -> Vec<Download> {
    let read: Done<_> = store
        .read(async move |reader| downloads::list(reader, owner, None, limit).await)
        .await;
    read.unwrap()
}

async fn clear(store: &Store, number: u128) -> bool {
    let clear = async move |tx: &mut Tx| downloads::clear(tx, file(number).id).await;
    let cleared: Done<bool> = store.write(scope(1), clear).await;
    cleared.unwrap()
}

async fn hide(store: &Store, owner: TenantId, one: Download) -> Done {
    let scope = Scope {
        tenant: owner,
        ..scope(1)
    };
    store
        .write(scope, async move |tx: &mut Tx| downloads::hide(tx, &one).await)
        .await
}

both_databases! {
    async fn a_file_is_shown_when_it_is_whole_to_its_tenant_alone(store: Store) {
        let begun: Done = store.write(scope(1), async |tx: &mut Tx| downloads::begin(tx, &file(3)).await).await;
        begun.unwrap();
        for number in [1, 2] {
            upload(&store, number).await;
        }
        assert_eq!(listed(&store, tenant(7), 9).await, [whole(2), whole(1)], "the newest first");
        assert_eq!(listed(&store, tenant(7), 1).await, [whole(2)]);
        assert_eq!(listed(&store, tenant(8), 9).await, []);
        let found: Done<_> = store.read(async |reader| {
            let mut chunks = Vec::new();
            for (owner, number) in [(7, 0), (7, 1), (7, 2), (8, 0)] {
                chunks.push(downloads::chunk(reader, tenant(owner), file(1).id, number).await?);
            }
            Ok((chunks, downloads::get(reader, tenant(8), file(1).id).await?, downloads::get(reader, tenant(7), file(3).id).await?))
        }).await;
        assert_eq!(found.unwrap(), (vec![Some(vec![0, 255]), Some(vec![7]), None, None], None, None));
    }

    async fn a_file_goes_once_and_piece_by_piece(store: Store) {
        upload(&store, 1).await;
        assert!(matches!(hide(&store, tenant(8), whole(1)).await, Err(Error::Stale)));
        assert!(matches!(hide(&store, tenant(7), file(1)).await, Err(Error::Stale)), "its revision has moved");
        hide(&store, tenant(7), whole(1)).await.unwrap();
        assert!(matches!(hide(&store, tenant(7), Download { revision: 3, ..whole(1) }).await, Err(Error::Stale)));
        assert_eq!(listed(&store, tenant(7), 9).await, []);
        assert_eq!([clear(&store, 1).await, clear(&store, 1).await], [false, true]);
        let left: Done<_> = store.read(async |reader| {
            Ok((downloads::chunk(reader, tenant(7), file(1).id, 0).await?, downloads::left_behind(reader, at(99)).await?))
        }).await;
        assert_eq!(left.unwrap(), (None, vec![]));
    }

    async fn a_file_that_is_shown_is_not_cleared_away(store: Store) {
        upload(&store, 1).await;
        upload(&store, 2).await;
        hide(&store, tenant(7), whole(2)).await.unwrap();
        while !clear(&store, 2).await {}
        assert!(clear(&store, 1).await, "an upload that was taken for left behind may end meanwhile");
        assert_eq!(listed(&store, tenant(7), 9).await, [whole(1)]);
        let chunk: Done<_> = store.read(async |reader| downloads::chunk(reader, tenant(7), file(1).id, 0).await).await;
        assert_eq!(chunk.unwrap(), Some(vec![0, 255]));
    }

    async fn an_upload_that_was_given_up_takes_nothing_more(store: Store) {
        let begun: Done = store.write(scope(1), async |tx: &mut Tx| {
            downloads::begin(tx, &file(1)).await?;
            downloads::put_chunk(tx, file(1).id, 0, &[1]).await
        }).await;
        begun.unwrap();
        for (since, expected) in [(at(0), vec![]), (at(1), vec![(tenant(7), file(1).id)])] {
            let left: Done<_> = store.read(async move |reader| downloads::left_behind(reader, since).await).await;
            assert_eq!(left.unwrap(), expected);
        }
        assert!(!clear(&store, 1).await);
        let more: Done = store.write(scope(1), async |tx: &mut Tx| downloads::put_chunk(tx, file(1).id, 1, &[2]).await).await;
        assert!(matches!(more, Err(Error::Stale)));
        let end: Done = store.write(scope(1), async |tx: &mut Tx| downloads::finish(tx, file(1).id, 1, 1, [9; 32]).await).await;
        assert!(matches!(end, Err(Error::Stale)));
        assert!(clear(&store, 1).await);
    }
}
