//! Tenants, administrators and how they sign in.

use claviger_domain::ids::{AdministratorId, ApiTokenId, PasskeyId, SessionId, TenantId};
use claviger_store::administrators::{self, Administrator, grants};
use claviger_store::api_tokens::{self, ApiToken};
use claviger_store::passkeys::{self, Passkey};
use claviger_store::sessions::{self, Session};
use claviger_store::setup_tokens::{self, SetupToken};
use claviger_store::tenants::{self, Tenant};
use claviger_store::{Error, Store, Tx};
use claviger_testkit::both_databases;

use crate::{Done, at, id, scope, tenant};

fn ada() -> Administrator {
    Administrator {
        id: AdministratorId::from_uuid(id(1)),
        email: "Ada@Example.com".to_owned(),
        display_name: "Ada".to_owned(),
        locale: Some("cs".to_owned()),
        password_hash: Some("$argon2id$".to_owned()),
        disabled_at: None,
        last_sign_in_at: None,
        created_at: at(0),
        updated_at: at(0),
        revision: 1,
    }
}

async fn with_ada(store: &Store) -> Administrator {
    let done: Done = store
        .write(scope(1), async |tx: &mut Tx| administrators::insert(tx, &ada()).await)
        .await;
    done.unwrap();
    ada()
}

fn session(number: u128) -> Session {
    Session {
        id: SessionId::from_uuid(id(number)),
        administrator: ada().id,
        cookie_hash: [u8::try_from(number).unwrap(); 32],
        tenant: tenant(7),
        method: "password".to_owned(),
        source: Some("192.0.2.1".to_owned()),
        user_agent: None,
        authenticated_at: at(0),
        created_at: at(0),
        last_seen_at: at(0),
        expires_at: at(100),
        revision: 1,
    }
}

