//! Tokens of users: who may use them, and that the last one stays.

use claviger_domain::SerialNumber;
use claviger_domain::otp::{Command, OtpTokenFacts, Status};
use claviger_domain::role::Standing;
use claviger_domain::user::UserStatus;
use claviger_store::otp_tokens::{self, Decided, Filter, Found, Sought};
use claviger_store::{Error, Reader, Store, Tx, users};
use claviger_testkit::both_databases;

use super::{add, assign, id, order, ours, pressed, read, token};
use crate::inventory::{acting_in, add_user};
use crate::{Done, at};

/// What an attempt finds for a user.
async fn of_user(store: &Store, name: &str) -> (Option<UserStatus>, Vec<u128>) {
    let found: Done<Found> = store
        .attempt(
            acting_in(ours(), 1, at(1)),
            Sought::User(name.to_owned()),
            |found, _| Ok((Decided::default(), found.clone())),
        )
        .await;
    let found = found.unwrap();
    let tokens = found.tokens.iter().map(|kept| kept.token.id().as_u128());
    (found.user.map(|user| user.status), tokens.collect())
}

/// Disables as an action does, with the guard that makes two of them wait for one another.
async fn disable(store: &Store, number: u128) -> bool {
    let done: Done<bool> = store
        .write(acting_in(ours(), number, at(5)), async move |tx: &mut Tx| {
            let kept = otp_tokens::get(tx, ours(), id(number)).await?.ok_or(Error::Stale)?;
            let user = kept.token.holder().ok_or(Error::Stale)?;
            otp_tokens::hold(tx, user).await?;
            let other_active = otp_tokens::other_active(tx, ours(), user, id(number), at(5)).await?;
            let Ok(after) = kept
                .token
                .apply(&Command::Disable { other_active }, Standing::NotAbove, at(5))
            else {
                return Ok(false);
            };
            otp_tokens::save(tx, &kept.token, &after).await?;
            Ok(true)
        })
        .await;
    done.unwrap()
}

