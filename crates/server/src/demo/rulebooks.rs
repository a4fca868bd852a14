//! The demonstration's six policies and what became of them.

use claviger_domain::{
    FidoVersion, PolicyId, Timestamp,
    policy::{PinKind, Policy, PolicyDraft, PolicyKind, PolicyRules},
    text::PolicyName,
};
use claviger_store::{Tx, policies};

use super::{cast::Cast, dice::Dice, stage::Stage};
use crate::{
    actions::{
        entries::changed,
        policies::{object, said},
    },
    local::LocalError,
};

/// A policy and the thousandths of the history after which it got a new version.
struct Rulebook {
    name: &'static str,
    kind: PolicyKind,
    min_pin_length: u8,
    editions: &'static [usize],
    archived: Option<usize>,
}

/// Number of the policy that deliveries bring with them.
pub(super) const STAFF: usize = 0;
/// Number of the policy that was tried out, then archived.
pub(super) const PILOT: usize = 4;

const RULEBOOKS: [Rulebook; 6] = [
    rulebook("Staff", PolicyKind::Standard, 6, &[330, 760]),
    rulebook("Staff, managed", PolicyKind::Enterprise, 6, &[520]),
    rulebook("Privileged access", PolicyKind::Enterprise, 8, &[840]),
    rulebook("Contractors", PolicyKind::Standard, 8, &[]),
    Rulebook {
        archived: Some(300),
        ..rulebook("Pilot 2026", PolicyKind::Standard, 4, &[])
    },
    rulebook("Shop floor", PolicyKind::Standard, 4, &[640]),
];

const fn rulebook(name: &'static str, kind: PolicyKind, min_pin_length: u8, editions: &'static [usize]) -> Rulebook {
    Rulebook {
        name,
        kind,
        min_pin_length,
        editions,
        archived: None,
    }
}

/// A change of a policy in the history.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    /// A longer PIN from now on.
    NewEdition,
    /// Offered no more.
    Archive,
}

/// Every change: after how many thousandths of the history, of which policy.
pub(super) fn edits() -> Vec<(usize, usize, Edit)> {
    let mut edits = Vec::new();
    for (nth, book) in RULEBOOKS.iter().enumerate() {
        edits.extend(book.editions.iter().map(|behind| (*behind, nth, Edit::NewEdition)));
        edits.extend(book.archived.map(|behind| (behind, nth, Edit::Archive)));
    }
    edits
}

/// The policy that somebody chose for a key of this version.
pub(super) fn choose(version: &FidoVersion, dice: &mut Dice) -> usize {
    let (any, standard): (&[usize], &[usize]) = (&[1, 1, 1, 2, STAFF, 3], &[STAFF, STAFF, 3, 5]);
    let fitting = if PolicyKind::Enterprise.fits(version) {
        any
    } else {
        standard
    };
    dice.pick(fitting).copied().unwrap_or(STAFF)
}

/// Makes the policies in their first versions.
pub(super) async fn make(stage: &Stage, cast: &Cast, at: Timestamp) -> Result<Vec<Policy>, LocalError> {
    let mut dice = Dice::for_part(12);
    let made: Vec<Policy> = RULEBOOKS
        .iter()
        .map(|book| book.first(PolicyId::from_uuid(dice.id(at)), at))
        .collect::<Result<_, _>>()?;
    let kept = made.clone();
    let job = async move |tx: &mut Tx| {
        for policy in &kept {
            policies::insert(tx, policy).await?;
            changed(tx, "policy.created", &object(policy), None, Some(said(policy)));
        }
        Ok(())
    };
    stage.write(at, cast.owner(), job).await?;
    Ok(made)
}

/// Changes a policy; answers it as it is now.
pub(super) async fn edit(
    stage: &Stage,
    cast: &Cast,
    before: Policy,
    edit: Edit,
    at: Timestamp,
) -> Result<Policy, LocalError> {
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let usage = policies::usage(tx, tenant, before.id()).await?;
        let (action, after) = match edit {
            Edit::Archive => ("policy.archived", before.archive(tx.now())),
            Edit::NewEdition => {
                let edited = before.edit(before.name().clone(), stricter(&before)?, usage, tx.now());
                (
                    "policy.changed",
                    edited.map(claviger_domain::policy::Edited::into_policy),
                )
            }
        };
        let after = after.map_err(|refusal| LocalError::Refused(refusal.to_string()))?;
        policies::save(tx, &before, &after).await?;
        changed(tx, action, &object(&after), Some(said(&before)), Some(said(&after)));
        Ok(after)
    };
    stage.write(at, cast.owner(), job).await
}

impl Rulebook {
    fn first(&self, id: PolicyId, at: Timestamp) -> Result<Policy, LocalError> {
        let enterprise = self.kind == PolicyKind::Enterprise;
        let services: &[&str] = if enterprise {
            &["login.claviger.example", "vpn.claviger.example"]
        } else {
            &[]
        };
        let draft = PolicyDraft {
            kind: self.kind,
            min_pin_length: self.min_pin_length,
            always_uv: enterprise,
            allowed_services: PolicyDraft::rp_ids("allowed_services", services).map_err(faulty)?,
            enterprise_attestation: enterprise,
            pin_kind: if enterprise {
                PinKind::Characters
            } else {
                PinKind::Digits
            },
            reset_allowed: !enterprise,
            ..PolicyDraft::default()
        };
        let name = PolicyName::new(self.name).map_err(|fault| LocalError::Invalid(fault.to_string()))?;
        Ok(Policy::create(id, name, PolicyRules::new(draft).map_err(faulty)?, at))
    }
}

fn stricter(policy: &Policy) -> Result<PolicyRules, LocalError> {
    let draft = policy.rules().as_draft().clone();
    let min_pin_length = draft.min_pin_length.saturating_add(1);
    PolicyRules::new(PolicyDraft {
        min_pin_length,
        ..draft
    })
    .map_err(faulty)
}

fn faulty(faults: impl AsRef<[claviger_domain::policy::FieldError]>) -> LocalError {
    LocalError::Invalid(
        faults
            .as_ref()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; "),
    )
}
