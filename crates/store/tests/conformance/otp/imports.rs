//! Imports of tokens: hidden while they go in and out, counted and visible at once.

use claviger_domain::otp::{Command, Kind, OtpToken, OtpTokenFacts, State, Status};
use claviger_domain::text::Reason;
use claviger_domain::{BatchId, SerialNumber};
use claviger_store::batches::{self, Batch, Goods, UndoRefused};
use claviger_store::otp_tokens::{self, Filter, NewToken};
use claviger_store::{Error, Reader, Store, Tx};
use claviger_testkit::both_databases;

use super::{emergency, new, of_batch, order, ours, pressed, timed, token};
use crate::inventory::{acting_in, add_user, apply, batch};
use crate::{Done, at};

fn delivery(tokens: u32) -> (Batch, Vec<NewToken>) {
    let record = Batch {
        goods: Goods::OtpTokens,
        ..batch(1, None, u64::from(tokens))
    };
    let made = (0..tokens).map(|row| {
        let parameters = if row % 2 == 0 { pressed() } else { timed() };
        let facts = token(1, &format!("00{row}"), parameters).facts().clone();
        let token = of_batch(facts, record.id, record.keys.key(row).as_uuid());
        NewToken {
            row: Some(row),
            ..new(token)
        }
    });
    let made = made.collect();
    (record, made)
}

async fn write_hidden(store: &Store, batch: &Batch, tokens: Vec<NewToken>) -> Done {
    let batch = batch.clone();
    store
        .write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| {
            batches::insert(tx, &batch).await?;
            for (place, chunk) in tokens.chunks(2).enumerate() {
                let written = u64::try_from(place * 2).unwrap();
                otp_tokens::insert_chunk(tx, &batch, written, chunk.to_vec()).await?;
            }
            Ok(())
        })
        .await
}

async fn seen(store: &Store) -> (usize, usize, u64, bool) {
    let seen: Result<_, claviger_store::pages::ListError> = store
        .read(async |reader: &mut Reader| {
            let filter = Filter::default();
            let page = otp_tokens::page(reader, ours(), &filter, None, None, 50).await?;
            let search = Filter {
                q: Some("003".to_owned()),
                ..Filter::default()
            };
            let found = otp_tokens::page(reader, ours(), &search, None, None, 50).await?;
            let total = otp_tokens::total(reader, ours(), &filter).await?;
            let serial = SerialNumber::new("003").unwrap();
            let one = otp_tokens::by_serial(reader, ours(), &serial).await?;
            Ok((page.items.len(), found.items.len(), total.count, one.is_some()))
        })
        .await;
    seen.unwrap()
}

