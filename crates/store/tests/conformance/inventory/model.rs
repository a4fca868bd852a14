//! Random commands against the store and against plain keys in memory: lists, searches and totals are equal.

use std::collections::{BTreeMap, BTreeSet};

use claviger_domain::ids::{SecurityKeyId, TenantId};
use claviger_domain::policy::Policy;
use claviger_domain::security_key::{Command, Drift, IdpState, NewSecurityKey, Removal, SecurityKey, Status, Tab};
use claviger_domain::text::ProviderName;
use claviger_domain::text::fold;
use claviger_domain::user::{User, UserStatus};
use claviger_domain::{SerialNumber, Timestamp};
use claviger_store::batches::NewKey;
use claviger_store::outbox::{self, Draft, REVOKED_MAIL};
use claviger_store::pages::{Direction, ListError, Total};
use claviger_store::security_keys::{self, Age, Changed, Column, Filter, Model, Policies, Sort, Tallies};
use claviger_store::{Reader, Store, Tx, users};
use claviger_testkit::both_databases;
use uuid::Uuid;

use super::{
    acting_in, add_policy, add_user, assign, batch, command, import, link, list, new_key, quarantine, revoke, total,
    write_hidden,
};
use crate::{Done, at, tenant};

/// Numbers that look random and are the same in every run (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

struct World {
    owner: TenantId,
    keys: BTreeMap<SecurityKeyId, SecurityKey>,
    policies: Vec<Policy>,
    users: Vec<User>,
    /// Whose mail was given up.
    untold: BTreeSet<SecurityKeyId>,
    batches: u64,
    clock: i64,
}

const NAMES: [&str; 3] = ["YubiKey 5", "eToken Fusion", "K9"];

impl World {
    async fn new(store: &Store, number: u128) -> Self {
        let owner = tenant(100 + number);
        let mut policies = Vec::new();
        for (number, name) in (10..).zip(["12", "Office 12", "Zentrale", "An 1234"]) {
            policies.push(add_policy(store, owner, number, name).await);
        }
        let mut users = Vec::new();
        for (number, name) in (20..).zip(["12", "ada", "bob.12", "x-1 2 3"]) {
            users.push(add_user(store, owner, number, name).await);
        }
        Self {
            owner,
            keys: BTreeMap::new(),
            policies,
            users,
            untold: BTreeSet::new(),
            batches: 0,
            clock: 1_000,
        }
    }

    fn fresh(&self, dice: &mut Dice) -> Vec<NewKey> {
        let mut keys: Vec<NewKey> = Vec::new();
        for row in 0..=u32::try_from(dice.roll(4)).unwrap() {
            let zeros = ["", "0", "00", "a", "A-"][dice.roll(5)];
            let serial = format!(
                "{zeros}{}",
                [12, 121, 1200, 312, 7, 1_234][dice.roll(6)] + dice.roll(3) * 100_000
            );
            let key = new_key(row, dice.one::<&str>(&NAMES), &serial);
            let taken = |other: &SerialNumber| other.matches(&key.serial);
            if !keys.iter().any(|key| taken(&key.serial)) && !self.keys.values().any(|key| taken(key.serial_number())) {
                keys.push(key);
            }
        }
        keys
    }

    async fn import(&mut self, store: &Store, dice: &mut Dice) {
        self.batches += 1;
        let keys = self.fresh(dice);
        let policy = (dice.roll(3) == 0).then(|| dice.one(&self.policies).clone());
        let batch = import(store, self.owner, self.batches, policy.as_ref(), keys.clone()).await;
        for key in keys {
            let id = batch.keys.key(key.row);
            let new = NewSecurityKey {
                id,
                device_name: key.device_name,
                serial_number: key.serial,
                version: key.version,
                batch: Some(batch.id),
                attributes: key.attributes,
            };
            let mut facts =
                claviger_domain::security_key::SecurityKeyFacts::from(SecurityKey::import(new, batch.created_at));
            if let Some(policy) = &policy {
                facts.status = Status::Ready;
                facts.policy = Some(claviger_domain::security_key::LinkedPolicy {
                    id: policy.id(),
                    version: policy.version(),
                });
            }
            self.keys.insert(id, SecurityKey::try_from(facts).unwrap());
        }
    }

