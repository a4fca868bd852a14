//! Emergency codes: five at a time, each once.

use claviger_domain::ids::UserId;
use claviger_store::emergency_codes::{self, Kept};
use claviger_store::{Error, Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::ours;
use crate::inventory::{acting_in, add_user};
use crate::{Done, at};

fn code(user: UserId, number: i64, made: i64) -> Kept {
    Kept {
        user,
        number,
        digest: vec![u8::try_from(number).unwrap(); 60],
        key_version: 1,
        created_at: at(made),
        expires_at: at(made + 100),
        used_at: None,
        failed_attempts: 0,
    }
}

pub(super) async fn of(store: &Store, user: UserId) -> Vec<Kept> {
    let kept: Done<_> = store
        .read(async move |reader: &mut Reader| emergency_codes::of_user(reader, ours(), user).await)
        .await;
    kept.unwrap()
}

pub(super) async fn give(store: &Store, user: UserId, made: i64) -> Vec<Kept> {
    let codes: Vec<Kept> = (1..=5).map(|number| code(user, number, made)).collect();
    let given = codes.clone();
    let done: Done = store
        .write(acting_in(ours(), user.as_u128(), at(made)), async move |tx: &mut Tx| {
            emergency_codes::replace(tx, user, given.clone()).await
        })
        .await;
    done.unwrap();
    codes
}

both_databases! {
    async fn a_code_is_used_once_and_a_new_set_ends_the_old(store: Store) {
        let user = add_user(&store, ours(), 40, "Ada").await.id();
        let codes = give(&store, user, 0).await;
        assert_eq!(of(&store, user).await, codes);
        for stale in [false, true] {
            let one = codes[1].clone();
            let done: Done = store.write(acting_in(ours(), 40, at(5)), async move |tx: &mut Tx| emergency_codes::use_up(tx, &one).await).await;
            assert_eq!(matches!(done, Err(Error::Stale)), stale);
        }
        let kept = of(&store, user).await;
        assert_eq!(kept[1].used_at, Some(at(5)));
        assert!(!kept[1].is_good(at(6)) && kept[0].is_good(at(6)) && !kept[0].is_good(at(100)));
        let newer = give(&store, user, 10).await;
        assert_eq!(of(&store, user).await, newer);
        let old = codes[0].clone();
        let done: Done = store.write(acting_in(ours(), 40, at(11)), async move |tx: &mut Tx| emergency_codes::use_up(tx, &old).await).await;
        assert!(matches!(done, Err(Error::Stale)), "a code of the set before");
        for expected in [5, 0] {
            let gone: Done<u64> = store.write(acting_in(ours(), 40, at(12)), async move |tx: &mut Tx| emergency_codes::remove(tx, user).await).await;
            assert_eq!(gone.unwrap(), expected);
        }
    }

    async fn ten_wrong_codes_end_a_set(store: Store) {
        let user = add_user(&store, ours(), 40, "Ada").await.id();
        give(&store, user, 0).await;
        for tried in 1..=10 {
            let done: Done = store.write(acting_in(ours(), 40, at(1)), async move |tx: &mut Tx| emergency_codes::fail(tx, user).await).await;
            done.unwrap();
            assert_eq!(of(&store, user).await.iter().all(|kept| kept.is_good(at(1))), tried < 10);
        }
    }

    async fn digests_are_sealed_anew_and_old_codes_go(store: Store) {
        let user = add_user(&store, ours(), 40, "Ada").await.id();
        let codes = give(&store, user, 0).await;
        let done: Done<usize> = store.write(acting_in(ours(), 40, at(1)), async |tx: &mut Tx| {
            let mut sealed = 0;
            loop {
                let some = emergency_codes::under_key(tx, ours(), 1, 2).await?;
                if some.is_empty() {
                    return Ok(sealed);
                }
                for kept in &some {
                    emergency_codes::reseal(tx, kept, 2, b"new").await?;
                    sealed += 1;
                }
            }
        }).await;
        assert_eq!(done.unwrap(), 5);
        assert!(of(&store, user).await.iter().all(|kept| kept.digest == b"new" && kept.key_version == 2));
        let one = codes[0].clone();
        let stale: Done = store.write(acting_in(ours(), 40, at(1)), async move |tx: &mut Tx| emergency_codes::reseal(tx, &one, 3, b"x").await).await;
        assert!(matches!(stale, Err(Error::Stale)));
        for (before, expected) in [(at(100), 0), (at(101), 5)] {
            let gone: Done<u64> = store.write(acting_in(ours(), 40, at(200)), async move |tx: &mut Tx| emergency_codes::remove_expired(tx, before).await).await;
            assert_eq!(gone.unwrap(), expected);
        }
    }
}
