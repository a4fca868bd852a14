//! What was done to one key: the domain decides, as for every other key.

use claviger_domain::{
    Timestamp,
    policy::{Policy, PolicyKind, PolicyVersion},
    role::Standing,
    security_key::{
        Aaguid, AdminPin, AdminSecret, Approval, Command, ConfigurationOrder, ConfigurationProof, IdpState, PinState,
        PolicyToLink, ReadBack, ReinstateOrder, Reinstatement, Report, RevocationReason, RevokeOrder, SecurityKey,
        ServiceStatus, Verb,
    },
    text::{Firmware, Note, ProviderName, Reason},
    user::User,
};

use super::{cast::Turn, models::Model};
use crate::{actions::security_keys::order::past_tense, local::LocalError};

/// Something done to a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Link(usize),
    Quarantine(&'static str),
    Release,
    Dispose,
    Assign(usize),
    Suspend,
    Resume,
    Revoke(RevocationReason, &'static str),
    Reinstate,
    Configure(&'static Model),
    Apply,
    Look(&'static Model, Sight),
    Reset(&'static Model),
    Enroll(&'static str),
    Hear(Word),
}

/// What an identity provider told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    /// A registration has begun there.
    Begun(&'static str),
    /// A registration failed there.
    Failed(&'static str),
    /// The credential is gone.
    Removed,
    /// The credential could not be removed yet.
    RemovalFailed,
}

/// What a workstation saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// A new key, as it should be.
    Fresh,
    /// A key in use, as it should be.
    InUse,
    /// All tries used up.
    Blocked,
    /// Somebody else's admin secret.
    Foreign,
    /// A policy version that nobody here wrote.
    OtherVersion,
}

/// What deeds refer to, as it was at the time.
pub(super) struct World<'a> {
    pub(super) policies: &'a [Policy],
    pub(super) users: &'a [User],
}

impl Deed {
    /// Who does it.
    pub(super) const fn turn(self) -> Turn {
        match self {
            Self::Link(_) | Self::Quarantine(_) | Self::Release => Turn::Clerk,
            Self::Assign(_) | Self::Suspend | Self::Resume | Self::Revoke(..) | Self::Reinstate | Self::Dispose => {
                Turn::Officer
            }
            Self::Configure(_) | Self::Apply | Self::Look(..) | Self::Reset(_) | Self::Enroll(_) => Turn::Workstation,
            Self::Hear(_) => Turn::Provider,
        }
    }

    /// The audit event's action.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::Link(_) => past_tense(Verb::LinkPolicy),
            Self::Quarantine(_) => past_tense(Verb::Quarantine),
            Self::Release => past_tense(Verb::Release),
            Self::Dispose => past_tense(Verb::Dispose),
            Self::Assign(_) => past_tense(Verb::Assign),
            Self::Suspend => past_tense(Verb::Suspend),
            Self::Resume => past_tense(Verb::Resume),
            Self::Revoke(..) => past_tense(Verb::Revoke),
            Self::Reinstate => past_tense(Verb::Reinstate),
            Self::Configure(_) => past_tense(Verb::ConfirmConfiguration),
            Self::Apply => past_tense(Verb::ApplyPolicy),
            Self::Enroll(_) => past_tense(Verb::Enroll),
            Self::Look(..) | Self::Reset(_) => "security_key.observed",
            Self::Hear(Word::Begun(_)) => "security_key.enrolment_begun",
            Self::Hear(Word::Failed(_)) => "security_key.enrolment_failed",
            Self::Hear(Word::Removed) => "security_key.credential_removed",
            Self::Hear(Word::RemovalFailed) => "security_key.credential_removal_failed",
        }
    }

    /// Why, as the audit log keeps it.
    pub(super) fn reason(self) -> Option<String> {
        if let Self::Quarantine(reason) = self {
            return Some(reason.to_owned());
        }
        let Self::Revoke(reason, note) = self else { return None };
        Some(format!("{}: {note}", reason.as_str()))
    }

    /// The key after it. A newer policy version is applied where there is one; elsewhere the key was only looked at.
    pub(super) fn done(self, key: &SecurityKey, world: &World<'_>, now: Timestamp) -> Result<SecurityKey, LocalError> {
        let obey = |command: Command| {
            let refused = |refusal| LocalError::Refused(format!("demonstration, {self:?}: {refusal}"));
            key.apply(&command, now).map_err(refused)
        };
        let standing = Standing::NotAbove;
        match self {
            Self::Link(policy) => obey(Command::LinkPolicy(PolicyToLink::of(world.policy(policy)?))),
            Self::Quarantine(reason) => obey(Command::Quarantine {
                reason: Reason::new(reason).map_err(invalid)?,
            }),
            Self::Release => obey(Command::Release),
            Self::Dispose => obey(Command::Dispose),
            Self::Assign(user) => {
                let user = world.users.get(user).ok_or_else(|| missing("user"))?;
                obey(Command::Assign {
                    user: user.id(),
                    status: user.status(),
                    standing,
                })
            }
            Self::Suspend => obey(Command::Suspend { standing }),
            Self::Resume => obey(Command::Resume {
                standing,
                status: world.holder(key)?.status(),
            }),
            Self::Revoke(reason, note) => {
                let note = Some(Note::new(note).map_err(invalid)?);
                obey(Command::Revoke(RevokeOrder { reason, note, standing }))
            }
            Self::Reinstate => {
                let (into, approval) = (Reinstatement::InStock, Approval::None);
                obey(Command::Reinstate(ReinstateOrder {
                    into,
                    standing,
                    approval,
                }))
            }
            Self::Configure(model) => world.configure(key, model, now),
            Self::Apply => match world.pinned(key)? {
                policy if key.policy().is_some_and(|pinned| pinned.version < policy.version()) => {
                    obey(Command::ApplyPolicy {
                        policy: PolicyToLink::of(policy),
                        read_back: ReadBack::Equal,
                    })
                }
                _ => Ok(key.observe(
                    &Report {
                        pin: Some(PinState::Set),
                        ..Report::default()
                    },
                    now,
                )),
            },
            Self::Look(model, sight) => Ok(key.observe(&sight.report(model, key)?, now)),
            Self::Reset(model) => {
                let report = Report {
                    reset: Some(now),
                    ..seen(model, key)?
                };
                Ok(key.observe(&report, now))
            }
            Self::Enroll(provider) => obey(Command::Enroll {
                provider: ProviderName::new(provider).map_err(invalid)?,
                service: ServiceStatus::Active,
                status: world.holder(key)?.status(),
            }),
            Self::Hear(told) => told.heard(key, now),
        }
    }
}

impl Word {
    fn heard(self, key: &SecurityKey, at: Timestamp) -> Result<SecurityKey, LocalError> {
        let named = |name: &str| ProviderName::new(name).map_err(invalid);
        let known = || {
            key.identity_provider()
                .provider()
                .cloned()
                .ok_or_else(|| missing("identity provider"))
        };
        let said = match self {
            Self::Begun(provider) => IdpState::Pending {
                provider: named(provider)?,
                at,
            },
            Self::Failed(provider) => IdpState::Failed {
                provider: named(provider)?,
                at,
            },
            Self::RemovalFailed => IdpState::RemovalFailed { provider: known()?, at },
            Self::Removed => IdpState::Removed { provider: known()?, at },
        };
        Ok(key.identity_provider_said(said, at))
    }
}

impl World<'_> {
    fn policy(&self, nth: usize) -> Result<&Policy, LocalError> {
        self.policies.get(nth).ok_or_else(|| missing("policy"))
    }

    fn pinned(&self, key: &SecurityKey) -> Result<&Policy, LocalError> {
        let id = key.policy().map(|pinned| pinned.id);
        let found = self.policies.iter().find(|policy| Some(policy.id()) == id);
        found.ok_or_else(|| missing("policy"))
    }

    fn holder(&self, key: &SecurityKey) -> Result<&User, LocalError> {
        let id = key.holder().map(|holder| holder.user);
        let found = self.users.iter().find(|user| Some(user.id()) == id);
        found.ok_or_else(|| missing("user"))
    }

    /// Written, read back and looked at, as a workstation does it in one go.
    fn configure(&self, key: &SecurityKey, model: &Model, now: Timestamp) -> Result<SecurityKey, LocalError> {
        let policy = self.pinned(key)?;
        let enterprise = policy.rules().kind() == PolicyKind::Enterprise;
        let order = ConfigurationOrder {
            policy: PolicyToLink::of(policy),
            serial_seen: key.serial_number().clone(),
            admin_pin: if enterprise { AdminPin::Held } else { AdminPin::Absent },
        };
        let proof = ConfigurationProof {
            generation: key.generation(),
            serial_seen: key.serial_number().clone(),
            read_back: ReadBack::Equal,
        };
        let prepared = key.apply(&Command::PrepareConfiguration(order), now);
        let confirmed = prepared.and_then(|key| key.apply(&Command::ConfirmConfiguration(proof), now));
        let key = confirmed.map_err(|refusal| LocalError::Refused(format!("demonstration, configuring: {refusal}")))?;
        let report = Report {
            pin: Some(PinState::Set),
            ..seen(model, &key)?
        };
        Ok(key.observe(&report, now))
    }
}

impl Sight {
    fn report(self, model: &Model, key: &SecurityKey) -> Result<Report, LocalError> {
        let report = seen(model, key)?;
        Ok(match self {
            Self::Fresh => Report {
                pin: Some(PinState::Unset),
                admin_secret: Some(AdminSecret::Absent),
                ..report
            },
            Self::InUse => Report {
                pin: Some(PinState::Set),
                ..report
            },
            Self::Blocked => Report {
                pin: Some(PinState::Blocked),
                ..report
            },
            Self::Foreign => Report {
                admin_secret: Some(AdminSecret::Foreign),
                ..report
            },
            Self::OtherVersion => {
                let pinned = key.policy().map_or(PolicyVersion::FIRST, |policy| policy.version);
                Report {
                    policy_version: Some(pinned.next()),
                    ..report
                }
            }
        })
    }
}

/// What every look at a key tells.
fn seen(model: &Model, key: &SecurityKey) -> Result<Report, LocalError> {
    let aaguid = uuid::Uuid::try_parse(model.aaguid).map_err(|_| missing("AAGUID"))?;
    let batch = key.id().as_uuid().as_u128() % 2;
    let firmware = model.firmware.get(usize::from(batch == 1)).or(model.firmware.first());
    Ok(Report {
        firmware: firmware.map(|text| Firmware::new(text)).transpose().map_err(invalid)?,
        aaguid: Some(Aaguid(aaguid)),
        ..Report::default()
    })
}

fn invalid(fault: claviger_domain::text::TextError) -> LocalError {
    LocalError::Invalid(fault.to_string())
}

fn missing(what: &str) -> LocalError {
    LocalError::Refused(format!("the demonstration has no such {what}"))
}