    /// Disables a user, or enables him again: his keys follow.
    async fn turn(&mut self, store: &Store, dice: &mut Dice, now: Timestamp) {
        let nth = dice.roll(self.users.len());
        let before = self.users[nth].clone();
        let after = before.disable(now).or_else(|_| before.enable(now)).unwrap();
        let kept = after.clone();
        let done: Done = store
            .write(
                acting_in(self.owner, before.id().as_uuid().as_u128(), now),
                async move |tx: &mut Tx| users::save(tx, &before, &kept).await,
            )
            .await;
        done.unwrap();
        self.users[nth] = after;
    }

    /// The identity provider says something, or a letter about the key is sent, or given up.
    async fn hear(&mut self, store: &Store, dice: &mut Dice, id: SecurityKeyId, now: Timestamp) {
        let (before, provider) = (self.keys[&id].clone(), ProviderName::new("idp").unwrap());
        let said = match dice.roll(4) {
            0 => IdpState::RemovalPending { provider, at: now },
            1 => IdpState::RemovalFailed { provider, at: now },
            2 => IdpState::Removed { provider, at: now },
            _ => return self.write_to(store, dice, id, now).await,
        };
        let after = before.identity_provider_said(said, now);
        let kept = after.clone();
        let done: Done = store
            .write(acting_in(self.owner, 1, now), async move |tx: &mut Tx| {
                security_keys::save(tx, &before, &kept).await
            })
            .await;
        done.unwrap();
        self.keys.insert(id, after);
    }

    async fn write_to(&mut self, store: &Store, dice: &mut Dice, id: SecurityKeyId, now: Timestamp) {
        let letter = Draft {
            id: Uuid::from_u128(u128::try_from(self.clock).unwrap()),
            kind: REVOKED_MAIL,
            subject: Some(id.as_uuid()),
            payload: "{}",
            give_up_at: None,
            not_sent: None,
        };
        let (owner, failure) = (self.owner, (dice.roll(3) > 0).then_some("nobody is there"));
        let done: Done = store
            .write(acting_in(owner, 1, now), async move |tx: &mut Tx| {
                outbox::insert(tx, &letter).await?;
                let waiting = outbox::newest(tx, owner, id.as_uuid(), REVOKED_MAIL).await?.unwrap();
                outbox::settle(tx, &waiting, failure).await
            })
            .await;
        done.unwrap();
        if failure.is_some() {
            self.untold.insert(id);
        } else {
            self.untold.remove(&id);
        }
    }

    fn holder_status(&self, key: &SecurityKey) -> Option<UserStatus> {
        let holder = key.holder()?.user;
        self.users.iter().find(|user| user.id() == holder).map(User::status)
    }

    async fn step(&mut self, store: &Store, dice: &mut Dice) {
        self.clock += 1;
        let now = at(self.clock);
        if self.keys.len() < 5 || dice.roll(6) == 0 {
            return self.import(store, dice).await;
        }
        let ids: Vec<_> = self.keys.keys().copied().collect();
        let id = *dice.one(&ids);
        if dice.roll(12) == 0 {
            return self.turn(store, dice, now).await;
        }
        if dice.roll(5) == 0 {
            return self.hear(store, dice, id, now).await;
        }
        let order = match dice.roll(9) {
            0 | 1 => link(dice.one(&self.policies)),
            2 => Command::UnlinkPolicy,
            3 | 4 => assign(dice.one(&self.users)),
            5 => quarantine(),
            6 => revoke(),
            7 => return self.delete(store, id).await,
            _ => return self.link_many(store, dice, &ids).await,
        };
        let expected = self.keys[&id].apply(&order, now);
        assert_eq!(command(store, self.owner, id, order, now).await, expected.is_ok());
        if let Ok(after) = expected {
            self.keys.insert(id, after);
        }
    }

    async fn delete(&mut self, store: &Store, id: SecurityKeyId) {
        let key = self.keys[&id].clone();
        if key.delete().is_ok() {
            let done: Done = store
                .write(acting_in(self.owner, 1, at(self.clock)), async move |tx: &mut Tx| {
                    security_keys::delete(tx, &key).await
                })
                .await;
            done.unwrap();
            self.keys.remove(&id);
        }
    }

