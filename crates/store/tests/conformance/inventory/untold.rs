//! Keys whose user could not be told: found while there is a letter to send again, and no longer.

use claviger_domain::ids::SecurityKeyId;
use claviger_store::outbox::{self, Draft, Lane, REVOKED_MAIL};
use claviger_store::security_keys::{self, Filter};
use claviger_store::{Store, Tx, retention};
use claviger_testkit::both_databases;
use uuid::Uuid;

use super::{acting_in, import, new_key, ours, total};
use crate::{Done, at};

fn letter(seconds: u64, key: SecurityKeyId) -> Draft<'static> {
    let millis = (1_790_000_000 + seconds) * 1_000;
    Draft {
        id: uuid::Builder::from_unix_timestamp_millis(millis, key.as_uuid().as_bytes().last_chunk().unwrap())
            .into_uuid(),
        kind: REVOKED_MAIL,
        subject: Some(key.as_uuid()),
        payload: "{}",
        give_up_at: Some(at(20)),
        not_sent: None,
    }
}

async fn told(store: &Store, failed: bool) -> u64 {
    let filter = Filter {
        mail_failed: Some(failed),
        ..Filter::default()
    };
    let exact: Result<u64, claviger_store::Error> = {
        let filter = filter.clone();
        store
            .read(async move |reader| security_keys::count_exact(reader, ours(), &filter).await)
            .await
    };
    let counted = total(store, ours(), &filter).await;
    assert_eq!((counted.count, counted.capped), (exact.unwrap(), false));
    counted.count
}

async fn put(store: &Store, letters: Vec<Draft<'static>>) {
    let done: Done = store
        .write(acting_in(ours(), 1, at(0)), async move |tx: &mut Tx| {
            for letter in &letters {
                outbox::insert(tx, letter).await?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
}

async fn give_up(store: &Store, seconds: i64) {
    let lane = Lane {
        tenant: ours(),
        kind: REVOKED_MAIL.to_owned(),
    };
    let done: Done<u64> = store
        .write(acting_in(ours(), 1, at(seconds)), async move |tx: &mut Tx| {
            outbox::give_up_due(tx, &lane, "nobody is there").await
        })
        .await;
    assert!(done.unwrap() > 0);
}

both_databases! {
    async fn keys_whose_mail_was_given_up_are_found_until_it_is_sent_again_or_forgotten(store: Store) {
        let keys = (0..4).map(|row| new_key(row, "K9", &format!("s{row}"))).collect();
        let batch = import(&store, ours(), 1, None, keys).await;
        let key = move |row| batch.keys.key(row);
        put(&store, vec![letter(1, key(0)), letter(1, key(1)), letter(1, key(2))]).await;
        assert_eq!((told(&store, true).await, told(&store, false).await), (0, 4));
        give_up(&store, 30).await;
        assert_eq!((told(&store, true).await, told(&store, false).await), (3, 1));
        // Another try, and another letter: how the newest stands is what counts.
        let again: Done = store.write(acting_in(ours(), 1, at(31)), async move |tx: &mut Tx| {
            let failed = outbox::newest(tx, ours(), key(0).as_uuid(), REVOKED_MAIL).await?.expect("it is there");
            outbox::retry(tx, &failed, Some(at(1_000))).await
        }).await;
        again.unwrap();
        put(&store, vec![letter(2, key(1))]).await;
        assert_eq!(told(&store, true).await, 1);
        give_up(&store, 40).await;
        assert_eq!(told(&store, true).await, 2, "the newer letter was given up too");
        // What is removed cannot be sent again: its key is not looked for any more; the other letter is younger.
        let removed: Done<u64> = store.write(acting_in(ours(), 1, at(90)), async move |tx: &mut Tx| retention::messages(tx, at(35)).await).await;
        assert_eq!((removed.unwrap(), told(&store, true).await), (2, 1));
        let nobody: Done<Option<Uuid>> = store.read(async move |reader| {
            Ok(outbox::newest(reader, ours(), key(2).as_uuid(), REVOKED_MAIL).await?.map(|found| found.id))
        }).await;
        assert_eq!(nobody.unwrap(), None);
    }
}
