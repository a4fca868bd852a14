//! OTP tokens as tests need them: sealed with the server's own keys, and the codes that they show.

use claviger_domain::{
    OtpTokenId, Revision, SerialNumber, TenantId, Timestamp, UserId,
    otp::{
        Algorithm, Command, Digits, EmergencyCode, OtpToken, OtpTokenFacts, Parameters, Resyncs, Seed, State, TimeStep,
        code, emergency_end, readable,
    },
    role::Standing,
    user::UserStatus,
};
use claviger_server::{App, Failure, secrets::seeds};
use claviger_store::{
    Actor, Scope, Tx, emergency_codes,
    otp_tokens::{self, Kept, NewToken},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    server::{TestServer, World},
    stock::post,
};

/// A token of a tenant, and its seed.
#[derive(Clone)]
pub(crate) struct TestToken {
    pub(crate) id: OtpTokenId,
    pub(crate) serial: String,
    pub(crate) tenant: TenantId,
    parameters: Parameters,
    seed: Seed,
}

pub(crate) fn pressed() -> Parameters {
    Parameters::hotp(Algorithm::Sha1, Digits::Six)
}

pub(crate) fn timed() -> Parameters {
    Parameters::totp(Algorithm::Sha256, Digits::Eight, TimeStep::Thirty)
}

fn scope(app: &App, tenant: TenantId) -> Scope {
    Scope {
        tenant,
        actor: Actor::System("tests".to_owned()),
        source: None,
        request_id: None,
        lane_key: 1,
        now: app.clock().now(),
    }
}

fn fresh(
    id: OtpTokenId,
    serial: &str,
    parameters: Parameters,
    (now, expires_at): (Timestamp, Option<Timestamp>),
) -> OtpToken {
    let incoming = readable(serial, parameters, None).unwrap();
    let facts = OtpTokenFacts {
        id,
        revision: Revision::FIRST,
        serial_number: SerialNumber::new(serial).unwrap(),
        parameters,
        state: State::Active,
        holder: None,
        progress: incoming.progress,
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at,
        manufacturer: None,
        model: None,
        batch: None,
        imported_at: now,
        updated_at: now,
        last_used_at: None,
    };
    facts.try_into().unwrap()
}

impl TestToken {
    /// A token in stock, its seed sealed as an import seals it.
    pub(crate) async fn in_stock(app: &App, world: &World, serial: &str, parameters: Parameters) -> Self {
        Self::until(app, world, serial, parameters, None).await
    }

    /// The same, believed until then.
    pub(crate) async fn until(
        app: &App,
        world: &World,
        serial: &str,
        parameters: Parameters,
        end: Option<Timestamp>,
    ) -> Self {
        let tenant = TenantId::from_uuid(world.id.parse().unwrap());
        let id = OtpTokenId::from_uuid(claviger_server::ports::new_id());
        let mut bytes = serial.as_bytes().to_vec();
        bytes.resize(20, b'0');
        let made = Self {
            id,
            serial: serial.to_owned(),
            tenant,
            parameters,
            seed: Seed::new(bytes).unwrap(),
        };
        let (keys, token) = (app.clone(), made.clone());
        let job = async move |tx: &mut Tx| {
            let key = keys.keyring().sealing(tx, tenant).await?;
            let new = NewToken {
                token: fresh(id, &token.serial, parameters, (tx.now(), end)),
                holder: None,
                row: None,
                seed: seeds::seal_seed(&key, tenant, id, &token.seed)?,
                key_version: i64::from(key.version()),
            };
            Ok::<_, Failure>(otp_tokens::insert(tx, new).await?)
        };
        app.store().write(scope(app, tenant), job).await.unwrap();
        made
    }

    /// The code for a counter or a time step.
    pub(crate) fn shown(&self, factor: u64) -> String {
        let (algorithm, digits) = (self.parameters.algorithm(), self.parameters.digits());
        code(&self.seed, algorithm, digits, factor).using().to_string()
    }

    /// Carries an order out.
    pub(crate) async fn ordered(&self, app: &App, command: Command) {
        let (tenant, id) = (self.tenant, self.id);
        let job = async move |tx: &mut Tx| {
            let kept = otp_tokens::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
            let after = kept.token.apply(&command, Standing::NotAbove, tx.now());
            Ok::<_, Failure>(otp_tokens::save(tx, &kept.token, &after.unwrap()).await?)
        };
        app.store().write(scope(app, tenant), job).await.unwrap();
    }

    pub(crate) async fn assigned(&self, app: &App, user: UserId) {
        let status = UserStatus::Active;
        self.ordered(app, Command::Assign { user, status }).await;
    }

    pub(crate) async fn kept(&self, app: &App) -> Kept {
        let (tenant, id) = (self.tenant, self.id);
        let job = async move |reader: &mut claviger_store::Reader| {
            Ok::<_, Failure>(otp_tokens::get(reader, tenant, id).await?.unwrap())
        };
        app.store().read(job).await.unwrap()
    }
}

/// A user of the tenant.
pub(crate) async fn user(server: &TestServer, world: &World, name: &str) -> UserId {
    let made = post(
        server,
        &world.token,
        "/users",
        json!({ "user_name": name, "display_name": name }),
    )
    .await;
    UserId::from_uuid(made.body["id"].as_str().unwrap().parse::<Uuid>().unwrap())
}

/// Gives a user an emergency code, sealed as the server seals it.
pub(crate) async fn emergency_code(app: &App, tenant: TenantId, user: UserId, random: [u8; 10]) -> String {
    let code = EmergencyCode::of(&random);
    let (keys, digest) = (app.clone(), code.digest());
    let job = async move |tx: &mut Tx| {
        let key = keys.keyring().sealing(tx, tenant).await?;
        let mut kept = emergency_codes::Kept {
            user,
            number: 1,
            digest: Vec::new(),
            key_version: i64::from(key.version()),
            created_at: tx.now(),
            expires_at: emergency_end(tx.now()),
            used_at: None,
            failed_attempts: 0,
        };
        kept.digest = seeds::seal_digest(&key, tenant, &kept, &digest)?;
        Ok::<_, Failure>(emergency_codes::replace(tx, user, vec![kept]).await?)
    };
    app.store().write(scope(app, tenant), job).await.unwrap();
    code.using().to_string()
}
