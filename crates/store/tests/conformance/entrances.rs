//! Roles that tenants made, their providers of sign-in, ceremonies, and the bounds on guessing.

use std::collections::HashMap;
use std::time::Duration;

use claviger_domain::ids::{AdministratorId, ApiTokenId, RoleId, TenantId};
use claviger_domain::text::RoleName;
use claviger_domain::{CustomRole, Privilege, PrivilegeSet, Revision, Timestamp};
use claviger_store::administrators::{self, Administrator, grants};
use claviger_store::api_tokens::{self, ApiToken};
use claviger_store::ceremonies::{self, Ceremony};
use claviger_store::guesses::{self, Bound};
use claviger_store::roles;
use claviger_store::sign_in_providers::{self, Provider};
use claviger_store::tenants::{self, Tenant};
use claviger_store::{Error, Scope, Store, Tx};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

fn clerk(number: u128, name: &str) -> CustomRole {
    let privileges = PrivilegeSet::of(&[Privilege::KeyAssign, Privilege::AuditRead]);
    let name = RoleName::new(name).unwrap();
    CustomRole::stored(
        RoleId::from_uuid(id(number)),
        Revision::FIRST,
        name,
        privileges,
        [at(0), at(1)],
    )
}

fn renamed(role: &CustomRole, name: &str) -> CustomRole {
    let everything = Privilege::ALL.iter().copied().collect();
    let name = RoleName::new(name).unwrap();
    role.change(everything, name, PrivilegeSet::of(&[Privilege::JobRead]), at(2))
        .unwrap()
}

/// A scope of the tenant of this number.
fn of(number: u128) -> Scope {
    Scope {
        tenant: tenant(number),
        ..scope(1)
    }
}

fn then(now: Timestamp) -> Scope {
    Scope { now, ..scope(1) }
}

/// Ada holds `role` in the tenants 7 and 8, and a token of each does; that of tenant 8 is revoked.
async fn held(store: &Store, role: &'static str) {
    for number in [7, 8] {
        let done: Done = store
            .write(of(number), async move |tx: &mut Tx| {
                let ada = AdministratorId::from_uuid(id(1));
                if number == 7 {
                    administrators::insert(tx, &administrator(ada)).await?;
                }
                grants::insert(tx, tenant(number), ada, role).await?;
                let token = token(number, role);
                api_tokens::insert(tx, &token).await?;
                if number == 8 {
                    api_tokens::revoke(tx, &token).await?;
                }
                Ok(())
            })
            .await;
        done.unwrap();
    }
}

fn administrator(id: AdministratorId) -> Administrator {
    Administrator {
        id,
        email: "ada@example.com".to_owned(),
        display_name: "Ada".to_owned(),
        locale: None,
        password_hash: None,
        disabled_at: None,
        last_sign_in_at: None,
        created_at: at(0),
        updated_at: at(0),
        revision: 1,
    }
}

fn token(number: u128, role: &str) -> ApiToken {
    ApiToken {
        id: ApiTokenId::from_uuid(id(number)),
        name: "ci".to_owned(),
        role: role.to_owned(),
        token_hash: [u8::try_from(number).unwrap(); 32],
        created_by: "Ada".to_owned(),
        created_by_id: None,
        created_at: at(0),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        revision: 1,
    }
}

async fn holders(store: &Store, owner: TenantId) -> HashMap<String, u64> {
    let read: Done<_> = store
        .read(async move |reader| roles::holders(reader, owner).await)
        .await;
    read.unwrap()
}

async fn add_provider(store: &Store, number: u128, key: &'static str) -> Done {
    let insert = async move |tx: &mut Tx| sign_in_providers::insert(tx, id(number), key, "{}").await;
    store.write(of(number), insert).await
}

async fn provider(store: &Store, number: u128) -> Option<Provider> {
    let read: Done<_> = store
        .read(async move |reader| sign_in_providers::get(reader, tenant(number)).await)
        .await;
    read.unwrap()
}

async fn guess(store: &Store, who: u8, bound: Bound, now: Timestamp) -> Result<(), Duration> {
    let taken: Done<_> = store
        .write(then(now), async move |tx: &mut Tx| {
            guesses::take(tx, [who; 32], bound).await
        })
        .await;
    taken.unwrap()
}

async fn end(store: &Store, kind: &'static str, key: u8, now: Timestamp) -> Option<Ceremony> {
    let taken: Done<_> = store
        .write(then(now), async move |tx: &mut Tx| {
            ceremonies::take(tx, kind, [key; 32]).await
        })
        .await;
    taken.unwrap()
}

const THREE_A_MINUTE: Bound = Bound {
    guesses: 3,
    window: Duration::from_mins(1),
};

