//! Changes at an even rate: half of them one by one, half by jobs, each to a key that a console shows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Moment;
use super::console::Item;
use crate::api::{Api, text};
use crate::dataset;

/// How many single changes are under way at most.
const WORKERS: usize = 64;

/// How many, for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Changes a second.
    pub(crate) rate: u32,
    pub(crate) time: Duration,
}

/// What was changed, each with the moment at which it was due, and how long after that single changes were answered.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) moments: Vec<Moment>,
    pub(crate) answers: Vec<Duration>,
}

/// Keys that are changed in turn, and what they are changed to.
pub(crate) struct Changes {
    api: Api,
    policies: [String; 2],
    singly: Vec<Item>,
    by_jobs: Vec<Item>,
    plan: Plan,
    begin: Instant,
}

impl Changes {
    pub(crate) async fn new(api: Api, mut keys: Vec<Item>, plan: Plan) -> Result<Self> {
        shuffle(&mut keys);
        let by_jobs = keys.split_off(keys.len() / 2);
        let policies = [policy(&api, "Bench A").await?, policy(&api, "Bench B").await?];
        Ok(Self {
            api,
            policies,
            singly: keys,
            by_jobs: whole(by_jobs, plan.half())?,
            plan,
            begin: Instant::now(),
        })
    }

    /// Carries all of them out.
    pub(crate) async fn carry_out(mut self) -> Result<Made> {
        self.begin = Instant::now();
        let all = Arc::new(self);
        let mut tasks = JoinSet::new();
        for worker in 0..WORKERS {
            tasks.spawn(all.clone().one_by_one(worker));
        }
        tasks.spawn(all.by_jobs());
        let mut made = Made::default();
        while let Some(part) = tasks.join_next().await {
            let part = part??;
            made.moments.extend(part.moments);
            made.answers.extend(part.answers);
        }
        Ok(made)
    }

    async fn one_by_one(self: Arc<Self>, worker: usize) -> Result<Made> {
        let mut made = Made::default();
        for number in (worker..).step_by(WORKERS) {
            let after = Duration::from_secs_f64(number_of(number) / f64::from(self.plan.rate - self.plan.half()));
            if after >= self.plan.time {
                break;
            }
            let at = self.begin + after;
            tokio::time::sleep_until(at.into()).await;
            let (round, place) = (number / self.singly.len(), number % self.singly.len());
            let key = self.singly.get(place).context("no such key")?;
            let path = format!("/security-keys/{}/link-policy", key.id);
            let answer = self
                .api
                .post(&path, Some(json!({ "policy_id": self.policy(round) })))
                .await?;
            let made_now = moment(key, round, at)?;
            let revision = answer.get("revision").and_then(serde_json::Value::as_i64);
            ensure!(
                revision == Some(made_now.revision),
                "another revision than {made_now:?}: {answer}"
            );
            made.moments.push(made_now);
            made.answers.push(at.elapsed());
        }
        Ok(made)
    }

    /// A job each second for the keys of that second.
    async fn by_jobs(self: Arc<Self>) -> Result<Made> {
        let size = usize::try_from(self.plan.half())?;
        let jobs = self.by_jobs.len() / size;
        let mut made = Made::default();
        for second in 0..self.plan.time.as_secs() {
            let (round, place) = (usize::try_from(second)? / jobs, usize::try_from(second)? % jobs);
            let keys = self.by_jobs.chunks(size).nth(place).context("no such job")?;
            let at = self.begin + Duration::from_secs(second);
            tokio::time::sleep_until(at.into()).await;
            let ids: Vec<Uuid> = keys.iter().map(|key| key.id).collect();
            let order = json!({ "action": "link_policy", "arguments": { "policy_id": self.policy(round) }, "selection": { "ids": ids } });
            self.api.post("/security-keys/bulk", Some(order)).await?;
            for key in keys {
                made.moments.push(moment(key, round, at)?);
            }
        }
        Ok(made)
    }

    fn policy(&self, round: usize) -> &str {
        let [even, odd] = &self.policies;
        if round.is_multiple_of(2) { even } else { odd }
    }
}

impl Plan {
    /// As many of a second's changes as jobs make.
    fn half(self) -> u32 {
        self.rate / 2
    }
}

async fn policy(api: &Api, name: &str) -> Result<String> {
    let made = api
        .post("/policies", Some(json!({ "name": name, "type": "standard" })))
        .await?;
    Ok(text(&made, "id")?.to_owned())
}

/// Each time a key's turn comes, it goes one revision further.
fn moment(key: &Item, round: usize, at: Instant) -> Result<Moment> {
    Ok(Moment {
        id: key.id,
        revision: key.revision + 1 + i64::try_from(round)?,
        at,
    })
}

/// As many keys as make whole jobs, so that all keys of a job have had as many turns.
fn whole(mut keys: Vec<Item>, job: u32) -> Result<Vec<Item>> {
    let job = usize::try_from(job)?.max(1);
    ensure!(
        keys.len() >= job,
        "{} keys on screens are too few for {job} changes a second by jobs",
        keys.len()
    );
    keys.truncate(keys.len() / job * job);
    Ok(keys)
}

/// Mixes keys, the same way each time, so that changes meet all consoles evenly.
fn shuffle(keys: &mut [Item]) {
    keys.sort_by_key(|key| key.id);
    let numbers = dataset::choices(u64::MAX).take(keys.len());
    let mut mixed: Vec<(u64, Item)> = numbers.zip(keys.iter().copied()).collect();
    mixed.sort_by_key(|(number, _)| *number);
    for (place, (_, key)) in keys.iter_mut().zip(mixed) {
        *place = key;
    }
}

fn number_of(number: usize) -> f64 {
    crate::measure::float(u64::try_from(number).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Item, shuffle, whole};

    fn keys(count: u128) -> Vec<Item> {
        (0..count)
            .map(|id| Item {
                id: Uuid::from_u128(id),
                revision: 1,
            })
            .collect()
    }

    #[test]
    fn keys_are_mixed_and_none_is_lost() {
        let mut mixed = keys(100);
        shuffle(&mut mixed);
        let mut ids: Vec<u128> = mixed.iter().map(|key| key.id.as_u128()).collect();
        assert!(!ids.is_sorted());
        ids.sort_unstable();
        assert_eq!(ids, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn jobs_are_whole() {
        assert_eq!(whole(keys(25), 10).unwrap().len(), 20);
        assert!(whole(keys(9), 10).is_err());
    }
}
