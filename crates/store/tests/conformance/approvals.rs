//! Requests for a second person, and how often PINs were shown.

use claviger_domain::ApprovalId;
use claviger_domain::SecurityKeyId;
use claviger_domain::approval::{Approval, Kind, Party, Status};
use claviger_domain::text::Reason;
use claviger_store::approvals::{self, Wanted};
use claviger_store::pin_quotas::{self, PinQuota};
use claviger_store::{Error, Tx};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

fn person(number: u128) -> Party {
    Party {
        id: id(number),
        person: format!("{number}@example.org"),
    }
}

fn asked(number: u128, kind: Kind) -> Approval {
    let key = SecurityKeyId::from_uuid(id(70));
    let reason = Reason::new("reader is broken").unwrap();
    Approval::ask(ApprovalId::from_uuid(id(number)), kind, key, person(1), reason, at(0))
}

both_databases! {
    async fn an_approval_is_answered_and_used_once(store: Store) {
        let one = asked(5, Kind::AdminPin);
        let (first, key) = (one.clone(), one.security_key);
        let kept: Done<Approval> = store.write(scope(1), async move |tx: &mut Tx| {
            approvals::insert(tx, &first).await?;
            approvals::save(tx, &first.approve(person(2), at(1)).unwrap()).await?;
            Ok(approvals::get(tx, tenant(7), first.id).await?.unwrap())
        }).await;
        let approved = kept.unwrap();
        assert_eq!(approved, Approval { revision: 2, ..one.approve(person(2), at(1)).unwrap() });
        let used = approved.carry_out(Kind::AdminPin, key, id(1), at(2)).unwrap();
        for expected in [true, false] {
            let used = used.clone();
            let saved: Done = store.write(scope(1), async move |tx: &mut Tx| approvals::save(tx, &used).await).await;
            assert!(matches!((expected, saved), (true, Ok(())) | (false, Err(Error::Stale))));
        }
        let other: Done<_> = store.read(async move |reader| approvals::get(reader, tenant(8), ApprovalId::from_uuid(id(5))).await).await;
        assert_eq!(other.unwrap(), None);
    }

    async fn approvals_are_listed_by_kind_and_by_how_they_stand_now(store: Store) {
        let made: Done = store.write(scope(1), async |tx: &mut Tx| {
            for (number, kind) in [(1, Kind::AdminPin), (2, Kind::Reinstate), (3, Kind::AdminPin)] {
                approvals::insert(tx, &asked(number, kind)).await?;
            }
            approvals::save(tx, &asked(3, Kind::AdminPin).decline(person(2), at(1)).unwrap()).await
        }).await;
        made.unwrap();
        for (kinds, status, now, expected) in [
            (Kind::ALL, None, at(1), vec![3, 2, 1]),
            (&[Kind::AdminPin][..], None, at(1), vec![3, 1]),
            (Kind::ALL, Some(Status::Pending), at(1), vec![2, 1]),
            (Kind::ALL, Some(Status::Expired), at(100_000), vec![2, 1]),
            (Kind::ALL, Some(Status::Pending), at(100_000), vec![]),
            (Kind::ALL, Some(Status::Declined), at(100_000), vec![3]),
            (&[][..], None, at(1), vec![]),
        ] {
            let found: Done<_> = store.read(async move |reader| {
                let wanted = Wanted { kinds, status, now };
                let found = approvals::list(reader, tenant(7), wanted, None, 10).await?;
                Ok((found, approvals::total(reader, tenant(7), wanted).await?.count))
            }).await;
            let (found, total) = found.unwrap();
            let ids: Vec<_> = found.iter().map(|one| one.id.as_uuid()).collect();
            assert_eq!(ids, expected.iter().map(|number| id(*number)).collect::<Vec<_>>(), "{status:?}");
            assert_eq!(total, u64::try_from(expected.len()).unwrap());
        }
        let behind: Done<_> = store.read(async |reader| {
            let wanted = Wanted { kinds: Kind::ALL, status: None, now: at(1) };
            approvals::list(reader, tenant(7), wanted, Some(ApprovalId::from_uuid(id(3))), 1).await
        }).await;
        assert_eq!(behind.unwrap()[0].id.as_uuid(), id(2));
    }

    async fn two_showings_at_once_never_count_as_one(store: Store) {
        for (shown, revision, kept) in [(vec![at(1)], 0, true), (vec![at(2)], 0, false), (vec![at(1), at(2)], 1, true), (vec![at(3)], 1, false)] {
            let quota = PinQuota { shown, revision };
            let saved: Done = store.write(scope(1), async move |tx: &mut Tx| pin_quotas::save(tx, id(4), &quota).await).await;
            assert_eq!(saved.is_ok(), kept, "{saved:?}");
        }
        let found: Done<_> = store.read(async |reader| {
            Ok((pin_quotas::get(reader, tenant(7), id(4)).await?, pin_quotas::get(reader, tenant(8), id(4)).await?))
        }).await;
        let (ours, theirs) = found.unwrap();
        assert_eq!(ours, PinQuota { shown: vec![at(1), at(2)], revision: 2 });
        assert_eq!(theirs, PinQuota::default());
    }
}