both_databases! {
    async fn the_active_tokens_of_a_user_are_found_by_his_name(store: Store) {
        let ada = add_user(&store, ours(), 40, "Ada").await;
        for number in 1..=3 {
            add(&store, ours(), &token(number, &format!("P-{number}"), pressed())).await;
        }
        assert_eq!(of_user(&store, "ada").await, (Some(UserStatus::Active), vec![]));
        for number in 1..=2 {
            assert!(order(&store, ours(), id(number), assign(ada.id()), at(1)).await);
        }
        assert_eq!(of_user(&store, "ada").await, (Some(UserStatus::Active), vec![1, 2]));
        assert_eq!(of_user(&store, "nobody").await, (None, vec![]));
        assert!(disable(&store, 1).await);
        assert_eq!(of_user(&store, "ada").await.1, [2]);
        let after = ada.disable(at(6)).unwrap();
        let done: Done = store.write(acting_in(ours(), 40, at(6)), async move |tx: &mut Tx| users::save(tx, &ada, &after).await).await;
        done.unwrap();
        assert_eq!(of_user(&store, "ada").await.0, Some(UserStatus::Disabled));
        let serial = SerialNumber::new("p2").unwrap();
        let kept: Done<_> = store.read(async move |reader: &mut Reader| otp_tokens::by_serial(reader, ours(), &serial).await).await;
        assert!(kept.unwrap().unwrap().holder_disabled);
    }

    async fn a_user_renamed_is_found_on_his_tokens(store: Store) {
        let ada = add_user(&store, ours(), 40, "Ada").await;
        add(&store, ours(), &token(1, "R-1", pressed())).await;
        assert!(order(&store, ours(), id(1), assign(ada.id()), at(1)).await);
        let mut details = ada.details().clone();
        details.user_name = claviger_domain::text::UserName::new("Lovelace").unwrap();
        let claviger_domain::user::Edited::Changed(after) = ada.edit(details, at(2)) else { panic!("changed") };
        let done: Done = store.write(acting_in(ours(), 40, at(2)), async move |tx: &mut Tx| users::save(tx, &ada, &after).await).await;
        done.unwrap();
        for (q, found) in [("ada", 0), ("lovelace", 1), ("velac", 1)] {
            let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
            let page: Result<_, claviger_store::pages::ListError> = store.read(async move |reader: &mut Reader| {
                otp_tokens::page(reader, ours(), &filter, None, None, 10).await
            }).await;
            let page = page.unwrap();
            assert_eq!(page.items.len(), found, "{q}");
            assert!(page.items.iter().all(|listed| listed.user_name.as_deref() == Some("Lovelace")));
        }
    }

    async fn two_who_disable_the_last_two_at_once_leave_one(store: Store) {
        for round in 0..12_u128 {
            let ada = add_user(&store, ours(), 1_000 + round, &format!("u{round}")).await;
            let pair = [2 * round + 1, 2 * round + 2];
            for number in pair {
                add(&store, ours(), &token(number, &format!("L-{number}"), pressed())).await;
                assert!(order(&store, ours(), id(number), assign(ada.id()), at(1)).await);
            }
            let (one, two) = tokio::join!(disable(&store, pair[0]), disable(&store, pair[1]));
            assert!(one != two, "exactly one of them is disabled");
            let left = of_user(&store, &format!("u{round}")).await.1;
            assert_eq!(left.len(), 1);
        }
    }

    async fn an_expired_token_does_not_count_as_active_and_is_written_down(store: Store) {
        let ada = add_user(&store, ours(), 40, "Ada").await;
        let over = OtpTokenFacts { expires_at: Some(at(3)), ..token(1, "E-1", pressed()).facts().clone() };
        add(&store, ours(), &over.try_into().unwrap()).await;
        add(&store, ours(), &token(2, "E-2", pressed())).await;
        for number in 1..=2 {
            assert!(order(&store, ours(), id(number), assign(ada.id()), at(1)).await);
        }
        assert!(!disable(&store, 2).await, "the other one is over");
        let due: Done<_> = store.read(async |reader: &mut Reader| {
            Ok((otp_tokens::due(reader, ours(), at(2), 9).await?, otp_tokens::due(reader, ours(), at(3), 9).await?))
        }).await;
        let (early, due) = due.unwrap();
        assert_eq!((early.len(), due.len()), (0, 1));
        let after = due[0].expire(at(3)).unwrap();
        let before = due[0].clone();
        let done: Done = store.write(acting_in(ours(), 1, at(3)), async move |tx: &mut Tx| otp_tokens::save(tx, &before, &after).await).await;
        done.unwrap();
        let counted: Done<_> = store.read(async |reader: &mut Reader| {
            Ok((otp_tokens::by_status(reader, ours(), Status::Active).await?, otp_tokens::by_status(reader, ours(), Status::Expired).await?,
                otp_tokens::due(reader, ours(), at(9), 9).await?.len()))
        }).await;
        assert_eq!(counted.unwrap(), (1, 1, 0));
        assert_eq!(read(&store, ours(), id(1)).await.unwrap().token.status(), Status::Expired);
    }
}

/// The control: without the guard both are disabled, on the engine with several writers.
#[test]
fn without_the_guard_two_can_leave_none() {
    claviger_testkit::run(|| async {
        let fresh = claviger_testkit::postgres().await;
        let store = fresh.store();
        let ada = add_user(&store, ours(), 40, "Ada").await;
        for number in 1..=2 {
            add(&store, ours(), &token(number, &format!("G-{number}"), pressed())).await;
            assert!(order(&store, ours(), id(number), assign(ada.id()), at(1)).await);
        }
        // Both look before either writes.
        let look = |number| {
            let (store, user) = (store.clone(), ada.id());
            async move {
                let others: Done<u64> = store
                    .read(async move |reader: &mut Reader| {
                        otp_tokens::other_active(reader, ours(), user, id(number), at(5)).await
                    })
                    .await;
                others.unwrap()
            }
        };
        for (number, other_active) in [(1, look(1).await), (2, look(2).await)] {
            assert!(order(&store, ours(), id(number), Command::Disable { other_active }, at(5)).await);
        }
        assert_eq!(of_user(&store, "ada").await.1, [0; 0], "nobody kept the rule");
        fresh.close().await;
    });
}
