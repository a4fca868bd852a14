//! Owners who signed in beside the identity provider: until another takes note, or the days pass.

use claviger_domain::Timestamp;
use claviger_domain::ids::AdministratorId;
use claviger_store::{Scope, Store, Tx, break_glass};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

const DAY: i64 = 86_400;

async fn signs_in(store: &Store, number: u128, who: u128, seconds: i64) {
    let now = at(seconds);
    let done: Done = store
        .write(Scope { now, ..scope(1) }, async move |tx: &mut Tx| {
            break_glass::insert(tx, id(number), AdministratorId::from_uuid(id(who))).await
        })
        .await;
    done.unwrap();
}

async fn open(store: &Store, seconds: i64) -> (u64, Option<Timestamp>) {
    let open: Done<_> = store
        .read(async move |reader| break_glass::open(reader, tenant(7), at(seconds)).await)
        .await;
    let open = open.unwrap();
    (open.count.count, open.newest)
}

async fn acknowledge(store: &Store, until: i64, by: u128) -> u64 {
    let done: Done<u64> = store
        .write(
            Scope {
                now: at(100),
                ..scope(1)
            },
            async move |tx: &mut Tx| break_glass::acknowledge(tx, at(until), Some(id(by))).await,
        )
        .await;
    done.unwrap()
}

both_databases! {
    async fn a_sign_in_stands_until_another_takes_note_of_it_or_a_week_has_passed(store: Store) {
        assert_eq!(open(&store, 10).await, (0, None));
        signs_in(&store, 1, 50, 10).await;
        signs_in(&store, 2, 51, 20).await;
        signs_in(&store, 3, 50, 30).await;
        assert_eq!(open(&store, 40).await, (3, Some(at(30))));
        // Nobody takes note of his own, nor of what came after he looked.
        assert_eq!(acknowledge(&store, 10, 50).await, 0);
        assert_eq!(acknowledge(&store, 20, 51).await, 1);
        assert_eq!(open(&store, 40).await, (2, Some(at(30))));
        assert_eq!(acknowledge(&store, 30, 52).await, 2);
        assert_eq!(open(&store, 40).await, (0, None));
        signs_in(&store, 4, 50, 60).await;
        assert_eq!((open(&store, 60 + 7 * DAY - 1).await.0, open(&store, 60 + 7 * DAY).await.0), (1, 0));
    }
}
