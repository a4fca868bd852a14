//! What workstations report: a look at a key, a credential, a newer policy version, a proven reset.

use claviger_api::{CredentialState, Observation, PinState as PinSeen, ReadBack as Read, SecurityKeyMode};
use claviger_domain::{
    Privilege, SecurityKeyId, Timestamp,
    policy::PolicyVersion,
    security_key::{
        Aaguid, AdminSecret, Command, CredentialSeen, LinkedPolicy, PinState, PolicyToLink, ReadBack, Report,
        SecurityKey, Verb,
    },
    text::{Firmware, ProviderName},
};
use claviger_store::{Tx, policies};
use serde_json::json;

use super::{
    Shown,
    obey::{self, Said, sentence},
    order::past_tense,
    show,
};
use crate::{Failure, actions::fields::Fields, auth::Caller, rest::guard::Observe};

/// Most observations in one report.
const MOST: usize = 20;

/// One look at a key, checked.
#[derive(Debug, Clone, Default)]
struct Look {
    report: Report,
    reset: bool,
    pin_changed: bool,
    credentials: Vec<(ProviderName, CredentialSeen)>,
    applied: Option<(PolicyVersion, ReadBack)>,
}

/// Notes what a workstation saw. What is not told of stays as it was.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Validation`], and [`Failure::Refused`] where a policy version cannot be on the key.
pub async fn observe(
    caller: &Caller<Observe>,
    id: SecurityKeyId,
    observations: Vec<Observation>,
) -> Result<Shown, Failure> {
    let look = Look::read(&observations)?;
    if look.applied.is_some() {
        caller.require(Privilege::KeyConfigure)?;
    }
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let told = serde_json::to_value(&observations).map_err(Failure::internal)?;
    let job = async move |tx: &mut Tx| {
        let before = obey::load(tx, id, expected).await?;
        let seen = look.laid_over(&before, tx.now());
        let (after, action) = match look.applied {
            Some(applied) => {
                let command = written(tx, &seen, applied).await?;
                (seen.apply(&command, tx.now())?, past_tense(Verb::ApplyPolicy))
            }
            None => (seen, "security_key.observed"),
        };
        let said = Said::new(action).with(json!({ "observations": told }));
        obey::keep_changed(tx, &before, &after, said).await?;
        show::shown(tx, after, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

/// The command that a written policy version amounts to.
async fn written(
    tx: &mut Tx,
    key: &SecurityKey,
    (version, read_back): (PolicyVersion, ReadBack),
) -> Result<Command, Failure> {
    let tenant = tx.tenant();
    let unknown = || Failure::invalid("/observations", "the key's policy has no such version");
    let id = key.policy().map(|linked| linked.id).ok_or_else(unknown)?;
    let linked = LinkedPolicy { id, version };
    let found = policies::version(tx, tenant, linked).await?.ok_or_else(unknown)?;
    Ok(Command::ApplyPolicy {
        policy: PolicyToLink::pinned(linked, found.rules.kind()),
        read_back,
    })
}

impl Look {
    fn read(observations: &[Observation]) -> Result<Self, Failure> {
        let mut fields = Fields::default();
        if !(1..=MOST).contains(&observations.len()) {
            fields.fault("/observations", format!("1 to {MOST} are wanted"));
        }
        let mut look = Self::default();
        for (place, observation) in observations.iter().enumerate().take(MOST) {
            if let Err((field, detail)) = look.take(observation) {
                fields.fault(&format!("/observations/{place}/{field}"), detail);
            }
        }
        fields.all(Some(look))
    }

    fn take(&mut self, observation: &Observation) -> Result<(), (&'static str, String)> {
        match observation {
            Observation::Seen {} => {}
            Observation::PinState { state, retries } => self.report.pin = Some(pin(*state, *retries)?),
            Observation::PinChanged {} => self.pin_changed = true,
            Observation::ResetProven {} => self.reset = true,
            Observation::PolicyApplied { version, read_back } => {
                let version = PolicyVersion::new(*version);
                let version = version.ok_or_else(|| ("version", "versions begin at 1".to_owned()))?;
                self.applied = Some((version, read(*read_back)));
            }
            Observation::Firmware { firmware } => {
                let firmware = Firmware::new(firmware);
                self.report.firmware = Some(firmware.map_err(|error| ("firmware", sentence(&error.to_string())))?);
            }
            Observation::Aaguid { aaguid } => self.report.aaguid = Some(Aaguid(*aaguid)),
            Observation::Mode { mode } => self.report.admin_secret = Some(admin_secret(*mode)),
            Observation::CredentialSeen {
                identity_provider,
                state,
            } => {
                let provider = ProviderName::new(identity_provider);
                let provider = provider.map_err(|error| ("identity_provider", sentence(&error.to_string())))?;
                self.credentials.push((provider, credential(*state)));
            }
        }
        Ok(())
    }

    fn laid_over(&self, key: &SecurityKey, now: Timestamp) -> SecurityKey {
        let report = Report {
            reset: self.reset.then_some(now),
            pin_changed: self.pin_changed.then_some(now),
            ..self.report.clone()
        };
        let seen = key.observe(&report, now);
        self.credentials.iter().fold(seen, |key, (provider, seen)| {
            key.credential_seen(provider.clone(), *seen, now)
        })
    }
}

fn pin(state: PinSeen, retries: Option<u8>) -> Result<PinState, (&'static str, String)> {
    match (state, retries) {
        (PinSeen::Blocked, Some(1..)) => Err(("retries", "a blocked PIN has no tries left".to_owned())),
        (PinSeen::Ok, Some(0)) => Err(("retries", "a PIN without tries left is blocked".to_owned())),
        (PinSeen::Ok, _) => Ok(PinState::Set),
        (PinSeen::Blocked, _) => Ok(PinState::Blocked),
        (PinSeen::ReplugNeeded, _) => Ok(PinState::ReplugNeeded),
        (PinSeen::Unset, _) => Ok(PinState::Unset),
    }
}

const fn read(read_back: Read) -> ReadBack {
    match read_back {
        Read::Equal => ReadBack::Equal,
        Read::Different => ReadBack::Different,
    }
}

const fn admin_secret(mode: SecurityKeyMode) -> AdminSecret {
    match mode {
        SecurityKeyMode::Managed => AdminSecret::Verified,
        SecurityKeyMode::Unmanaged => AdminSecret::Absent,
        SecurityKeyMode::Foreign => AdminSecret::Foreign,
    }
}

const fn credential(state: CredentialState) -> CredentialSeen {
    match state {
        CredentialState::Present => CredentialSeen::Present,
        CredentialState::Pending => CredentialSeen::Pending,
        CredentialState::Failed => CredentialSeen::Failed,
    }
}
