//! Users are found by what stands anywhere in their names and addresses, as a plain look at all of them finds them.

use claviger_domain::text::{DisplayName, Email, UserName, fold};
use claviger_domain::user::{Edited, User, UserDetails};
use claviger_domain::{TenantId, UserId};
use claviger_store::pages::{Direction, Total};
use claviger_store::users::{Column, Filter, Sort};
use claviger_store::{Reader, Store, Tx, users};
use claviger_testkit::both_databases;
use uuid::Uuid;

use super::{acting_in, ours};
use crate::{Done, at, tenant};

/// More than the trigram index is asked to list.
const MANY: u128 = 10_300;

fn somebody(number: u128) -> UserDetails {
    UserDetails {
        user_name: UserName::new(&format!("user-{number:05}")).unwrap(),
        display_name: DisplayName::new(&format!("\u{17d}ofie {} Nov\u{e1}", number % 97)).unwrap(),
        email: (!number.is_multiple_of(3)).then(|| Email::new(&format!("z{number}@example.org")).unwrap()),
        locale: None,
    }
}

async fn add(store: &Store, owner: TenantId, people: Vec<User>) {
    let job = async move |tx: &mut Tx| users::insert_many(tx, &people).await;
    let done: Done = store.write(acting_in(owner, 1, at(0)), job).await;
    done.unwrap();
}

fn person(number: u128, details: UserDetails) -> User {
    User::create(UserId::from_uuid(Uuid::from_u128(number)), details, at(0))
}

/// What a search finds: all of it page by page, and its total.
async fn found(store: &Store, owner: TenantId, q: &str, sort: Option<Sort>) -> (Vec<String>, Total) {
    let filter = Filter {
        q: Some(q.to_owned()),
        status: None,
    };
    let read: Done<_> = store
        .read(async move |reader: &mut Reader| {
            let total = users::total(reader, owner, &filter).await?;
            let (mut names, mut cursor) = (Vec::new(), None::<String>);
            loop {
                let page = users::page(reader, owner, &filter, sort, cursor.as_deref(), 200)
                    .await
                    .unwrap();
                names.extend(page.items.iter().map(|one| one.user.user_name().as_str().to_owned()));
                match page.next {
                    Some(next) if names.len() < 1_000 => cursor = Some(next),
                    _ => return Ok((names, total)),
                }
            }
        })
        .await;
    read.unwrap()
}

/// The same by looking at everybody: how well each fits, then by name.
fn looked_up(people: &[User], q: &str) -> Vec<String> {
    let q = fold(q);
    let mut fitting: Vec<(usize, String, String)> = Vec::new();
    for user in people {
        let texts = [
            user.user_name().folded(),
            user.email().map(Email::folded).unwrap_or_default(),
            user.display_name().folded(),
        ];
        let [name, email, display] = &texts;
        let ways = [
            (*name == q, name),
            (*email == q, email),
            (*display == q, display),
            (name.starts_with(&q), name),
            (display.starts_with(&q), display),
            (email.starts_with(&q), email),
            (
                q.chars().count() > 2 && texts.iter().any(|text| text.contains(&q)),
                name,
            ),
        ];
        if let Some((rank, (_, by))) = ways.into_iter().enumerate().find(|(_, (fits, _))| *fits) {
            fitting.push((rank, by.clone(), user.user_name().as_str().to_owned()));
        }
    }
    fitting.sort();
    fitting.into_iter().map(|(_, _, name)| name).collect()
}

both_databases! {
    async fn users_are_found_as_a_look_at_all_of_them_finds_them(store: Store) {
        let mut people: Vec<User> = (0..MANY).map(|number| person(number + 1, somebody(number))).collect();
        add(&store, ours(), people.clone()).await;
        add(&store, tenant(8), vec![person(1, somebody(4_711))]).await;
        for q in ["4711", "user-04711", "USER-047", "z4711@EXAMPLE", "ofie 13 nov\u{c1}", "-0471", "100%", "_", "no such"] {
            let wanted = looked_up(&people, q);
            let (names, total) = found(&store, ours(), q, None).await;
            assert_eq!((names, total.count), (wanted.clone(), u64::try_from(wanted.len()).unwrap()), "{q}");
            assert!(!total.capped);
        }
        // More than an index lists: page by page along the order, and the total ends at its cap.
        let (names, total) = found(&store, ours(), "ser-", None).await;
        assert_eq!(names, looked_up(&people, "ser-")[..names.len()]);
        assert_eq!((names.len(), total.count, total.capped), (1_000, 10_000, true));
        let backwards = Sort { column: Column::UserName, direction: Direction::Descending };
        let mut wanted = looked_up(&people, "0471");
        wanted.sort();
        wanted.reverse();
        assert_eq!(found(&store, ours(), "0471", Some(backwards)).await.0, wanted);
        // The other tenant finds its own alone.
        assert_eq!(found(&store, tenant(8), "4711", None).await.0, ["user-04711"]);

        // A change of name is found by the new one and not by the old one; another change leaves it.
        let renamed = UserDetails { user_name: UserName::new("Quentin").unwrap(), ..people[4_711].details().clone() };
        let Edited::Changed(after) = people[4_711].edit(renamed, at(1)) else { panic!("a change") };
        for (before, after) in [(people[4_711].clone(), after.clone()), (after.clone(), after.disable(at(2)).unwrap())] {
            let done: Done = store.write(acting_in(ours(), 4_712, at(2)), async move |tx: &mut Tx| users::save(tx, &before, &after).await).await;
            done.unwrap();
        }
        people[4_711] = after;
        for (q, count) in [("uent", 1), ("04711", 0), ("z4711@", 1)] {
            assert_eq!(found(&store, ours(), q, None).await.0, looked_up(&people, q), "{q}");
            assert_eq!(looked_up(&people, q).len(), count, "{q}");
        }
    }
}