    /// A bulk job's chunk: load all, decide each, save those that may.
    async fn link_many(&mut self, store: &Store, dice: &mut Dice, ids: &[SecurityKeyId]) {
        let chosen: Vec<_> = ids.iter().copied().filter(|_| dice.roll(2) == 0).collect();
        let order = link(dice.one(&self.policies));
        let (owner, now) = (self.owner, at(self.clock));
        let done: Done<Vec<SecurityKey>> = store
            .write(acting_in(owner, 1, now), async move |tx: &mut Tx| {
                let keys = security_keys::get_many(tx, owner, &chosen).await?;
                let decide = |key: SecurityKey| {
                    Some(Changed {
                        after: key.apply(&order, now).ok()?,
                        before: key,
                    })
                };
                let changed: Vec<Changed> = keys.into_iter().filter_map(decide).collect();
                let after = changed.iter().map(|change| change.after.clone()).collect();
                security_keys::save_many(tx, changed).await?;
                Ok(after)
            })
            .await;
        for key in done.unwrap() {
            assert!(self.keys.insert(key.id(), key).is_some());
        }
    }

    fn policy_name(&self, key: &SecurityKey) -> Option<String> {
        let id = key.policy()?.id;
        self.policies
            .iter()
            .find(|policy| policy.id() == id)
            .map(|policy| policy.name().folded())
    }

    fn holder_name(&self, key: &SecurityKey) -> Option<String> {
        let id = key.holder()?.user;
        self.users
            .iter()
            .find(|user| user.id() == id)
            .map(|user| user.user_name().folded())
    }

    /// 0 exact, 1 prefix, 2 anywhere.
    fn rank(&self, key: &SecurityKey, q: &str) -> Option<usize> {
        let (name, serial) = (fold(q.trim()), SerialNumber::normalise(q));
        let texts = [
            (Some(key.serial_number().normalised().to_owned()), &serial),
            (key.serial_number().without_leading_zeros().map(str::to_owned), &serial),
            (self.policy_name(key), &name),
            (self.holder_name(key), &name),
        ];
        let ways: [fn(&str, &str) -> bool; 3] = [
            |text, q| text == q,
            |text, q| text.starts_with(q),
            |text, q| text.contains(q),
        ];
        (0..3).find(|rank| {
            texts.iter().any(|(text, q)| {
                let long = *rank < 2 || serial.chars().count() >= 3 || name.chars().count() >= 3;
                long && !q.is_empty() && text.as_deref().is_some_and(|text| ways[*rank](text, q))
            })
        })
    }

    fn meant(&self, filter: &Filter) -> Vec<&SecurityKey> {
        let owed = !filter.removals.is_empty();
        let statuses = |key: &SecurityKey| {
            if filter.statuses.is_empty() {
                owed || filter.tab.is_some() || key.status() != Status::Disposed
            } else {
                filter.statuses.contains(&key.status())
            }
        };
        let policies = |key: &SecurityKey| {
            filter.policies.as_ref().is_none_or(|chosen| match key.policy() {
                Some(linked) => chosen.ids.contains(&linked.id),
                None => chosen.none,
            })
        };
        self.keys
            .values()
            .filter(|key| statuses(key) && policies(key))
            .filter(|key| {
                let gone = owed && filter.tab == Some(Tab::Inventory) && key.status() == Status::Disposed;
                gone || filter.tab.is_none_or(|tab| key.tab() == tab)
            })
            .filter(|key| {
                !owed
                    || key
                        .identity_provider()
                        .removal()
                        .is_some_and(|removal| filter.removals.contains(&removal))
            })
            .filter(|key| {
                filter
                    .mail_failed
                    .is_none_or(|failed| self.untold.contains(&key.id()) == failed)
            })
            .filter(|key| {
                filter
                    .user
                    .is_none_or(|user| key.holder().is_some_and(|holder| holder.user == user))
            })
            .filter(|key| {
                filter
                    .user_status
                    .is_none_or(|status| self.holder_status(key) == Some(status))
            })
            .filter(|key| filter.batch.is_none_or(|batch| key.batch() == Some(batch)))
            .filter(|key| filter.q.as_deref().is_none_or(|q| self.rank(key, q).is_some()))
            .collect()
    }

