//! Plays the 90 days, session after session, each turn one commit.

use std::{collections::BTreeMap, sync::Arc};

use claviger_domain::{TenantId, Timestamp, policy::Policy, security_key::SecurityKey, user::User};
use claviger_store::{
    Change, Store, Tx,
    audit::AuditEntry,
    security_keys::{self, Changed},
};

use super::{
    beginning,
    calendar::Calendar,
    cast::{Cast, Turn},
    deeds::{Deed, World},
    deliveries::{self, Row, SHIPMENTS},
    dice::Dice,
    lives::{self, Queue},
    rulebooks::{self, STAFF},
    stage::Stage,
    tokens,
};
use crate::{
    actions::security_keys::obey::{facts, label},
    local::LocalError,
    secrets::Keyring,
};

/// Deeds of a session by whose turn they are, with the number of the key.
type Agenda = BTreeMap<(usize, Turn), Vec<(usize, Deed)>>;

/// The session in which OTP tokens come, in thousandths of all.
const TOKENS: usize = 400;
/// Seconds between two turns of a session.
const TURN: i64 = 700;

/// Fills the tenant with what happened until `now`.
pub(super) async fn play(store: &Store, keyring: Keyring, now: Timestamp, hash: String) -> Result<(), LocalError> {
    let calendar = Calendar::until(now);
    let first = calendar.at(0);
    let before = |seconds: i64| first.plus_seconds(-seconds);
    let tenant = TenantId::from_uuid(Dice::for_part(9).id(before(3_000)));
    let (stage, cast) = (Stage::new(store.clone(), tenant), Cast::assemble(before(3_000)));
    beginning::tenant(&stage, &cast, before(3_000), hash).await?;
    let users = beginning::users(&stage, &cast, before(2_000)).await?;
    let policies = rulebooks::make(&stage, &cast, before(1_000)).await?;
    let (deliveries, agenda) = plan(&calendar)?;
    let mut play = Play {
        stage,
        cast,
        users,
        policies,
        keyring: Arc::new(keyring),
        keys: Vec::new(),
        agenda,
    };
    for session in 0..calendar.len() {
        play.session(&calendar, session, &deliveries).await?;
    }
    play.end(calendar.at(calendar.len()).plus_seconds(4 * TURN)).await
}

/// Deliveries with their rows, and everything that will be done to their keys.
fn plan(calendar: &Calendar) -> Result<(Vec<Vec<Row>>, Agenda), LocalError> {
    let (mut agenda, mut queue, mut first) = (Agenda::new(), Queue::default(), 0);
    let mut deliveries = Vec::new();
    for (shipment, part) in SHIPMENTS.iter().zip(20..) {
        let mut dice = Dice::for_part(part);
        let rows = deliveries::rows(shipment, first, &mut dice)?;
        let sessions = calendar.behind(shipment.behind) + 1..calendar.len();
        for (row, nth) in rows.iter().zip(first..) {
            for (session, deed) in lives::draw(shipment, row, sessions.clone(), &mut queue, &mut dice) {
                agenda.entry((session, deed.turn())).or_default().push((nth, deed));
            }
        }
        first += rows.len();
        deliveries.push(rows);
    }
    Ok((deliveries, agenda))
}

/// The play as far as it went.
struct Play {
    stage: Stage,
    cast: Cast,
    users: Vec<User>,
    policies: Vec<Policy>,
    keyring: Arc<Keyring>,
    keys: Vec<SecurityKey>,
    agenda: Agenda,
}

impl Play {
    async fn session(
        &mut self,
        calendar: &Calendar,
        session: usize,
        deliveries: &[Vec<Row>],
    ) -> Result<(), LocalError> {
        let begin = calendar.at(session);
        for (behind, nth, edit) in rulebooks::edits() {
            if calendar.behind(behind) == session {
                self.edit(nth, edit, begin).await?;
            }
        }
        if calendar.behind(TOKENS) == session {
            let at = begin.plus_seconds(30);
            tokens::play(&self.stage, &self.cast, &self.keyring, &self.users, at).await?;
        }
        for (shipment, rows) in SHIPMENTS.iter().zip(deliveries) {
            if calendar.behind(shipment.behind) == session {
                if shipment.file_name == "delivery-2244.csv" {
                    deliveries::refuse(&self.stage, &self.cast, begin.plus_seconds(60)).await?;
                }
                let policy = self.policies.get(STAFF).filter(|_| shipment.with_policy);
                let at = begin.plus_seconds(300);
                self.stage.settle().await?;
                let keys = deliveries::import(&self.stage, &self.cast, shipment, rows, policy, at).await?;
                self.keys.extend(keys);
            }
        }
        for (turn, seconds) in [Turn::Clerk, Turn::Officer, Turn::Workstation, Turn::Provider]
            .into_iter()
            .zip(1..)
        {
            if let Some(deeds) = self.agenda.remove(&(session, turn)) {
                self.turn(turn, deeds, begin.plus_seconds(seconds * TURN)).await?;
            }
        }
        Ok(())
    }

    async fn edit(&mut self, nth: usize, edit: rulebooks::Edit, at: Timestamp) -> Result<(), LocalError> {
        if let Some(policy) = self.policies.get_mut(nth) {
            *policy = rulebooks::edit(&self.stage, &self.cast, policy.clone(), edit, at).await?;
        }
        Ok(())
    }

    /// All deeds of one person in one session: one commit, an event each.
    async fn turn(&mut self, turn: Turn, deeds: Vec<(usize, Deed)>, at: Timestamp) -> Result<(), LocalError> {
        let world = World {
            policies: &self.policies,
            users: &self.users,
        };
        let (mut changed, mut events) = (Vec::new(), Vec::new());
        for (nth, deed) in deeds {
            let Some(key) = self.keys.get_mut(nth) else { continue };
            let after = deed.done(key, &world, at)?;
            events.push(event(deed, key, &after, &self.policies));
            let before = std::mem::replace(key, after.clone());
            changed.push(Changed { before, after });
        }
        let job = async move |tx: &mut Tx| {
            security_keys::save_many(tx, changed.clone()).await?;
            for Changed { after, .. } in &changed {
                tx.notify(Change {
                    kind: "security_key",
                    id: after.id().as_uuid(),
                    revision: after.revision().get(),
                });
            }
            events.iter().cloned().for_each(|event| tx.record(event));
            Ok(())
        };
        self.stage.hand_in(at, self.cast.actor(turn), job).await
    }

    async fn end(mut self, at: Timestamp) -> Result<(), LocalError> {
        self.stage.settle().await?;
        let everybody = self.users.into_iter().enumerate();
        let leavers = everybody
            .filter(|(nth, _)| lives::leaves(*nth))
            .map(|(_, user)| user)
            .collect();
        beginning::leave(&self.stage, &self.cast, leavers, at.plus_seconds(TURN)).await
    }
}

fn event(deed: Deed, before: &SecurityKey, after: &SecurityKey, policies: &[Policy]) -> AuditEntry {
    let told = |key: &SecurityKey| {
        let linked = key.policy().map(|linked| linked.id);
        let policy = policies.iter().find(|policy| Some(policy.id()) == linked);
        facts(key, policy.map(|policy| policy.name().as_str()))
    };
    AuditEntry {
        action: deed.action(),
        object_kind: "security_key",
        object_id: Some(before.id().as_uuid()),
        object_label: Some(label(before)),
        before: Some(told(before)),
        after: Some(told(after)),
        reason: deed.reason(),
        ..AuditEntry::default()
    }
}
