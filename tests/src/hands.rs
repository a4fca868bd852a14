//! Brings keys into hands through the store: users, and commands that only a workstation gives.

use claviger_domain::{
    TenantId,
    security_key::{
        AdminPin, Command, ConfigurationOrder, ConfigurationProof, PolicyToLink, ReadBack, SecurityKey, ServiceStatus,
    },
    text::ProviderName,
    user::UserStatus,
};
use claviger_store::{Actor, Error, Scope, Tx, policies, security_keys};
use serde_json::json;

use crate::{
    server::{TestServer, World},
    stock,
};

fn scope(server: &TestServer, world: &World) -> Scope {
    Scope {
        tenant: TenantId::from_uuid(world.id.parse().unwrap()),
        actor: Actor::System("test".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: server.clock.now(),
    }
}

/// A user of that name.
pub(crate) async fn user(server: &TestServer, world: &World, name: &str) -> String {
    person(server, world, name, None, None).await
}

/// A user whom mail may reach, in a language.
pub(crate) async fn person(
    server: &TestServer,
    world: &World,
    name: &str,
    email: Option<&str>,
    locale: Option<&str>,
) -> String {
    let draft = json!({ "user_name": name, "display_name": name, "email": email, "locale": locale });
    let made = stock::post(server, &world.token, "/users", draft).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}

/// Gives a key what only a workstation gives it.
async fn obey(
    server: &TestServer,
    world: &World,
    key: &str,
    order: impl Fn(&SecurityKey, &PolicyToLink) -> Command + Send + 'static,
) {
    let id = key.parse().unwrap();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let before = security_keys::get(tx, tenant, id).await?.unwrap();
        let linked = before.policy().unwrap().id;
        let policy = PolicyToLink::of(&policies::get(tx, tenant, linked).await?.unwrap());
        let after = before.apply(&order(&before, &policy), tx.now()).unwrap();
        security_keys::save(tx, &before, &after).await
    };
    let store = server.app().store();
    store.write::<_, Error, _>(scope(server, world), job).await.unwrap();
}

/// Configures a key that is READY and assigned.
pub(crate) async fn configured(server: &TestServer, world: &World, key: &str) {
    let prepare = |key: &SecurityKey, policy: &PolicyToLink| {
        Command::PrepareConfiguration(ConfigurationOrder {
            policy: *policy,
            serial_seen: key.serial_number().clone(),
            admin_pin: AdminPin::Absent,
        })
    };
    let confirm = |key: &SecurityKey, _: &PolicyToLink| {
        Command::ConfirmConfiguration(ConfigurationProof {
            generation: key.generation(),
            serial_seen: key.serial_number().clone(),
            read_back: ReadBack::Equal,
        })
    };
    obey(server, world, key, prepare).await;
    obey(server, world, key, confirm).await;
}

/// Enrols a key that is CONFIGURED.
pub(crate) async fn enrolled(server: &TestServer, world: &World, key: &str) {
    let enroll = |_: &SecurityKey, _: &PolicyToLink| Command::Enroll {
        provider: ProviderName::new("Example IdP").unwrap(),
        service: ServiceStatus::Active,
        status: UserStatus::Active,
    };
    obey(server, world, key, enroll).await;
}