    fn sorted(&self, filter: &Filter, sort: Sort) -> Vec<SecurityKeyId> {
        let mut keys = self.meant(filter);
        keys.sort_by_cached_key(|key| {
            let text = match sort.column {
                Column::ImportedAt => String::new(),
                Column::DeviceName => key.device_name().as_str().to_owned(),
                Column::SerialNumber => key.serial_number().normalised().to_owned(),
                Column::Version => key.version().as_str().to_owned(),
                Column::Status => {
                    format!(
                        "{}{}",
                        Status::ALL.iter().position(|status| *status == key.status()).unwrap(),
                        u8::from(key.holder().is_some())
                    )
                }
                Column::Policy => self.policy_name(key).unwrap_or("\u{10ffff}".to_owned()),
                Column::UpdatedAt => format!("{:020}", key.updated_at().as_micros()),
            };
            (text, key.id())
        });
        if sort.direction == Direction::Descending {
            keys.reverse();
        }
        keys.into_iter().map(SecurityKey::id).collect()
    }

    fn filter(&self, dice: &mut Dice) -> Filter {
        let maybe = dice.roll(3) == 0;
        let mut filter = Filter {
            tab: maybe.then(|| *dice.one(&[Tab::Stocks, Tab::Inventory])),
            ..Filter::default()
        };
        match dice.roll(9) {
            0 => filter.statuses = vec![*dice.one(Status::ALL), *dice.one(Status::ALL)],
            1 => {
                let ids = self
                    .policies
                    .iter()
                    .map(Policy::id)
                    .filter(|_| dice.roll(2) == 0)
                    .collect();
                filter.policies = Some(Policies {
                    ids,
                    none: dice.roll(3) == 0,
                });
            }
            2 => filter.user = Some(dice.one(&self.users).id()),
            3 => filter.batch = Some(batch(u64::try_from(dice.roll(5)).unwrap() + 1, None, 0).id),
            4 => filter.user_status = Some(*dice.one(&UserStatus::ALL)),
            5 => filter.removals = Removal::ALL.iter().copied().filter(|_| dice.roll(3) > 0).collect(),
            6 => filter.mail_failed = Some(dice.roll(3) > 0),
            _ => {}
        }
        filter
    }

    async fn compare(&self, store: &Store, dice: &mut Dice) {
        let mut filter = self.filter(dice);
        let limit = [1, 2, 5, 50][dice.roll(4)];
        if dice.roll(2) == 0 {
            filter.q = Some(
                (*dice.one(&[
                    "12", "1", "0012", "120", "123", "Office", "ada", "-", "b.1", "1 2 3", "zzz", "x-1",
                ]))
                .to_owned(),
            );
        }
        let ranked = filter.q.is_some() && dice.roll(2) == 0;
        let column = *dice.one(&[
            Column::ImportedAt,
            Column::DeviceName,
            Column::SerialNumber,
            Column::Version,
            Column::Status,
            Column::Policy,
            Column::UpdatedAt,
        ]);
        let sort = Sort {
            column,
            direction: *dice.one(&[Direction::Ascending, Direction::Descending]),
        };
        if ranked {
            let found = list(store, self.owner, &filter, None, limit).await;
            let ranks: Vec<_> = found
                .iter()
                .map(|key| self.rank(key, filter.q.as_deref().unwrap()))
                .collect();
            assert!(ranks.is_sorted(), "{filter:?} {ranks:?}");
            let mut ids: Vec<_> = found.iter().map(SecurityKey::id).collect();
            ids.sort_unstable();
            assert_eq!(
                ids,
                self.sorted(
                    &filter,
                    Sort {
                        column: Column::ImportedAt,
                        direction: Direction::Ascending
                    }
                ),
                "{filter:?}"
            );
            assert!(found.iter().all(|key| self.keys[&key.id()] == *key), "{filter:?}");
        } else {
            let found = list(store, self.owner, &filter, Some(sort), limit).await;
            let ids: Vec<_> = found.iter().map(SecurityKey::id).collect();
            assert_eq!(ids, self.sorted(&filter, sort), "{filter:?} {sort:?}");
            assert!(found.iter().all(|key| self.keys[&key.id()] == *key), "{filter:?}");
        }
        let count = u64::try_from(self.meant(&filter).len()).unwrap();
        assert_eq!(
            total(store, self.owner, &filter).await,
            Total { count, capped: false },
            "{filter:?}"
        );
        self.compare_selection(store, &filter).await;
    }

