//! One list, exact before prefix before anywhere, over serial numbers, policies and holders.

use claviger_domain::security_key::Tab;
use claviger_domain::text::UserName;
use claviger_domain::user::{Edited, UserDetails};
use claviger_store::pages::Direction;
use claviger_store::security_keys::{Column, Filter, Holders, Sort};
use claviger_store::{Dialect, Error, Reader, Tx, users};
use claviger_testkit::both_databases;

use super::{acting_in, add_policy, add_user, assign, command, import, link, new_key, ours, search, serials, total};
use crate::{Done, at};

both_databases! {
    async fn exact_comes_before_prefix_before_anywhere(store: Store) {
        let office = add_policy(&store, ours(), 5, "4711").await;
        let keys = ["94711", "47112", "4711", "004711", "1", "47-11 x"];
        let keys = keys.iter().zip(0..).map(|(serial, row)| new_key(row, "K", serial)).collect();
        let batch = import(&store, ours(), 1, None, keys).await;
        assert!(command(&store, ours(), batch.keys.key(4), link(&office), at(5)).await);
        let found = serials(&store, ours(), &search("4711"), None).await;
        assert_eq!(found, ["4711", "004711", "1", "47112", "47-11 x", "94711"]);
        assert_eq!(serials(&store, ours(), &search(" 47-11 "), None).await, ["4711", "004711", "47112", "47-11 x", "94711"]);
        assert_eq!(serials(&store, ours(), &search("47"), None).await, ["4711", "47112", "47-11 x", "004711", "1"]);
        assert_eq!(serials(&store, ours(), &search("X"), None).await, [""; 0], "one letter finds prefixes only");
        assert_eq!(serials(&store, ours(), &search("11X"), None).await, ["47-11 x"]);
        assert_eq!(total(&store, ours(), &search("4711")).await.count, 6);
        let sort = Sort { column: Column::SerialNumber, direction: Direction::Ascending };
        assert_eq!(serials(&store, ours(), &search("4711"), Some(sort)).await, ["004711", "1", "4711", "47112", "47-11 x", "94711"]);
    }

    async fn policies_and_holders_are_found_by_name(store: Store) {
        let office = add_policy(&store, ours(), 5, "Ärzte Nord").await;
        let ada = add_user(&store, ours(), 6, "Ada.Lovelace").await;
        let batch = import(&store, ours(), 1, None, (0..4).map(|row| new_key(row, "K", &format!("s{row}"))).collect()).await;
        for row in [1, 2] {
            assert!(command(&store, ours(), batch.keys.key(row), link(&office), at(5)).await);
        }
        assert!(command(&store, ours(), batch.keys.key(2), assign(&ada), at(6)).await);
        assert_eq!(serials(&store, ours(), &search("äRZTE nord"), None).await, ["s2", "s1"]);
        assert_eq!(serials(&store, ours(), &search("är"), None).await, ["s2", "s1"]);
        assert_eq!(serials(&store, ours(), &search("nor"), None).await, ["s2", "s1"]);
        for q in ["ada.lovelace", "ADA", "lovelac"] {
            assert_eq!(serials(&store, ours(), &search(q), None).await, ["s2"], "{q}");
        }
        let stocks = Filter { tab: Some(Tab::Stocks), ..search("nord") };
        assert_eq!(serials(&store, ours(), &stocks, None).await, ["s1"]);

        let named = UserDetails { user_name: UserName::new("Countess").unwrap(), ..ada.details().clone() };
        let Edited::Changed(renamed) = ada.edit(named, at(7)) else { panic!("another name") };
        let done: Done = store.write(acting_in(ours(), 6, at(7)), async move |tx: &mut Tx| users::save(tx, &ada, &renamed).await).await;
        done.unwrap();
        assert_eq!(serials(&store, ours(), &search("lovelace"), None).await, [""; 0]);
        assert_eq!(serials(&store, ours(), &search("ountes"), None).await, ["s2"]);
    }

    async fn signs_of_the_query_language_are_letters(store: Store) {
        let serials_in = ["a%b_c", "a\"b\"c", "axbyc", "a*b*c", "(a or b)", "a\\b\\c"];
        let keys = serials_in.iter().zip(0..).map(|(serial, row)| new_key(row, "K", serial)).collect();
        import(&store, ours(), 1, None, keys).await;
        for serial in serials_in {
            assert_eq!(serials(&store, ours(), &search(serial), None).await, [serial]);
        }
        assert_eq!(serials(&store, ours(), &search("%b_"), None).await, ["a%b_c"]);
        assert_eq!(serials(&store, ours(), &search("\"b\""), None).await, ["a\"b\"c"]);
        assert_eq!(serials(&store, ours(), &search("'; DROP TABLE security_keys; --"), None).await, [""; 0]);
    }

    async fn hidden_holders_are_not_found_and_all_else_is(store: Store) {
        let office = add_policy(&store, ours(), 5, "Ada's office").await;
        let ada = add_user(&store, ours(), 6, "ada.4711").await;
        let serials_in = ["4711", "ada-1", "x4711y", "other", "linked"];
        let keys = serials_in.iter().zip(0..).map(|(serial, row)| new_key(row, "K", serial)).collect();
        let batch = import(&store, ours(), 1, None, keys).await;
        let plain = add_policy(&store, ours(), 7, "Plain").await;
        assert!(command(&store, ours(), batch.keys.key(3), link(&plain), at(5)).await);
        assert!(command(&store, ours(), batch.keys.key(3), assign(&ada), at(5)).await);
        assert!(command(&store, ours(), batch.keys.key(4), link(&office), at(5)).await);
        let hidden = |q: &str| Filter { holders: Holders::Hidden, ..search(q) };
        for (q, searched, without) in [
            ("4711", vec!["4711", "other", "x4711y"], vec!["4711", "x4711y"]),
            ("ada", vec!["ada-1", "linked", "other"], vec!["ada-1", "linked"]),
            ("ada.4711", vec!["other"], vec![]),
            ("a.47", vec!["other"], vec![]),
            ("'s off", vec!["linked"], vec!["linked"]),
        ] {
            let sorted = Some(Sort { column: Column::UpdatedAt, direction: Direction::Ascending });
            for sort in [None, sorted] {
                for (filter, wanted) in [(search(q), &searched), (hidden(q), &without)] {
                    let mut found = serials(&store, ours(), &filter, sort).await;
                    found.sort();
                    assert_eq!(&found, wanted, "{filter:?} {sort:?}");
                    assert_eq!(total(&store, ours(), &filter).await.count, u64::try_from(wanted.len()).unwrap(), "{filter:?}");
                }
            }
        }
    }

    async fn each_change_merges_its_share_of_the_index(store: Store) {
        for number in 0..14 {
            let key = new_key(0, "K", &format!("s{number}"));
            import(&store, ours(), number, None, vec![key]).await;
        }
        if store.dialect() == Dialect::Postgres {
            return;
        }
        let parts = store.read(async |reader: &mut Reader| {
            let count = "SELECT COUNT(DISTINCT segid) AS parts FROM security_keys_search_idx";
            reader.query_one(count, &[]).await?.get::<i64>("parts")
        });
        let parts: Result<i64, Error> = parts.await;
        // Without merging there is a part for each commit, until the engine merges sixteen at once.
        assert!(parts.unwrap() < 8);
    }
}