both_databases! {
    async fn a_tenant_is_kept_and_its_name_is_unique_whatever_the_case(store: Store) {
        let one = Tenant { id: tenant(8), name: "Müller AG".to_owned(), suspended_at: None, created_at: at(1), updated_at: at(1), revision: 1 };
        let first = one.clone();
        let saved: Done<Tenant> = store.write(scope(1), async move |tx: &mut Tx| {
            tenants::insert(tx, &first).await?;
            tenants::save(tx, &Tenant { suspended_at: Some(at(2)), ..first.clone() }).await
        }).await;
        let saved = saved.unwrap();
        assert_eq!((saved.revision, saved.suspended_at), (2, Some(at(2))));
        let listed: Done<_> = store.read(async |reader| tenants::list(reader).await).await;
        assert_eq!(listed.unwrap(), vec![saved]);
        let stale: Done<_> = store.write(scope(1), { let one = one.clone(); async move |tx: &mut Tx| tenants::save(tx, &one).await }).await;
        assert!(matches!(stale, Err(Error::Stale)));
        let same = Tenant { id: tenant(9), name: "MÜLLER ag".to_owned(), ..one };
        let taken: Done = store.write(scope(1), async move |tx: &mut Tx| tenants::insert(tx, &same).await).await;
        assert!(taken.unwrap_err().is_duplicate_in("tenants"));
    }

    async fn an_administrator_is_found_by_address_and_saved_by_revision(store: Store) {
        let ada = with_ada(&store).await;
        let found: Done<_> = store.read(async |reader| administrators::by_email(reader, " ada@EXAMPLE.com ").await).await;
        assert_eq!(found.unwrap(), Some(ada.clone()));
        let changed: Done<_> = store.write(scope(1), async move |tx: &mut Tx| {
            administrators::signed_in(tx, ada.id).await?;
            let changed = Administrator { display_name: "Ada L.".to_owned(), password_hash: None, ..ada.clone() };
            administrators::save(tx, &changed).await
        }).await;
        assert_eq!(changed.unwrap().revision, 2);
        let stale: Done<_> = store.write(scope(1), async |tx: &mut Tx| administrators::save(tx, &super::ada()).await).await;
        assert!(matches!(stale, Err(Error::Stale)));
        let any: Done<bool> = store.read(async |reader| administrators::any(reader).await).await;
        assert!(any.unwrap());
    }

    async fn a_role_is_held_once_in_a_tenant(store: Store) {
        let ada = with_ada(&store).await.id;
        let first: Done = store.write(scope(1), async move |tx: &mut Tx| {
            grants::insert(tx, tenant(7), ada, "owner").await?;
            grants::insert(tx, tenant(8), ada, "auditor").await
        }).await;
        first.unwrap();
        let again: Done = store.write(scope(1), async move |tx: &mut Tx| grants::insert(tx, tenant(7), ada, "auditor").await).await;
        assert!(again.unwrap_err().is_duplicate_in("administrator_grants"));
        let held: Done<_> = store.read(async move |reader| grants::of_administrator(reader, ada).await).await;
        let held = held.unwrap();
        assert_eq!(held.iter().map(|grant| grant.role.as_str()).collect::<Vec<_>>(), ["owner", "auditor"]);
        let changed: Done = store.write(scope(1), async move |tx: &mut Tx| {
            grants::change(tx, &held[0], "operator").await?;
            grants::delete(tx, &held[0]).await
        }).await;
        assert!(matches!(changed, Err(Error::Stale)), "the revision has moved");
        let here: Done<_> = store.read(async |reader| grants::in_tenant(reader, tenant(7)).await).await;
        assert_eq!(here.unwrap()[0].role, "owner", "nothing of the failed job is kept");
    }

    async fn a_session_ends_by_time_and_by_hand(store: Store) {
        with_ada(&store).await;
        let made: Done = store.write(scope(1), async |tx: &mut Tx| {
            for number in 1..=3 { sessions::insert(tx, &session(number)).await?; }
            sessions::seen(tx, session(1).id, at(500)).await?;
            sessions::save(tx, &Session { tenant: tenant(8), ..session(2) }).await.map(drop)
        }).await;
        made.unwrap();
        let found: Done<_> = store.read(async |reader| sessions::by_cookie(reader, &[2; 32], at(99)).await).await;
        assert_eq!(found.unwrap().unwrap().tenant, tenant(8));
        let gone: Done<_> = store.read(async |reader| sessions::by_cookie(reader, &[2; 32], at(100)).await).await;
        assert_eq!(gone.unwrap(), None);
        let ended: Done<u64> = store.write(scope(1), async |tx: &mut Tx| {
            sessions::delete(tx, ada().id, session(3).id).await?;
            sessions::delete_others(tx, ada().id, Some(session(1).id)).await
        }).await;
        assert_eq!(ended.unwrap(), 1);
        let left: Done<_> = store.read(async |reader| sessions::of_administrator(reader, ada().id, at(0)).await).await;
        assert_eq!(left.unwrap().len(), 1);
        let mut later = scope(1);
        later.now = at(1_000);
        let swept: Done<u64> = store.write(later, async |tx: &mut Tx| sessions::delete_expired(tx).await).await;
        assert_eq!(swept.unwrap(), 1);
    }

    async fn a_passkey_counter_is_moved_once(store: Store) {
        with_ada(&store).await;
        let passkey = Passkey {
            id: PasskeyId::from_uuid(id(5)), administrator: ada().id, credential_id: vec![0, 1, 255], name: "blue".to_owned(),
            credential: "{}".to_owned(), created_at: at(0), last_used_at: None, revision: 1,
        };
        let copy = passkey.clone();
        let used: Done = store.write(scope(1), async move |tx: &mut Tx| {
            passkeys::insert(tx, &copy).await?;
            passkeys::used(tx, &copy, "{\"counter\":1}").await
        }).await;
        used.unwrap();
        let found: Done<_> = store.read(async |reader| passkeys::by_credential(reader, &[0, 1, 255]).await).await;
        let found = found.unwrap().unwrap();
        assert_eq!((found.revision, found.last_used_at, found.credential.as_str()), (2, Some(at(0)), "{\"counter\":1}"));
        let replay: Done = store.write(scope(1), async move |tx: &mut Tx| passkeys::used(tx, &passkey, "{}").await).await;
        assert!(matches!(replay, Err(Error::Stale)));
        let gone: Done = store.write(scope(1), async |tx: &mut Tx| passkeys::delete(tx, ada().id, PasskeyId::from_uuid(id(5))).await).await;
        gone.unwrap();
        let left: Done<_> = store.read(async |reader| passkeys::of_administrator(reader, ada().id).await).await;
        assert!(left.unwrap().is_empty());
    }

    async fn an_api_token_is_found_in_its_tenant_alone_and_revoked_once(store: Store) {
        let token = ApiToken {
            id: ApiTokenId::from_uuid(id(6)), name: "ci".to_owned(), role: "viewer".to_owned(), token_hash: [9; 32],
            created_by: "Ada".to_owned(), created_by_id: Some(ada().id), created_at: at(0), expires_at: Some(at(9)), last_used_at: None, revoked_at: None, revision: 1,
        };
        let (copy, kept) = (token.clone(), token.clone());
        let made: Done = store.write(scope(1), async move |tx: &mut Tx| {
            api_tokens::insert(tx, &copy).await?;
            api_tokens::used(tx, copy.id).await
        }).await;
        made.unwrap();
        let other: Done<_> = store.read(async |reader| api_tokens::by_hash(reader, tenant(8), &[9; 32]).await).await;
        assert_eq!(other.unwrap(), None);
        let own: Done<_> = store.read(async |reader| api_tokens::by_hash(reader, tenant(7), &[9; 32]).await).await;
        assert_eq!(own.unwrap(), Some(ApiToken { last_used_at: Some(at(0)), ..kept }));
        for expected in [true, false] {
            let token = token.clone();
            let revoked: Done = store.write(scope(1), async move |tx: &mut Tx| api_tokens::revoke(tx, &token).await).await;
            assert_eq!(revoked.is_ok(), expected);
        }
    }

    async fn a_setup_token_works_once_and_in_time(store: Store) {
        let token = SetupToken {
            id: id(3), token_hash: [4; 32], purpose: "setup".to_owned(), subject: None, details: None,
            created_at: at(0), expires_at: at(10), used_at: None,
        };
        let copy = token.clone();
        let made: Done = store.write(scope(1), async move |tx: &mut Tx| setup_tokens::insert(tx, &copy).await).await;
        made.unwrap();
        let late: Done<_> = store.read(async |reader| setup_tokens::by_hash(reader, &[4; 32], at(10)).await).await;
        assert_eq!(late.unwrap(), None);
        for expected in [true, false] {
            let token = token.clone();
            let used: Done = store.write(scope(1), async move |tx: &mut Tx| setup_tokens::consume(tx, &token).await).await;
            assert_eq!(used.is_ok(), expected);
        }
        let spent: Done<u64> = store.write(scope(1), async |tx: &mut Tx| setup_tokens::withdraw(tx, "setup").await).await;
        assert_eq!(spent.unwrap(), 0, "a used one is history");
        assert_eq!(TenantId::SYSTEM.as_uuid(), uuid::Uuid::nil());
    }
}