    /// As counters know them, counted from the keys.
    fn tallies(&self) -> Tallies {
        let (mut policies, mut models): (BTreeMap<_, u64>, BTreeMap<_, u64>) = Default::default();
        let (mut used, mut drifting) = (0, 0);
        for key in self.keys.values() {
            let newest = |id| self.policies.iter().find(|policy| policy.id() == id).unwrap().version();
            let drift = key.policy().map_or(Drift::None, |linked| key.drift(newest(linked.id)));
            drifting += u64::from(drift != Drift::None);
            let in_use = key.tab() == Tab::Inventory && key.status() != Status::Revoked;
            if in_use {
                used += 1;
                *policies.entry(key.policy().map(|policy| policy.id)).or_default() += 1;
                *models.entry(key.device_name().as_str().to_owned()).or_default() += 1;
            }
        }
        let mut models: Vec<Model> = models
            .into_iter()
            .map(|(device_name, keys)| Model {
                aaguid: None,
                device_name,
                keys,
            })
            .collect();
        models.sort_by_key(|model| (std::cmp::Reverse(model.keys), model.device_name.clone()));
        let mut policies: Vec<_> = policies.into_iter().collect();
        policies.sort_by_key(|(id, _)| id.map_or_else(|| "-".to_owned(), |id| id.as_uuid().simple().to_string()));
        Tallies {
            policies,
            models,
            ages: if used == 0 {
                Vec::new()
            } else {
                vec![Age { days: 0, keys: used }]
            },
            drifting,
        }
    }

    async fn compare_selection(&self, store: &Store, filter: &Filter) {
        let (owner, chosen) = (self.owner, filter.clone());
        let (now, tallied) = (at(self.clock), self.tallies());
        let read: Result<_, ListError> = store
            .read(async move |reader: &mut Reader| {
                let mut ids: Vec<SecurityKeyId> = Vec::new();
                loop {
                    let chunk = security_keys::select_ids(reader, owner, &chosen, ids.last().copied(), 3).await?;
                    if chunk.is_empty() {
                        break;
                    }
                    ids.extend(chunk);
                }
                assert_eq!(security_keys::tallies(reader, owner, now).await?, tallied);
                Ok((
                    ids,
                    security_keys::count_exact(reader, owner, &chosen).await?,
                    security_keys::by_shelf(reader, owner).await?,
                ))
            })
            .await;
        let (ids, count, shelves) = read.unwrap();
        let rising = Sort {
            column: Column::ImportedAt,
            direction: Direction::Ascending,
        };
        assert_eq!(ids, self.sorted(filter, rising), "{filter:?}");
        assert_eq!(count, u64::try_from(ids.len()).unwrap(), "{filter:?}");
        for (shelf, count) in &shelves {
            let here = self
                .keys
                .values()
                .filter(|key| security_keys::Shelf::of(key) == *shelf)
                .count();
            assert_eq!(u64::try_from(here).unwrap(), *count, "{shelf:?}");
        }
        assert_eq!(
            shelves.iter().map(|(_, count)| count).sum::<u64>(),
            u64::try_from(self.keys.len()).unwrap()
        );
    }
}

both_databases! {
    async fn lists_searches_and_totals_are_those_of_a_model(store: Store) {
        for round in 0..4 {
            let mut dice = Dice(0x9E37_79B9_7F4A_7C15 + round);
            let mut world = World::new(&store, round.into()).await;
            // Another tenant with the same serials, and an import that never ends, are never seen.
            let other = tenant(500 + u128::from(round));
            import(&store, other, 1, None, (0..6).map(|row| new_key(row, "K9", &format!("12{row}"))).collect()).await;
            let endless = batch(900, None, 2);
            write_hidden(&store, world.owner, &endless, vec![new_key(0, "K9", "hidden-12"), new_key(1, "K9", "hidden-123")]).await;
            for _ in 0..60 {
                world.step(&store, &mut dice).await;
                world.compare(&store, &mut dice).await;
            }
            assert!(world.keys.len() > 10, "{}", world.keys.len());
        }
    }
}
