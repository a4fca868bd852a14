//! Codes that are tried: tokens are loaded and locked, somebody who knows the seeds decides, and what he decided is kept.
//!
//! Many at once are one read and one write for each tenant, decided in the order in which they came.

use std::collections::BTreeMap;

use claviger_domain::SerialNumber;
use claviger_domain::ids::{TenantId, UserId};
use claviger_domain::otp::{OtpToken, Status};
use claviger_domain::text::fold;
use uuid::Uuid;

use super::get::{self, Kept, User};
use super::save::{self, Changed, save_tried};
use crate::audit::AuditEntry;
use crate::emergency_codes;
use crate::error::Error;
use crate::job::Trying;
use crate::scope::Change;
use crate::tx::Tx;

/// What a code is tried on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sought {
    /// The token with this serial number.
    Serial(SerialNumber),
    /// All active tokens, and the emergency codes, of the user with this name.
    User(String),
}

/// What was found for an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The user, where one was named.
    pub user: Option<User>,
    /// The tokens, locked until the commit.
    pub tokens: Vec<Kept>,
    /// The user's emergency codes.
    pub codes: Vec<emergency_codes::Kept>,
}

/// What is to be kept of an attempt.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// Tokens as they are now.
    pub changed: Vec<OtpToken>,
    /// The emergency code that was used.
    pub used: Option<emergency_codes::Kept>,
    /// A user against whose emergency codes a wrong one is counted; one that does not exist has none.
    pub failed: Option<UserId>,
    /// What happened.
    pub entry: AuditEntry,
}

/// One attempt by itself. As many statements for what does not exist as for what does.
pub(crate) async fn one(tx: &mut Tx, job: &mut dyn Trying) -> Result<(), Error> {
    let tenant = tx.tenant();
    let found = match job.sought() {
        Sought::Serial(serial) => Found {
            tokens: get::locked(tx, tenant, vec![serial.normalised().to_owned()], Vec::new()).await?,
            ..Found::default()
        },
        Sought::User(name) => {
            let user = get::users(tx, tenant, vec![fold(name)])
                .await?
                .pop()
                .map(|(_, user)| user);
            let ids = vec![user.map_or(Uuid::nil(), |user| user.id.as_uuid())];
            Found {
                user,
                codes: emergency_codes::of_users(tx, tenant, ids.clone()).await?,
                tokens: get::locked(tx, tenant, Vec::new(), ids).await?,
            }
        }
    };
    let Some(decided) = job.decide(&found, tx.now()) else {
        return Ok(());
    };
    let mut kept = Kepts::default();
    kept.add(found);
    kept.take(tx, decided);
    kept.write(tx).await
}

/// Several attempts. An error fails all of them; each is then carried out by itself.
pub(crate) async fn many(tx: &mut Tx, jobs: &mut [&mut dyn Trying]) -> Result<(), Error> {
    let mut order: BTreeMap<TenantId, Vec<usize>> = BTreeMap::new();
    for (place, job) in jobs.iter().enumerate() {
        order.entry(job.scope().tenant).or_default().push(place);
    }
    for (tenant, places) in order {
        let (mut serials, mut names) = (Vec::new(), Vec::new());
        for place in &places {
            match jobs.get(*place).map(|job| job.sought()) {
                Some(Sought::Serial(serial)) => serials.push(serial.normalised().to_owned()),
                Some(Sought::User(name)) => names.push(fold(name)),
                None => {}
            }
        }
        let users: BTreeMap<String, User> = get::users(tx, tenant, names).await?.into_iter().collect();
        let ids: Vec<Uuid> = users.values().map(|user| user.id.as_uuid()).collect();
        let mut kept = Kepts::default();
        kept.add(Found {
            user: None,
            codes: emergency_codes::of_users(tx, tenant, ids.clone()).await?,
            tokens: get::locked(tx, tenant, serials, ids).await?,
        });
        for place in places {
            let Some(job) = jobs.get_mut(place) else { continue };
            tx.begin(job.scope().clone());
            let found = kept.found(job.sought(), &users);
            if let Some(decided) = job.decide(&found, tx.now()) {
                kept.take(tx, decided);
            }
        }
        kept.write(tx).await?;
    }
    Ok(())
}

/// What is known of all tokens and codes of a batch, as the attempts so far have left it.
#[derive(Default)]
struct Kepts {
    tokens: BTreeMap<Uuid, Kept>,
    codes: Vec<emergency_codes::Kept>,
    /// Tokens as they were read, of which something is to be written.
    changed: BTreeMap<Uuid, OtpToken>,
    used: Vec<emergency_codes::Kept>,
    failed: Vec<UserId>,
}

impl Kepts {
    fn add(&mut self, found: Found) {
        let by_id = found.tokens.into_iter().map(|kept| (kept.token.id().as_uuid(), kept));
        self.tokens.extend(by_id);
        self.codes.extend(found.codes);
    }

    fn found(&self, sought: &Sought, users: &BTreeMap<String, User>) -> Found {
        let tokens = |of: &dyn Fn(&OtpToken) -> bool| {
            let all = self.tokens.values().filter(|kept| of(&kept.token));
            all.cloned().collect()
        };
        match sought {
            Sought::Serial(serial) => Found {
                tokens: tokens(&|token| token.serial_number().matches(serial)),
                ..Found::default()
            },
            Sought::User(name) => {
                let Some(user) = users.get(&fold(name)).copied() else {
                    return Found::default();
                };
                let own = |code: &&emergency_codes::Kept| code.user == user.id;
                Found {
                    user: Some(user),
                    tokens: tokens(&|token| token.holder() == Some(user.id) && token.status() == Status::Active),
                    codes: self.codes.iter().filter(own).cloned().collect(),
                }
            }
        }
    }

    fn take(&mut self, tx: &mut Tx, decided: Decided) {
        for after in decided.changed {
            let Some(kept) = self.tokens.get_mut(&after.id().as_uuid()) else {
                continue;
            };
            tx.notify(Change {
                kind: "otp_token",
                id: after.id().as_uuid(),
                revision: after.revision().get(),
            });
            let before = std::mem::replace(&mut kept.token, after);
            self.changed.entry(before.id().as_uuid()).or_insert(before);
        }
        if let Some(used) = decided.used {
            self.each_code(used.user, |code| {
                if code.number == used.number {
                    code.used_at = Some(tx.now());
                }
            });
            self.used.push(used);
        }
        if let Some(user) = decided.failed {
            self.each_code(user, |code| code.failed_attempts += 1);
            self.failed.push(user);
        }
        tx.record(decided.entry);
    }

    fn each_code(&mut self, user: UserId, change: impl FnMut(&mut emergency_codes::Kept)) {
        self.codes.iter_mut().filter(|code| code.user == user).for_each(change);
    }

    async fn write(self, tx: &mut Tx) -> Result<(), Error> {
        let mut changed = Vec::with_capacity(self.changed.len());
        for (id, before) in self.changed {
            if let Some(kept) = self.tokens.get(&id) {
                let after = kept.token.clone();
                changed.push(Changed { before, after });
            }
        }
        if changed.is_empty() {
            save::nothing(tx).await?;
        }
        save_tried(tx, changed).await?;
        for code in &self.used {
            emergency_codes::use_up(tx, code).await?;
        }
        for user in self.failed {
            emergency_codes::fail(tx, user).await?;
        }
        Ok(())
    }
}
