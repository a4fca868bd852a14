//! Users and policies: unique names, guarded changes, versions, use.

use claviger_domain::policy::{Edited, PolicyDraft, PolicyRules, Usage};
use claviger_domain::security_key::Drift;
use claviger_domain::text::{PolicyName, UserName};
use claviger_domain::user::{User, UserDetails, UserStatus};
use claviger_store::security_keys::Filter;
use claviger_store::{Error, Reader, Tx, policies, users};
use claviger_testkit::both_databases;

use super::{acting_in, add_policy, add_user, batch, import, new_key, ours, page, serials, write_hidden};
use crate::{Done, at, tenant};

fn rules(min_pin_length: u8) -> PolicyRules {
    PolicyRules::new(PolicyDraft {
        min_pin_length,
        ..PolicyDraft::default()
    })
    .unwrap()
}

both_databases! {
    async fn a_user_name_is_unique_whatever_the_case_and_a_stale_change_is_refused(store: Store) {
        let ada = add_user(&store, ours(), 1, "Ada").await;
        add_user(&store, tenant(8), 1, "ada").await;
        let named = UserDetails { user_name: UserName::new("ADA").unwrap(), ..ada.details().clone() };
        let twin = User::create(claviger_domain::UserId::from_uuid(crate::id(2)), named, at(1));
        let refused: Done = store.write(acting_in(ours(), 2, at(1)), async move |tx: &mut Tx| users::insert(tx, &twin).await).await;
        assert!(refused.unwrap_err().is_duplicate_in("users"));
        let after = ada.disable(at(1)).unwrap();
        for stale in [false, true] {
            let (before, after) = (ada.clone(), after.clone());
            let done: Done = store.write(acting_in(ours(), 1, at(1)), async move |tx: &mut Tx| users::save(tx, &before, &after).await).await;
            assert_eq!(matches!(done, Err(Error::Stale)), stale);
        }
        let name = ada.user_name().clone();
        let read: Done<_> = store.read(async move |reader: &mut Reader| {
            Ok((users::by_name(reader, ours(), &name).await?, users::get(reader, tenant(9), ada.id()).await?,
                users::by_status(reader, ours(), UserStatus::Disabled).await?, users::by_status(reader, ours(), UserStatus::Active).await?))
        }).await;
        assert_eq!(read.unwrap(), (Some(after), None, 1, 0));
    }

    async fn a_policy_in_use_gets_a_new_version_and_its_keys_drift(store: Store) {
        let first = add_policy(&store, ours(), 5, "Office").await;
        import(&store, ours(), 1, Some(&first), vec![new_key(0, "K", "1")]).await;
        let drift = |drift| Filter { drift: Some(drift), ..Filter::default() };
        assert_eq!(serials(&store, ours(), &drift(true), None).await, [""; 0]);
        let Ok(Edited::NewVersion(second)) = first.edit(first.name().clone(), rules(9), Usage::InUse(1), at(2)) else { panic!("a new version") };
        for stale in [false, true] {
            let (before, after) = (first.clone(), second.clone());
            let done: Done = store.write(acting_in(ours(), 5, at(2)), async move |tx: &mut Tx| policies::save(tx, &before, &after).await).await;
            assert_eq!(matches!(done, Err(Error::Stale)), stale);
        }
        let id = first.id();
        let read: Done<_> = store.read(async move |reader: &mut Reader| {
            Ok((policies::get(reader, ours(), id).await?, policies::versions(reader, ours(), id).await?, policies::list(reader, ours()).await?))
        }).await;
        let (kept, versions, listed) = read.unwrap();
        assert_eq!(kept.as_ref(), Some(&second));
        assert_eq!(versions.iter().map(|version| (version.version.get(), version.rules.min_pin_length())).collect::<Vec<_>>(), [(2, 9), (1, 6)]);
        assert_eq!(listed.iter().map(|listed| listed.in_use).collect::<Vec<_>>(), [1]);
        assert_eq!(serials(&store, ours(), &drift(true), None).await, ["1"]);
        assert_eq!(serials(&store, ours(), &drift(false), None).await, [""; 0]);
        let item = page(&store, ours(), &drift(true), None, None, 1).await.unwrap().items.remove(0);
        assert!(matches!(item.drift(), Drift::Outdated { .. }));
    }

    async fn a_policy_goes_only_while_nothing_uses_it(store: Store) {
        let used = add_policy(&store, ours(), 5, "Used").await;
        let awaited = add_policy(&store, ours(), 6, "Awaited").await;
        let free = add_policy(&store, ours(), 7, "Free").await;
        import(&store, ours(), 1, Some(&used), vec![new_key(0, "K", "1")]).await;
        write_hidden(&store, ours(), &batch(2, Some(&awaited), 1), vec![]).await;
        for (policy, goes) in [(used, false), (awaited, false), (free, true)] {
            let done: Done = store.write(acting_in(ours(), 5, at(2)), async move |tx: &mut Tx| policies::delete(tx, &policy).await).await;
            assert_eq!(done.is_ok(), goes, "{done:?}");
        }
        let left: Done<Vec<_>> = store.read(async |reader: &mut Reader| policies::list(reader, ours()).await).await;
        assert_eq!(left.unwrap().len(), 2);
    }

    async fn a_policy_is_archived_and_its_name_stays_taken(store: Store) {
        let policy = add_policy(&store, ours(), 5, "Office").await;
        let archived = policy.archive(at(3)).unwrap();
        let (before, after) = (policy.clone(), archived.clone());
        let done: Done = store.write(acting_in(ours(), 5, at(3)), async move |tx: &mut Tx| policies::save(tx, &before, &after).await).await;
        done.unwrap();
        let found: Done<_> = store.read(async |reader: &mut Reader| policies::by_name(reader, ours(), "OFFICE ").await).await;
        assert_eq!(found.unwrap(), Some(archived));
        let twin = claviger_domain::policy::Policy::create(claviger_domain::PolicyId::from_uuid(crate::id(9)), PolicyName::new("office").unwrap(), rules(6), at(4));
        let refused: Done = store.write(acting_in(ours(), 9, at(4)), async move |tx: &mut Tx| policies::insert(tx, &twin).await).await;
        assert!(refused.unwrap_err().is_duplicate_in("policies"));
    }
}