both_databases! {
    async fn a_role_is_found_by_its_name_in_its_tenant_alone(store: Store) {
        let (one, other) = (clerk(1, "Würfel"), clerk(2, "Archive"));
        let made: Done = store.write(scope(1), async move |tx: &mut Tx| {
            roles::insert(tx, &one).await?;
            roles::insert(tx, &other).await
        }).await;
        made.unwrap();
        let same: Done = store.write(scope(1), async |tx: &mut Tx| roles::insert(tx, &clerk(3, "WÜRFEL")).await).await;
        assert!(same.unwrap_err().is_duplicate_in("roles"));
        let theirs: Done = store.write(of(8), async |tx: &mut Tx| roles::insert(tx, &clerk(3, "würfel")).await).await;
        theirs.unwrap();
        let found: Done<_> = store.read(async |reader| {
            Ok((roles::list(reader, tenant(7)).await?, roles::by_name(reader, tenant(7), " wÜRFEL ").await?,
                roles::by_name(reader, tenant(8), "Archive").await?))
        }).await;
        assert_eq!(found.unwrap(), (vec![clerk(2, "Archive"), clerk(1, "Würfel")], Some(clerk(1, "Würfel")), None));
    }

    async fn whoever_holds_a_role_holds_it_under_its_new_name(store: Store) {
        held(&store, "Clerk").await;
        let (before, after) = (clerk(1, "Clerk"), renamed(&clerk(1, "Clerk"), "Warden"));
        let (old, new) = (before.clone(), after.clone());
        let saved: Done = store.write(scope(1), async move |tx: &mut Tx| {
            roles::insert(tx, &old).await?;
            roles::save(tx, &old, &new).await
        }).await;
        saved.unwrap();
        assert_eq!(holders(&store, tenant(7)).await, HashMap::from([("Warden".to_owned(), 2)]));
        assert_eq!(holders(&store, tenant(8)).await, HashMap::from([("Clerk".to_owned(), 1)]), "revoked tokens do not count");
        let found: Done<_> = store.read(async |reader| roles::by_name(reader, tenant(7), "warden").await).await;
        assert_eq!(found.unwrap(), Some(after));
        let (old, new) = (before.clone(), renamed(&before, "Guard"));
        let stale: Done = store.write(scope(1), async move |tx: &mut Tx| roles::save(tx, &old, &new).await).await;
        assert!(matches!(stale, Err(Error::Stale)));
        assert_eq!(holders(&store, tenant(7)).await.get("Warden"), Some(&2));
        let gone: Done = store.write(scope(1), async move |tx: &mut Tx| roles::delete(tx, &before).await).await;
        assert!(matches!(gone, Err(Error::Stale)));
    }

    async fn a_role_is_removed_once(store: Store) {
        let made: Done = store.write(scope(1), async |tx: &mut Tx| roles::insert(tx, &clerk(1, "Clerk")).await).await;
        made.unwrap();
        for (number, expected) in [(8, false), (7, true), (7, false)] {
            let removed: Done = store.write(of(number), async |tx: &mut Tx| roles::delete(tx, &clerk(1, "Clerk")).await).await;
            assert!(matches!((expected, removed), (true, Ok(())) | (false, Err(Error::Stale))));
        }
    }

    async fn a_tenant_has_one_provider_of_sign_in(store: Store) {
        add_provider(&store, 7, "k7").await.unwrap();
        assert!(matches!(add_provider(&store, 7, "k9").await, Err(Error::Stale)));
        assert_eq!(provider(&store, 8).await, None);
        let first = provider(&store, 7).await.unwrap();
        assert_eq!((first.tenant, first.id, first.document.as_str(), first.revision), (tenant(7), id(7), "{}", 1));
        for expected in [true, false] {
            let before = first.clone();
            let save = async move |tx: &mut Tx| sign_in_providers::save(tx, &before, "{\"a\":1}").await;
            let saved: Done = store.write(then(at(5)), save).await;
            assert!(matches!((expected, saved), (true, Ok(())) | (false, Err(Error::Stale))));
        }
        let second = Provider { document: "{\"a\":1}".to_owned(), updated_at: at(5), revision: 2, ..first.clone() };
        let by_key: Done<_> = store.read(async |reader| {
            Ok((sign_in_providers::by_key(reader, "k7").await?, sign_in_providers::by_key(reader, "K7").await?))
        }).await;
        assert_eq!(by_key.unwrap(), (Some(second.clone()), None));
        for (before, number, expected) in [(first, 7, false), (second.clone(), 8, false), (second, 7, true)] {
            let gone: Done = store.write(of(number), async move |tx: &mut Tx| sign_in_providers::delete(tx, &before).await).await;
            assert!(matches!((expected, gone), (true, Ok(())) | (false, Err(Error::Stale))));
        }
        assert_eq!(provider(&store, 7).await, None);
    }

    async fn providers_of_tenants_at_work_are_offered_by_name(store: Store) {
        for (number, name, suspended_at) in [(7, "Zeta", None), (8, "alpha", None), (9, "Mid", Some(at(1)))] {
            let one = Tenant { id: tenant(number), name: name.to_owned(), suspended_at: None, created_at: at(0), updated_at: at(0), revision: 1 };
            let made: Done<Tenant> = store.write(scope(1), async move |tx: &mut Tx| {
                tenants::insert(tx, &one).await?;
                tenants::save(tx, &Tenant { suspended_at, ..one.clone() }).await
            }).await;
            made.unwrap();
        }
        for (number, key) in [(7, "k7"), (8, "k8"), (9, "k9")] {
            add_provider(&store, number, key).await.unwrap();
        }
        for (limit, expected) in [(10, &["k8", "k7"][..]), (1, &["k8"])] {
            let all: Done<_> = store.read(async move |reader| sign_in_providers::all(reader, limit).await).await;
            let keys: Vec<String> = all.unwrap().into_iter().map(|one| one.public_key).collect();
            assert_eq!(keys, expected);
        }
    }

    async fn what_was_begun_is_ended_once_and_in_time(store: Store) {
        let begun = |key: u8| Ceremony { key_hash: [key; 32], kind: "passkey".to_owned(), body: "{}".to_owned(), expires_at: at(10) };
        let made: Done = store.write(scope(1), async move |tx: &mut Tx| {
            for key in 1..=4 {
                ceremonies::insert(tx, &begun(key)).await?;
            }
            Ok(())
        }).await;
        made.unwrap();
        assert_eq!(end(&store, "passkey", 1, at(9)).await, Some(begun(1)));
        assert_eq!(end(&store, "passkey", 1, at(9)).await, None, "a second time");
        assert_eq!(end(&store, "passkey", 2, at(10)).await, None, "too late");
        assert_eq!(end(&store, "oidc", 3, at(9)).await, None, "of another kind");
        assert_eq!(end(&store, "passkey", 3, at(9)).await, None, "tried wrongly once, gone");
        for (now, expected) in [(at(9), 0), (at(10), 1), (at(10), 0)] {
            let swept: Done<u64> = store.write(then(now), async |tx: &mut Tx| ceremonies::delete_expired(tx).await).await;
            assert_eq!(swept.unwrap(), expected);
        }
    }

    async fn guesses_run_out_and_come_back_one_by_one(store: Store) {
        for _ in 0..3 {
            guess(&store, 1, THREE_A_MINUTE, at(0)).await.unwrap();
        }
        assert_eq!(guess(&store, 1, THREE_A_MINUTE, at(0)).await, Err(Duration::from_secs(20)));
        assert_eq!(guess(&store, 1, THREE_A_MINUTE, at(15)).await, Err(Duration::from_secs(5)), "a refused one costs nothing");
        guess(&store, 2, THREE_A_MINUTE, at(15)).await.unwrap();
        guess(&store, 1, THREE_A_MINUTE, at(20)).await.unwrap();
        assert_eq!(guess(&store, 1, THREE_A_MINUTE, at(20)).await, Err(Duration::from_secs(20)));
        for _ in 0..3 {
            guess(&store, 1, THREE_A_MINUTE, at(80)).await.unwrap();
        }
        assert!(guess(&store, 1, THREE_A_MINUTE, at(80)).await.is_err(), "a long wait gives no more than all");
    }

    async fn a_right_guess_is_given_back_and_all_are_forgotten(store: Store) {
        for _ in 0..3 {
            guess(&store, 1, THREE_A_MINUTE, at(0)).await.unwrap();
        }
        let back: Done = store.write(scope(1), async |tx: &mut Tx| guesses::give_back(tx, [1; 32], THREE_A_MINUTE).await).await;
        back.unwrap();
        guess(&store, 1, THREE_A_MINUTE, at(0)).await.unwrap();
        assert!(guess(&store, 1, THREE_A_MINUTE, at(0)).await.is_err());
        let cleared: Done = store.write(scope(1), async |tx: &mut Tx| guesses::clear(tx, [1; 32]).await).await;
        cleared.unwrap();
        guess(&store, 1, THREE_A_MINUTE, at(0)).await.unwrap();
        for (now, expected) in [(at(19), 0), (at(20), 1)] {
            let swept: Done<u64> = store.write(then(now), async |tx: &mut Tx| guesses::delete_empty(tx).await).await;
            assert_eq!(swept.unwrap(), expected);
        }
    }
}
