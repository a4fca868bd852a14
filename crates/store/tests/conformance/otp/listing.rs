//! The list: every filter and order, page by page in both directions.

use claviger_domain::ids::{JobId, OtpTokenId};
use claviger_domain::otp::{Breadth, Command, Kind, Status, Verdict};
use claviger_domain::text::Reason;
use claviger_store::otp_tokens::{self, Changed, Column, Filter, Sort, Walk};
use claviger_store::pages::{Direction, ListError};
use claviger_store::security_keys::Holders;
use claviger_store::{Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::{add, assign, id, order, ours, pressed, read, seed, timed, token};
use crate::inventory::{acting_in, add_user};
use crate::{Done, at, tenant};

/// Nine tokens: three of Ada, one of Bela, one compromised, one locked.
async fn stock(store: &Store) {
    let ada = add_user(store, ours(), 40, "Ada").await;
    let bela = add_user(store, ours(), 41, "Bela").await;
    for number in 1..=9_u128 {
        let parameters = if number % 3 == 0 { timed() } else { pressed() };
        add(
            store,
            ours(),
            &token(number, &format!("00-{number}{}", 10 - number), parameters),
        )
        .await;
    }
    add(store, tenant(8), &token(99, "00-99", pressed())).await;
    for (number, user) in [(1, ada.id()), (2, ada.id()), (3, ada.id()), (4, bela.id())] {
        assert!(order(store, ours(), id(number), assign(user), at(1)).await);
    }
    assert!(order(store, ours(), id(3), Command::Disable { other_active: 2 }, at(1)).await);
    let reason = Reason::new("lost").unwrap();
    assert!(order(store, ours(), id(5), Command::Compromise { reason }, at(1)).await);
    for _ in 0..10 {
        let before = read(store, ours(), id(6)).await.unwrap().token;
        let Verdict::Rejected(after) = before.verify(&seed(), "", Breadth::Window, at(2)) else {
            panic!("rejected");
        };
        let done: Done = store
            .write(acting_in(ours(), 6, at(2)), async move |tx: &mut Tx| {
                let (before, after) = (before.clone(), after.clone());
                otp_tokens::save_tried(tx, vec![Changed { before, after }]).await
            })
            .await;
        done.unwrap();
    }
}

async fn page(
    store: &Store,
    filter: &Filter,
    sort: Option<Sort>,
    cursor: Option<String>,
) -> Result<otp_tokens::Page, ListError> {
    let filter = filter.clone();
    store
        .read(async move |reader: &mut Reader| {
            otp_tokens::page(reader, ours(), &filter, sort, cursor.as_deref(), 2).await
        })
        .await
}

/// The list's numbers page by page; the pages backward, the walk, the ids of a job and the total must be the same.
async fn numbers(store: &Store, filter: &Filter, sort: Option<Sort>) -> Vec<u128> {
    let (mut pages, mut cursor) = (Vec::new(), None);
    let mut last = loop {
        let page = page(store, filter, sort, cursor).await.unwrap();
        pages.push(page.items.clone());
        cursor = page.next.clone();
        if cursor.is_none() {
            break page;
        }
    };
    for expected in pages.iter().rev().skip(1) {
        last = page(store, filter, sort, last.previous).await.unwrap();
        assert_eq!(&last.items, expected, "backward {filter:?} {sort:?}");
    }
    assert_eq!(last.previous, None);
    let all: Vec<u128> = pages
        .iter()
        .flatten()
        .map(|listed| listed.token.id().as_u128())
        .collect();
    let meant = filter.clone();
    let others: Result<_, ListError> = store
        .read(async move |reader: &mut Reader| {
            let mut walk = Walk::begin(reader, ours(), &meant, sort).await?;
            let mut walked = Vec::new();
            loop {
                let some = walk.next(reader, 4).await?;
                if some.is_empty() {
                    break;
                }
                walked.extend(some.iter().map(|listed| listed.token.id().as_u128()));
            }
            let mut ids: Vec<OtpTokenId> = Vec::new();
            loop {
                let some = otp_tokens::select_ids(reader, ours(), &meant, ids.last().copied(), 4).await?;
                if some.is_empty() {
                    break;
                }
                ids.extend(some);
            }
            let exact = otp_tokens::count_exact(reader, ours(), &meant).await?;
            Ok((walked, ids, otp_tokens::total(reader, ours(), &meant).await?, exact))
        })
        .await;
    let (walked, ids, total, exact) = others.unwrap();
    assert_eq!(walked, all, "walked {filter:?} {sort:?}");
    let mut rising = all.clone();
    rising.sort_unstable();
    assert_eq!(
        ids.iter().map(OtpTokenId::as_u128).collect::<Vec<_>>(),
        rising,
        "{filter:?}"
    );
    assert_eq!(total.count, u64::try_from(all.len()).unwrap(), "{filter:?}");
    assert_eq!(exact, total.count, "{filter:?}");
    all
}

fn search(q: &str) -> Filter {
    Filter {
        q: Some(q.to_owned()),
        ..Filter::default()
    }
}

both_databases! {
    async fn every_order_goes_through_all_pages(store: Store) {
        stock(&store).await;
        assert_eq!(numbers(&store, &Filter::default(), None).await, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        for (column, rising) in [
            (Column::ImportedAt, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (Column::SerialNumber, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (Column::Kind, [1, 2, 4, 5, 7, 8, 3, 6, 9]),
            (Column::Status, [1, 2, 4, 6, 7, 8, 9, 5, 3]),
            (Column::Holder, [5, 6, 7, 8, 9, 1, 2, 3, 4]),
        ] {
            let sort = |direction| Some(Sort { column, direction });
            assert_eq!(numbers(&store, &Filter::default(), sort(Direction::Ascending)).await, rising, "{column:?}");
            let mut falling = rising;
            falling.reverse();
            assert_eq!(numbers(&store, &Filter::default(), sort(Direction::Descending)).await, falling, "{column:?}");
        }
    }

    async fn every_filter_leaves_what_it_means(store: Store) {
        stock(&store).await;
        let ada = claviger_domain::UserId::from_uuid(crate::id(40));
        let all = Filter::default();
        let cases: [(Filter, &[u128]); 10] = [
            (Filter { statuses: vec![Status::Active], ..all.clone() }, &[9, 8, 7, 6, 4, 2, 1]),
            (Filter { statuses: vec![Status::Compromised], ..all.clone() }, &[5]),
            (Filter { statuses: vec![Status::Disabled, Status::Compromised], ..all.clone() }, &[5, 3]),
            (Filter { kind: Some(Kind::Totp), ..all.clone() }, &[9, 6, 3]),
            (Filter { user: Some(ada), ..all.clone() }, &[3, 2, 1]),
            (Filter { user: Some(ada), statuses: vec![Status::Active], ..all.clone() }, &[2, 1]),
            (Filter { locked: Some(true), ..all.clone() }, &[6]),
            (Filter { locked: Some(false), kind: Some(Kind::Totp), ..all.clone() }, &[9, 3]),
            (Filter { ids: Some(vec![id(2), id(7), id(99)]), ..all.clone() }, &[7, 2]),
            (Filter { statuses: vec![Status::Expired], ..all.clone() }, &[]),
        ];
        let by_serial = Some(Sort { column: Column::SerialNumber, direction: Direction::Ascending });
        for (filter, expected) in cases {
            assert_eq!(numbers(&store, &filter, None).await, expected, "{filter:?}");
            let mut rising = expected.to_vec();
            rising.reverse();
            assert_eq!(numbers(&store, &filter, by_serial).await, rising, "{filter:?}");
        }
    }

    async fn a_search_is_ranked_and_keeps_to_its_tenant(store: Store) {
        stock(&store).await;
        let cases: [(&str, &[u128]); 9] = [
            ("00-19", &[1]),
            ("19", &[1]),
            ("0019", &[1]),
            ("00", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
            ("ada", &[1, 2, 3]),
            ("ad", &[1, 2, 3]),
            ("ela", &[4]),
            ("%", &[]),
            ("0099", &[]),
        ];
        for (q, expected) in cases {
            assert_eq!(numbers(&store, &search(q), None).await, expected, "{q}");
        }
        let hidden = Filter { holders: Holders::Hidden, ..search("ada") };
        assert_eq!(numbers(&store, &hidden, None).await, [0; 0]);
        let both = Filter { kind: Some(Kind::Totp), ..search("ada") };
        assert_eq!(numbers(&store, &both, None).await, [3]);
        let sorted = Some(Sort { column: Column::Kind, direction: Direction::Descending });
        assert_eq!(numbers(&store, &search("ada"), sorted).await, [3, 2, 1]);
    }

    async fn a_cursor_of_another_list_is_refused_and_jobs_are_in_the_history(store: Store) {
        stock(&store).await;
        let first = page(&store, &Filter::default(), None, None).await.unwrap();
        let other = page(&store, &search("00"), None, first.next).await;
        assert!(matches!(other, Err(ListError::Cursor)));
        let job = JobId::from_uuid(crate::id(500));
        let noted: Done = store.write(acting_in(ours(), 1, at(4)), async move |tx: &mut Tx| otp_tokens::note_job(tx, job, &[id(1), id(2)]).await).await;
        noted.unwrap();
        let read: Done<_> = store.read(async |reader: &mut Reader| {
            let listed = otp_tokens::listed(reader, ours(), id(1)).await?.unwrap();
            let foreign = otp_tokens::listed(reader, tenant(8), id(1)).await?;
            let many = otp_tokens::get_many(reader, ours(), &[id(1), id(2), id(99)]).await?;
            Ok((listed.user_name, foreign, many.len(), otp_tokens::jobs_of(reader, ours(), id(1)).await?, otp_tokens::jobs_of(reader, ours(), id(3)).await?))
        }).await;
        assert_eq!(read.unwrap(), (Some("Ada".to_owned()), None, 2, vec![(job, at(4))], vec![]));
    }
}
