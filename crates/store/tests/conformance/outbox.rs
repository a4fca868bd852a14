//! Messages to others: claimed by one, put off, given up, tried again, removed when their time is over.

use claviger_store::outbox::{self, Draft, Lane, Message};
use claviger_store::{Scope, Store, Tx, retention};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

const KIND: &str = "mail.security_key_revoked";

fn letter(number: u128, not_sent: Option<&'static str>) -> Draft<'static> {
    Draft {
        id: id(number),
        kind: KIND,
        subject: Some(id(2)),
        payload: "{}",
        give_up_at: None,
        not_sent,
    }
}

fn lane() -> Lane {
    Lane {
        tenant: tenant(7),
        kind: KIND.to_owned(),
    }
}

async fn due(store: &Store, seconds: i64) -> Vec<Message> {
    let due: Done<_> = store
        .read(async move |reader| outbox::due(reader, &lane(), at(seconds), 10).await)
        .await;
    due.unwrap()
}

both_databases! {
    async fn a_message_is_claimed_by_one(store: Store) {
        let put: Done = store.write(scope(1), async |tx: &mut Tx| outbox::insert(tx, &letter(1, None)).await).await;
        put.unwrap();
        let message = due(&store, 0).await.remove(0);
        for expected in [true, false] {
            let message = message.clone();
            let claimed: Done<_> = store.write(scope(1), async move |tx: &mut Tx| outbox::claim(tx, &message, at(60)).await).await;
            assert_eq!(claimed.is_ok(), expected);
        }
        assert!(due(&store, 59).await.is_empty());
        let again = due(&store, 60).await.remove(0);
        assert_eq!(again.attempts, 1);
        let settled: Done = store.write(scope(1), async move |tx: &mut Tx| outbox::settle(tx, &again, None).await).await;
        settled.unwrap();
        let sent: Done<_> = store.read(async |reader| outbox::newest(reader, tenant(7), id(2), KIND).await).await;
        assert_eq!(sent.unwrap().unwrap().state, outbox::State::Sent);
    }

    async fn what_was_taken_is_not_sent_again_because_somebody_asked_for_another_try(store: Store) {
        let put: Done = store.write(scope(1), async |tx: &mut Tx| outbox::insert(tx, &letter(1, None)).await).await;
        put.unwrap();
        let waiting = due(&store, 0).await.remove(0);
        let (sent, again): (Done, Message) = {
            let claimed: Done<_> = store.write(scope(1), async move |tx: &mut Tx| outbox::claim(tx, &waiting, at(60)).await).await;
            let claimed = claimed.unwrap();
            let under_way = claimed.clone();
            let asked: Done = store.write(scope(1), async move |tx: &mut Tx| outbox::retry(tx, &under_way, None).await).await;
            asked.unwrap();
            let again = due(&store, 0).await.remove(0);
            (store.write(scope(1), async move |tx: &mut Tx| outbox::settle(tx, &claimed, None).await).await, again)
        };
        sent.unwrap();
        assert!(due(&store, 60).await.is_empty());
        // One that another server has taken again since is that server's to settle.
        let late: Done<_> = store.write(scope(1), async move |tx: &mut Tx| outbox::claim(tx, &again, at(60)).await).await;
        assert!(late.is_err());
    }

    async fn messages_are_put_off_given_up_and_tried_again(store: Store) {
        let put: Done = store.write(scope(1), async |tx: &mut Tx| {
            outbox::insert(tx, &letter(1, None)).await?;
            outbox::insert(tx, &letter(3, Some("nobody to write to"))).await?;
            for (number, give_up) in [(4, 10), (5, 1_000)] {
                outbox::insert(tx, &Draft { give_up_at: Some(at(give_up)), ..letter(number, None) }).await?;
            }
            Ok(())
        }).await;
        put.unwrap();
        let lanes: Done<_> = store.read(async |reader| outbox::lanes_due(reader, at(0)).await).await;
        assert_eq!(lanes.unwrap(), vec![lane()]);
        assert_eq!(due(&store, 0).await.len(), 3, "what cannot be sent does not wait");
        // The first is put off alone, the rest of its lane with it; what was tried long enough is given up before.
        let first = due(&store, 0).await.remove(0);
        let later: Done<_> = store.write(Scope { now: at(20), ..scope(1) }, async move |tx: &mut Tx| {
            outbox::postpone(tx, &first, at(100), "slow", Some(at(20))).await?;
            Ok((outbox::give_up_due(tx, &lane(), "dead").await?, outbox::postpone_due(tx, &lane(), at(80), "dead").await?))
        }).await;
        assert_eq!(later.unwrap(), (1, 1));
        assert!(due(&store, 79).await.is_empty());
        assert_eq!(due(&store, 80).await.iter().map(|one| one.id).collect::<Vec<_>>(), vec![id(5)]);
        let failed: Done<_> = store.read(async |reader| outbox::newest(reader, tenant(7), id(2), KIND).await).await;
        assert_eq!(failed.unwrap().unwrap().id, id(5), "the newest of them");
        let noted: Done<_> = store.write(scope(1), async |tx: &mut Tx| {
            outbox::insert(tx, &Draft { subject: Some(id(9)), ..letter(6, Some("no address")) }).await?;
            let noted = outbox::newest(tx, tenant(7), id(9), KIND).await?.expect("it was put down");
            outbox::retry(tx, &noted, Some(at(500))).await?;
            Ok(noted)
        }).await;
        assert_eq!(noted.unwrap().state, outbox::State::NotSent);
        assert_eq!(due(&store, 0).await.iter().map(|one| one.id).collect::<Vec<_>>(), vec![id(6)]);
    }

    async fn what_is_settled_goes_when_its_time_is_over(store: Store) {
        let born = |seconds: u64| uuid::Builder::from_unix_timestamp_millis((1_790_000_000 + seconds) * 1_000, &[0; 10]).into_uuid();
        let put: Done = store.write(scope(1), async move |tx: &mut Tx| {
            for seconds in [10_u64, 20, 30] {
                outbox::insert(tx, &Draft { id: born(seconds), ..letter(1, (seconds == 10).then_some("x")) }).await?;
            }
            Ok(())
        }).await;
        put.unwrap();
        let sent = due(&store, 60).await.remove(0);
        let settled: Done = store.write(Scope { now: at(40), ..scope(1) }, async move |tx: &mut Tx| outbox::settle(tx, &sent, None).await).await;
        settled.unwrap();
        let removed = async |before: i64| -> u64 {
            let removed: Done<u64> = store.write(scope(1), async move |tx: &mut Tx| retention::messages(tx, at(before)).await).await;
            removed.unwrap()
        };
        // Settled at 40: not before 41. The one that waits stays for ever.
        assert_eq!((removed(40).await, removed(41).await, removed(1_000).await), (1, 1, 0));
        assert_eq!(due(&store, 60).await.len(), 1);
    }
}
