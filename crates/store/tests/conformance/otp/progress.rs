//! What is tried and ordered is kept whole, and never over what somebody else has kept.

use claviger_domain::otp::{Breadth, Command, OtpToken, Progress, Resynchronisation, Status, Verdict, code};
use claviger_domain::role::Standing;
use claviger_domain::text::Reason;
use claviger_store::otp_tokens::{self, Changed};
use claviger_store::{Error, Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::{add, assign, id, new, order, ours, pressed, read, seed, timed, token};
use crate::inventory::{acting_in, add_user};
use crate::{Done, at, tenant};

fn shown(token: &OtpToken, factor: u64) -> String {
    let parameters = token.parameters();
    code(&seed(), parameters.algorithm(), parameters.digits(), factor)
        .using()
        .to_string()
}

async fn keep_tried(store: &Store, changed: Vec<Changed>) -> Done {
    store
        .write(acting_in(ours(), 1, at(9)), async move |tx: &mut Tx| {
            otp_tokens::save_tried(tx, changed.clone()).await
        })
        .await
}

both_databases! {
    async fn a_token_reads_back_as_it_was_written(store: Store) {
        for (number, parameters) in [(1, pressed()), (2, timed())] {
            let token = token(number, &format!("A-{number}"), parameters);
            add(&store, ours(), &token).await;
            let kept = read(&store, ours(), token.id()).await.unwrap();
            assert_eq!(kept.token, token);
            assert_eq!(kept.seed.as_deref(), Some(token.id().as_uuid().as_bytes().as_slice()));
            assert_eq!((kept.key_version, kept.holder_disabled), (1, false));
            assert_eq!(read(&store, tenant(8), token.id()).await, None, "another tenant's");
        }
        let taken: Done = store.write(acting_in(ours(), 3, at(0)), async |tx: &mut Tx| {
            otp_tokens::insert(tx, new(token(3, " a 1", pressed()))).await
        }).await;
        assert!(taken.unwrap_err().is_duplicate_in("otp_tokens"));
        add(&store, tenant(8), &token(4, "A-1", pressed())).await;
    }

    async fn every_fact_of_a_life_is_kept(store: Store) {
        let ada = add_user(&store, ours(), 40, "Ada").await;
        for (number, parameters) in [(1, pressed()), (2, timed())] {
            let first = token(number, &format!("B-{number}"), parameters);
            add(&store, ours(), &first).await;
            assert!(order(&store, ours(), first.id(), assign(ada.id()), at(1)).await);
            let mut kept = read(&store, ours(), first.id()).await.unwrap().token;
            assert_eq!(kept.holder(), Some(ada.id()));
            let step = match kept.progress() {
                Progress::Hotp { next_counter } => next_counter,
                Progress::Totp { .. } => u64::try_from(at(9).as_seconds() / 60).unwrap() + 5,
            };
            let codes = [shown(&kept, step), shown(&kept, step + 1)];
            let Ok(Resynchronisation::Done(after)) = kept.resync(&seed(), [&codes[0], &codes[1]], Standing::NotAbove, at(9)) else {
                panic!("resynchronised");
            };
            let (before, next) = (kept.clone(), after.clone());
            let done: Done = store.write(acting_in(ours(), number, at(9)), async move |tx: &mut Tx| otp_tokens::save(tx, &before, &next).await).await;
            done.unwrap();
            kept = read(&store, ours(), first.id()).await.unwrap().token;
            assert_eq!(kept, after);
            for _ in 0..10 {
                let Verdict::Rejected(after) = kept.verify(&seed(), "", Breadth::Window, at(9)) else { panic!("rejected") };
                keep_tried(&store, vec![Changed { before: kept, after: after.clone() }]).await.unwrap();
                kept = read(&store, ours(), first.id()).await.unwrap().token;
                assert_eq!(kept, after);
            }
            assert_eq!(kept.locked_since(), Some(at(9)));
            let reason = Reason::new("stolen").unwrap();
            assert!(order(&store, ours(), first.id(), Command::Compromise { reason }, at(10)).await);
            assert_eq!(read(&store, ours(), first.id()).await.unwrap().token.status(), Status::Compromised);
        }
    }

    async fn what_was_tried_is_never_kept_over_what_somebody_else_has_kept(store: Store) {
        let tokens: Vec<OtpToken> = (1..=3).map(|number| token(number, &format!("C-{number}"), pressed())).collect();
        for token in &tokens {
            add(&store, ours(), token).await;
        }
        let accepted = |token: &OtpToken, factor| {
            let Verdict::Accepted(after) = token.verify(&seed(), &shown(token, factor), Breadth::Window, at(9)) else { panic!("accepted") };
            Changed { before: token.clone(), after }
        };
        let all: Vec<Changed> = tokens.iter().map(|token| accepted(token, 3)).collect();
        keep_tried(&store, all.clone()).await.unwrap();
        // The same again, and one stale among fresh ones: nothing of it is kept.
        assert!(matches!(keep_tried(&store, vec![all[0].clone()]).await, Err(Error::Stale)));
        let fresh = read(&store, ours(), tokens[1].id()).await.unwrap().token;
        let mixed = vec![accepted(&fresh, 7), all[2].clone()];
        assert!(matches!(keep_tried(&store, mixed).await, Err(Error::Stale)));
        for token in &tokens {
            let kept = read(&store, ours(), token.id()).await.unwrap().token;
            assert_eq!(kept.progress(), Progress::Hotp { next_counter: 4 });
            assert_eq!(kept.last_used_at(), Some(at(9)));
        }
    }

    async fn seeds_are_sealed_anew_in_turn_and_shredded_once_their_token_is_compromised(store: Store) {
        for number in 1..=5 {
            add(&store, ours(), &token(number, &format!("D-{number}"), pressed())).await;
        }
        let reseal: Done<usize> = store.write(acting_in(ours(), 1, at(1)), async |tx: &mut Tx| {
            let (mut after, mut sealed) = (None, 0);
            loop {
                let some = otp_tokens::under_key(tx, ours(), 1, after, 2).await?;
                for (id, seed) in &some {
                    otp_tokens::reseal(tx, *id, seed, 2, &[seed.as_slice(), b"!"].concat()).await?;
                    sealed += 1;
                }
                let Some((last, _)) = some.last() else { return Ok(sealed) };
                after = Some(*last);
            }
        }).await;
        assert_eq!(reseal.unwrap(), 5);
        let stale: Done = store.write(acting_in(ours(), 1, at(1)), async |tx: &mut Tx| otp_tokens::reseal(tx, id(1), b"other", 3, b"new").await).await;
        assert!(matches!(stale, Err(Error::Stale)));
        let kept = read(&store, ours(), id(1)).await.unwrap();
        assert_eq!((kept.key_version, kept.seed.unwrap().last()), (2, Some(&b'!')));
        assert_eq!(kept.token.revision().get(), 1, "the token itself is as it was");

        let reason = Reason::new("lost").unwrap();
        assert!(order(&store, ours(), id(1), Command::Compromise { reason }, at(10)).await);
        for (before, expected) in [(at(10), 0), (at(11), 1), (at(11), 0)] {
            let shredded: Done<u64> = store.write(acting_in(ours(), 1, at(20)), async move |tx: &mut Tx| otp_tokens::shred(tx, before).await).await;
            assert_eq!(shredded.unwrap(), expected);
        }
        assert_eq!(read(&store, ours(), id(1)).await.unwrap().seed, None);
        let left: Done<_> = store.read(async |reader: &mut Reader| otp_tokens::under_key(reader, ours(), 2, None, 9).await).await;
        assert_eq!(left.unwrap().len(), 4);
    }
}