both_databases! {
    async fn tokens_of_an_import_appear_at_once_and_go_at_once(store: Store) {
        let (record, tokens) = delivery(5);
        write_hidden(&store, &record, tokens.clone()).await.unwrap();
        assert_eq!(seen(&store).await, (0, 0, 0, false), "hidden while they go in");
        let known: Done<_> = store.read(async |reader: &mut Reader| otp_tokens::existing(reader, ours(), vec!["001".to_owned(), "9".to_owned()]).await).await;
        let known = known.unwrap();
        assert_eq!((known.len(), known[0].hidden), (1, true));
        apply(&store, ours(), &record).await;
        assert_eq!(seen(&store).await, (5, 1, 5, true));
        let stored: Done<_> = store.read(async move |reader: &mut Reader| batches::get(reader, ours(), record.id).await).await;
        let stored = stored.unwrap().unwrap();
        assert_eq!(stored.goods, Goods::OtpTokens);
        let undo = stored.clone();
        let undone: Result<(), UndoRefused> = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| batches::begin_undo(tx, &undo).await).await;
        undone.unwrap();
        assert_eq!(seen(&store).await, (0, 0, 0, false), "hidden while they go out");
        let cleared: Done<u64> = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| {
            let mut gone = 0;
            loop {
                match batches::clear_chunk(tx, stored.id, 2).await? {
                    0 => break,
                    some => gone += some,
                }
            }
            batches::finish_clearing(tx, stored.id).await?;
            Ok(gone)
        }).await;
        assert_eq!(cleared.unwrap(), 5);
        let again: Done = store.write(acting_in(ours(), 1, at(3)), async move |tx: &mut Tx| otp_tokens::insert(tx, new(token(77, "003", pressed()))).await).await;
        again.unwrap();
        assert_eq!(seen(&store).await, (1, 1, 1, true), "the serial number is free again");
    }

    async fn tokens_are_listed_by_the_import_that_brought_them(store: Store) {
        let by_hand: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| {
            otp_tokens::insert(tx, new(token(77, "9001", pressed()))).await?;
            otp_tokens::insert(tx, new(token(u128::MAX, "9002", pressed()))).await
        }).await;
        by_hand.unwrap();
        let (record, tokens) = delivery(5);
        write_hidden(&store, &record, tokens).await.unwrap();
        let found = async |filter: Filter| -> (usize, u64, u64) {
            let found: Result<_, claviger_store::pages::ListError> = store.read(async move |reader: &mut Reader| {
                let page = otp_tokens::page(reader, ours(), &filter, None, None, 50).await?;
                let total = otp_tokens::total(reader, ours(), &filter).await?;
                Ok((page.items.len(), total.count, otp_tokens::count_exact(reader, ours(), &filter).await?))
            }).await;
            found.unwrap()
        };
        let of = |batch| Filter { batch: Some(batch), ..Filter::default() };
        assert_eq!(found(of(record.id)).await, (0, 0, 0), "hidden while they go in");
        apply(&store, ours(), &record).await;
        assert_eq!(found(of(record.id)).await, (5, 5, 5));
        let pressed = Filter { kind: Some(Kind::Hotp), ..of(record.id) };
        assert_eq!(found(pressed).await, (3, 3, 3));
        let named = Filter { q: Some("003".to_owned()), ..of(record.id) };
        assert_eq!(found(named).await, (1, 1, 1));
        assert_eq!(found(of(BatchId::from_uuid(crate::id(99)))).await, (0, 0, 0), "there was no such import");
        assert_eq!(found(Filter::default()).await, (7, 7, 7));
    }

    async fn an_import_whose_token_was_touched_is_not_undone(store: Store) {
        let (record, tokens) = delivery(3);
        let first: OtpToken = tokens[0].token.clone();
        write_hidden(&store, &record, tokens).await.unwrap();
        apply(&store, ours(), &record).await;
        let reason = Reason::new("lost").unwrap();
        assert!(order(&store, ours(), first.id(), Command::Compromise { reason }, at(2)).await);
        let undone: Result<(), UndoRefused> = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| batches::begin_undo(tx, &record).await).await;
        assert!(matches!(undone, Err(UndoRefused::Touched { keys: 1 })));
    }

    async fn a_chunk_goes_in_once(store: Store) {
        let (record, tokens) = delivery(2);
        write_hidden(&store, &record, tokens.clone()).await.unwrap();
        let again: Done = store.write(acting_in(ours(), 1, at(2)), async move |tx: &mut Tx| otp_tokens::insert_chunk(tx, &record, 0, tokens.clone()).await).await;
        assert!(matches!(again, Err(Error::Stale)));
    }

    async fn holders_disabled_ones_and_emergency_codes_are_settled_at_the_switch(store: Store) {
        let (ada, bob) = (add_user(&store, ours(), 40, "Ada").await, add_user(&store, ours(), 41, "Bob").await);
        for user in [&ada, &bob] {
            emergency::give(&store, user.id(), 0).await;
        }
        let (record, mut tokens) = delivery(3);
        for (place, (user, state)) in [(&ada, State::Active), (&bob, State::Disabled)].into_iter().enumerate() {
            let facts = OtpTokenFacts { holder: Some(user.id()), state, ..tokens[place].token.facts().clone() };
            tokens[place].token = OtpToken::try_from(facts).unwrap();
        }
        write_hidden(&store, &record, tokens.clone()).await.unwrap();
        apply(&store, ours(), &record).await;
        let counts: Done<_> = store.read(async |reader: &mut Reader| {
            Ok((otp_tokens::by_status(reader, ours(), Status::Active).await?, otp_tokens::by_status(reader, ours(), Status::Disabled).await?))
        }).await;
        assert_eq!(counts.unwrap(), (2, 1));
        let serial = SerialNumber::new("000").unwrap();
        let found: Done<_> = store.read(async move |reader: &mut Reader| otp_tokens::by_serial(reader, ours(), &serial).await).await;
        assert_eq!(found.unwrap().unwrap().token.holder(), Some(ada.id()));
        assert_eq!(emergency::of(&store, ada.id()).await, [], "a token that works ends them");
        assert_eq!(emergency::of(&store, bob.id()).await.len(), 5, "a disabled one does not");

        let gone = ada.disable(at(6)).unwrap();
        let done: Done = store.write(acting_in(ours(), 40, at(6)), async move |tx: &mut Tx| claviger_store::users::save(tx, &ada, &gone).await).await;
        done.unwrap();
        let next = Batch { id: claviger_domain::ids::BatchId::from_uuid(uuid::Uuid::from_u128(99)), ..record };
        let late: Done = store.write(acting_in(ours(), 1, at(7)), async move |tx: &mut Tx| {
            batches::insert(tx, &next).await?;
            otp_tokens::insert_chunk(tx, &next, 0, tokens[..1].to_vec()).await
        }).await;
        assert!(matches!(late, Err(Error::Stale)), "a holder who was disabled meanwhile gets nothing");
    }

    async fn imports_are_listed_by_what_they_bring(store: Store) {
        let (record, tokens) = delivery(1);
        write_hidden(&store, &record, tokens).await.unwrap();
        let listed: Done<Vec<(usize, u64)>> = store.read(async |reader: &mut Reader| {
            let mut found = Vec::new();
            for goods in [&[][..], &[Goods::SecurityKeys], &[Goods::OtpTokens], &[Goods::SecurityKeys, Goods::OtpTokens]] {
                let some = batches::list(reader, ours(), None, 10, goods).await?;
                found.push((some.len(), batches::total(reader, ours(), goods).await?.count));
            }
            Ok(found)
        }).await;
        assert_eq!(listed.unwrap(), [(0, 0), (0, 0), (1, 1), (1, 1)]);
    }
}
