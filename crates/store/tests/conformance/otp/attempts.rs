//! Attempts: decided on what stands, in the order in which they came, kept with their events or not at all.

use claviger_domain::Timestamp;
use claviger_domain::otp::{Breadth, Command, Progress, Verdict, code};
use claviger_store::audit::AuditEntry;
use claviger_store::otp_tokens::{Decided, Found, Sought};
use claviger_store::{Error, Store, emergency_codes};
use claviger_testkit::both_databases;
use futures_util::future::join_all;

use super::{add, assign, id, order, ours, pressed, read, seed, token};
use crate::inventory::{acting_in, add_user};
use crate::{Done, at, tenant};

fn shown(factor: u64) -> String {
    let parameters = pressed();
    code(&seed(), parameters.algorithm(), parameters.digits(), factor)
        .using()
        .to_string()
}

/// Tries a code on the first token that is found, as an action does.
fn decide(found: &Found, given: &str, now: Timestamp) -> (Decided, bool) {
    let entry = AuditEntry {
        action: "otp_token.tried",
        object_kind: "otp_token",
        ..AuditEntry::default()
    };
    let Some(kept) = found.tokens.first() else {
        return (
            Decided {
                entry,
                ..Decided::default()
            },
            false,
        );
    };
    let (changed, accepted) = match kept.token.verify(&seed(), given, Breadth::Window, now) {
        Verdict::Accepted(after) => (vec![after], true),
        Verdict::Rejected(after) | Verdict::ResyncRequired(after) => (vec![after], false),
        Verdict::Locked | Verdict::Unusable => (Vec::new(), false),
    };
    (
        Decided {
            changed,
            entry,
            ..Decided::default()
        },
        accepted,
    )
}

async fn attempt(store: &Store, number: u128, given: String) -> Result<bool, Error> {
    let serial = Sought::Serial(claviger_domain::SerialNumber::new(&format!("T-{number}")).unwrap());
    store
        .attempt(acting_in(ours(), number, at(9)), serial, move |found, now| {
            Ok(decide(found, &given, now))
        })
        .await
}

both_databases! {
    async fn a_code_is_accepted_once_however_many_try_it_at_once(store: Store) {
        add(&store, ours(), &token(1, "T-1", pressed())).await;
        add(&store, ours(), &token(2, "T-2", pressed())).await;
        for factor in 0..6 {
            // Every second one is of another token, so that both stand in one transaction. A lock is lifted each round.
            let tried = join_all((0..40).map(|turn| attempt(&store, 1 + turn % 2, shown(factor)))).await;
            let accepted: usize = tried.into_iter().map(|one| usize::from(one.unwrap())).sum();
            assert_eq!(accepted, 2, "each token once");
            for number in [1, 2] {
                assert_eq!(read(&store, ours(), id(number)).await.unwrap().token.progress(), Progress::Hotp { next_counter: factor + 1 });
                assert!(order(&store, ours(), id(number), Command::Unlock, at(9)).await);
            }
        }
        let events: Done<i64> = store.read(async |reader: &mut claviger_store::Reader| {
            reader.query_one("SELECT COUNT(*) AS n FROM audit_events WHERE action = 'otp_token.tried'", &[]).await?.get("n")
        }).await;
        assert_eq!(events.unwrap(), 240, "one event for each attempt");
    }

    async fn ten_wrong_codes_at_once_lock_and_a_right_one_behind_them_is_not_tried(store: Store) {
        add(&store, ours(), &token(1, "T-1", pressed())).await;
        let tried = join_all((0..30).map(|_| attempt(&store, 1, "000000".to_owned()))).await;
        assert!(tried.into_iter().all(|one| !one.unwrap()));
        let kept = read(&store, ours(), id(1)).await.unwrap().token;
        assert_eq!((kept.failed_attempts(), kept.locked_since()), (10, Some(at(9))));
        assert!(!attempt(&store, 1, shown(0)).await.unwrap());
    }

    async fn an_attempt_that_is_refused_or_panics_fails_none_of_its_neighbours(store: Store) {
        add(&store, ours(), &token(1, "T-1", pressed())).await;
        let serial = || Sought::Serial(claviger_domain::SerialNumber::new("T-1").unwrap());
        let turns = (0..12_u64).map(|turn| {
            let store = store.clone();
            async move {
                store.attempt(acting_in(ours(), 1, at(9)), serial(), move |found, now| match turn % 3 {
                    0 => Err(Error::Stale),
                    1 => panic!("a fault of the one who decides"),
                    _ => Ok(decide(found, &shown(turn), now)),
                }).await
            }
        });
        let answers = join_all(turns).await;
        for (turn, answer) in answers.into_iter().enumerate() {
            match turn % 3 {
                0 => assert!(matches!(answer, Err(Error::Stale))),
                1 => assert!(matches!(answer, Err(Error::Panicked))),
                _ => assert!(answer.unwrap()),
            }
        }
    }

    async fn what_does_not_exist_is_tried_too_and_other_tenants_are_apart(store: Store) {
        add(&store, tenant(8), &token(1, "T-1", pressed())).await;
        assert!(!attempt(&store, 1, shown(0)).await.unwrap());
        assert_eq!(read(&store, tenant(8), id(1)).await.unwrap().token.progress(), Progress::Hotp { next_counter: 0 });
        let nobody: Done<Found> = store.attempt(acting_in(ours(), 1, at(9)), Sought::User("nobody".to_owned()), |found, _| Ok((Decided::default(), found.clone()))).await;
        assert_eq!(nobody.unwrap(), Found::default());
    }

    async fn an_emergency_code_is_used_once_however_many_try_it_at_once(store: Store) {
        let ada = add_user(&store, ours(), 40, "Ada").await.id();
        add(&store, ours(), &token(1, "T-1", pressed())).await;
        assert!(order(&store, ours(), id(1), assign(ada), at(1)).await);
        let kept = emergency_codes::Kept {
            user: ada, number: 1, digest: vec![1; 60], key_version: 1, created_at: at(0), expires_at: at(100), used_at: None, failed_attempts: 0,
        };
        let given: Done = store.write(acting_in(ours(), 40, at(0)), async move |tx: &mut claviger_store::Tx| emergency_codes::replace(tx, ada, vec![kept.clone()]).await).await;
        given.unwrap();
        let tries = (0..20).map(|_| store.attempt(acting_in(ours(), 40, at(5)), Sought::User("ADA".to_owned()), |found, now| {
            assert_eq!(found.tokens.len(), 1);
            let good = found.codes.iter().find(|code| code.is_good(now)).cloned();
            let used = good.is_some();
            Ok::<_, Error>((Decided { used: good, failed: found.user.filter(|_| !used).map(|user| user.id), ..Decided::default() }, used))
        }));
        let used: usize = join_all(tries).await.into_iter().map(|one| usize::from(one.unwrap())).sum();
        assert_eq!(used, 1);
        let kept: Done<_> = store.read(async move |reader: &mut claviger_store::Reader| emergency_codes::of_user(reader, ours(), ada).await).await;
        assert_eq!(kept.unwrap()[0].failed_attempts, 19);
    }
}
