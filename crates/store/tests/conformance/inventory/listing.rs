//! Pages, cursors, totals and walks.

use claviger_domain::security_key::{Status, Tab};
use claviger_store::Reader;
use claviger_store::pages::{Direction, ListError};
use claviger_store::security_keys::{self, Column, Filter, Policies, Sort, Walk};
use claviger_testkit::both_databases;

use super::{
    add_policy, batch, command, import, link, list, new_key, ours, page, quarantine, search, serials, total,
    write_hidden,
};
use crate::{at, tenant};

both_databases! {
    async fn a_cursor_of_another_list_is_refused(store: Store) {
        import(&store, ours(), 1, None, (0..5).map(|row| new_key(row, "K", &format!("s{row}"))).collect()).await;
        let first = page(&store, ours(), &Filter::default(), None, None, 2).await.unwrap();
        assert_eq!(first.previous, None);
        let cursor = first.next.unwrap();
        let by_name = Some(Sort { column: Column::DeviceName, direction: Direction::Ascending });
        for (owner, filter, sort, cursor) in [
            (tenant(8), Filter::default(), None, cursor.clone()),
            (ours(), search("s1"), None, cursor.clone()),
            (ours(), Filter::default(), by_name, cursor.clone()),
            (ours(), Filter::default(), None, format!("{cursor}00")),
            (ours(), Filter::default(), None, "nonsense".to_owned()),
            (ours(), Filter::default(), None, String::new()),
        ] {
            let refused = page(&store, owner, &filter, sort, Some(cursor), 2).await;
            assert!(matches!(refused, Err(ListError::Cursor)), "{filter:?}");
        }
        assert_eq!(page(&store, ours(), &Filter::default(), None, Some(cursor), 2).await.unwrap().items.len(), 2);
    }

    async fn what_changes_between_pages_moves_nothing_else(store: Store) {
        let batch = import(&store, ours(), 1, None, (0..6).map(|row| new_key(row, "K", &format!("s{row}"))).collect()).await;
        let first = page(&store, ours(), &Filter::default(), None, None, 2).await.unwrap();
        assert!(command(&store, ours(), batch.keys.key(5), quarantine(), at(5)).await);
        import(&store, ours(), 2, None, vec![new_key(0, "K", "later")]).await;
        let second = page(&store, ours(), &Filter::default(), None, first.next, 2).await.unwrap();
        let seen: Vec<_> = second.items.iter().map(|listed| listed.key.serial_number().given()).collect();
        assert_eq!(seen, ["s3", "s2"]);
    }

    async fn pages_skip_an_import_that_goes_in_between_them(store: Store) {
        import(&store, ours(), 1, None, (0..3).map(|row| new_key(row, "B", &format!("a{row}"))).collect()).await;
        let applying = batch(2, None, 3);
        write_hidden(&store, ours(), &applying, (0..3).map(|row| new_key(row, "B", &format!("b{row}"))).collect()).await;
        import(&store, ours(), 3, None, (0..3).map(|row| new_key(row, "A", &format!("c{row}"))).collect()).await;
        for column in [Column::ImportedAt, Column::DeviceName, Column::SerialNumber, Column::Version, Column::Status, Column::Policy, Column::UpdatedAt] {
            for direction in [Direction::Ascending, Direction::Descending] {
                let found = serials(&store, ours(), &Filter::default(), Some(Sort { column, direction })).await;
                assert!(found.len() == 6 && found.iter().all(|serial| !serial.starts_with('b')), "{column:?} {found:?}");
            }
        }
    }

    async fn totals_of_filters_are_counted_and_those_of_tabs_are_known(store: Store) {
        let office = add_policy(&store, ours(), 5, "Office").await;
        let batch = import(&store, ours(), 1, None, (0..6).map(|row| new_key(row, "K", &format!("s{row}"))).collect()).await;
        for row in 0..3 {
            assert!(command(&store, ours(), batch.keys.key(row), link(&office), at(5)).await);
        }
        assert!(command(&store, ours(), batch.keys.key(3), quarantine(), at(5)).await);
        let linked = Filter { policies: Some(Policies { ids: vec![office.id()], none: false }), ..Filter::default() };
        let without = Filter { policies: Some(Policies { ids: vec![], none: true }), ..Filter::default() };
        let either = Filter { policies: Some(Policies { ids: vec![office.id()], none: true }), ..Filter::default() };
        for (filter, count) in [
            (Filter::default(), 6),
            (Filter { tab: Some(Tab::Stocks), ..Filter::default() }, 6),
            (Filter { tab: Some(Tab::Inventory), ..Filter::default() }, 0),
            (Filter { statuses: vec![Status::Ready, Status::Quarantined], ..Filter::default() }, 4),
            (linked, 3),
            (without, 3),
            (either, 6),
            (Filter { locked: Some(true), ..Filter::default() }, 0),
            (Filter { locked: Some(false), ..Filter::default() }, 6),
            (search("s1"), 1),
        ] {
            let answer = total(&store, ours(), &filter).await;
            assert!(answer.count == count && !answer.capped, "{filter:?} {answer:?}");
            let exact = filter.clone();
            let exact: crate::Done<u64> = store.read(async move |reader: &mut Reader| security_keys::count_exact(reader, ours(), &exact).await).await;
            assert_eq!(exact.unwrap(), count, "{filter:?}");
            assert_eq!(u64::try_from(list(&store, ours(), &filter, None, 4).await.len()).unwrap(), count, "{filter:?}");
        }
    }

    async fn a_walk_sees_one_moment(store: Store) {
        import(&store, ours(), 1, None, (0..7).map(|row| new_key(row, "K", &format!("s{row}"))).collect()).await;
        let writer = store.clone();
        let (tell, told) = tokio::sync::oneshot::channel::<()>();
        let (go_on, gone_on) = tokio::sync::oneshot::channel::<()>();
        let other = tokio::spawn(async move {
            told.await.unwrap();
            import(&writer, ours(), 2, None, vec![new_key(0, "K", "late")]).await;
            go_on.send(()).unwrap();
        });
        let signals = std::sync::Mutex::new(Some((tell, gone_on)));
        let walked: Result<Vec<String>, ListError> = store.scan(async move |reader: &mut Reader| {
            let ascending = Sort { column: Column::ImportedAt, direction: Direction::Ascending };
            let mut walk = Walk::begin(reader, ours(), &Filter::default(), Some(ascending)).await?;
            let mut seen = Vec::new();
            loop {
                let chunk = walk.next(reader, 3).await?;
                if chunk.is_empty() {
                    return Ok(seen);
                }
                seen.extend(chunk.iter().map(|listed| listed.key.serial_number().given().to_owned()));
                let signals = signals.lock().unwrap().take();
                if let Some((tell, gone_on)) = signals {
                    tell.send(()).unwrap();
                    gone_on.await.unwrap();
                }
            }
        }).await;
        assert_eq!(walked.unwrap(), ["s0", "s1", "s2", "s3", "s4", "s5", "s6"]);
        other.await.unwrap();
    }
}
